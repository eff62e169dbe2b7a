"""Three times as many processes as cores, and all of them compute."""
import multiprocessing
import os


def work(n):
    return sum(i * i for i in range(n))


if __name__ == "__main__":
    many = 3 * (os.cpu_count() or 1)
    processes = [multiprocessing.Process(target=work, args=(6_000_000,), name=f"work-{n}") for n in range(many)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
