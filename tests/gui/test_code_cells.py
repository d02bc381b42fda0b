"""Code in cells and colours: no character moves another, and what can't be seen is named."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor
from tests.gui.test_palette import READABLE, THEMES, contrast

from espalier.gui.code.brush import STRONGER
from espalier.gui.code.highlight import ROLES, highlighted, known
from espalier.gui.code.shown import LONGEST, TAB, shown
from espalier.gui.literal import named
from espalier.gui.palette import Colours

LINES = st.text(st.characters(exclude_characters="\n"), max_size=60) | st.text("\ta 日🙂é\u0301\u202e\x00", max_size=40)


@given(LINES)
def test_that_every_character_keeps_its_place(line: str) -> None:
    laid = shown(line)
    columns = [laid.column(index) for index in range(len(line) + 1)]
    assert columns == sorted(columns)
    for index in range(len(line)):
        assert laid.column(laid.index(columns[index])) == columns[index]
        for cell in range(columns[index], columns[index + 1]):
            assert laid.index(cell) <= index
            assert laid.column(laid.index(cell)) == columns[index]


@given(LINES)
def test_that_nothing_is_drawn_twice_or_left_out(line: str) -> None:
    laid = shown(line)
    middle = len(line) // 2
    drawn = [*laid.parts(0, middle), *laid.parts(middle, len(line))]
    text = "".join("" if one.named else one.text for one in drawn)
    seen = "".join(one for one in line if not named(one) and (one != "\t" or line.isprintable()))
    assert text == seen
    assert sum(one.named for one in drawn) == sum(bool(named(one)) for one in line if one != "\t")
    for one in drawn:
        assert one.column == laid.column(one.start)


@given(LINES)
def test_that_nothing_drawn_or_copied_is_unseen(line: str) -> None:
    laid = shown(line)
    for text in (laid.copied(0, len(line)), *(one.text for one in laid.parts(0, len(line)))):
        assert not [one for one in text if one != "\t" and named(one)]


@pytest.mark.parametrize(
    ("character", "mark"),
    [("\x00", "‹NUL›"), ("\x1b", "‹ESC›"), ("\u202e", "‹202E›"), ("\u200b", "‹200B›"), ("\ud800", "‹D800›")],
)
def test_that_hostile_characters_are_named(character: str, mark: str) -> None:
    parts = shown(f"a{character}b").parts(0, 3)
    assert [one.text for one in parts] == ["a", mark, "b"]
    assert parts[1].named


def test_that_wide_characters_take_two_cells_and_tabs_reach_their_stop() -> None:
    laid = shown("日a\tb")
    assert [laid.column(index) for index in range(5)] == [0, 2, 3, TAB, TAB + 1]


def test_that_a_long_line_is_cut_around_what_is_looked_at() -> None:
    line = "x" * 500_000 + "secret" + "y" * 500_000
    started = time.monotonic()
    laid = shown(line, around=500_000)
    assert time.monotonic() - started < 0.2
    assert len(laid.text) == LONGEST
    assert laid.before + len(laid.text) + laid.after == len(line)
    assert "".join(one.text for one in laid.parts(500_000, 500_006)) == "secret"


@given(
    st.lists(LINES, max_size=12), st.sampled_from(["python", "a/b.js", "x.json", "Dockerfile", "a.yaml", "nothing", ""])
)
def test_that_pieces_cover_each_line_exactly(lines: list[str], language: str) -> None:
    for line, pieces in zip(lines, highlighted(lines, language), strict=True):
        assert "".join(line[one.start : one.end] for one in pieces) == line
        assert all(one.start < one.end for one in pieces)


def test_that_roles_are_those_of_the_pictures() -> None:
    lines = ["@once", "def pay(n: int) -> str:  # why", '    return f("a", 12)']
    roles = [
        {line[one.start : one.end]: one.role for one in pieces}
        for line, pieces in zip(lines, highlighted(lines, "pay.py"), strict=True)
    ]
    assert roles[0]["@once"] == "code_keyword"
    assert (roles[1]["def"], roles[1]["pay"], roles[1]["# why"]) == ("code_keyword", "code_name", "code_comment")
    assert (roles[2]["return"], roles[2]["12"]) == ("code_keyword", "code_number")
    assert any(role == "code_string" for role in roles[2].values())


def test_that_a_text_over_lines_is_coloured_on_each() -> None:
    pieces = highlighted(['"""one', "two", 'three"""'], "python")
    assert [one[0].role for one in pieces] == ["code_string"] * 3


@pytest.mark.parametrize(
    "text", ["(" * 1_000_000, '"' + "\\" * 1_000_000, "a" * 1_000_000, "/*" * 500_000, "\x00" * 1_000_000]
)
@pytest.mark.parametrize("language", ["a.py", "a.js", "a.json", "a.c", "a.html"])
def test_that_hostile_texts_take_no_time(text: str, language: str) -> None:
    started = time.monotonic()
    highlighted([text, *[text[:300]] * 300], language)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("colours", THEMES.values(), ids=THEMES)
def test_that_code_is_readable_on_its_ground_and_on_marked_rows(colours: Colours) -> None:
    for role in {role for _, role in ROLES} | {"text", "muted"}:
        for ground in ("sunken", "warn_soft", "ok_soft", "bad_soft", "accent_soft"):
            assert contrast(colours.of(role), colours.of(ground)) >= READABLE, (role, ground)
        if role != "code_comment":  # drawn muted where it is selected
            assert contrast(colours.of(role), colours.of("selection")) >= READABLE, role


@pytest.mark.parametrize("colours", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("tone", ["ok", "bad"])
def test_that_words_that_changed_are_readable(colours: Colours, tone: str) -> None:
    """The tone lies over its soft fill, not quite opaque."""
    over, under = colours.of(tone), colours.of(f"{tone}_soft")
    parts = ((over.red(), under.red()), (over.green(), under.green()), (over.blue(), under.blue()))
    mixed = QColor(*(round(STRONGER * one + (1 - STRONGER) * other) for one, other in parts))
    assert contrast(colours.of("text"), mixed) >= READABLE


@pytest.mark.parametrize(
    ("language", "is_known"),
    [
        ("a/Dockerfile", True),
        ("Dockerfile", True),
        ("x.tf", True),
        ("sql", True),
        ("", False),
        ("[", False),
        ("../..", False),
        ("a.zzz", False),
    ],
)
def test_that_a_language_is_told_by_its_name_or_a_path(language: str, is_known: bool) -> None:
    assert known(language) == is_known
