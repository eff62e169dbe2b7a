"""Four threads write to one SQLite database, each in transactions that stay open for a while."""
import os
import sqlite3
import tempfile
import threading
import time


def write(path, rows):
    connection = sqlite3.connect(path, timeout=60, isolation_level=None)
    for row in range(rows):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO rows VALUES (?)", (row,))
        time.sleep(0.02)
        connection.execute("COMMIT")
    connection.close()


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "rows.db")
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE rows (number INTEGER)")
    threads = [threading.Thread(target=write, args=(path, 8), name=f"writer-{n}") for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
