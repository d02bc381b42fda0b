"""Small parts: the focus ring stays with its button, texts stay plain and break where they must."""

from importlib import import_module

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QScrollArea, QToolTip, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.conftest import settle

from espalier.gui import figures, pages, states
from espalier.gui.actions import FRAME, Entry
from espalier.gui.icons import icon_names
from espalier.gui.parts.button import Button
from espalier.gui.parts.checklist import Checklist, Item
from espalier.gui.parts.chip import FilterChip
from espalier.gui.parts.filter_bar import FilterBar
from espalier.gui.parts.focus_ring import FocusRing
from espalier.gui.parts.folding import Folding
from espalier.gui.parts.key_cap import Keys
from espalier.gui.parts.segments import Segments
from espalier.gui.parts.tabs import Tab, Tabs
from espalier.gui.parts.text import Text
from espalier.gui.states import TO_DO, Shown


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


def test_that_the_ring_stays_within_what_scrolls_and_leaves_with_its_button(qtbot: QtBot, qapp: QApplication) -> None:
    area, inner, button = QScrollArea(), QWidget(), Button("Far down")
    window = QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    row.addWidget(area)
    area.setWidget(inner)
    inner.resize(200, 2000)
    button.setParent(inner)
    button.move(20, 40)
    window.resize(300, 200)
    ring = FocusRing(window, qapp)
    window.show()
    settle(qapp)
    ring.follow(None, button)
    assert ring.mask().boundingRect().contains(ring.rect().center())
    area.verticalScrollBar().setValue(1000)
    settle(qapp)
    assert not ring.mask().intersects(ring.rect()) or ring.isHidden()


def test_that_what_scrolls_has_its_ring_within(qtbot: QtBot, qapp: QApplication) -> None:
    window, area = QWidget(), QScrollArea()
    qtbot.addWidget(window)
    QHBoxLayout(window).addWidget(area)
    ring = FocusRing(window, qapp)
    window.show()
    ring.follow(None, area)
    assert ring.geometry() == area.geometry()
    area.setProperty("own_focus", True)
    ring.follow(None, area)
    assert not ring.isVisible()


def test_that_tab_leads_to_the_segment_and_the_tab_that_are_chosen(qtbot: QtBot) -> None:
    segments, tabs = Segments("View", ("Table", "Card")), Tabs("Tabs", (Tab("a", "To decide"), Tab("b", "Approve")))
    qtbot.addWidget(segments)
    qtbot.addWidget(tabs)
    segments.pick(1)
    tabs.pick("b")
    for part in (segments, tabs):
        stops = [one for one in part.findChildren(QAbstractButton) if one.focusPolicy() == Qt.FocusPolicy.TabFocus]
        assert [(one.text(), one.isChecked()) for one in stops] in ([("Card", True)], [("Approve", True)])


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


def item(name: str, why: str = "") -> Item:
    return Item(id=name, state=TO_DO, what=name, why=why, link="Go")


def test_that_a_checklist_stays_at_its_row_when_its_items_are_shown_anew(qtbot: QtBot) -> None:
    checklist, gone = Checklist("What is left"), list[str]()
    qtbot.addWidget(checklist)
    checklist.clicked_on.connect(gone.append)
    checklist.show_items([item("scan"), item("decide"), item("sign")])
    assert not checklist.currentIndex().isValid()
    checklist.setCurrentIndex(checklist.model().index(1, 0))
    for items in (
        [item("new"), item("scan"), item("decide", "12 findings"), item("sign")],
        [item("scan"), item("sign")],
    ):
        checklist.show_items(items)
        QTest.keyClick(checklist, Qt.Key.Key_Return)
    assert gone == ["decide", "sign"]  # where it was, then what came into its place
    checklist.show_items([])
    checklist.show_items([item("scan")])
    assert not checklist.currentIndex().isValid()


