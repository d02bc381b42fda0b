"""The accelerator lane: one training or evaluation at a time for a person at a machine, across projects."""

from types import TracebackType
from typing import IO, Self

from espalier.core.project.folders import config_folder


class AcceleratorLane:
    """A file lock that the operating system frees when its process ends, however it ends."""

    def __init__(self) -> None:
        self._path = config_folder() / "accelerator.lock"
        self._file: IO[bytes] | None = None

    def try_take(self) -> bool:
        """Take the lane if it is free; never waits."""
        file = self._path.open("ab")
        try:
            _lock(file)
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


try:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

except ImportError:  # Windows
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]  # typeshed: Windows only
