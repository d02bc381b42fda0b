"""Looking for git repositories below dropped or chosen folders, in a thread that can be ended."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal
from typing_extensions import override

from espalier.core.repositories.layout import enclosing
from espalier.core.repositories.seek import seek
from espalier.gui.bugs import telling

SAID_EVERY = 50  # folders


class Seeking(QThread):
    """A folder that lies inside a repository counts as that repository.

    found(path)                a repository, nearer folders first, each once
    looked(folders)            how many folders were looked into so far
    refused(sentence, remedy)  one of the folders can't be read
    """

    found = Signal(str)
    looked = Signal(int)
    refused = Signal(str, str)

    def __init__(self, folders: Sequence[Path], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("seeking")
        self._folders = tuple(folders)
        self._enough = False

    def stop(self) -> None:
        """End the search and wait for that; safe to call twice."""
        self._enough = True
        self.wait()

    @override
    def run(self) -> None:
        told: set[Path] = set()
        for folder in self._folders:
            with telling(lambda failure: self.refused.emit(failure.sentence, failure.remedy)):
                try:
                    self._look(folder, told)
                except OSError as error:
                    self.refused.emit(self.tr("{folder} can't be read.").format(folder=folder), str(error.strerror))

    def _look(self, folder: Path, told: set[Path]) -> None:
        folder = folder.absolute()
        above = enclosing(folder.resolve()) if folder.is_dir() else None
        if above is not None:
            self._tell(above.root, told)
            return
        for seen in seek(folder):
            if self._enough:
                return
            if seen.repository is not None:
                self._tell(seen.repository, told)
            if seen.folders % SAID_EVERY == 0:
                self.looked.emit(seen.folders)

    def _tell(self, path: Path, told: set[Path]) -> None:
        if path.resolve() not in told:
            told.add(path.resolve())
            self.found.emit(str(path))
