"""What the examples are made of, by service, language and quarter, before and after balancing."""

from collections import defaultdict
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from espalier.core.examples.composition import Group, composition
from espalier.gui.figures import count, share
from espalier.gui.parts.section import SectionHead
from espalier.gui.session import Session
from espalier.gui.tables.column import Column
from espalier.gui.tables.rows import RowsModel
from espalier.gui.tables.table import Table


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
    first: str
    last: str


class Composition(QWidget):
    """Read when it is first looked at, and again when there is another build."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._build: str | None = None
        self._head = SectionHead(self.tr("Composition"))
        self.model = RowsModel(self._columns(), lambda row: row.number)
        self.table = Table(self.model, self.tr("Composition"), settings=session.settings, key="composition")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self._head)
        column.addWidget(self.table, 1)

    def show_build(self, build: str | None) -> None:
        self._build = build
        if build is not None and self.isVisible():
            self.read_again()

    def read_again(self) -> None:
        build = self._build
        if build is not None:
            self._session.read("composition", lambda project: composition(project, build), self._show)

    def _show(self, groups: list[Group]) -> None:
        drawn = sum(one.drawn for one in groups)
        self._head.say(
            self.tr("of the kept examples, and of an epoch of the newest snapshot of them")
            if drawn
            else self.tr("of the kept examples; nothing of this build is frozen yet")
        )
        self.model.show_rows(rows(groups))

    def _columns(self) -> tuple[Column[Row], ...]:
        return (
            Column(title=self.tr("Service"), text=lambda row: row.service, width=0, by=lambda row: row.service),
            Column(title=self.tr("Language"), text=lambda row: row.language, width=120, by=lambda row: row.language),
            Column(
                title=self.tr("Kept"),
                text=lambda row: count(row.kept),
                width=96,
                kind="number",
                by=lambda row: row.kept,
            ),
            Column(title=self.tr("Share"), text=lambda row: share(row.of_kept), width=88, kind="number"),
            Column(
                title=self.tr("Drawn"),
                text=lambda row: count(row.drawn),
                width=96,
                kind="number",
                by=lambda row: row.drawn,
            ),
            Column(title=self.tr("Share"), text=lambda row: share(row.of_drawn), width=88, kind="number"),
            Column(title=self.tr("From"), text=lambda row: row.first, width=88, kind="muted"),
            Column(title=self.tr("To"), text=lambda row: row.last, width=88, kind="muted"),
        )


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
            first=min(one.quarter for one in found),
            last=max(one.quarter for one in found),
        )
        for number, ((service, language), found) in enumerate(ordered)
    ]
