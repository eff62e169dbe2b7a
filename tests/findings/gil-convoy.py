"""A thread that answers requests, beside one that computes: each answer waits until the GIL is free."""
import socket
import threading
import time

ours, theirs = socket.socketpair()
done = threading.Event()


def answer():
    while theirs.recv(1):
        theirs.sendall(b"y")


def crunch():
    while not done.is_set():
        sum(i * i for i in range(1000))


server = threading.Thread(target=answer, name="answer")
threading.Thread(target=crunch, name="crunch").start()
server.start()
for _ in range(80):
    time.sleep(0.002)
    ours.sendall(b"x")
    ours.recv(1)
done.set()
ours.close()
