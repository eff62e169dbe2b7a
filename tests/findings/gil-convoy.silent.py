"""The same requests with the computing in a process of its own: nobody waits for a GIL."""
import socket
import subprocess
import sys
import threading
import time

ours, theirs = socket.socketpair()


def answer():
    while theirs.recv(1):
        theirs.sendall(b"y")


crunch = subprocess.Popen([sys.executable, "-c", "while True: sum(i * i for i in range(1000))"])
threading.Thread(target=answer, name="answer").start()
for _ in range(80):
    time.sleep(0.002)
    ours.sendall(b"x")
    ours.recv(1)
crunch.kill()
crunch.wait()
ours.close()
