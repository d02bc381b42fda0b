"""Things are done one by one, with a turn of the event loop between them; a plot waits for its own, its figures don't."""

from collections.abc import Callable

from pytestqt.qtbot import QtBot
from tests.gui.conftest import PATIENCE

from espalier.gui.charts.plot import Picture, Plot, Series
from espalier.gui.charts.turns import Turns


def test_that_each_has_a_turn_of_its_own(qtbot: QtBot) -> None:
    turns, done = Turns(), list[int]()
    beats: list[int] = []

    def act(number: int) -> Callable[[], None]:
        return lambda: done.append(number)

    for number in range(3):
        turns.take(act(number))
    assert done == []
    turns._timer.timeout.connect(lambda: beats.append(len(done)))
    qtbot.waitUntil(lambda: len(done) == 3, timeout=PATIENCE)
    assert (done, beats) == ([0, 1, 2], [1, 2, 3])
    turns.take(act(9))
    qtbot.waitUntil(lambda: done[-1] == 9, timeout=PATIENCE)


def test_that_a_plot_waits_for_its_turn_and_its_figures_for_nothing(qtbot: QtBot) -> None:
    turns = Turns()
    plots = [Plot(f"Loss {number}", turns=turns) for number in range(2)]
    curve = Series(name="train", points=((1, 2.0), (2, 1.0)))
    for plot in plots:
        qtbot.addWidget(plot)
        plot.resize(400, 200)
        plot.show()
        plot.show_picture(Picture(series=(curve,), steps=2))
        assert plot.picture.steps == 2
        assert plot._due
    assert plots[1].figures()[1] == ("train", "line", 1, 2.0)
    assert not plots[1]._due
    qtbot.waitUntil(lambda: not plots[0]._due, timeout=PATIENCE)
    plots[0].read_at_step(2)
    assert plots[0].read_out.words == "step 2 train 1.00"


def test_that_a_plot_that_nobody_sees_takes_no_turn(qtbot: QtBot) -> None:
    turns = Turns()
    plot = Plot("Loss", turns=turns)
    qtbot.addWidget(plot)
    plot.show_picture(Picture(series=(Series(name="train", points=((1, 2.0), (2, 1.0))),), steps=2))
    assert not turns.waiting
    plot.show()
    assert turns.waiting
    plot.hide()
    assert not turns.waiting
    plot.show()
    qtbot.waitUntil(lambda: not plot._due, timeout=PATIENCE)
    assert not turns.waiting
