"""Two processes with enough to do."""
import multiprocessing


def work(n):
    return sum(i * i for i in range(n))


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=work, args=(8_000_000,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
