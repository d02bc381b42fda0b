"""The head of a section: its name, a muted note beside it, and what can be done at the right."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from espalier.gui.literal import set_tip
from espalier.gui.parts.text import Text

HEIGHT = 28


class SectionHead(QWidget):
    """The note gives way where it is narrow, and then the title."""

    def __init__(
        self, title: str, about: str = "", parts: Sequence[QWidget] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title = Text(title, "section", elide=Qt.TextElideMode.ElideRight)
        self._about = Text(about, "second", "muted", elide=Qt.TextElideMode.ElideRight)
        self._about.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._title)
        row.addWidget(self._about, 1)
        for part in parts:
            row.addWidget(part)

    def say(self, about: str) -> None:
        self._about.setText(about)
        set_tip(self._about, about)

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        self._title.updateGeometry()

    @property
    def about(self) -> str:
        return self._about.text()
