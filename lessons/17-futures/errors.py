"""Two of these jobs fail. Who hears?"""

import time
from concurrent.futures import ThreadPoolExecutor

WORKERS = 2
PAUSE = 0.05  # seconds until a reading is there
READINGS = ["12", "7", "n/a", "30", "", "5"]


def parse(text):
    time.sleep(PAUSE)
    return int(text)


def main():
    with ThreadPoolExecutor(WORKERS, "worker") as executor:
        futures = [executor.submit(parse, text) for text in READINGS]
    print("all jobs are done, and main has heard of no error")

    failed = [future for future in futures if future.exception()]
    print(f"asked: {len(failed)} of {len(futures)} failed")
    try:
        print("sum", sum(future.result() for future in futures))
    except ValueError as error:
        print(f"raised by result(): {error}")


if __name__ == "__main__":
    main()
