"""Ticks, plots and their read-out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from espalier.gui.charts.plot import Picture, Plot, Series
from espalier.gui.charts.ticks import label, log_ticks, round_ticks, whole_ticks

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
