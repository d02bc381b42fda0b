"""The window without a project: one sentence, one button, and the commands that make a project."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from espalier.core.project.file import SUFFIX
from espalier.gui.actions import FRAME, make_actions
from espalier.gui.parts.banner import Banner
from espalier.gui.parts.button import Button
from espalier.gui.parts.empty import Command
from espalier.gui.parts.rule import Ground
from espalier.gui.parts.text import Text

WIDE = 560


class Start(Ground):
    """chosen(path): the person picked a project file."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent)
        self.setWindowTitle("Espalier")
        self.resize(960, 600)
        actions = make_actions(FRAME, self, everywhere=True)
        actions["open"].triggered.connect(self.ask)
        actions["close"].triggered.connect(self.close)
        self.trouble = Banner("bad")
        inner = QWidget()
        inner.setFixedWidth(WIDE)
        column = QVBoxLayout(inner)
        column.setSpacing(12)
        what = self.tr("Teach an open model the idioms of your own code, inside your own walls.")
        column.addWidget(Text("Espalier", "title"))
        column.addWidget(Text(what, "body", "second", wrap=True))
        column.addWidget(self.trouble)
        column.addWidget(Button.of(actions["open"], "primary", height=32))
        column.addSpacing(12)
        column.addWidget(Text(self.tr("See the whole path on a sample, in minutes:"), "body", "second"))
        column.addWidget(Command("espalier demo"))
        column.addWidget(Text(self.tr("Make a project of your own:"), "body", "second"))
        column.addWidget(Command(f"espalier init company{SUFFIX}"))
        QVBoxLayout(self).addWidget(inner, 0, Qt.AlignmentFlag.AlignCenter)

    def ask(self) -> None:
        dialog = QFileDialog(self, self.tr("Open a project"), "", self.tr("Espalier projects") + f" (*{SUFFIX})")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.chosen)
        dialog.open()
