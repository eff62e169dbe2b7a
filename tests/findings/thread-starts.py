"""A thread for each of four hundred small pieces of work."""
import threading

results = []
for _ in range(8):
    threads = [threading.Thread(target=results.append, args=(n,)) for n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
