"""The menu More of the findings page: what is asked for now and then, also in the command palette."""

from collections.abc import Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from espalier.core.findings.detection.detect import current_ruleset
from espalier.core.jobs.job import enqueue
from espalier.core.project.file import Project
from espalier.core.repositories import corpus
from espalier.gui.findings.reading import Findings
from espalier.gui.findings.sentence import scanning
from espalier.gui.parts.button import Button
from espalier.gui.session import Session

HEIGHT = 32
SCANS: Mapping[str, tuple[str, ...]] = {
    "scan findings": (),
    "scan archives": ("archives",),
    "scan unreachable": ("unreachable",),
}
MENU = (("scan archives", "scan unreachable"),)  # what belongs together lies between two lines


class More(QObject):
    """Its actions can be done where the project may be changed and there is something to do them on."""

    def __init__(self, session: Session, actions: Mapping[str, QAction], page: QWidget) -> None:
        super().__init__(page)
        self._session, self._actions = session, actions
        self._standing: Findings | None = None
        self.button = Button(self.tr("More"), height=HEIGHT)
        self.menu = QMenu(self.button)
        for number, group in enumerate(MENU):
            if number:
                self.menu.addSeparator()
            self.menu.addActions([actions[name] for name in group])
        self.button.set_menu(self.menu)
        for name, asked in SCANS.items():
            actions[name].triggered.connect(lambda _=False, asked=asked: self.scan(*asked))
        session.may_write_changed.connect(lambda _: self._enable())
        self._enable()

    def show_standing(self, standing: Findings) -> None:
        self._standing = standing
        self._enable()

    def scan(self, *asked: str) -> None:
        """Of the newest corpus, under the rules of now; `archives` and `unreachable` are read where they are asked for."""
        self._session.start(lambda project: _enqueue(project, asked))

    def scan_again(self) -> None:
        """As the scan that failed was asked for."""
        scan = None if self._standing is None else self._standing.scan
        asked = () if scan is None else tuple(name for name in ("archives", "unreachable") if scan.job.args.get(name))
        self.scan(*asked)

    def _enable(self) -> None:
        may, standing = self._session.may_write, self._standing
        self._actions["scan findings"].setEnabled(may)
        free = standing is not None and standing.corpus is not None and not scanning(standing)
        for name in ("scan archives", "scan unreachable"):
            self._actions[name].setEnabled(may and free)


def _enqueue(project: Project, asked: tuple[str, ...]) -> int:
    args: dict[str, object] = {"corpus": corpus.latest(project).hash, "ruleset": current_ruleset()}
    return enqueue(project, "findings.scan", args | dict.fromkeys(asked, True), "cpu")