def entries() -> dict[str, tuple[Entry, ...]]:
    """The tables of actions, the frame's and each page's."""
    of_pages = {place.id: import_module(f"espalier.gui.{place.id}.actions").ACTIONS for place in pages.PLACES}
    return {"frame": (*FRAME, *pages.ACTIONS), **of_pages}


def test_that_every_icon_that_is_named_is_there() -> None:
    tables = [shown for shown in vars(states).values() if isinstance(shown, dict)]
    shown = [one for one in vars(states).values() if isinstance(one, Shown)]
    shown += [one for table in tables for one in table.values() if isinstance(one, Shown)]
    named = {one.icon for one in shown} | {entry.icon for table in entries().values() for entry in table}
    assert (named - {""}) | {"espalier", "copy"} <= set(icon_names())


def test_that_no_key_does_two_things_at_once() -> None:
    """A page's keys work beside the frame's, and its own must differ among themselves."""
    tables = entries()
    frame = [keys for entry in tables.pop("frame") for keys in entry.keys.split()]
    assert len(frame) == len(set(frame))
    for page, table in tables.items():
        own = [keys for entry in table for keys in entry.keys.split()]
        assert len(own) == len(set(own)), page
        assert not set(own) & set(frame), page
        assert "G" not in own, f"{page}: G begins the keys that lead from page to page"


def test_that_every_action_has_words() -> None:
    assert [entry.id for table in entries().values() for entry in table if not entry.source] == []


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


def test_that_a_shortened_text_has_the_whole_as_its_tip(qtbot: QtBot) -> None:
    words = "a sentence that is too long for its place"
    text = Text(words, elide=Qt.TextElideMode.ElideRight)
    qtbot.addWidget(text)
    text.resize(60, text.height())
    text.show()
    asked = QPoint(4, 4)
    QApplication.sendEvent(text, QHelpEvent(QEvent.Type.ToolTip, asked, text.mapToGlobal(asked)))
    assert words in QToolTip.text()
    text.resize(900, text.height())
    assert not text.is_shortened()
    QToolTip.hideText()


def test_that_a_row_folds_where_both_halves_have_no_room(qtbot: QtBot) -> None:
    page = QWidget()
    row = Folding(page)
    row.left.addWidget(Button("Left of both"))
    row.right.addWidget(Button("Right of both"))
    qtbot.addWidget(page)
    row.resize(400, row.height())
    page.show()
    assert not row.folded
    row.resize(row.minimumSizeHint().width(), row.height())
    assert row.folded
    assert row.left.geometry().bottom() < row.right.geometry().top()


def test_that_a_sentence_of_keys_breaks_between_words_and_keys(qtbot: QtBot) -> None:
    keys = Keys("Press [A] to accept, or [X] to reject what is shown", wrap=True)
    qtbot.addWidget(keys)
    one, wide = keys.heightForWidth(900), keys.minimumSizeHint().width()
    assert keys.heightForWidth(keys.sizeHint().width() // 2) >= 2 * one
    keys.resize(wide, keys.heightForWidth(wide))
    assert not keys.is_cut()
    keys.resize(wide, one)
    assert keys.is_cut()


def test_that_tab_goes_through_filters_in_the_order_in_which_they_stand(qtbot: QtBot, qapp: QApplication) -> None:
    bar = FilterBar({"rule": FilterChip("Rule")})
    qtbot.addWidget(bar)
    bar.add({"state": FilterChip("State"), "kind": FilterChip("Kind")})
    bar.show()
    bar.activateWindow()
    qtbot.waitUntil(bar.isActiveWindow)
    bar.chips["rule"].setFocus(Qt.FocusReason.TabFocusReason)
    order = [qapp.focusWidget()]
    for _ in range(3):
        QTest.keyClick(qapp.focusWidget() or bar, Qt.Key.Key_Tab)
        order.append(qapp.focusWidget())
    assert order == [*bar.chips.values(), bar.search]
