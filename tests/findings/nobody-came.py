"""A server that is started and not called.

timeout 2
"""
import socketserver


class Greets(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(b"hello")


with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Greets) as server:
    server.serve_forever()
