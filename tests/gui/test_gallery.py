"""The gallery: every part in every state, with room for its words, a name, and colours that can be told apart."""

from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.conftest import settle
from tests.gui.keyboard import blind, said, walked
from tests.gui.longer import END, Longer
from tests.gui.looks import cut, nameless, overlapping

from espalier.gui import parts as parts_of_it
from espalier.gui import typeface
from espalier.gui.app import Desk
from espalier.gui.gallery import foundations
from espalier.gui.gallery.page import HEIGHT, WIDTH, GalleryPage
from espalier.gui.palette import DARK, LIGHT, Colours
from espalier.gui.settings import CHOICES
from espalier.gui.tables.column import Kind
from espalier.gui.tables.table import Table

FOCUSABLE = {
    *("Button", "FilterChip", "Field", "NumberField", "Choice", "Check", "Segment", "Table", "Head", "Checklist"),
    *("Canvas", "QPlainTextEdit", "QLineEdit", "Plot", "HeatMap", "Timeline", "Weight", "Scale", "QScrollArea"),
}


@pytest.fixture
def gallery(qtbot: QtBot, qapp: QApplication) -> Iterator[GalleryPage]:
    Desk(qapp, pinned="light")
    page = GalleryPage(qapp)
    qtbot.addWidget(page)
    page.resize(WIDTH, HEIGHT)
    page.show()
    settle(qapp)
    page.pose()
    settle(qapp)
    yield page
    page.palette_box.close_box()
    page.toast.hide()


def test_that_every_part_has_room_and_a_name(gallery: GalleryPage) -> None:
    assert cut(gallery) == []
    assert overlapping(gallery) == []
    assert nameless(gallery) == []


def test_that_every_part_colour_size_and_kind_of_cell_is_shown(gallery: GalleryPage, qapp: QApplication) -> None:
    gallery.told.open_dialog()
    dialog = gallery.told.dialog
    assert dialog is not None
    missing = [kind.__name__ for kind in parts() if not gallery.findChildren(kind)]
    dialog.reject()
    settle(qapp)
    assert missing == []
    colours = {name for row in foundations.ROWS for name in row}
    assert {one.name for one in fields(Colours)} - colours == {"series", "medium_weight"}
    assert set(foundations.SIZES) == set(typeface.SCALE)
    shown = {one.kind for table in gallery.findChildren(Table) for one in getattr(table.model(), "columns", ())}
    assert shown | {"text", "muted"} == set(get_args(Kind))


def parts() -> list[type[QWidget]]:
    """What gui/parts defines for pages."""
    modules = [
        import_module(f"espalier.gui.parts.{path.stem}") for path in Path(parts_of_it.__path__[0]).glob("[!_]*.py")
    ]
    return [
        one
        for module in modules
        for name, one in vars(module).items()
        if isinstance(one, type) and issubclass(one, QWidget) and one.__module__ == module.__name__ and name[0] != "_"
    ]


def test_that_its_palette_is_chosen_on_it_and_all_of_it_follows(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Desk(qapp, pinned="light").theme
    page = GalleryPage(qapp, theme)
    qtbot.addWidget(page)
    page.resize(WIDTH, 800)
    page.show()
    grounds = []
    for choice in ("dark", "light", "system"):
        number = CHOICES.index(choice)
        page.palettes.pick(number)
        page.palettes.picked.emit(number)
        settle(qapp)
        assert theme.choice == choice
        grounds.append(page.grab().toImage().pixelColor(4, 400).name().upper())
    assert grounds == [DARK.surface, LIGHT.surface, theme.colours().surface]


def test_that_the_ring_stands_around_the_part_that_has_the_keyboard(gallery: GalleryPage) -> None:
    assert gallery.ring.isVisible()
    around = gallery.ring.geometry()
    inner = gallery.focused.rect().translated(gallery.focused.mapTo(gallery, gallery.focused.rect().topLeft()))
    assert around.contains(inner)
    assert not around.adjusted(4, 4, -4, -4).contains(inner.adjusted(-1, -1, 1, 1))


def test_that_the_states_of_a_button_differ_in_their_pixels(gallery: GalleryPage, qapp: QApplication) -> None:
    from espalier.gui.parts.button import Button

    grounds = []
    for hovered, down, shut in ((False, False, ""), (True, False, ""), (False, True, ""), (False, False, "why")):
        button = Button("Primary", "primary", parent=gallery)
        button.setProperty("hovered", hovered)
        button.setDown(down)
        button.set_shut(shut)
        grounds.append(button.grab().toImage().pixelColor(4, 14).name())
        button.deleteLater()
    settle(qapp)
    assert all(one != other for one, other in pairwise([*grounds, grounds[0]]))


def test_that_longer_words_of_another_language_have_room_too(qtbot: QtBot, qapp: QApplication) -> None:
    longer = Longer()
    QCoreApplication.installTranslator(longer)
    try:
        Desk(qapp, pinned="light")
        page = GalleryPage(qapp)
        qtbot.addWidget(page)
        page.resize(WIDTH + 240, HEIGHT + 200)
        page.show()
        settle(qapp)
        assert page.header.sentence.endswith(END)
        assert cut(page) == []
        assert overlapping(page) == []
    finally:
        QCoreApplication.removeTranslator(longer)


def test_that_whatever_has_the_keyboard_is_seen_to_have_it(gallery: GalleryPage, qapp: QApplication) -> None:
    gallery.palette_box.close_box()
    reached = list[QWidget]()
    for part in walked(gallery, qapp):
        reached.append(part)
        assert not blind(gallery, part, qapp), said(part)
    assert {type(part).__name__ for part in reached} >= FOCUSABLE
