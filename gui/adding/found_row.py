"""One repository that may be added: a check, where it lies, and what can be said of it, which folds out."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QWidget

from espalier.core.failures import UnusableInput
from espalier.core.repositories.stage import Wish
from espalier.gui.adding.wishing import NAME, patterns, services
from espalier.gui.literal import one_line, set_tip
from espalier.gui.parts.button import Button
from espalier.gui.parts.check import Check
from espalier.gui.parts.field import Field
from espalier.gui.parts.rule import stacked
from espalier.gui.parts.text import Text

LEFT = 24


class FoundRow(QWidget):
    """changed(): it was checked, unchecked or edited. One that is in the project already can't be chosen."""

    changed = Signal()

    def __init__(self, path: Path, name: str, *, known: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path, self.known = path, known
        self.check = Check(name, on=not known)
        self.check.setEnabled(not known)
        self.check.setAccessibleDescription(one_line(str(path)))
        self.check.toggled.connect(lambda _: self.changed.emit())
        place = Text(str(path), "second", "muted", elide=Qt.TextElideMode.ElideMiddle)
        set_tip(place, str(path))
        self.edit = Button(self.tr("Edit"), "link", height=24)
        self.edit.setAccessibleDescription(one_line(name))
        self.edit.clicked.connect(self._fold)
        row = QHBoxLayout()
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(12)
        row.addWidget(self.check)
        row.addWidget(place, 1)
        row.addWidget(Text(self.tr("in this project"), "second", "muted") if known else self.edit)
        self._form: QWidget | None = None
        self.name = Field(name=self.tr("Name"))
        self.name.setText(name)
        self.include = Field(self.tr("every path; else such as src/, *.py"), name=self.tr("Only these paths"))
        self.services = Field(self.tr("such as services/billing=billing"), name=self.tr("Services"))
        for field in (self.name, self.include, self.services):
            field.textChanged.connect(lambda _: self._look())
        column = stacked(spacing=0)
        column.addLayout(row)
        self._column = column
        self.setLayout(column)
        self.setFocusProxy(self.check)

    @property
    def chosen(self) -> bool:
        return self.check.isChecked() and not self.known

    @property
    def trouble(self) -> str:
        return next((one.trouble for one in (self.name, self.include, self.services) if one.trouble), "")

    def rename(self, name: str) -> None:
        """A name that was proposed gives way to another; one that was typed stays."""
        if self._form is None:
            self.name.setText(name)

    def wish(self) -> Wish:
        return Wish(
            path=str(self.path),
            name=self.name.text().strip(),
            include=patterns(self.include.text()),
            services=services(self.services.text()),
        )

    def _fold(self) -> None:
        if self._form is None:
            self._form = self._made_form()
            self._column.addWidget(self._form)
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._form.setVisible(self._form.isHidden())

    def _made_form(self) -> QWidget:
        form = QWidget()
        rows = QFormLayout(form)
        rows.setContentsMargins(LEFT, 4, 0, 12)
        rows.setVerticalSpacing(8)
        rows.setHorizontalSpacing(12)
        rows.setLabelAlignment(Qt.AlignmentFlag.AlignVCenter)
        for words, field in (
            (self.tr("Name"), self.name),
            (self.tr("Only these paths"), self.include),
            (self.tr("Services"), self.services),
        ):
            label = Text(words, "second", "second")
            label.setBuddy(field)
            rows.addRow(label, field)
        return form

    def _look(self) -> None:
        """What is wrong stands at its field."""
        name = self.name.text().strip()
        self.check.show_text(name or self.path.name)
        self.name.set_trouble("" if NAME.fullmatch(name) else self.tr("Use letters, digits, dots and dashes."))
        for field, read in ((self.include, patterns), (self.services, services)):
            try:
                read(field.text())
            except UnusableInput as error:
                field.set_trouble(str(error))
            else:
                field.set_trouble("")
        self.changed.emit()
