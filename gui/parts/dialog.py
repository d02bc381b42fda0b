"""A dialog: a title, a sentence, a body, and what can be answered; it is shown without blocking."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid
from typing_extensions import override

from espalier.gui.literal import set_title
from espalier.gui.palette import colours_of
from espalier.gui.parts.button import Button
from espalier.gui.parts.focus_ring import FocusRing
from espalier.gui.parts.text import Text

MARGIN, WIDE = 24, 520


class Dialog(QDialog):
    """`body` is the layout that the caller fills; Escape and the second button reject.

    Accepting closes it, unless `set_accept_handler` says what is to be tried first. It grows where its words ask for more.
    """

    def __init__(
        self,
        title: str,
        sentence: str = "",
        *,
        accept: str = "",
        reject: str = "",
        width: int = WIDE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        set_title(self, title)
        self.setModal(True)
        self.setMinimumWidth(width)
        self._handler: Callable[[], None] | None = None
        self.ok = Button(accept or self.tr("Done"), "primary", height=32)
        self.cancel = Button(reject or self.tr("Cancel"), height=32)
        self.ok.clicked.connect(self._try)
        self.cancel.clicked.connect(self.reject)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self.left = QHBoxLayout()
        self.trouble = Text("", "second", "bad", wrap=True)
        self.trouble.hide()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addLayout(self.left)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.ok)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 20, MARGIN, 20)
        column.setSpacing(12)
        column.addWidget(Text(title, "panel", elide=Qt.TextElideMode.ElideRight))
        if sentence:
            column.addWidget(Text(sentence, "body", "second", wrap=True))
        column.addLayout(self.body, 1)
        column.addWidget(self.trouble)
        column.addSpacing(4)
        column.addLayout(buttons)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            FocusRing(self, application)

    def set_accept_handler(self, handler: Callable[[], None]) -> None:
        """Called instead of closing; it calls `accept` when all is well, or `fail`."""
        self._handler = handler

    def while_there(
        self, then: Callable[..., None], otherwise: Callable[..., None] | None = None
    ) -> Callable[..., None]:
        """What is called with an answer that may come when the dialog is gone: `then`, or in that case `otherwise`, if anything."""

        def answered(*said: object) -> None:
            if isValid(self):
                then(*said)
            elif otherwise is not None:
                otherwise(*said)

        return answered

    def fail(self, sentence: str, remedy: str = "") -> None:
        """Say what is wrong, and stay open."""
        self.trouble.setText(f"{sentence} {remedy}".strip())
        self.trouble.setVisible(bool(sentence))
        self.ok.setEnabled(True)

    def _try(self) -> None:
        self.fail("")
        if self._handler is None:
            self.accept()
        else:
            self._handler()

    def _grow(self) -> None:
        """A stated least width lets Qt make it narrower than its parts, and lower than its sentences as they are broken."""
        layout = self.layout()
        if layout is None:
            return
        wide = max(self.width(), layout.totalMinimumSize().width())
        high = max(layout.totalMinimumSize().height(), layout.totalHeightForWidth(wide))
        self.resize(wide, max(self.height(), high))

    @override
    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self._grow()
        return done

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colours_of(self.palette()).of("surface"))
