"""The project file: the one place that opens it, for every process and thread."""

import os
import shutil
import sys
import time
import uuid
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from espalier.core.failures import EspalierError, UnusableInput, WorkFailed
from espalier.core.project.clock import utc_now
from espalier.core.project.filesystem import free_bytes, is_network
from espalier.core.project.format import APPLICATION_ID, VERSION
from espalier.core.project.policy import named_policy
from espalier.core.project.sqlite import sqlite, wal_is_safe

if TYPE_CHECKING:
    from sqlite_utils.migrations import Migrations

Connection = sqlite.Connection
Row = sqlite.Row

SUFFIX = ".espalier"
BUSY_SECONDS = 10.0
AGAIN_SECONDS = 0.02
Opened = TypeVar("Opened")


class Project:
    """An open project file. One per thread; processes share the file, never the connection."""

    def __init__(self, path: Path, connection: Connection, *, read_only: bool) -> None:
        self.path = path
        self.work = path.with_suffix(".work")
        self.read_only = read_only
        self._connection = connection
        self.id: str = self.meta("id")

    @classmethod
    def create(cls, path: Path, *, policy: str = "solo") -> Self:
        """Make a new project file under the named policy; raises UnusableInput where a file already stands."""
        chosen = named_policy(policy)
        path = _with_suffix(path)
        if path.exists():
            raise UnusableInput(f"{path} already exists.", "Choose another name, or open the project that is there.")
        if not path.parent.is_dir():
            raise UnusableInput(f"The folder {path.parent} does not exist.", "Make it first.")
        with _explained(path):
            _write_new(path, {"id": uuid.uuid4().hex, "created_at": utc_now(), "policy": chosen.model_dump_json()})
        return cls.open(path)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, migrations: "tuple[Migrations, int] | None" = None) -> Self:
        """Open a project, migrating an older one after keeping a copy.

        Raises UnusableInput for what is missing, not a project, from a newer version, or read-only when it must be written.
        """
        path = _existing(path)
        with _explained(path):
            return patiently(lambda: cls._opened(path, read_only, migrations))

    @classmethod
    def _opened(cls, path: Path, read_only: bool, migrations: "tuple[Migrations, int] | None") -> Self:
        current = migrations[1] if migrations else VERSION
        connection = _connect(path, "ro" if read_only else "rw")
        try:
            version = _recognise(connection, path, current)
            if not read_only:
                _require_writable(path)
                _journal(connection, path)
            if version < current:
                if read_only:
                    remedy = "Open it once for writing: it is migrated then, and a copy of the old file is kept."
                    raise UnusableInput(f"{path} was made by an older Espalier (format {version}).", remedy)
                _migrate_keeping_a_copy(connection, path, version, migrations)
            return cls(path, connection, read_only=read_only)
        except BaseException:
            connection.close()
            raise

    def rows(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[Row]:
        """Every row of a query; no transaction stays open behind it."""
        with _explained(self.path):
            return list(self._connection.execute(sql, parameters))

    def row(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> Row | None:
        with _explained(self.path):
            cursor = self._connection.execute(sql, parameters)
            found: Row | None = cursor.fetchone()
            cursor.close()  # an unfinished statement would hold the read transaction open
            return found

    def value(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> Any:
        """The first column of the first row, or None."""
        found = self.row(sql, parameters)
        return None if found is None else found[0]

    def ids(self, sql: str, parameters: dict[str, Any] | None = None) -> "array[int]":
        """The column `id` of every row, whole numbers, in the query's order: a million of them in 8 MB.

        SQLite packs them in one step without the interpreter's lock, so that other threads run meanwhile.
        """
        packed = self.value(f"SELECT group_concat(printf('%016x', id), '') FROM ({sql})", parameters or {})
        found = array("q", bytes.fromhex(packed or ""))
        if sys.byteorder == "little":
            found.byteswap()
        return found

    def reals(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> "array[float]":
        """The first column of every row, real numbers: in less time than rows, and in a small part of their memory."""
        with _explained(self.path):
            cursor = self._connection.cursor()
            cursor.row_factory = None
            return array("d", chain.from_iterable(cursor.execute(sql, parameters)))

    def interrupt(self) -> None:
        """From another thread: end the query that runs now, if one does, with WorkFailed."""
        self._connection.interrupt()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One short transaction that starts by taking the write lock; keep it under about 50 ms."""
        if self.read_only:
            raise UnusableInput(f"{self.path} was opened read-only.", "Open it for writing.")
        with _explained(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def meta(self, key: str) -> str:
        return str(self.value("SELECT value FROM meta WHERE key = ?", (key,)) or "")

    def data_version(self) -> int:
        """Changes when another connection has committed: what the window polls."""
        return int(self.value("PRAGMA data_version"))

    def copy_to(self, target: Path) -> Path:
        """Write a whole, consistent copy; a plain copy of an open file would lose what is still in its log."""
        target = _with_suffix(target)
        if target.exists():
            raise UnusableInput(f"{target} already exists.", "Choose another name.")
        _require_space(target.parent, self.path.stat().st_size)
        with _explained(target):
            self._connection.execute("VACUUM INTO ?", (str(target),))
        target.chmod(0o600)
        return target

    def scour(self) -> None:
        """Write the file anew without anything that was deleted or overwritten, and empty its log.

        Raises WorkFailed where another process keeps the log from being emptied, or the disk has no room for it.
        """
        _require_space(self.path.parent, 2 * self.path.stat().st_size)
        with _explained(self.path):
            self._fold()
            self._connection.execute("VACUUM")
            self._fold()

    def _fold(self) -> None:
        """What the log holds goes into the file, and the log is cut to nothing."""
        busy = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            remedy = "Close what else has it open, and run the same command again."
            raise WorkFailed(f"{self.path} is being read, so that its log could not be emptied.", remedy)

    def close(self) -> None:
        """Fold the log back into the file where nobody else has it open, so that a copied file is whole."""
        if not self.read_only:
            with suppress(sqlite.Error):
                self._connection.execute("PRAGMA busy_timeout = 0")
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                self._connection.execute("PRAGMA journal_mode = DELETE")
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def patiently(action: Callable[[], Opened], seconds: float = BUSY_SECONDS) -> Opened:
    """Again while the file is locked: where another process turns the log on or off at that moment, SQLite does not wait itself."""
    ends = time.monotonic() + seconds
    while True:
        try:
            return action()
        except sqlite.OperationalError as error:
            if not _is_busy(str(error).lower()) or time.monotonic() > ends:
                raise
            time.sleep(AGAIN_SECONDS)


def _is_busy(message: str) -> bool:
    return "locked" in message or "busy" in message


def _write_new(path: Path, meta: dict[str, str]) -> None:
    """Build the file under another name and link it into place whole, so that a crash leaves no half project behind."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.new")
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        connection = _connect(unfinished, "rw")
        try:
            _migrate(connection, None)
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO meta VALUES (?, ?)", list(meta.items()))
            connection.execute("COMMIT")
        finally:
            connection.close()
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _with_suffix(path: Path) -> Path:
    return path.absolute() if path.suffix == SUFFIX else path.absolute().with_name(path.name + SUFFIX)


def _existing(path: Path) -> Path:
    path = path.absolute()
    if path.is_dir():
        raise UnusableInput(f"{path} is a folder, not an Espalier project.", f"Name a file that ends in {SUFFIX}.")
    if not path.exists() and _with_suffix(path).exists():
        path = _with_suffix(path)
    if not path.is_file():
        raise UnusableInput(f"There is no project at {path}.", f"Make one with: espalier init {path}")
    return path


def _connect(path: Path, mode: str) -> Connection:
    connection = sqlite.connect(f"{path.as_uri()}?mode={mode}", uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    connection.row_factory = sqlite.Row
    for pragma in ("foreign_keys = ON", "trusted_schema = OFF", "cell_size_check = ON", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA secure_delete = ON")
    return connection


def _recognise(connection: Connection, path: Path, current: int) -> int:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise UnusableInput(f"{path} is not an Espalier project.", "Make one with: espalier init PROJECT")
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > current:
        sentence = f"{path} was made by a newer Espalier (format {version}; this one knows {current})."
        raise UnusableInput(sentence, "Open it with that version; nothing was changed.")
    return version


def may_be_written(path: Path) -> bool:
    """The file, and its folder, where SQLite keeps its log.

    Root may write anything; what its owner marked read-only is meant to stay as it is all the same.
    """
    return all(os.access(one, os.W_OK) and one.stat().st_mode & 0o222 for one in (path, path.parent))


def _require_writable(path: Path) -> None:
    if not may_be_written(path):
        sentence = f"{path} is read-only."
        raise UnusableInput(sentence, "Make the file and its folder writable, or work on a copy: espalier project copy")


def _journal(connection: Connection, path: Path) -> None:
    wanted = "WAL" if wal_is_safe() and not is_network(path) else "DELETE"
    connection.execute(f"PRAGMA journal_mode = {wanted}")


def _migrate(connection: Connection, migrations: "tuple[Migrations, int] | None") -> None:
    from sqlite_utils import Database

    from espalier.core.project.migrations import MIGRATIONS

    changes, version = migrations or (MIGRATIONS, VERSION)
    changes.apply(Database(connection))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {version}")


def _migrate_keeping_a_copy(
    connection: Connection, path: Path, version: int, migrations: "tuple[Migrations, int] | None"
) -> None:
    kept = path.with_name(f"{path.stem}.format-{version}{SUFFIX}")
    _require_space(path.parent, 2 * path.stat().st_size)
    if not kept.exists():
        unfinished = kept.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        connection.execute("VACUUM INTO ?", (str(unfinished),))
        unfinished.chmod(0o600)
        unfinished.rename(kept)
    _migrate(connection, migrations)


def _require_space(folder: Path, needed: int) -> None:
    free = free_bytes(folder)
    if free < needed:
        sentence = f"{folder} has {free >> 20} MiB free and {(needed >> 20) + 1} MiB are needed."
        raise WorkFailed(sentence, "Free some space; nothing was changed.")


def forget_work(project: Project) -> None:
    """Delete the work folder: checkpoints, caches and logs go, and with them only the power to resume unfinished jobs."""
    shutil.rmtree(project.work, ignore_errors=True)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into a sentence with a remedy; what is a bug of ours stays an sqlite error."""
    try:
        yield
    except sqlite.DatabaseError as error:
        known = _explanation(path, str(error).lower())
        if known is None:
            raise
        raise known from None
    except OSError as error:
        raise WorkFailed(
            f"{path} could not be written: {error.strerror}.", "Check the disk and its permissions."
        ) from None


def _explanation(path: Path, message: str) -> EspalierError | None:
    if "disk is full" in message:
        remedy = "Free some space and run the same command again; everything that was committed is kept."
        return WorkFailed(f"The disk that holds {path} is full.", remedy)
    if "readonly" in message or "read-only" in message:
        return UnusableInput(f"{path} is read-only.", "Make the file and its folder writable.")
    if "not a database" in message:
        return UnusableInput(f"{path} is not an Espalier project.", "Make one with: espalier init PROJECT")
    if "malformed" in message:
        return UnusableInput(
            f"{path} is damaged.", "Go back to a copy; an interrupted copy of an open project does this."
        )
    if _is_busy(message):
        return WorkFailed(f"{path} stayed locked by another process.", "Close what else has it open, or try again.")
    if "interrupted" in message:
        return WorkFailed(f"The reading of {path} was interrupted.", "Ask again.")
    if "unable to open" in message:
        return UnusableInput(f"{path} can't be opened.", "Check that you may read the file and write its folder.")
    return None
