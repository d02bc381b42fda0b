"""The findings page: secrets to decide, sampled review, approval; and before that, the scan."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.actions import make_actions
from espalier.gui.background import Reading
from espalier.gui.figures import count
from espalier.gui.findings.actions import ACTIONS
from espalier.gui.findings.approve import Approving
from espalier.gui.findings.decide import Decide
from espalier.gui.findings.more import More
from espalier.gui.findings.pane import DECISIONS
from espalier.gui.findings.reading import Findings, FindingsReading
from espalier.gui.findings.sampled import SampledReview
from espalier.gui.findings.sentence import gate_banner, scan_line, scanning, sentence
from espalier.gui.parts.banner import Banner
from espalier.gui.parts.button import Button
from espalier.gui.parts.empty import Empty
from espalier.gui.parts.header import Header
from espalier.gui.parts.progress import Progress
from espalier.gui.parts.tabs import Tab, Tabs
from espalier.gui.session import Session

SECONDS, HEIGHT, BAR = 0.5, 32, 320
TABS = ("decide", "sampled", "approve")
OF_TAB = {
    "decide": (*DECISIONS, "skip finding", "previous finding", "next finding", "reason 1", "reason 2", "reason 3",
               "search findings", "next place of finding", "reveal finding"),
    "sampled": ("clean file", "mark secret", "draw sample"),
    "approve": ("sign approval",),
}  # fmt: skip
WRITING = (*DECISIONS, "reveal finding", "clean file", "mark secret", "draw sample")
BY_EVENT = ("skip finding", "reveal finding")  # their keys are held, or belong to a button that has the focus


class FindingsPage(QWidget):
    """A detail is a tab's name, a state such as `open`, or a fingerprint."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._standing: Findings | None = None
        self._wanted = ""
        self.readings: Mapping[str, Reading] = {"findings": Reading(read=FindingsReading(), seconds=SECONDS)}
        self.actions_by_id: Mapping[str, QAction] = make_actions(ACTIONS, self, everywhere=True)
        self.decide = Decide(session, self.actions_by_id)
        self.sampled = SampledReview(session, self.actions_by_id)
        self.approving = Approving(session, self.actions_by_id)
        self.more = More(
            session, self.actions_by_id, lambda: self.decide.pane.detail, lambda: self.decide.filtered, self
        )
        self._scan = Button.of(self.actions_by_id["scan findings"], "primary", height=HEIGHT)
        self._approve = Button(self.tr("Approve"), "primary", height=HEIGHT)
        self._approve_later = Button(self.tr("Approve"), glyph="shut", height=HEIGHT)
        self.header = Header(self.tr("Findings"), (self.more.button, self._scan, self._approve_later, self._approve))
        self.banner = Banner("shut")
        self.tabs = Tabs(
            self.tr("Parts of the review"),
            (
                Tab("decide", self.tr("To decide")),
                Tab("sampled", self.tr("Sampled review")),
                Tab("approve", self.tr("Approve")),
            ),
        )
        self.empty = Empty(
            self.tr("Nothing has been scanned"), "", action=" ", help_words=self.tr("How secrets are found and decided")
        )
        self._progress = Progress(BAR)
        self._body = QStackedWidget()
        for part in (self.decide, self.sampled, self.approving):
            self._body.addWidget(part)
        self._lay_out()
        self._connect()
        self._go_to("decide")

    def take(self, name: str, value: object) -> None:
        if name != "findings" or not isinstance(value, Findings):
            return
        appears = value.listed is not None and (self._standing is None or self._standing.listed is None)
        focused = QApplication.focusWidget()
        had_keyboard = focused is not None and self.isAncestorOf(focused)
        self._standing = value
        self.header.say(sentence(value))
        self._show_state(value)
        self.more.show_standing(value)
        if value.listed is not None:
            for part in (self.decide, self.sampled, self.approving):
                part.show_standing(value)
        if appears and had_keyboard and self.isVisible():
            self.decide.table.setFocus(Qt.FocusReason.OtherFocusReason)  # and not the search, where S is a letter
        if self._wanted:
            wanted, self._wanted = self._wanted, ""
            self.show_detail(wanted)

    def show_detail(self, detail: str) -> None:
        if detail and (self._standing is None or self._standing.listed is None):
            self._wanted = detail
        elif detail in TABS:
            self._go_to(detail)
        elif detail in ("open", "scrub", "false-alarm", "block"):
            self._go_to("decide")
            self.decide.show_query(detail)
        elif detail:
            self._go_to("decide")
            self.decide.show_finding(detail)

    def leave(self) -> None:
        self.decide.leave()

    def _show_state(self, standing: Findings) -> None:
        listed = standing.listed is not None
        self.tabs.setVisible(listed)
        self._body.setVisible(listed)
        self.tabs.set_count("decide", count(standing.open) if listed else "")
        self.tabs.set_count("sampled", self._sampled_words(standing))
        self._show_empty(standing)
        self._show_banner(standing)
        ready = listed and (not standing.before or standing.policy.scrub.automatic)
        self._scan.setVisible(not listed and standing.corpus is not None and not scanning(standing))
        self._approve.setVisible(ready and standing.approval is None)
        self._approve_later.setVisible(listed and not ready)
        self._enable()

    def _sampled_words(self, standing: Findings) -> str:
        sampled = standing.sampled
        if sampled is None or sampled.required is None:
            return ""
        read = sampled.review.reviewed
        if read >= sampled.required:
            return count(read)
        return self.tr("{n} of {required}").format(n=count(read), required=count(sampled.required))

    def _show_empty(self, standing: Findings) -> None:
        busy = scanning(standing)
        self.empty.setVisible(standing.listed is None)
        self._progress.setVisible(standing.listed is None and busy)
        if standing.corpus is None:
            what = self.tr("There is nothing to scan yet")
            self.empty.say(
                what,
                self.tr("Add a repository first; then its whole history is scanned for secrets."),
                self.tr("Go to Repositories"),
            )
            self.empty.action.set_kind("primary")
        elif busy and standing.scan is not None:
            job = standing.scan.job
            self._progress.setMaximum(max(1, job.total))
            self._progress.setValue(job.done)
            self._progress.setAccessibleName(self.tr("Scan"))
            self.empty.say(self.tr("Scanning the history"), scan_line(standing))
        else:
            words = self.tr(
                "Every file, message, tag and author line of the history is read. Nothing leaves this machine."
            )
            self.empty.say(
                self.tr("This corpus has not been scanned"), words, self.tr("Scan") if self._session.may_write else ""
            )
            self.empty.action.set_kind("default")  # the head has the primary one

    def _show_banner(self, standing: Findings) -> None:
        scan = standing.scan
        if scan is not None and scan.standing == "failed" and scan.job.failure is not None:
            self.banner.say(
                scan.job.failure.sentence,
                scan.job.failure.remedy,
                "bad",
                self.tr("Scan again") if self._session.may_write else "",
            )
        elif scan is not None and standing.listed is not None and scanning(standing):
            self.banner.say(self.tr("The newest corpus is being scanned."), scan_line(standing), "wait")
        else:
            self.banner.say(*gate_banner(standing), "shut")

    def _go_to(self, tab: str) -> None:
        self.tabs.pick(tab)
        self._body.setCurrentIndex(TABS.index(tab))
        self.decide.hold(False)
        self._enable()
        self._take_focus()

    def _take_focus(self) -> None:
        """To what the keys are about, so that one is enough wherever the focus was."""
        if self.isVisible() and self.tabs.current != "approve":
            part = self.decide.table if self.tabs.current == "decide" else self.sampled.view
            part.setFocus(Qt.FocusReason.OtherFocusReason)

    def _enable(self) -> None:
        """Keys mean what the tab in front says."""
        may = self._session.may_write
        listed = self._standing is not None and self._standing.listed is not None
        for tab, names in OF_TAB.items():
            for name in names:
                if name != "sign approval":
                    here = listed and tab == self.tabs.current
                    self.actions_by_id[name].setEnabled(here and (may or name not in WRITING))
        if self.tabs.current != "approve":
            self.actions_by_id["sign approval"].setEnabled(False)
        else:
            self.approving.read()

    def _act_on_empty(self) -> None:
        if self._standing is not None and self._standing.corpus is None:
            self._session.go("repositories", "")
        else:
            self.more.scan()

    def _connect(self) -> None:
        actions = self.actions_by_id
        actions["previous finding"].triggered.connect(lambda _=False: self.decide.step(-1))
        actions["next finding"].triggered.connect(lambda _=False: self.decide.step(1))
        actions["skip finding"].triggered.connect(lambda _=False: self.decide.step(1))
        actions["search findings"].triggered.connect(lambda _=False: self.decide.search())
        actions["next place of finding"].triggered.connect(lambda _=False: self.decide.next_place())
        actions["reveal finding"].triggered.connect(lambda _=False: self.decide.hold(True, briefly=True))
        for number in range(3):
            actions[f"reason {number + 1}"].triggered.connect(
                lambda _=False, number=number: self.decide.pane.reasons.press(number)
            )
        for name, tab in (
            ("findings to decide", "decide"),
            ("sampled review", "sampled"),
            ("second reading", "sampled"),
            ("approve findings", "approve"),
        ):
            actions[name].triggered.connect(lambda _=False, tab=tab: self._go_to(tab))
        for name in OF_TAB["decide"]:
            if name not in ("search findings", *BY_EVENT):
                actions[name].triggered.connect(self._take_focus)
        for name in BY_EVENT:
            actions[name].setShortcuts(list[QKeySequence]())
        self.tabs.picked.connect(self._go_to)
        self.approving.went.connect(self._go_to)
        self.sampled.draft_asked.connect(self.more.draft_for)
        self.more.decided.connect(self.decide.read_again)
        self.decide.sample_asked.connect(lambda: self._go_to("sampled"))
        for button in (self._approve, self._approve_later):
            button.clicked.connect(lambda _=False: self._go_to("approve"))
        self.banner.acted.connect(self.more.scan_again)
        self.empty.acted.connect(self._act_on_empty)
        self.empty.help_asked.connect(lambda: self._session.help_asked.emit("findings"))
        self._session.may_write_changed.connect(lambda _: self._enable())

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addSpacing(8)
        column.addWidget(self.banner)
        column.addWidget(self.tabs)
        beside = QHBoxLayout()
        beside.addWidget(self.empty, 9)
        beside.addStretch(1)
        column.addLayout(beside)
        column.addWidget(self._progress)
        column.addWidget(self._body, 1)
        column.addStretch(0)
        self.tabs.hide()
        self._body.hide()
        self._progress.hide()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.tabs.current == "decide" and self.decide.pressed(event):
            return
        super().keyPressEvent(event)

    @override
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_R and not event.isAutoRepeat():
            self.decide.hold(False)
        super().keyReleaseEvent(event)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """From another page by its keys; whoever walks the sidebar stays there."""
        super().showEvent(event)
        before = self.window().focusWidget()
        if before is None or not before.isVisible():
            self._take_focus()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self.decide.hold(False)
        super().hideEvent(event)
