"""What the examples are made of, by service, language and quarter, before and after balancing."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from espalier.core.examples.composition import Group, composition
from espalier.gui.charts.saving import Saving
from espalier.gui.examples.mix import Mix, MixRow
from espalier.gui.examples.swatches import Swatches
from espalier.gui.figures import count, share
from espalier.gui.parts.section import SectionHead
from espalier.gui.session import Session
from espalier.gui.tables.column import Column
from espalier.gui.tables.rows import RowsModel
from espalier.gui.tables.table import Table

Field = Literal["service", "language", "quarter"]
MOST, MOST_QUARTERS = 6, 16  # rows and series; the rest goes together
OTHERS = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A service in one language."""

    number: int
    service: str
    language: str
    kept: int
    of_kept: float
    drawn: int
    of_drawn: float


class Composition(QWidget):
    """Read when it is first looked at, and again when there is another build."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._build: str | None = None
        self._head = SectionHead(self.tr("Composition"))
        self.services, self.quarters = Mix(self.tr("By service")), Mix(self.tr("By quarter"))
        for chart, name in ((self.services, "examples-by-service"), (self.quarters, "examples-by-quarter")):
            Saving(chart, name, chart.figures).refused.connect(session.refused)
        self._languages, self._names = SectionHead(self.tr("By service")), SectionHead(self.tr("By quarter"))
        self._language_legend, self._service_legend = Swatches(), Swatches()
        self.model = RowsModel(self._columns(), lambda row: row.number)
        self.table = Table(
            self.model, self.tr("Composition"), settings=session.settings, key="composition", selectable=False
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self._head)
        column.addLayout(self._columns_of_bars(), 1)

    def _columns_of_bars(self) -> QHBoxLayout:
        left, right = QVBoxLayout(), QVBoxLayout()
        for part in (self._languages, self._language_legend, self.services):
            left.addWidget(part)
        left.addSpacing(20)
        left.addWidget(self.table, 1)
        self.table.setMinimumHeight(168)
        for part in (self._names, self._service_legend, self.quarters):
            right.addWidget(part)
        right.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(40)
        for side in (left, right):
            side.setSpacing(4)
            row.addLayout(side, 1)
        return row

    def show_build(self, build: str | None) -> None:
        self._build = build
        if build is not None and self.isVisible():
            self.read_again()

    def read_again(self) -> None:
        build = self._build
        if build is not None:
            self._session.read("composition", lambda project: composition(project, build), self._show)

    def _show(self, groups: list[Group]) -> None:
        kept, drawn = sum(one.kept for one in groups), sum(one.drawn for one in groups)
        self._head.say(
            self.tr("the kept examples, and below them what an epoch of their newest snapshot draws")
            if drawn
            else self.tr("the kept examples; nothing of them is frozen yet, so nothing is balanced")
        )
        self.model.show_rows(rows(groups))
        languages, services = _largest(groups, "language"), _largest(groups, "service")
        self.services.show_rows(_mixed(groups, "service", "language", services, languages), languages, kept, drawn)
        quarters = sorted({one.quarter for one in groups}, reverse=True)[:MOST_QUARTERS]
        self.quarters.show_rows(_mixed(groups, "quarter", "service", quarters, services), services, kept, drawn)
        self._language_legend.show_names(languages)
        self._service_legend.show_names(services)

    def _columns(self) -> tuple[Column[Row], ...]:
        return (
            Column(title=self.tr("Service"), text=lambda row: row.service, width=0, by=lambda row: row.service),
            Column(title=self.tr("Language"), text=lambda row: row.language, width=88, by=lambda row: row.language),
            Column(title=self.tr("Kept"), text=lambda row: count(row.kept), width=76, kind="number", by=_kept),
            Column(title=self.tr("Share"), text=lambda row: share(row.of_kept), width=68, kind="number"),
            Column(title=self.tr("Drawn"), text=lambda row: count(row.drawn), width=76, kind="number", by=_drawn),
            Column(title=self.tr("Share"), text=lambda row: share(row.of_drawn), width=68, kind="number"),
        )


def _kept(row: Row) -> int:
    return row.kept


def _drawn(row: Row) -> int:
    return row.drawn


def _largest(groups: list[Group], field: Field) -> list[str]:
    """The names with the most kept, and one for all others together."""
    sizes: dict[str, int] = defaultdict(int)
    for one in groups:
        sizes[str(getattr(one, field))] += one.kept
    ordered = sorted(sizes, key=lambda name: (-sizes[name], name))
    return ordered if len(ordered) <= MOST else [*ordered[: MOST - 1], OTHERS]


def _mixed(groups: list[Group], field: Field, by: Field, names: list[str], series: list[str]) -> list[MixRow]:
    kept: dict[tuple[str, str], int] = defaultdict(int)
    drawn: dict[tuple[str, str], int] = defaultdict(int)
    for one in groups:
        row, part = str(getattr(one, field)), str(getattr(one, by))
        place = (row if row in names else OTHERS, part if part in series else OTHERS)
        kept[place] += one.kept
        drawn[place] += one.drawn
    return [
        MixRow(
            name=name,
            kept=tuple(kept[(name, part)] for part in series),
            drawn=tuple(drawn[(name, part)] for part in series),
        )
        for name in names
    ]


def rows(groups: list[Group]) -> list[Row]:
    """By service and language, the largest first."""
    kept, drawn = sum(one.kept for one in groups), sum(one.drawn for one in groups)
    by: dict[tuple[str, str], list[Group]] = defaultdict(list)
    for one in groups:
        by[(one.service, one.language)].append(one)
    ordered = sorted(by.items(), key=lambda item: (-sum(one.kept for one in item[1]), item[0]))
    return [
        Row(
            number=number,
            service=service,
            language=language,
            kept=(of_kept := sum(one.kept for one in found)),
            of_kept=of_kept / max(kept, 1),
            drawn=(of_drawn := sum(one.drawn for one in found)),
            of_drawn=of_drawn / max(drawn, 1),
        )
        for number, ((service, language), found) in enumerate(ordered)
    ]
