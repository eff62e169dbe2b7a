"""A process of its own for each small thing: starting Python takes longer than the work."""
import multiprocessing


def work(n):
    return sum(range(n))


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    for n in range(12):
        process = context.Process(target=work, args=(n,))
        process.start()
        process.join()
