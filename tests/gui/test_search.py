"""What the command palette finds, and in which order."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.gui import made
from tests.gui.conftest import Opener

from espalier.gui.search.ranking import rank
from espalier.gui.search.reading import things


def best(words: str, texts: list[str]) -> list[str]:
    ranked = [(rank(words, text), text) for text in texts]
    return [text for place, text in sorted((place, text) for place, text in ranked if place is not None)]


def test_that_the_beginning_comes_before_a_later_word_and_that_before_the_middle() -> None:
    texts = ["Reapprove", "Show approvals", "Approve the corpus", "Freeze"]
    assert best("appr", texts) == ["Approve the corpus", "Show approvals", "Reapprove"]


def test_that_every_word_must_be_found_in_any_order() -> None:
    assert best("corpus approve", ["Approve the corpus", "Approve"]) == ["Approve the corpus"]


@given(st.text(max_size=20), st.text(max_size=20))
def test_that_any_words_can_be_ranked(words: str, text: str) -> None:
    place = rank(words, text)
    assert place is None or place >= (0, 0)
    assert rank(text, text) is not None


@pytest.mark.parametrize("words", ["run", "run 1", "1"])
def test_that_a_run_is_found_by_its_word_and_number(tmp_path: Path, words: str) -> None:
    with made.project(tmp_path) as project:
        made.run(project)
        assert [(one.page, one.detail) for one in things(project, words) if one.kind == "run"] == [("training", "1")]


@pytest.mark.parametrize("words", ["%", "_", "' OR 1=1", "\0", "🌲", ""])
def test_that_odd_words_find_nothing_and_break_nothing(tmp_path: Path, words: str) -> None:
    with made.project(tmp_path) as project:
        made.run(project)
        assert things(project, words) == ()


def test_that_one_escape_closes_the_palette_and_gives_the_keyboard_back(
    tmp_path: Path, open_window: Opener, qtbot: QtBot
) -> None:
    with made.project(tmp_path) as project:
        window = open_window(project.path)
    before = window.focusWidget()
    box = window.palette_of_commands.box
    window.actions_by_id["palette"].trigger()
    QTest.keyClicks(box.field, "eval")
    assert [entry.text for entry in box.entries][:1] == ["Evaluation"]
    QTest.keyClick(box.field, Qt.Key.Key_Escape)
    assert not box.isVisible()
    assert window.focusWidget() is before


def test_that_what_is_chosen_in_the_palette_is_done(tmp_path: Path, open_window: Opener, qtbot: QtBot) -> None:
    with made.project(tmp_path) as project:
        window = open_window(project.path)
    window.actions_by_id["palette"].trigger()
    box = window.palette_of_commands.box
    QTest.keyClicks(box.field, "audit")
    QTest.keyClick(box.field, Qt.Key.Key_Return)
    assert window.current == "audit"
    assert not box.isVisible()
