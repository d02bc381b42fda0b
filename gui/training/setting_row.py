"""One setting of a recipe: its name, its field, and its sentence."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from espalier.core.training.recipe import Recipe
from espalier.gui.parts.check import Check
from espalier.gui.parts.choice import Choice
from espalier.gui.parts.field import NumberField
from espalier.gui.parts.text import Text
from espalier.gui.training.settings import Setting, value_of

NAME, FIELD = 148, 148


class SettingRow(QWidget):
    """changed(): another value stands."""

    changed = Signal()

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setting = setting
        self.field = self._made()
        about = Text(setting.about, "second", "muted", wrap=True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(2, 1)
        grid.setColumnMinimumWidth(0, NAME)
        if isinstance(self.field, Check):
            grid.addWidget(self.field, 0, 0, 1, 2, Qt.AlignmentFlag.AlignVCenter)
        else:
            self.field.setFixedWidth(FIELD)
            grid.addWidget(Text(setting.name, "body", "second"), 0, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(self.field, 0, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.setColumnMinimumWidth(1, FIELD)
        grid.addWidget(about, 0, 2, Qt.AlignmentFlag.AlignVCenter)

    @property
    def value(self) -> object:
        if isinstance(self.field, NumberField):
            return round(self.field.value) if self.setting.whole else self.field.value
        return self.field.isChecked() if isinstance(self.field, Check) else self.field.key

    def show_value(self, recipe: Recipe) -> None:
        """Without saying so."""
        value = value_of(recipe, self.setting)
        if isinstance(self.field, NumberField):
            assert isinstance(value, (int, float))
            self.field.set_value(float(value))
        elif isinstance(self.field, Check):
            self.field.blockSignals(True)
            self.field.setChecked(bool(value))
            self.field.blockSignals(False)
        else:
            self.field.pick(str(value))

    def _made(self) -> NumberField | Check | Choice:
        setting = self.setting
        if setting.is_number:
            made = NumberField(
                setting.name,
                setting.low,
                setting.low,
                setting.high,
                step=setting.step,
                whole=setting.whole,
                unit=setting.unit_word,
            )
            made.committed.connect(lambda _: self.changed.emit())
            return made
        if setting.options:
            choice = Choice(setting.name, [(one, one) for one in setting.options])
            choice.picked.connect(lambda _: self.changed.emit())
            return choice
        check = Check(setting.name)
        check.toggled.connect(lambda _: self.changed.emit())
        return check
