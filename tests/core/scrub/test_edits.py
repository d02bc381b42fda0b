"""Edits: how they compose, and where lines come from."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from espalier.core.scrub.edits import Edit, Scrubbed, Wish, applied, composed, united

TEXTS = st.text("ab\n", min_size=1, max_size=60)


def _wishes(data: st.DataObject, text: str) -> list[Wish]:
    ends = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    chosen = data.draw(st.lists(ends, max_size=4))
    return united(Wish(start, end, f"<{n}>") for n, (start, end) in enumerate(chosen) if start < end)


@given(TEXTS, st.data())
def test_that_united_wishes_are_apart_and_lose_nothing(text: str, data: st.DataObject) -> None:
    wishes = _wishes(data, text)
    assert all(one.end <= other.start for one, other in pairwise(wishes))


@given(TEXTS, st.data())
def test_that_composed_edits_do_both(text: str, data: st.DataObject) -> None:
    first = composed(text, (), _wishes(data, text))
    middle = applied(text, first)
    wishes = _wishes(data, middle)
    result = applied(text, composed(text, first, wishes))
    for wish in wishes:
        assert wish.replacement in result
    if not any(edit.replacement in middle[w.start : w.end] or _splits(first, w) for w in wishes for edit in first):
        assert result == applied(middle, composed(middle, (), wishes))


def _splits(edits: tuple[Edit, ...], wish: Wish) -> bool:
    shift = 0
    for edit in edits:
        start = edit.start + shift
        if wish.start < start + len(edit.replacement) and start < wish.end:
            return True
        shift += len(edit.replacement) - (edit.end - edit.start)
    return False


@given(TEXTS, st.data())
def test_that_lines_go_there_and_back(text: str, data: st.DataObject) -> None:
    edits = composed(text, (), _wishes(data, text))
    scrubbed = Scrubbed(text=applied(text, edits), edits=edits)
    for line in range(1, scrubbed.text.count("\n") + 2):
        assert scrubbed.scrubbed_line(scrubbed.original_line(line)) == line
    lines = [scrubbed.scrubbed_line(line) for line in range(1, text.count("\n") + 2)]
    assert lines == sorted(lines) and lines[-1] == scrubbed.text.count("\n") + 1


def test_that_a_key_that_shrank_keeps_the_lines_after_it() -> None:
    text = 'a = 1\nKEY = """one\ntwo\nthree"""\nb = 2\n'
    start, end = text.index("one"), text.index('"""\nb')
    edits = composed(text, (), [Wish(start, end, "X")])
    scrubbed = Scrubbed(text=applied(text, edits), edits=edits)
    assert scrubbed.text.split("\n") == ["a = 1", 'KEY = """X"""', "b = 2", ""]
    assert [scrubbed.original_line(line) for line in (1, 2, 3)] == [1, 2, 5]
    assert [scrubbed.scrubbed_line(line) for line in (1, 2, 3, 4, 5)] == [1, 2, 2, 2, 3]
