"""The parent reads, and then waits for the child.

timeout 20
"""
import subprocess
import sys

child = subprocess.Popen([sys.executable, "-c", "print('x' * 300_000)"], stdout=subprocess.PIPE)
child.communicate()
