"""Where the plots of a run stand: in three columns, in two, and with their titles whole as long as there is room."""

import pytest
from pytestqt.qtbot import QtBot
from tests.gui import made
from tests.gui.looks import cut
from tests.gui.page_alone import Alone

from espalier.core.project.file import Project
from espalier.gui.training.page import TrainingPage


@pytest.mark.parametrize("width", [1175, 900, 747, 560])
def test_that_no_title_is_cut_and_no_plot_lies_on_another(project: Project, qtbot: QtBot, width: int) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job)
    alone = Alone(project.path, TrainingPage)
    page = alone.page
    qtbot.addWidget(page)
    page.resize(width, 1600)
    page.show()
    alone.read()
    qtbot.wait(50)
    plots = page.plots
    assert not any(chart.head.title.is_shortened() for chart in plots.drawn)
    assert cut(page) == []
    places = [chart.geometry() for chart in plots.drawn]
    assert not any(one.intersects(other) for place, one in enumerate(places) for other in places[place + 1 :])
    assert all(plots.rect().contains(place) for place in places)
    columns = len({place.left() for place in places})
    assert columns == (3 if plots.width() >= plots.wide else 2)
    alone.close()
