"""The second desk of the lock probe: tries, in a process of its own, to write a file that another one is writing."""

import sqlite3
import sys

LOCKED, ENTERED, BROKEN = 3, 0, 4
"""What it says: the lock held, both desks got in, the folder cannot do it at all."""


def try_lock(path: str) -> int:
    """Whether this process gets in beside the one that holds the file."""
    connection = sqlite3.connect(path, timeout=0.2, isolation_level=None)
    try:
        connection.execute('BEGIN IMMEDIATE')
    except sqlite3.OperationalError as error:
        return LOCKED if 'locked' in str(error) else BROKEN
    finally:
        connection.close()
    return ENTERED


if __name__ == '__main__':
    sys.exit(try_lock(sys.argv[1]))
