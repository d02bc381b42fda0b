"""The strata beside a sampled file: the least known first, as many as there is room for, the rest counted."""

from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from espalier.core.findings.sampling.strata import Stratum
from espalier.gui.findings.strata_view import LEAST, StrataView
from espalier.gui.parts.rule import stacked


def stratum(service: str, size: int, read: int) -> Stratum:
    return Stratum(service=service, language="Go", files=size, size=size, drawn=read, missed=0)


def told(view: StrataView) -> list[str]:
    return [label.text() for label in view.findChildren(QLabel) if label.isVisible()]


def named(view: StrataView) -> list[str]:
    return [one for one in told(view) if one.endswith("Go")]


def placed(qtbot: QtBot) -> tuple[StrataView, QWidget]:
    """Above room that it may take."""
    view, place = StrataView(), QWidget()
    column = stacked()
    column.addWidget(view, 1)
    column.addStretch(0)
    place.setLayout(column)
    qtbot.addWidget(place)
    place.resize(300, 400)
    place.show()
    qtbot.waitExposed(place)
    return view, place


def test_that_the_least_known_strata_come_first_with_what_is_known_of_them(qtbot: QtBot) -> None:
    view, _ = placed(qtbot)
    assert view.isHidden()
    view.show_strata([stratum("better", 20, 5), stratum("least", 20, 1)])
    assert named(view) == ["least · Go", "better · Go"] and "1 of 20" in told(view)
    view.show_strata([stratum("only", 4, 4)])
    assert {"only · Go", "4 of 4", "0.0 %"} <= set(told(view)) and named(view) == ["only · Go"]


def test_that_they_take_the_room_there_is_and_count_the_rest(qtbot: QtBot) -> None:
    view, place = placed(qtbot)
    view.show_strata([stratum(f"s{read}", 90, read) for read in range(1, 41)])
    qtbot.waitUntil(lambda: len(named(view)) > LEAST)
    few = len(named(view))
    assert f"and {40 - few} that are better known" in told(view)
    assert all(one.geometry().bottom() < view.height() for one in view.findChildren(QLabel) if one.isVisible())
    place.resize(300, 600)
    qtbot.waitUntil(lambda: len(named(view)) > few)
    place.resize(300, 2000)
    qtbot.waitUntil(lambda: len(named(view)) == 40)
    assert not [one for one in told(view) if "better known" in one] and view.height() < 1200
    assert view.minimumSizeHint().height() < 120
