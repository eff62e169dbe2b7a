"""A thread for each of two thousand small pieces of work."""
import threading

results = []
for _ in range(40):
    threads = [threading.Thread(target=results.append, args=(n,)) for n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
