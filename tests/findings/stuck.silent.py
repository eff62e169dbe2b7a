"""A program that sleeps goes on by itself, however early it is stopped.

timeout 2
"""
import threading
import time

threading.Thread(target=time.sleep, args=(30,), name="sleeper").start()
