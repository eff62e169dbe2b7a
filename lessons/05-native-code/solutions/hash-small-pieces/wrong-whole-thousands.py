# It counts on whole pieces, and a whole number of them in a call: a rest is lost.
"""Hash data with SHA-256, each share in a thread."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

WORKERS = 2
MIB = 512  # for each worker to hash
SIZE = 1_048_576  # bytes in a piece


def pieces():  # as they might come from a file
    piece, left = bytes(SIZE), MIB * 2**20
    while left > 0:
        yield piece[:left]  # the last one may be smaller
        left -= SIZE


def digest(_):
    sha, calls, some = hashlib.sha256(), 0, iter(pieces())
    for _ in range(MIB * 2**20 // SIZE // 1_024):
        sha.update(b"".join(next(some) for _ in range(1_024)))
        calls += 1
    return sha.hexdigest()[:12], calls


def main():
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="worker") as pool:
        digests = list(pool.map(digest, range(WORKERS)))
    found, calls = digests[0]
    print(f"{MIB} MiB each, in {calls:,} calls: {found}...")


if __name__ == "__main__":
    main()
