"""One entry of the chain, whole: who, when, what, its detail as it is hashed, and how it hangs in the chain."""

import json

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.core.project.audit import Entry
from espalier.gui.audit.words import did, when
from espalier.gui.figures import count
from espalier.gui.literal import literal
from espalier.gui.palette import colours_of
from espalier.gui.parts.facts import Facts
from espalier.gui.parts.text import Text
from espalier.gui.typeface import font

NARROW, WIDTH, LEAST_CODE = 280, 380, 120


class Detail(QPlainTextEdit):
    """JSON to read and to copy, on the ground of code."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(font("code"))
        self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.document().setDocumentMargin(12)
        self.setMinimumHeight(LEAST_CODE)
        clear = QPalette(self.palette())
        clear.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.setPalette(clear)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), colours_of(self.palette()).of("sunken"))
        painter.end()
        super().paintEvent(event)


class EntryPane(QWidget):
    """Says so while nothing is chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(NARROW)
        self.setMaximumWidth(WIDTH)
        self._title = Text("", "panel", elide=Qt.TextElideMode.ElideRight)
        self._about, self._chain = Facts(88), Facts(88)
        self._detail_head, self._chain_head = (
            Text(self.tr("Detail"), "section"),
            Text(self.tr("In the chain"), "section"),
        )
        self.detail = Detail(self.tr("Detail of the entry"))
        self._none = Text(self.tr("Choose an entry to see all that it says."), "body", "second", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self._none, self._title, self._about, self._detail_head):
            column.addWidget(part)
        column.addWidget(self.detail, 1)
        column.addWidget(self._chain_head)
        column.addWidget(self._chain)
        column.addStretch(0)
        self.show_entry(None)

    def show_entry(self, entry: Entry | None) -> None:
        shown = (self._title, self._about, self._detail_head, self.detail, self._chain_head, self._chain)
        for part in shown:
            part.setVisible(entry is not None)
        self._none.setVisible(entry is None)
        if entry is None:
            return
        self._title.setText(did(entry.action))
        self._about.show_facts(
            [
                (self.tr("Entry"), count(entry.seq)),
                (self.tr("When"), when(entry.at)),
                (self.tr("In UTC"), entry.at),
                (self.tr("Who"), entry.actor),
                (self.tr("To"), entry.subject),
                (self.tr("Code"), entry.action),
            ]
        )
        self.detail.setPlainText(
            literal(json.dumps(entry.detail, indent=2, ensure_ascii=False)) if entry.detail else "{}"
        )
        self._chain.show_facts([(self.tr("Its hash"), entry.hash), (self.tr("Follows"), entry.previous)])
