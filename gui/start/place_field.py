"""A folder: typed, or chosen in the system's own dialog."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from espalier.gui.parts.button import Button
from espalier.gui.parts.field import Field


class PlaceField(QWidget):
    """changed(): another folder stands here."""

    changed = Signal()

    def __init__(self, name: str, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = Field(name=name)
        self.field.setText(str(folder))
        self.field.textChanged.connect(lambda _: self.changed.emit())
        self.choose = Button(self.tr("Choose…"))
        self.choose.setAccessibleDescription(name)
        self.choose.clicked.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.choose)
        self.setFocusProxy(self.field)

    @property
    def folder(self) -> Path:
        return Path(self.field.text().strip() or ".").expanduser()

    def _ask(self) -> None:
        dialog = QFileDialog(self, self.field.accessibleName(), self.field.text())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.field.setText)
        dialog.open()
