"""Several cash desks pay into one account, and nothing gets lost."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

DESKS = 4     # cash desks
ROUNDS = 10   # payments at each
PAUSE = 0.02  # seconds to print a receipt


class Account:
    def __init__(self):
        self.lock = threading.Lock()
        self.balance = 0  # only with self.lock

    def pay_in(self, amount):
        time.sleep(PAUSE)  # the receipt is printed: needs no lock
        with self.lock:
            self.balance += amount


def desk(account):
    for _ in range(ROUNDS):
        account.pay_in(1)


def main():
    account = Account()
    with ThreadPoolExecutor(DESKS, thread_name_prefix="desk") as pool:
        list(pool.map(desk, [account] * DESKS))
    expected, got = DESKS * ROUNDS, account.balance
    print(f"expected {expected}, got {got}, lost {expected - got}")


if __name__ == "__main__":
    main()
