"""The parent waits for a child that writes more than a pipe holds.

timeout 2
"""
import subprocess
import sys

child = subprocess.Popen([sys.executable, "-c", "print('x' * 300_000)"], stdout=subprocess.PIPE)
child.wait()
