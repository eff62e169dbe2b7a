"""Hardly anything to do: starting Python takes longer."""
import threading

threading.Event().wait(0.012)
