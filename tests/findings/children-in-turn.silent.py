"""All steps are started first, and waited for afterwards."""
import subprocess
import sys

STEP = "sum(i * i for i in range(3_000_000))"

steps = [subprocess.Popen([sys.executable, "-c", STEP]) for _ in range(5)]
for step in steps:
    step.wait()
