"""What the command palette finds, and in which order."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.gui import made

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
