"""One thread writes to an SQLite database: nobody waits for a lock on it."""
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
    thread = threading.Thread(target=write, args=(path, 30), name="writer")
    thread.start()
    thread.join()
