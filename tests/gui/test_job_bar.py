"""The job bar has room for what it shows, also right after figures have grown; what gives way is told elsewhere too."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.gui import made
from tests.gui.looks import cut

from espalier.core.project.file import Project
from espalier.gui.actions import FRAME, make_actions
from espalier.gui.job_bar import JobBar
from espalier.gui.live import Live, read_live

HIGH = 40


@pytest.fixture
def live(project: Project) -> Live:
    number, job = made.run(project)
    made.at_work(project, number, job)
    return read_live(project)


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[JobBar]:
    owner = QWidget()
    qtbot.addWidget(owner)
    shown = JobBar(make_actions(FRAME, owner), owner)
    owner.show()
    yield shown


def seen(bar: JobBar, *parts: QWidget) -> list[bool]:
    return [part.isVisibleTo(bar) for part in parts]


def whole(bar: JobBar) -> int:
    """How wide it must be to show all."""
    bar.resize(2000, HIGH)
    return bar.sizeHint().width()


def test_that_what_a_grown_figure_takes_is_taken_from_others_at_once(bar: JobBar, live: Live, qtbot: QtBot) -> None:
    assert live.run is not None
    bar.show_live(live)
    bar.resize(whole(bar), HIGH)
    assert all(seen(bar, bar._bar, bar._done, bar._loss, bar._speed))
    bar.show_live(replace(live, run=replace(live.run, tokens_per_second=1_234_567.0, loss=12345.678)))
    qtbot.wait(20)
    assert cut(bar) == []
    assert not all(seen(bar, bar._bar, bar._done, bar._loss, bar._speed))
    bar.show_live(live)
    qtbot.wait(20)
    assert all(seen(bar, bar._bar, bar._done, bar._loss, bar._speed))


def test_that_the_name_and_the_buttons_stay_to_the_last(bar: JobBar, live: Live, qtbot: QtBot) -> None:
    bar.show_live(live)
    for width in range(whole(bar), 420, -40):
        bar.resize(width, HIGH)
        qtbot.wait(5)
        assert cut(bar) == [], width
        assert all(seen(bar, bar._mark, bar._name, *bar.buttons, bar._queued))
    assert not any(seen(bar, bar._done, bar._loss, bar._speed, bar._bar))
