"""Small parts: the focus ring stays with its button, texts stay plain and break where they must."""

import pytest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.conftest import settle

from espalier.gui import figures
from espalier.gui.actions import ACTIONS
from espalier.gui.icons import icon_names
from espalier.gui.parts.button import Button
from espalier.gui.parts.focus_ring import FocusRing
from espalier.gui.parts.text import Text
from espalier.gui.states import SHOWN, TO_DO


def test_that_the_ring_stays_around_its_button_when_the_layout_moves_it(qtbot: QtBot, qapp: QApplication) -> None:
    window, before, button = QWidget(), Button("First"), Button("Second")
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    row.addWidget(before)
    row.addWidget(button)
    ring = FocusRing(window, qapp)
    window.show()
    ring.follow(None, button)
    assert ring.isVisible()
    assert ring.geometry().contains(button.geometry())
    before.hide()
    settle(qapp)
    assert ring.geometry().contains(button.geometry())
    ring.follow(button, window)
    assert not ring.isVisible()


def test_that_markup_of_others_is_shown_and_not_obeyed(qtbot: QtBot) -> None:
    hostile = '<img src="file:///etc/passwd"><h1>big</h1>'
    text = Text(hostile)
    qtbot.addWidget(text)
    assert text.sizeHint().width() > 200
    assert text.height() == 20


def test_that_a_long_word_breaks_rather_than_leaving_its_place(qtbot: QtBot) -> None:
    text = Text("x" * 200, wrap=True)
    qtbot.addWidget(text)
    assert text.heightForWidth(100) >= 20 * 10
    assert text.heightForWidth(10_000) == 20


def test_that_every_icon_that_is_named_is_there() -> None:
    named = {shown.icon for shown in [*SHOWN.values(), TO_DO]} | {entry.icon for entry in ACTIONS}
    assert named | {"espalier", "copy"} <= set(icon_names())


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "—"), (0.0, "0"), (7.9e-5, "7.9e-5"), (0.6123, "0.612"), (6.0, "6.00"), (21.44, "21.4"), (3104.2, "3,104")],
)
def test_that_figures_keep_the_digits_that_count(value: float | None, text: str) -> None:
    assert figures.short(value) == text


def test_that_times_sizes_and_shares_read_well() -> None:
    assert [figures.duration(seconds) for seconds in (42, 119, 1320, 7500, None)] == [
        "42 s",
        "119 s",
        "22 min",
        "2 h 5 min",
        "—",
    ]
    assert [figures.size(size) for size in (10, 2048, 15 << 20, 15_676_000_000)] == [
        "10 B",
        "2 KiB",
        "15 MiB",
        "14.6 GiB",
    ]
    assert [figures.share(share) for share in (0.0, 0.0004, 0.012)] == ["0.0 %", "0.04 %", "1.2 %"]
