"""Long lists go to two processes, which only look how long they are."""
from concurrent.futures import ProcessPoolExecutor


def length(numbers):
    return len(numbers)


if __name__ == "__main__":
    data = [list(range(300_000)) for _ in range(20)]
    with ProcessPoolExecutor(2) as pool:
        for _ in range(3):
            print(sum(pool.map(length, data)))
