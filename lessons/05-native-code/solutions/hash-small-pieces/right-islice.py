"""Hash small pieces with SHA-256, many of them in one call."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

WORKERS = 2
MIB = 512  # for each worker to hash
SIZE = 1_048_576  # bytes in a piece


def pieces():  # as they might come from a file
    piece, left = bytes(SIZE), MIB * 2**20
    while left > 0:
        yield piece[:left]  # the last one may be smaller
        left -= SIZE


def digest(_):
    sha, calls = hashlib.sha256(), 0
    waiting = pieces()
    while batch := b"".join(islice(waiting, 1024)):
        sha.update(batch)  # large enough to release the GIL
        calls += 1
    return sha.hexdigest()[:12], calls


def main():
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="worker") as pool:
        digests = list(pool.map(digest, range(WORKERS)))
    found, calls = digests[0]
    print(f"{MIB} MiB each, in {calls:,} calls: {found}...")


if __name__ == "__main__":
    main()
