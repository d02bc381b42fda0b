"""A difference gives both texts back, finds the fewest changes, and takes no longer than it may."""

import random
import time
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.gui.code.compared import Beside, Comparison, Unified
from espalier.gui.code.difference import blocks, difference, words

FEW = st.lists(st.sampled_from(["a", "b", "c", "d e", "d f", ""]), max_size=14)


def longest_common(a: Sequence[str], b: Sequence[str]) -> int:
    row = [0] * (len(b) + 1)
    for one in a:
        before = 0
        for place, other in enumerate(b):
            before, row[place + 1] = row[place + 1], before + 1 if one == other else max(row[place + 1], row[place])
    return row[-1]


@given(FEW | st.lists(st.text(max_size=5)), FEW | st.lists(st.text(max_size=5)))
def test_that_both_texts_come_back(before: list[str], after: list[str]) -> None:
    found = difference(before, after)
    assert [one.before.text for one in found.pairs if one.before] == before
    assert [one.after.text for one in found.pairs if one.after] == after
    for one in found.pairs:
        if one.same:
            assert one.before is not None and one.after is not None and one.before.text == one.after.text
    same = sum(one.same for one in found.pairs)
    assert (found.removed, found.added) == (len(before) - same, len(after) - same)


@given(FEW, FEW)
def test_that_the_changes_are_the_fewest(before: list[str], after: list[str]) -> None:
    assert sum(one.size for one in blocks(before, after)) == longest_common(before, after)


@given(FEW, FEW)
def test_that_stretches_follow_each_other_when_there_is_no_time(before: list[str], after: list[str]) -> None:
    found = blocks(before, after, edits=1)
    for one in found:
        assert before[one.before : one.before + one.size] == after[one.after : one.after + one.size]
    for one, other in pairwise(found):
        assert one.before + one.size <= other.before and one.after + one.size <= other.after


@given(st.text(max_size=80), st.text(max_size=80))
def test_that_what_is_left_of_words_is_the_same(before: str, after: str) -> None:
    changed, added = words(before, after)
    if changed or added:
        assert without(before, changed) == without(after, added)


def without(text: str, stretches: Sequence[tuple[int, int]]) -> str:
    for start, end in reversed(stretches):
        text = text[:start] + text[end:]
    return text


def test_that_only_the_words_that_changed_are_told() -> None:
    assert words("fee = price(item, 2)", "fee = price(order, 2)") == (((12, 16),), ((12, 17),))
    assert words("def a():", "import os, sys") == ((), ())


@pytest.mark.parametrize("kind", ["two lines at random", "nothing in common", "shuffled", "all the same", "long words"])
def test_that_hostile_texts_take_no_time(kind: str) -> None:
    chance = random.Random(1)
    texts = {
        "two lines at random": (
            [chance.choice("ab") for _ in range(20_000)],
            [chance.choice("ab") for _ in range(20_000)],
        ),
        "nothing in common": ([f"a{one}" for one in range(50_000)], [f"b{one}" for one in range(50_000)]),
        "shuffled": ([str(one) for one in range(30_000)], [str(one) for one in chance.sample(range(30_000), 30_000)]),
        "all the same": (["x"] * 100_000, ["x"] * 50_000),
        "long words": (
            ["a b " * 200 + str(one) for one in range(3_000)],
            ["b a " * 200 + str(one) for one in range(3_000)],
        ),
    }
    before, after = texts[kind]
    started = time.monotonic()
    found = difference(before, after)
    assert time.monotonic() - started < 6
    assert [one.before.text for one in found.pairs if one.before] == before
    assert [one.after.text for one in found.pairs if one.after] == after


@given(FEW, FEW)
def test_that_one_column_shows_every_line_once(before: list[str], after: list[str]) -> None:
    comparison = Comparison(difference(before, after))
    comparison.opened.update(range(len(comparison.difference.pairs)))
    rows = Unified(comparison)
    shown = [rows.row(number) for number in range(len(rows))]
    assert [one.text for one in shown if one.tone != "ok"] == before
    assert [one.text for one in shown if one.tone != "bad"] == after
    assert [one.numbers[0] for one in shown if one.numbers[0] is not None] == list(range(1, len(before) + 1))
    assert [one.numbers[1] for one in shown if one.numbers[1] is not None] == list(range(1, len(after) + 1))


@given(FEW, FEW)
def test_that_two_columns_stand_beside_each_other(before: list[str], after: list[str]) -> None:
    comparison = Comparison(difference(before, after))
    comparison.opened.update(range(len(comparison.difference.pairs)))
    left, right = Beside(comparison, "before"), Beside(comparison, "after")
    assert len(left) == len(right)
    assert [row.text for row in map(left.row, range(len(left))) if row.kind == "code"] == before
    assert [row.text for row in map(right.row, range(len(right))) if row.kind == "code"] == after


def test_that_long_unchanged_stretches_are_folded() -> None:
    lines = [f"line {number}" for number in range(100)]
    rows = Unified(Comparison(difference(lines, [*lines[:50], "new", *lines[50:]])))
    folds = [rows.row(number).text for number in range(len(rows)) if rows.row(number).kind == "fold"]
    assert folds == ["… 47 unchanged lines", "… 47 unchanged lines"]
    assert len(rows) == 3 + 3 + 1 + 2
    assert rows.changes == [4]
