"""The heat map: what is drawn, read out by mouse and keys, and taken along."""

import math

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from espalier.gui.charts.heat_map import SERIES, Heat, HeatMap
from espalier.gui.charts.heat_scale import HeatScale
from espalier.gui.palette import DARK, LIGHT, Colours, qt_palette

HEAT = Heat(names=("q", "down"), values=((0.0, 0.0, math.nan, 0.0), (0.001, 0.0, 0.002, 0.02)), steps=400, top=0.01)


@pytest.fixture
def shown(qtbot: QtBot) -> HeatMap:
    made = HeatMap("Overflow by module")
    qtbot.addWidget(made)
    made.resize(444 + 8, 224)
    made.setPalette(qt_palette(LIGHT))
    made.show()
    made.show_heat(HEAT)
    return made


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_that_the_strongest_cell_has_the_full_colour_and_nothing_the_ground(shown: HeatMap, colours: Colours) -> None:
    shown.setPalette(qt_palette(colours))
    image = shown.grab().toImage()
    assert image.pixelColor(440, 150) == QColor(colours.series[SERIES])
    assert image.pixelColor(100, 50).name() == colours.sunken.lower()
    assert image.pixelColor(300, 50).name() == colours.sunken.lower()


def test_that_the_pointer_reads_out_the_cell_under_it(shown: HeatMap) -> None:
    QTest.mouseMove(shown, QPoint(440, 150))
    assert shown.read_out.words == "step 300 – 400 down 2.0 %"
    QTest.mouseMove(shown, QPoint(290, 50))
    assert shown.read_out.words == "step 200 – 300 q —"
    QTest.mouseMove(shown, QPoint(10, 50))
    assert not shown.read_out.isVisible()


def test_that_the_arrow_keys_read_it_out_from_the_newest(shown: HeatMap) -> None:
    for key, words in (
        (Qt.Key.Key_Down, "step 300 – 400 q 0.0 %"),
        (Qt.Key.Key_Down, "step 300 – 400 down 2.0 %"),
        (Qt.Key.Key_Left, "step 200 – 300 down 0.20 %"),
        (Qt.Key.Key_Up, "step 200 – 300 q —"),
        (Qt.Key.Key_Up, "step 200 – 300 q —"),
        (Qt.Key.Key_Right, "step 300 – 400 q 0.0 %"),
    ):
        QTest.keyClick(shown, key)
        assert shown.read_out.words == words


def test_that_its_figures_are_what_was_measured(shown: HeatMap) -> None:
    rows = shown.figures()
    assert rows[0] == ("name", "from step", "to step", "share")
    assert len(rows) == 1 + 7
    assert rows[-1] == ("down", 300, 400, 0.02)
    assert shown.accessibleDescription().startswith("q: 0.0 % last, 0.0 % at most. down: 2.0 % last, 2.0 % at most.")


def test_that_the_strongest_of_many_columns_is_seen(shown: HeatMap) -> None:
    values = [0.0] * 5000
    values[2500] = 1.0
    shown.show_heat(Heat(names=("q",), values=(tuple(values),), steps=5000))
    image = shown.grab().toImage()
    assert QColor(LIGHT.series[SERIES]) in [image.pixelColor(x, 100) for x in range(240, 250)]


@pytest.mark.parametrize("rows", [0, 1, 200])
@pytest.mark.parametrize("columns", [0, 1, 50])
def test_that_any_heat_can_be_drawn_and_read(shown: HeatMap, rows: int, columns: int) -> None:
    names = tuple(f"layers.{number}.mlp.down_proj" for number in range(rows))
    shown.show_heat(Heat(names=names, values=((0.5,) * columns,) * rows, steps=columns, top=0.0))
    QTest.keyClick(shown, Qt.Key.Key_Left)
    QTest.mouseMove(shown, QPoint(300, 100))
    assert not shown.grab().isNull()
    assert len(shown.figures()) == 1 + rows * columns


def test_that_the_scale_says_its_ends(qtbot: QtBot) -> None:
    scale = HeatScale()
    qtbot.addWidget(scale)
    scale.show_top(0.01)
    assert scale.accessibleName() == "0 to 1 %"
    assert not scale.grab().isNull()
