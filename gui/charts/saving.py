"""Taking a painted chart along: its picture and its figures, to the clipboard or into a file, from the menu of the right button."""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from espalier.core.project.csv_cell import as_text

Figures = Sequence[Sequence[object]]


class Saving(QObject):
    """refused(sentence, remedy): a file could not be written. `figures` gives the rows, their heads first; `name` names files."""

    refused = Signal(str, str)

    def __init__(self, chart: QWidget, name: str, figures: Callable[[], Figures]) -> None:
        super().__init__(chart)
        self._chart, self._name, self._figures = chart, name, figures
        chart.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        chart.customContextMenuRequested.connect(self._open)

    def menu(self) -> QMenu:
        menu = QMenu(self._chart)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Copy picture")).triggered.connect(self.copy_picture)
        menu.addAction(self.tr("Copy figures")).triggered.connect(self.copy_figures)
        menu.addSeparator()
        menu.addAction(self.tr("Save picture…")).triggered.connect(lambda: self._ask("png", self.save_picture))
        menu.addAction(self.tr("Save figures…")).triggered.connect(lambda: self._ask("csv", self.save_figures))
        return menu

    def copy_picture(self) -> None:
        QGuiApplication.clipboard().setPixmap(self._chart.grab())

    def copy_figures(self) -> None:
        QGuiApplication.clipboard().setText(self.text())

    def save_picture(self, target: str) -> None:
        if not self._chart.grab().save(target, "PNG"):
            self.refused.emit(
                self.tr("{name} could not be written.").format(name=Path(target).name),
                self.tr("Choose another folder."),
            )

    def save_figures(self, target: str) -> None:
        try:
            Path(target).write_text(self.text(), encoding="utf-8", newline="")
        except OSError as error:
            sentence = self.tr("{name} could not be written: {why}.")
            self.refused.emit(
                sentence.format(name=Path(target).name, why=error.strerror), self.tr("Choose another folder.")
            )

    def text(self) -> str:
        """The figures as CSV. A name that a spreadsheet would take for a formula is written as text."""
        out = io.StringIO()
        csv.writer(out).writerows([as_text(cell) for cell in row] for row in self._figures())
        return out.getvalue()

    def _open(self, at: QPoint) -> None:
        self.menu().popup(self._chart.mapToGlobal(at))

    def _ask(self, suffix: str, then: Callable[[str], None]) -> None:
        dialog = QFileDialog(self._chart, self.tr("Save"), f"{self._name}.{suffix}")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(then)
        dialog.open()
