"""Text of a repository or a model, as code to read: plain, on the ground of code, never changed."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget
from typing_extensions import override

from espalier.gui.literal import literal
from espalier.gui.palette import colours_of
from espalier.gui.typeface import font


class CodePane(QPlainTextEdit):
    """Tab leads on to the next control."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(font("code"))
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDocumentMargin(8)
        self.setAccessibleName(name)
        self.setMinimumHeight(60)
        self._colour()

    def show_text(self, text: str) -> None:
        if literal(text) != self.toPlainText():
            self.setPlainText(literal(text))

    def _colour(self) -> None:
        palette = QPalette(self.palette())
        wanted = colours_of(palette).of("sunken")
        if palette.color(QPalette.ColorRole.Base) != wanted:
            palette.setColor(QPalette.ColorRole.Base, wanted)
            self.setPalette(palette)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()
