"""Several cash desks pay into one account; a queue keeps each payment."""

import queue
import time
from concurrent.futures import ThreadPoolExecutor

DESKS = 4     # cash desks
ROUNDS = 10   # payments at each
PAUSE = 0.02  # seconds to print a receipt


class Account:
    def __init__(self):
        self.payments = queue.SimpleQueue()  # what was paid in

    def pay_in(self, amount):
        time.sleep(PAUSE)  # the receipt is printed
        self.payments.put(amount)

    @property
    def balance(self):
        return sum(self.payments.get() for _ in range(self.payments.qsize()))


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
