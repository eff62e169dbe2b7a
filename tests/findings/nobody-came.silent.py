"""The same server, called again and again.

timeout 5
"""
import socket
import socketserver
import threading
import time


class Greets(socketserver.BaseRequestHandler):
    def handle(self):
        time.sleep(0.1)
        self.request.sendall(b"hello")


with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Greets) as server:
    threading.Thread(target=server.serve_forever, name="server").start()
    for _ in range(12):
        with socket.create_connection(server.server_address) as client:
            client.recv(10)
    server.shutdown()
