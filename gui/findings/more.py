"""The menu More of the findings page: what is asked for now and then, also in the command palette."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from espalier.core.findings.index import Query
from espalier.core.findings.ruleset import current_ruleset
from espalier.core.jobs.job import enqueue
from espalier.core.project.file import Project
from espalier.core.repositories import corpus
from espalier.gui.findings.detail import Detail
from espalier.gui.findings.draft import DraftRule
from espalier.gui.findings.mute import MutedRules, MuteRule
from espalier.gui.findings.own_rules import OwnRules
from espalier.gui.findings.reading import Findings
from espalier.gui.findings.sentence import scanning
from espalier.gui.findings.traffic import Traffic
from espalier.gui.parts.button import Button
from espalier.gui.parts.dialog import Dialog
from espalier.gui.session import Session

if TYPE_CHECKING:
    from espalier.gui.findings.tracing import TraceSecret

HEIGHT = 32
SCANS: Mapping[str, tuple[str, ...]] = {
    "scan findings": (),
    "scan archives": ("archives",),
    "scan unreachable": ("unreachable",),
}
TRAFFIC = ("import report", "export findings", "pack findings", "accept decisions")
MENU = (
    ("scan archives", "scan unreachable"),
    ("mute rule", "muted rules", "draft rule", "own rules"),
    TRAFFIC,
    ("trace finding",),
)  # what belongs together lies between two lines


class More(QObject):
    """Its actions can be done where the project may be changed and there is something to do them on.

    decided(): many findings are decided otherwise than they were.
    """

    decided = Signal()

    def __init__(
        self,
        session: Session,
        actions: Mapping[str, QAction],
        looked_at: Callable[[], Detail | None],
        filtered: Callable[[], Query],
        page: QWidget,
    ) -> None:
        """`looked_at` is the finding in front of the person, if any; `filtered` is what the list is filtered by."""
        super().__init__(page)
        self._session, self._actions, self._looked_at, self._page = session, actions, looked_at, page
        self._standing: Findings | None = None
        self.dialog: Dialog | None = None
        self.button = Button(self.tr("More"), height=HEIGHT)
        self.menu = QMenu(self.button)
        for number, group in enumerate(MENU):
            if number:
                self.menu.addSeparator()
            self.menu.addActions([actions[name] for name in group])
        self.traffic = Traffic(session, actions, self._open, filtered, page)
        self.traffic.decided.connect(self.decided)
        self.button.set_menu(self.menu)
        for name, asked in SCANS.items():
            actions[name].triggered.connect(lambda _=False, asked=asked: self.scan(*asked))
        actions["mute rule"].triggered.connect(lambda _=False: self.ask_to_mute())
        actions["muted rules"].triggered.connect(lambda _=False: self.show_muted())
        actions["draft rule"].triggered.connect(lambda _=False: self.draft())
        actions["own rules"].triggered.connect(lambda _=False: self.show_own_rules())
        actions["trace finding"].triggered.connect(lambda _=False: self.trace())
        session.may_write_changed.connect(lambda _: self._enable())
        self._enable()

    def show_standing(self, standing: Findings) -> None:
        self._standing = standing
        self.traffic.show_standing(standing)
        self._enable()

    def scan(self, *asked: str) -> None:
        """Of the newest corpus, under the rules of now; `archives` and `unreachable` are read where they are asked for."""
        self._session.start(lambda project: _enqueue(project, asked))

    def scan_again(self) -> None:
        """As the scan that failed was asked for."""
        scan = None if self._standing is None else self._standing.scan
        asked = () if scan is None else tuple(name for name in ("archives", "unreachable") if scan.job.args.get(name))
        self.scan(*asked)

    def ask_to_mute(self) -> None:
        """The rule of the finding that is looked at."""
        looked_at, corpus = self._looked_at(), self._corpus
        if looked_at is not None and corpus is not None:
            self._open_and_follow(MuteRule(self._session, corpus, looked_at.finding.rule, self._page))

    def show_muted(self) -> None:
        if self._corpus is not None:
            self._open_and_follow(MutedRules(self._session, self._corpus, self._page))

    def draft(self) -> None:
        """A rule for the finding that is looked at."""
        looked_at = self._looked_at()
        if looked_at is not None:
            self.draft_for(looked_at.finding.fingerprint)

    def draft_for(self, fingerprint: str) -> None:
        if self._corpus is not None:
            self._open(DraftRule(self._session, self._corpus, fingerprint, self._page))

    def show_own_rules(self) -> None:
        self._open(OwnRules(self._session, self._page))

    def trace(self) -> None:
        """The finding that is looked at."""
        from espalier.gui.findings.tracing import TraceSecret  # which loads what knows of runs and evaluations

        looked_at = self._looked_at()
        if looked_at is not None:
            self._open_and_follow(TraceSecret(self._session, looked_at.finding, self._page))

    def _open_and_follow(self, dialog: "MuteRule | MutedRules | TraceSecret") -> None:
        dialog.queued.connect(self.traffic.follow)
        self._open(dialog)

    def _open(self, dialog: Dialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog = dialog
        dialog.finished.connect(lambda _: self._forget(dialog))
        dialog.open()

    def _forget(self, dialog: Dialog) -> None:
        """Unless another one has taken its place by now."""
        if self.dialog is dialog:
            self.dialog = None

    @property
    def _corpus(self) -> str | None:
        return None if self._standing is None else self._standing.corpus

    def _enable(self) -> None:
        may, standing = self._session.may_write, self._standing
        self._actions["scan findings"].setEnabled(may)
        free = standing is not None and standing.corpus is not None and not scanning(standing)
        for name in ("scan archives", "scan unreachable"):
            self._actions[name].setEnabled(may and free)
        listed = standing is not None and standing.listed is not None
        for name in ("draft rule", "trace finding"):
            self._actions[name].setEnabled(listed)
        for name in ("mute rule", "muted rules", *TRAFFIC):
            self._actions[name].setEnabled(may and listed)


def _enqueue(project: Project, asked: tuple[str, ...]) -> int:
    args: dict[str, object] = {"corpus": corpus.latest(project).hash, "ruleset": current_ruleset(project)}
    return enqueue(project, "findings.scan", args | dict.fromkeys(asked, True), "cpu")
