"""Ticks, plots and their read-out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QGraphicsView
from pytestqt.qtbot import QtBot
from tests.gui.mouse import double_click

from espalier.gui.charts.chart import Chart
from espalier.gui.charts.plot import Picture, Plot, Series
from espalier.gui.charts.ticks import label, log_ticks, round_ticks, whole_ticks
from espalier.gui.charts.window import CLOSEST, Window
from espalier.gui.parts.legend import Legend

POINTS = tuple((step, 2.0 - step / 100) for step in range(1, 101))


@given(low=st.floats(-1e6, 1e6), width=st.floats(1e-6, 1e6), most=st.integers(2, 8))
def test_that_ticks_are_few_inside_and_in_order(low: float, width: float, most: int) -> None:
    ticks = round_ticks(low, low + width, most)
    slack = 1e-6 * max(abs(low), width)
    assert 1 <= len(ticks) <= most
    assert ticks == sorted(set(ticks))
    assert all(low - slack <= tick <= low + width + slack for tick in ticks)


@given(low=st.floats(1e-6, 1e3), factor=st.floats(1.01, 1e6))
def test_that_ticks_of_a_logarithmic_axis_have_a_place_on_it(low: float, factor: float) -> None:
    assert all(tick > 0 for tick in log_ticks(low, low * factor))


def test_that_labels_have_the_decimals_that_tell_them_apart() -> None:
    assert [label(value, (0.5, 0.75, 1.0)) for value in (0.5, 0.75, 1.0)] == ["0.50", "0.75", "1.00"]
    assert [label(value, (1.0, 2.0)) for value in (1.0, 2.0)] == ["1", "2"]
    assert label(2e-4, (1e-4, 2e-4)) == "2e-4"
    assert label(20_000.0, (10_000.0, 20_000.0)) == "20 k"
    assert whole_ticks(400, 6) == [0, 100, 200, 300, 400]
    assert whole_ticks(0) == [0]


@pytest.fixture
def plot(qtbot: QtBot) -> Plot:
    made = Plot("Loss")
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    made.show_picture(Picture(series=(Series(name="train", points=POINTS),), steps=100))
    return made


def test_that_the_read_out_says_what_the_curve_says_under_the_pointer(plot: Plot) -> None:
    plot.read_at_step(40)
    assert plot.read_out.isVisible()
    assert plot.read_out.words == "step 40 train 1.60"


def test_that_what_is_past_is_read_out_last_and_only_as_far_as_it_went(plot: Plot) -> None:
    past = Series(name="run 6", points=((1, 1.0), (50, 0.5)), colour=5, style="past")
    plot.show_picture(Picture(series=(past, Series(name="train", points=POINTS)), steps=101))
    QTest.qWait(150)
    plot.read_at_step(40)
    assert plot.read_out.words == "step 40 train 1.60 run 6 1.00"
    plot.read_at_step(51)
    assert plot.read_out.words == "step 51 train 1.49"


def test_that_a_read_out_of_many_curves_stays_in_its_plot(plot: Plot) -> None:
    many = [Series(name=f"run {run}", points=POINTS, colour=5 + run, style="past") for run in range(9)]
    plot.show_picture(Picture(series=(*many, Series(name="train", points=POINTS)), steps=101))
    QTest.qWait(150)
    plot.read_at_step(10)
    lines = plot.read_out.lines
    assert [one.name for line in lines for one in line] == ["train", *(f"run {run}" for run in range(9))]
    assert len(lines) > 2
    assert all(plot.read_out.width_of(number) < 0.5 * plot.width() + 60 for number in range(len(lines)))


def test_that_a_legend_without_room_counts_the_names_that_it_leaves_out(qtbot: QtBot) -> None:
    legend = Legend()
    qtbot.addWidget(legend)
    legend.show_names([(f"run {run}", run) for run in range(20)])
    legend.resize(legend.sizeHint())
    assert len(legend.seen) == 20
    legend.resize(240, legend.height())
    assert list(legend.seen) == ["run 0", "run 1", "run 2", "+ 17"]
    assert legend.minimumSizeHint().width() < 240
    legend.show_names([("train", 0), ("validation", 1)])
    legend.resize(legend.minimumSizeHint())
    assert list(legend.seen) == ["train", "validation"]


def test_that_leaving_the_plot_hides_the_read_out(plot: Plot) -> None:
    plot.read_at_step(40)
    plot.read(QPointF(-5, -5))
    assert not plot.read_out.isVisible()


def test_that_a_logarithmic_plot_leaves_out_what_has_no_logarithm(plot: Plot) -> None:
    plot.show_picture(Picture(series=(Series(name="train", points=((1, 0.0), (2, -1.0), (3, 4.0))),), steps=3))
    plot.set_log(True)
    plot.read_at_step(3)
    assert plot.read_out.words == "step 3 train 4.00"


@pytest.mark.parametrize("points", [(), ((1, 3.0),), ((1, 3.0), (2, 3.0)), ((1, float("nan")), (2, 1.0))])
@pytest.mark.parametrize("log", [False, True])
def test_that_any_curve_can_be_drawn(plot: Plot, points: tuple[tuple[int, float], ...], log: bool) -> None:
    plot.set_log(log)
    plot.show_picture(Picture(series=(Series(name="train", points=points, style="dots"),), steps=2, threshold=0.0))
    assert not plot.grab().isNull()


@given(
    steps=st.integers(1, 100_000),
    moves=st.lists(st.tuples(st.booleans(), st.floats(0.05, 20), st.floats(-0.5, 1.5)), max_size=12),
)
def test_that_zooming_and_moving_never_leave_the_run(steps: int, moves: list[tuple[bool, float, float]]) -> None:
    window = whole = Window.of_all(0, steps)
    for zooms, factor, at in moves:
        window = window.zoomed(factor, at * steps) if zooms else window.moved((at - 0.5) * steps)
        assert whole.low <= window.low <= window.high <= whole.high
        assert window.width >= min(steps, CLOSEST) * 0.999
    assert window.zoomed(1e9, steps / 2).whole


def test_that_a_step_keeps_its_place_when_zoomed_around() -> None:
    window = Window.of_all(0, 1000).zoomed(0.5, 300)
    assert (window.low, window.high) == (150, 650)


def test_that_a_plot_is_read_zoomed_and_moved_by_keyboard(plot: Plot) -> None:
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot.read_out.words == "step 1 train 1.99"
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot.read_out.words == "step 2 train 1.98"
    QTest.keyClick(plot, Qt.Key.Key_Plus)
    zoomed = plot.window_shown
    assert not zoomed.whole
    QTest.keyClick(plot, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert plot.window_shown.low > zoomed.low
    QTest.keyClick(plot, Qt.Key.Key_0)
    assert plot.window_shown.whole


def test_that_reading_out_goes_beyond_what_is_zoomed_to(plot: Plot) -> None:
    for _ in range(8):
        plot.zoom(0.8, 0)
    plot.read_at_step(int(plot.window_shown.high))
    for _ in range(4):
        QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot.read_out.isVisible()
    assert plot.window_shown.low > 0


def test_that_a_plot_is_moved_by_dragging_and_shown_whole_by_a_double_click(plot: Plot) -> None:
    plot.zoom(0.5)
    before = plot.window_shown
    inner = plot.findChildren(QGraphicsView)[0].viewport()
    QTest.mousePress(inner, Qt.MouseButton.LeftButton, pos=QPoint(300, 100))
    QTest.mouseMove(inner, QPoint(200, 100))
    QTest.mouseRelease(inner, Qt.MouseButton.LeftButton, pos=QPoint(200, 100))
    assert plot.window_shown.low > before.low
    double_click(inner, QPoint(200, 100))
    assert plot.window_shown.whole


def test_that_a_zoom_stays_while_the_run_goes_on_and_ends_with_another_run(plot: Plot) -> None:
    plot.zoom(0.5)
    before = plot.window_shown
    plot.show_picture(Picture(series=(Series(name="train", points=POINTS),), steps=120))
    assert (plot.window_shown.low, plot.window_shown.high) == (before.low, before.high)
    plot.show_picture(Picture(series=(Series(name="train", points=POINTS),), steps=20))
    assert plot.window_shown.whole


def test_that_the_figures_of_a_chart_are_its_points(qtbot: QtBot) -> None:
    chart = Chart("Loss", names=(("train", 0),))
    qtbot.addWidget(chart)
    chart.show_picture(Picture(series=(Series(name="train", points=POINTS[:2], style="thin"),), steps=2))
    assert chart.saving.text() == "curve,drawn as,step,value\r\ntrain,thin,1,1.99\r\ntrain,thin,2,1.98\r\n"
    assert chart.take_along.accessibleName() == "Take along: Loss"


def test_that_a_plot_of_nothing_names_no_values(plot: Plot) -> None:
    plot.show_picture(Picture(steps=10))
    plot.figures()
    view: Any = plot.findChildren(QGraphicsView)[0]
    assert view.getPlotItem().getAxis("left")._tickLevels == [[]]
