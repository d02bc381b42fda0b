"""Walking the whole chain in a thread of its own, with a connection of its own: a million entries take a minute."""

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal
from typing_extensions import override

from espalier.core.project import audit, checkpoints
from espalier.core.project.audit import Verdict
from espalier.core.project.checkpoints import Checkpoint
from espalier.core.project.file import Project
from espalier.gui.bugs import telling

QUIET_SECONDS = 0.1


class _Enough(Exception):
    """The person wants no verdict any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict, and the checkpoint from outside that it was held against, if any."""

    verdict: Verdict
    checkpoint: Checkpoint | None
    at: float  # seconds since the epoch


class Verifying(QThread):
    """One walk.

    walked(done, total)        how far it is, some times a second
    judged(Judged)             how it ended
    refused(sentence, remedy)  the file or the checkpoint can't be read
    """

    walked = Signal(int, int)
    judged = Signal(object)
    refused = Signal(str, str)

    def __init__(self, path: Path, checkpoint: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("verifying")
        self._path, self._checkpoint = path, checkpoint
        self._enough = False
        self._said = 0.0

    def stop(self) -> None:
        """End the walk without a verdict, and wait for that."""
        self._enough = True
        self.wait()

    @override
    def run(self) -> None:
        refuse = self.refused.emit
        with telling(lambda failure: refuse(failure.sentence, failure.remedy)), suppress(_Enough):
            with Project.open(self._path, read_only=True) as project:
                outside = None if self._checkpoint is None else checkpoints.read(project, self._checkpoint)
                held = None if outside is None else (outside.seq, outside.head)
                verdict = audit.verify(project, held, self._tell)
            self.judged.emit(Judged(verdict=verdict, checkpoint=outside, at=time.time()))

    def _tell(self, done: int, total: int) -> None:
        if self._enough:
            raise _Enough
        moment = time.monotonic()
        if moment - self._said > QUIET_SECONDS:
            self._said = moment
            self.walked.emit(done, total)
