"""The charts, with invented figures: a curve, pairs with whiskers, bands, a timeline, a histogram, stacked bars, a heat map."""

import math
from datetime import date, timedelta

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from espalier.core.evaluation.comparison import CheckRates, Quarter
from espalier.core.evaluation.statistics import Difference, Rate
from espalier.core.examples.lengths import Lengths
from espalier.core.repositories.activity import Activity
from espalier.gui.charts.chart import Chart
from espalier.gui.charts.heat_map import Heat, HeatMap
from espalier.gui.charts.heat_scale import HeatScale
from espalier.gui.charts.plot import Picture, Series
from espalier.gui.dataset.histogram import Histogram
from espalier.gui.dataset.timeline import Span, Timeline
from espalier.gui.evaluation.paired_bars import PairedBars
from espalier.gui.evaluation.quarters import Quarters
from espalier.gui.examples.mix import Mix, MixRow
from espalier.gui.gallery.samples import tr
from espalier.gui.parts.section import SectionHead
from espalier.gui.parts.stacked_bar import Stack, StackedBar, StackLegend
from espalier.gui.repositories.strip import Strip

APART, STEPS, FIRST, WEEKS, MOST_OVERFLOW = 48, 400, date(2023, 1, 2), 150, 0.01
MODULES = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


class Charts(QWidget):
    """Two columns; every chart reads out under the pointer as it does on its page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.curve = _curve()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(APART)
        grid.setVerticalSpacing(16)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        shown = (
            (tr("A line, dots, and one that is planned"), self.curve, 200),
            (tr("Pairs of bars with whiskers"), _pairs(), 0),
            (tr("Bands over quarters"), _bands(), 200),
            (tr("A timeline with cuts"), _timeline(), 200),
            (tr("A histogram with a cap"), _histogram(), 176),
            (tr("A heat map"), _heat(), 176),
            (tr("Stacked bars, kept over drawn"), _mix(), 0),
            (tr("A stack in its room, and a strip of activity"), _stack(), 0),
        )
        for number, (title, chart, height) in enumerate(shown):
            if height:
                chart.setFixedHeight(height)
            cell = QVBoxLayout()
            cell.setSpacing(4)
            cell.addWidget(SectionHead(title, parts=(_scale(),) if isinstance(chart, HeatMap) else ()))
            cell.addWidget(chart)
            cell.addStretch(1)
            grid.addLayout(cell, number // 2, number % 2)


def _curve() -> Chart:
    fall = [(step, 0.82 + 1.05 * math.exp(-step / 70)) for step in range(1, STEPS * 2 // 3)]
    jagged = tuple((step, value + 0.06 * math.sin(step * step)) for step, value in fall)
    held = tuple((step, value + 0.04) for step, value in fall if step % 50 == 0)
    before = tuple((step, 0.95 + math.exp(-step / 50)) for step in range(1, STEPS))
    chart = Chart(tr("Loss"), names=((tr("train"), 0), (tr("validation"), 1), (tr("run before"), 5)))
    series = (
        Series(name=tr("run before"), points=before, colour=5, style="planned"),
        Series(name=tr("train"), points=jagged, style="raw"),
        Series(name=tr("train"), points=tuple(fall)),
        Series(name=tr("validation"), points=held, colour=1, style="dots"),
    )
    chart.show_picture(Picture(series=series, steps=STEPS), "0.845", tr("of 2.521"))
    return chart


def _pairs() -> QWidget:
    bars = PairedBars()
    told = (("parse", 45, 47), ("lint", 26, 39), ("tests", 17, 31))
    bars.show_lines(
        [
            CheckRates(
                check=check,
                base=_rate(base, 47),
                adapter=_rate(adapter, 47),
                difference=_difference((adapter - base) / 47),
            )
            for check, base, adapter in told
        ]
    )
    return bars


def _bands() -> QWidget:
    quarters = Quarters()
    told = (("2025-Q4", 12, 21), ("2026-Q1", 11, 20), ("2026-Q2", 12, 17), ("2026-Q3", 10, 14))
    quarters.show_quarters([Quarter(name=name, base=_rate(b, 24), adapter=_rate(a, 24)) for name, b, a in told])
    return quarters


def _timeline() -> QWidget:
    timeline = Timeline()
    weeks = [(FIRST + timedelta(weeks=number), 3 + number * 7919 % 11) for number in range(WEEKS)]
    timeline.show_weeks([(day.isoformat(), commits) for day, commits in weeks])
    cuts = [weeks[WEEKS * part // 10][0].isoformat() for part in (7, 9)]
    timeline.show_cuts(cuts[0], cuts[1], follows=False)
    parts = (("train", tr("Train"), 1240), ("validation", tr("Validation"), 140), ("test", tr("Test"), 180))
    timeline.show_spans(
        [Span(name=name, title=title, words=tr("{n} examples").format(n=n), short=str(n)) for name, title, n in parts]
    )
    timeline.let_write(False)
    return timeline


def _histogram() -> QWidget:
    bins = tuple(round(60 * math.exp(-(((number - 13) / 5) ** 2))) for number in range(22))
    histogram = Histogram()
    histogram.show_lengths(Lengths(cap=512, width=32, bins=bins, middle=418, kept=sum(bins[:16]), cut=sum(bins[16:])))
    return histogram


def _scale() -> HeatScale:
    scale = HeatScale()
    scale.show_top(MOST_OVERFLOW)
    return scale


def _heat() -> QWidget:
    heat = HeatMap(tr("Overflow by module"))
    values = tuple(
        tuple(0.011 * math.exp(-(((column - 6 * row) / 9) ** 2)) for column in range(40)) for row in range(len(MODULES))
    )
    heat.show_heat(Heat(names=MODULES, values=values, steps=STEPS, top=MOST_OVERFLOW))
    return heat


def _mix() -> QWidget:
    mix = Mix(tr("Composition"))
    rows = [MixRow(name=name, kept=kept, drawn=drawn) for name, kept, drawn in _SERVICES]
    kept, drawn = (sum(sum(getattr(row, which)) for row in rows) for which in ("kept", "drawn"))
    mix.show_rows(rows, ("python", "go"), kept, drawn)
    return mix


def _stack() -> QWidget:
    parts = ((tr("weights"), 2.7, 0), (tr("adapter"), 0.2, 1), (tr("optimizer"), 0.4, 2), (tr("activations"), 5.1, 3))
    bar, legend, strip = StackedBar(tr("Memory")), StackLegend(), Strip()
    bar.show_stack(Stack(parts=parts, room=24.0, low=7.4, high=10.2), tr("8.4 of 24 GB"))
    legend.show_rows([(name, f"{size} GB", series) for name, size, series in parts])
    weeks = tuple(
        ((FIRST + timedelta(weeks=number)).isoformat(), 1 + number * 7919 % 13) for number in range(0, WEEKS, 2)
    )
    strip.show_activity(
        Activity(
            weeks=weeks, authors=6, first_commit=f"{weeks[0][0]}T08:00:00Z", last_commit=f"{weeks[-1][0]}T08:00:00Z"
        ),
        weeks[len(weeks) * 9 // 10][0],
    )
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    for part in (bar, legend, strip):
        column.addWidget(part)
    return both


def _difference(value: float) -> Difference:
    return Difference(value=value, low=value - 0.12, high=value + 0.12, tasks=47)


def _rate(passed: int, ran: int) -> Rate:
    share = passed / ran
    return Rate(passed=passed, ran=ran, low=max(0.0, share - 0.13), high=min(1.0, share + 0.11))


_SERVICES = (("payments", (61, 30), (62, 20)), ("ledger", (40, 26), (47, 31)), ("notify", (60, 19), (60, 22)))
