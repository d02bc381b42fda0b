"""The balance: a row for each service, or language, with its weight, how many are drawn in an epoch, and how many distinct ones that is worth."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from espalier.core.dataset.balance import Share
from espalier.gui.dataset.weight import Weight
from espalier.gui.figures import count
from espalier.gui.literal import one_line, set_tip
from espalier.gui.parts.rule import Rule
from espalier.gui.parts.text import Text

MOST = 12  # services with a row of their own; the others are drawn as they are
HIGH = 26


@dataclass(slots=True)
class _Row:
    name: Text
    slider: Weight
    weight: Text
    drawn: Text
    effective: Text
    service: str = ""

    def parts(self) -> tuple[QWidget, ...]:
        return self.name, self.slider, self.weight, self.drawn, self.effective


class Balance(QWidget):
    """weighed(name, weight): the person moved a slider. `title` heads the names."""

    weighed = Signal(str, float)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_Row] = []
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        heads = (title, "", self.tr("weight"), self.tr("drawn"), self.tr("effective"))
        for place, words in enumerate(heads):
            head = Text(words, "caption", "muted")
            head.setFixedHeight(24)
            self._grid.addWidget(
                head, 0, place, Qt.AlignmentFlag.AlignRight if place > 1 else Qt.AlignmentFlag.AlignLeft
            )
        self._grid.addWidget(Rule(), 1, 0, 1, len(heads))
        self._rest = Text("", "second", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._grid)
        column.addWidget(self._rest)

    @property
    def sliders(self) -> dict[str, Weight]:
        return {row.service: row.slider for row in self._rows if not row.slider.isHidden()}

    def show_shares(self, shares: tuple[Share, ...]) -> None:
        """In the order of the first time: rows do not change places while a slider is held."""
        known = [row.service for row in self._rows]
        by_name = {one.name: one for one in shares[:MOST]} if not known else {one.name: one for one in shares}
        ordered = [by_name[name] for name in known if name in by_name]
        ordered += [one for one in by_name.values() if one.name not in known]
        for place, one in enumerate(ordered[:MOST]):
            if place == len(self._rows):
                self._rows.append(self._row(place))
            self._show(self._rows[place], one)
        for row in self._rows[len(ordered) :]:
            for part in row.parts():
                part.hide()
        rest = len(shares) - min(len(ordered), MOST)
        self._rest.setText(self.tr("and {n} smaller ones, drawn evenly").format(n=count(rest)) if rest else "")
        self._rest.setVisible(rest > 0)

    def let_write(self, may: bool) -> None:
        for row in self._rows:
            row.slider.setEnabled(may)

    def _show(self, row: _Row, one: Share) -> None:
        row.service = one.name
        row.name.setText(one.name)
        set_tip(row.name, one.name)
        row.slider.setAccessibleName(self.tr("Weight of {name}").format(name=one_line(one.name)))
        if not row.slider.isSliderDown():
            row.slider.show_weight(one.weight)
        row.weight.setText(f"×{row.slider.weight:.2f}")
        row.drawn.setText(count(one.drawn))
        row.effective.setText(count(round(one.effective)))
        set_tip(
            row.effective,
            self.tr("of {examples} examples; shown {most} times at most").format(
                examples=count(one.examples), most=one.most
            ),
        )
        for part in row.parts():
            part.show()
            part.updateGeometry()

    def _row(self, place: int) -> _Row:
        row = _Row(
            name=Text("", "body", elide=Qt.TextElideMode.ElideMiddle),
            slider=Weight(""),
            weight=Text("", "second", "second"),
            drawn=Text("", "section"),
            effective=Text("", "second", "second"),
        )
        row.name.setMinimumWidth(96)
        row.name.setMaximumWidth(160)
        row.slider.weighed.connect(lambda weight, one=row: self._weigh(one, weight))
        for column, part in enumerate(row.parts()):
            side = Qt.AlignmentFlag.AlignRight if column > 1 else Qt.AlignmentFlag(0)
            self._grid.addWidget(part, place + 2, column, side)
        self._grid.setRowMinimumHeight(place + 2, HIGH)
        return row

    def _weigh(self, row: _Row, weight: float) -> None:
        row.weight.setText(f"×{weight:.2f}")
        self.weighed.emit(row.service, weight)
