"""The places of one secret: path and line, commit, date; a few at first, all when asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from espalier.core.findings.context import Written
from espalier.core.findings.findings import Place, source_word
from espalier.gui.figures import count, date_of
from espalier.gui.findings.words import place_words
from espalier.gui.parts.button import Button
from espalier.gui.parts.rule import stacked
from espalier.gui.tables.column import Column
from espalier.gui.tables.rows import RowsModel
from espalier.gui.tables.table import Table

FIRST, MOST_SHOWN = 3, 8  # rows before all are asked for; rows in view then
ROW = 24
COMMIT = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """`number` counts the places of the finding from 0."""

    number: int
    place: Place
    written: Written | None


class Places(QWidget):
    """chosen(number): another place is to be shown in context; all_asked(): every place is wanted, with its date."""

    chosen = Signal(int)
    all_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: RowsModel[PlaceRow] = RowsModel(_columns(), lambda row: row.number)
        self._table = Table(self._model, self.tr("Places of this secret"), row=ROW)
        self._table.horizontalHeader().hide()
        self._table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._table.chosen.connect(self.chosen)
        self._more = Button("", "link")
        self._more.clicked.connect(self.all_asked)
        column = stacked(self._table, self._more)
        column.setAlignment(self._more, Qt.AlignmentFlag.AlignLeft)
        self.setLayout(column)

    @property
    def more(self) -> Button:
        return self._more

    def show_places(self, places: Sequence[Place], written: Sequence[Written | None], current: int) -> None:
        """As many as `written` tells of; the rest behind the button."""
        shown = min(len(places), max(len(written), 1))
        rows = [
            PlaceRow(number=number, place=places[number], written=written[number] if number < len(written) else None)
            for number in range(shown)
        ]
        self._model.show_rows(rows)
        self._table.setFixedHeight(ROW * min(shown, MOST_SHOWN))
        self._table.choose(current)
        self._more.setVisible(shown < len(places))
        self._more.show_text(self.tr("Show all {n} places").format(n=count(len(places))))


def date_words(seconds: int) -> str:
    """A day as people write it: 2 Apr 2021."""
    return date_of(datetime.fromtimestamp(seconds, UTC).isoformat())


def _columns() -> tuple[Column[PlaceRow], ...]:
    return (
        Column(title="", text=_where, width=0, kind="path"),
        Column(title="", text=lambda row: (row.place.commit or "")[:COMMIT], width=76, kind="code", least=76),
        Column(title="", text=_date, width=100, kind="muted", least=100),
    )


def _where(row: PlaceRow) -> str:
    place = row.place
    return f"{place_words(source_word(place), place.repository, place.path)}:{place.line}"


def _date(row: PlaceRow) -> str:
    return "" if row.written is None else date_words(row.written.authored_at)
