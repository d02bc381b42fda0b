"""What this machine has: a row for each thing that was looked at, with a remedy that folds out where something lacks."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.core.doctor.diagnose import CHECKS
from espalier.core.doctor.finding import Finding, State
from espalier.gui.icons import paint_icon
from espalier.gui.literal import set_tip
from espalier.gui.palette import colours_of
from espalier.gui.parts.button import Button
from espalier.gui.parts.rule import Rule, stacked
from espalier.gui.parts.text import Text
from espalier.gui.states import Shown

ROW, NAME, SHOWN_FIRST = 32, 142, 5
STATES: dict[State, Shown] = {
    "ok": Shown("done", "ok", str(QT_TRANSLATE_NOOP("states", "ready"))),
    "limited": Shown("limited", "warn", str(QT_TRANSLATE_NOOP("states", "limited"))),
    "missing": Shown("failed", "bad", str(QT_TRANSLATE_NOOP("states", "missing"))),
}
WAITING = Shown("queued", "muted", "")
NAMES = {
    "git": "Git",
    "memory": str(QT_TRANSLATE_NOOP("machine", "Memory")),
    "disk": str(QT_TRANSLATE_NOOP("machine", "Disk")),
    "keyring": str(QT_TRANSLATE_NOOP("machine", "Keyring")),
    "sandbox": str(QT_TRANSLATE_NOOP("machine", "Sandbox")),
    "embedded model": str(QT_TRANSLATE_NOOP("machine", "Base model")),
}
FIRST = ("git", "GPU", "embedded model", "sandbox", "keyring")  # of what is ready, what people ask for


class Mark(QWidget):
    """A state's icon."""

    def __init__(self, shown: Shown, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self.setFixedSize(QSize(16, ROW))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = colours_of(self.palette()).of(self._shown.role)
        paint_icon(painter, self._shown.icon, QRectF(0, (ROW - 16) / 2, 16, 16), colour)


class FindingRow(QWidget):
    """One thing: icon, name, what was found, and a word; or a link that folds the remedy out."""

    def __init__(self, finding: Finding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.finding = finding
        shown = STATES[finding.state]
        self._remedy = Text(finding.remedy, "second", "second", wrap=True)
        self._remedy.hide()
        name = Text(QCoreApplication.translate("machine", NAMES.get(finding.name, finding.name)), "body", weight=500)
        name.setFixedWidth(NAME - 12)
        found = Text(finding.found, "body", "second", elide=Qt.TextElideMode.ElideRight)
        set_tip(found, *finding.found.splitlines())
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(Mark(shown))
        row.addWidget(name)
        row.addWidget(found, 1)
        self.fix = Button(self.tr("How to fix"), "link", height=ROW - 4)
        self.fix.setAccessibleDescription(finding.name)
        self.fix.clicked.connect(self._fold)
        self.fix.setVisible(bool(finding.remedy))
        row.addWidget(self.fix if finding.remedy else Text(shown.word, "second", "second"))
        about = QHBoxLayout()
        about.setContentsMargins(NAME + 28, 0, 0, 8)
        about.addWidget(self._remedy)
        self._about = QWidget()
        self._about.setLayout(about)
        self._about.hide()
        column = stacked(spacing=0)
        column.addLayout(row)
        column.addWidget(self._about)
        column.addWidget(Rule())
        self.setLayout(column)
        self.setAccessibleName(f"{finding.name}: {shown.word}")

    @property
    def remedy_shown(self) -> bool:
        return not self._about.isHidden()

    def _fold(self) -> None:
        out = self._about.isHidden()
        self._about.setVisible(out)
        self._remedy.setVisible(out)
        self.fix.show_text(self.tr("Hide") if out else self.tr("How to fix"))


class Machine(QWidget):
    """Rows come as things are found; when all is known, what is ready and seldom asked for folds into one line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: list[FindingRow] = []
        self._whole = False
        self._said = Text("", "second", "muted", elide=Qt.TextElideMode.ElideRight)
        self.again = Button(self.tr("Check again"), "link", height=20)
        self.again.hide()
        self._more = Button("", "link", height=20)
        self._more.hide()
        self._more.clicked.connect(self._unfold)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Text(self.tr("This machine"), "section"))
        head.addWidget(self._said, 1)
        head.addWidget(self.again)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._foot = Text(self.tr("Limited means the rest works without it."), "second", "muted")
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 12, 0, 0)
        foot.setSpacing(12)
        foot.addWidget(self._foot)
        foot.addWidget(self._more)
        foot.addStretch(1)
        self.foot = foot
        column = stacked(spacing=0)
        column.addLayout(head)
        column.addSpacing(8)
        column.addWidget(Rule())
        column.addLayout(self._rows)
        column.addLayout(foot)
        self.setLayout(column)

    @property
    def rows(self) -> tuple[FindingRow, ...]:
        return tuple(self._found)

    @property
    def sentence(self) -> str:
        return self._said.text()

    def begin(self) -> None:
        """Forget what was found; more will come."""
        for row in self._found:
            row.setParent(None)
            row.deleteLater()
        self._found, self._whole = [], False
        self.again.hide()
        self._more.hide()
        self._tell()

    def add(self, finding: Finding) -> None:
        row = FindingRow(finding)
        self._found.append(row)
        self._rows.addWidget(row)
        self._tell()
        self._place()

    def end(self, whole: bool) -> None:
        self._whole = True
        self.again.show()
        self._said.setText(
            self.tr("checked just now, also by espalier doctor")
            if whole
            else self.tr("the check did not end; espalier doctor says more")
        )
        self._place()

    def _tell(self) -> None:
        done, of = len(self._found), len(CHECKS)
        self._said.setText(self.tr("checking, {done} of {of}, about ten seconds").format(done=done, of=of))

    def _unfold(self) -> None:
        for row in self._found:
            row.show()
        self._more.hide()

    def _place(self) -> None:
        """What lacks something first, then what people ask for; while more is to come, no more than fits."""
        ranked = sorted(self._found, key=_rank)
        for number, row in enumerate(ranked):
            self._rows.removeWidget(row)
            self._rows.insertWidget(number, row)
            row.setVisible(row.finding.state != "ok" or number < SHOWN_FIRST)
        folded = sum(row.isHidden() for row in ranked)
        self._more.show_text(self.tr("Show {count} more that are ready").format(count=folded))
        self._more.setVisible(self._whole and bool(folded))


def _rank(row: FindingRow) -> tuple[int, int]:
    name, ready = row.finding.name, row.finding.state == "ok"
    return ready, FIRST.index(name) if name in FIRST else len(FIRST)
