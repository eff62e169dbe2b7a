"""A process that its parent ends on purpose."""
import multiprocessing
import time

if __name__ == "__main__":
    worker = multiprocessing.Process(target=time.sleep, args=(60,))
    worker.start()
    time.sleep(0.3)
    worker.kill()
    worker.join()
    time.sleep(0.3)
