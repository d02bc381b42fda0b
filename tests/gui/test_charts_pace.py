"""Plots draw at human speed, show more from nearby, and say where they stand."""

import csv
import io

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from espalier.core.training.curves import Pyramid, Trace
from espalier.gui.charts.chart import Chart
from espalier.gui.charts.pace import APART, Pace
from espalier.gui.charts.plot import Picture, Plot, Points, Series
from espalier.gui.palette import DARK, LIGHT, qt_palette

STEPS = 100_000
WAVE = np.sin(np.arange(1, STEPS + 1) / 7.0)


def picture(points: Points, steps: int = 100) -> Picture:
    return Picture(series=(Series(name="train", points=points),), steps=steps)


@pytest.fixture
def plot(qtbot: QtBot) -> Plot:
    made = Plot("Loss")
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    return made


@pytest.fixture
def trace() -> Trace:
    pyramid = Pyramid()
    values = WAVE.copy()
    values[54_320] = 9.0
    pyramid.add(np.arange(1, STEPS + 1), values)
    return pyramid.trace()


def long_run(trace: Trace) -> Picture:
    return Picture(series=(Series(name="train", points=trace.points(most=500), within=trace.points),), steps=STEPS)


def test_that_what_is_asked_for_is_drawn_at_once_and_then_ten_times_a_second_at_most(qtbot: QtBot) -> None:
    pace, drawn = Pace(), []
    pace.due.connect(lambda: drawn.append(1))
    pace.ask()
    assert len(drawn) == 1
    for _ in range(35):
        pace.ask()
        QTest.qWait(10)
    qtbot.waitUntil(lambda: not pace.waiting)
    assert 3 <= len(drawn) <= 2 + 35 * 0.02 / APART
    pace.ask()
    pace.ask()
    assert pace.waiting
    before = len(drawn)
    pace.finish()
    pace.finish()
    assert (len(drawn), pace.waiting) == (before + 1, False)


def test_that_what_nobody_sees_is_drawn_once_it_is_seen(plot: Plot, qtbot: QtBot) -> None:
    plot.show_picture(picture(((1, 1.0),)))
    plot.hide()
    QTest.qWait(120)
    plot.show_picture(picture(((1, 7.0),)))
    assert "7.00" not in plot.accessibleDescription()
    plot.show()
    qtbot.waitUntil(lambda: "7.00 at step 1" in plot.accessibleDescription())


def test_that_the_last_of_many_pictures_is_the_one_that_stays(plot: Plot, qtbot: QtBot) -> None:
    for last in range(2, 60):
        plot.show_picture(picture(tuple((step, float(step)) for step in range(1, last + 1))))
    qtbot.waitUntil(lambda: "59.0 at step 59" in plot.accessibleDescription())


def test_that_a_read_out_goes_on_with_the_run(plot: Plot, qtbot: QtBot) -> None:
    plot.show_picture(picture(((1, 1.0), (2, 2.0))))
    plot.read_at_step(2)
    plot.show_picture(picture(((1, 1.0), (2, 5.0))))
    qtbot.waitUntil(lambda: plot.read_out.words == "step 2 train 5.00")
    assert plot.read_out.isVisible()


def test_that_a_closer_look_shows_every_step_and_the_whole_few(plot: Plot, trace: Trace, qtbot: QtBot) -> None:
    plot.show_picture(long_run(trace))
    assert len(plot.figures()) <= 501
    while plot.window_shown.width > 400:
        plot.zoom(0.5, 54_321)
    shown = plot.window_shown
    rows = plot.figures()[1:]
    inside = [step for step in range(1, STEPS + 1) if shown.low <= step <= shown.high]
    assert [row[2] for row in rows] == inside
    assert ("train", "line", 54_321, 9.0) in rows
    plot.show_all()
    assert ("train", "line", 54_321, 9.0) in plot.figures()


def test_that_the_figures_taken_along_are_those_shown(qtbot: QtBot, trace: Trace) -> None:
    chart = Chart("Loss")
    qtbot.addWidget(chart)
    chart.show_picture(long_run(trace))
    chart.plot.zoom(0.001, 50_000)
    rows = list(csv.reader(io.StringIO(chart.saving.text())))
    shown = chart.plot.window_shown
    assert rows[0] == ["curve", "drawn as", "step", "value"]
    assert all(shown.low <= int(row[2]) <= shown.high for row in rows[1:])
    assert {float(row[3]) for row in rows[1:]} <= set(WAVE.tolist()) | {9.0}
    assert len(rows) > 90


def test_that_a_plot_says_where_its_curves_stand(plot: Plot) -> None:
    dashed = Series(name="run 6", points=((1, 7.0),), style="planned")
    curve = Series(name="train", points=((1, 3.0), (2, float("nan")), (1200, 0.5)))
    plot.show_picture(Picture(series=(dashed, curve), steps=1200))
    said = plot.accessibleDescription()
    assert said.startswith("train: 0.500 at step 1,200, lowest 0.500, highest 3.00.")
    assert "run 6" not in said and "zoom" in said


@pytest.mark.parametrize("points", [(), ((1, float("inf")),), ((1, 1.0), (2, float("-inf"))), ((1, float("nan")),)])
def test_that_what_is_not_finite_is_neither_drawn_nor_an_error(plot: Plot, points: Points, qtbot: QtBot) -> None:
    plot.show_picture(picture(points))
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Right)
    QTest.keyClick(plot, Qt.Key.Key_Plus)
    assert "inf" not in plot.accessibleDescription() and "nan" not in plot.accessibleDescription()
    assert not plot.grab().isNull()


def test_that_a_plot_follows_the_palette(plot: Plot) -> None:
    plot.show_picture(picture(((1, 1.0), (100, 2.0))))
    for colours in (LIGHT, DARK, LIGHT):
        plot.setPalette(qt_palette(colours))
        image = plot.grab().toImage()
        seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
        assert {colours.of("surface").name(), colours.of("line").name()} <= seen
        assert image.pixelColor(image.width() - 2, 1).name() == colours.of("surface").name()
