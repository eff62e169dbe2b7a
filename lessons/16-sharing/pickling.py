"""What it costs to pickle and unpickle the same numbers."""

import pickle
import time
from array import array

N = 100_000  # numbers
ROUNDS = 20


def milliseconds_for(thing):
    start = time.perf_counter()
    for _ in range(ROUNDS):
        pickle.loads(pickle.dumps(thing))
    return (time.perf_counter() - start) / ROUNDS * 1e3


def main():
    numbers = range(1_000, 1_000 + N)
    lines = {
        "an array": array("q", numbers),
        "a list": list(numbers),
        "a list of lists": [[n] for n in numbers],
    }
    for name, thing in lines.items():
        print(f"{milliseconds_for(thing):7.2f} ms for {name}")


if __name__ == "__main__":
    main()
