"""What the corpus is made of: a row for each service, a bar for each quarter, stacked by language, with the held-out part marked."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from espalier.core.examples.composition import Group
from espalier.gui.figures import count
from espalier.gui.literal import one_line
from espalier.gui.palette import Colours, colours_of
from espalier.gui.typeface import font

ROW, BAR, NAME, TOTAL, AXIS, GAP, MOST_SERVICES, MOST_QUARTERS, COLOURED = 32, 24, 112, 56, 24, 2, 8, 16, 5
OTHERS = 5  # the grey series: every language beyond those that have a colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Examples by service (largest first), quarter (oldest first) and language (commonest first)."""

    services: tuple[str, ...]
    quarters: tuple[str, ...]
    languages: tuple[str, ...]
    cells: dict[tuple[str, str], tuple[int, ...]]
    totals: dict[str, int]


def corpus_of(groups: Sequence[Group]) -> Corpus:
    """Services beyond the largest and quarters before the newest few are left out of the rows, and not of the totals."""
    by_service, by_language = Counter[str](), Counter[str]()
    for group in groups:
        by_service[group.service] += group.kept
        by_language[group.language] += group.kept
    languages = tuple(name for name, _ in by_language.most_common(COLOURED))
    cells: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * (len(languages) + 1))
    for group in groups:
        place = languages.index(group.language) if group.language in languages else len(languages)
        cells[group.service, group.quarter][place] += group.kept
    return Corpus(
        services=tuple(name for name, _ in by_service.most_common(MOST_SERVICES)),
        quarters=tuple(sorted({group.quarter for group in groups}))[-MOST_QUARTERS:],
        languages=languages,
        cells={key: tuple(values) for key, values in cells.items()},
        totals=dict(by_service),
    )


class CorpusChart(QWidget):
    """Every row has the same scale, so that a large service looks large."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._corpus, self._held_out = corpus_of(()), ""
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_corpus(self, corpus: Corpus, held_out_quarter: str) -> None:
        """`held_out_quarter` is the first that is kept from training, as the quarters are written; empty: none."""
        if (corpus, held_out_quarter) == (self._corpus, self._held_out):
            return
        self._corpus, self._held_out = corpus, held_out_quarter
        rows = (f"{one_line(name)} {count(corpus.totals[name])}" for name in corpus.services)
        self.setAccessibleDescription(", ".join(rows))
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(360, len(self._corpus.services) * ROW + AXIS)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours, corpus = colours_of(self.palette()), self._corpus
        if not corpus.quarters:
            return
        room = QRectF(NAME, 0, self.width() - NAME - TOTAL, len(corpus.services) * ROW)
        wide = room.width() / len(corpus.quarters)
        highest = max(sum(cell) for cell in corpus.cells.values())
        for number, service in enumerate(corpus.services):
            top = number * ROW
            self._paint_ends(painter, service, top, colours)
            for place, quarter in enumerate(corpus.quarters):
                cell = corpus.cells.get((service, quarter), ())
                box = QRectF(room.left() + place * wide, top + ROW - BAR - 2, wide - GAP, BAR)
                _paint_bar(painter, box, cell, highest, len(corpus.languages), colours)
        self._paint_axis(painter, room, wide, colours)

    def _paint_ends(self, painter: QPainter, service: str, top: int, colours: Colours) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font("second", colours.medium_weight))
        painter.setPen(colours.of("text"))
        words = painter.fontMetrics().elidedText(one_line(service), Qt.TextElideMode.ElideMiddle, NAME - 8)
        painter.drawText(QRectF(0, top, NAME - 8, ROW), middle, words)
        painter.setFont(font("second"))
        painter.setPen(colours.of("second"))
        box = QRectF(self.width() - TOTAL, top, TOTAL, ROW)
        painter.drawText(box, middle | Qt.AlignmentFlag.AlignRight, count(self._corpus.totals[service]))
        painter.setPen(QPen(colours.of("line")))
        painter.drawLine(QPointF(NAME, top + ROW - 1.5), QPointF(self.width() - TOTAL, top + ROW - 1.5))

    def _paint_axis(self, painter: QPainter, room: QRectF, wide: float, colours: Colours) -> None:
        painter.setFont(font("caption"))
        painter.setPen(colours.of("muted"))
        quarters = self._corpus.quarters
        every = max(1, -(-len(quarters) // max(1, int(room.width() // 84))))
        for place in range(0, len(quarters), every):
            box = QRectF(room.left() + place * wide, room.bottom() + 4, 84, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, quarters[place])
        if self._held_out in quarters:
            x = room.left() + quarters.index(self._held_out) * wide - GAP / 2
            painter.setPen(QPen(colours.of("text"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, 0), QPointF(x, room.bottom()))


def _paint_bar(
    painter: QPainter, box: QRectF, cell: Sequence[int], highest: int, languages: int, colours: Colours
) -> None:
    bottom = box.bottom()
    for place, number in enumerate(cell):
        if not number:
            continue
        high = max(1.0, box.height() * number / highest)
        ink = QColor(colours.series[place if place < languages else OTHERS])
        painter.fillRect(QRectF(box.left(), bottom - high, box.width(), high), ink)
        bottom -= high
