"""The help, offline: topics at the left, the text at the right; a link leads to another topic and nowhere else."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSize, QUrl
from PySide6.QtGui import QAction, QTextBlock, QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QTextBrowser, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.actions import make_actions
from espalier.gui.background import Reading
from espalier.gui.help.actions import ACTIONS
from espalier.gui.help.reading import topic, topics
from espalier.gui.parts.button import Button
from espalier.gui.parts.header import Header
from espalier.gui.session import Session
from espalier.gui.typeface import font

LEFT, ROW, WIDEST, LINE_PERCENT = 216, 32, 760, 135


class HelpPage(QWidget):
    """Needs no project: its session may be of none."""

    def __init__(self, session: Session | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.readings: Mapping[str, Reading] = {}
        self.actions_by_id: Mapping[str, QAction] = make_actions(ACTIONS, self, everywhere=True)
        self._past: list[str] = []
        self.back = Button.of(self.actions_by_id["help back"], height=32)
        self.header = Header(self.tr("Help"), (self.back,))
        self.list = self._made_list()
        self.text = self._made_text()
        body = QHBoxLayout()
        body.setSpacing(24)
        body.addWidget(self.list)
        body.addWidget(self.text, 10)
        body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(self.header)
        column.addLayout(body, 1)
        self.actions_by_id["help back"].triggered.connect(self.go_back)
        self._topic = ""
        self.show_detail("")

    def take(self, name: str, value: object) -> None:
        """Nothing is read from a project."""

    def leave(self) -> None:
        """Nothing lives here."""

    def show_detail(self, detail: str) -> None:
        """A topic by its name; the index without one, where no topic is shown yet."""
        if not detail and self._topic:
            return
        self._show(topic(detail).name)

    @property
    def topic(self) -> str:
        return self._topic

    def go_back(self) -> None:
        if self._past:
            self._topic = ""
            self._show(self._past.pop())

    def _show(self, name: str) -> None:
        if name == self._topic:
            return
        if self._topic:
            self._past.append(self._topic)
        self._topic = name
        shown = topic(name)
        self.header.say(self.tr("{title}. The help lies on this machine and asks nobody.").format(title=shown.title))
        self.text.setMarkdown(shown.text)
        self._space_lines()
        self.actions_by_id["help back"].setEnabled(bool(self._past))
        self.list.blockSignals(True)
        self.list.setCurrentRow([one.name for one in topics()].index(name))
        self.list.blockSignals(False)

    def _space_lines(self) -> None:
        cursor = QTextCursor(self.text.document())
        cursor.select(QTextCursor.SelectionType.Document)
        spaced = QTextBlockFormat()
        spaced.setLineHeight(LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.mergeBlockFormat(spaced)
        block = self.text.document().begin()
        while block.isValid():
            self._set_apart(block)
            block = block.next()
        self.text.moveCursor(QTextCursor.MoveOperation.Start)

    def _set_apart(self, block: QTextBlock) -> None:
        """Space above headings and paragraphs, little between the points of a list."""
        own = block.blockFormat()
        own.setTopMargin(20 if own.headingLevel() > 1 else 2 if block.textList() else 8)
        own.setBottomMargin(6 if own.headingLevel() else 2)
        QTextCursor(block).setBlockFormat(own)

    def _follow(self, link: QUrl) -> None:
        """Only among the topics: no address is ever opened."""
        name = link.path().rpartition("/")[2]
        if name.endswith(".md") and not link.scheme():
            self._show(topic(name.removesuffix(".md")).name)

    def _made_list(self) -> QListWidget:
        made = QListWidget()
        made.setAccessibleName(self.tr("Topics"))
        made.setFixedWidth(LEFT)
        made.setFrameShape(QFrame.Shape.NoFrame)
        made.setFont(font("body"))
        for one in topics():
            item = QListWidgetItem(one.title)
            item.setSizeHint(QSize(LEFT, ROW))
            made.addItem(item)
        made.currentRowChanged.connect(lambda row: self._show(topics()[row].name))
        return made

    def _made_text(self) -> QTextBrowser:
        made = QTextBrowser()
        made.setAccessibleName(self.tr("Text"))
        made.setFrameShape(QFrame.Shape.NoFrame)
        made.setFont(font("body"))
        made.setMaximumWidth(WIDEST)
        made.setOpenLinks(False)
        made.setOpenExternalLinks(False)
        made.anchorClicked.connect(self._follow)
        return made

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._topic:
            self.text.setMarkdown(topic(self._topic).text)  # links keep the colour that they were set in
            self._space_lines()
