"""A program that takes longer than its start."""
import threading

threading.Event().wait(1)
