"""The one SQLite library that opens project files, for every process of Espalier.

Debian 12's SQLite 3.40.1 can corrupt a WAL file that several processes write and checkpoint, so the library comes from
PyPI; where only the system's older one is to be had, `wal_is_safe` says no and the project falls back to a rollback journal.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3 as sqlite
else:
    try:
        import pysqlite3 as sqlite
    except ImportError:
        import sqlite3 as sqlite

__all__ = ["sqlite", "wal_is_safe"]

FIRST_SAFE_WAL = (3, 51, 3)


def wal_is_safe() -> bool:
    """Whether this library may be trusted with a write-ahead log shared by several processes."""
    return sqlite.sqlite_version_info >= FIRST_SAFE_WAL
