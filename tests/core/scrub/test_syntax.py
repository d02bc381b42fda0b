"""Syntax: a file that could be read before is read after, whatever is in it; what nobody could read is nobody's loss."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.core.scrub.syntax import DEEPEST, is_broken

WHOLE = {
    "a.py": "x = [1]\n",
    "a.json": '{"x": [1]}',
    "a.toml": "x = [1]\n",
    "a.yaml": "x: [1]\n",
    "b.yml": "--- # one\nx: &a [1]\n---\ny: *a\n",
    "web.config": "<?xml version='1.0' encoding='utf-16'?>\n<x>[1]</x>\n",
    "page.xhtml": '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "x.dtd">\n<x>[1]&nbsp;</x>\n',
}
BREAKING = {
    "a.yaml": ("x: [1]", "x: [1"),
    "b.yml": ("[1]", "[1: }"),
    "web.config": ("</x>", "</y>"),
    "page.xhtml": ("[1]", "<"),
}


@pytest.mark.parametrize("path", WHOLE)
def test_that_a_file_that_can_no_more_be_read_is_broken(path: str) -> None:
    text = WHOLE[path]
    old, new = BREAKING.get(path, ("1]", "1"))
    assert is_broken(path, text, text.replace(old, new))
    assert not is_broken(path, text, text.replace("1", "22"))


@pytest.mark.parametrize("path", WHOLE)
def test_that_what_could_not_be_read_before_is_broken_by_nothing(path: str) -> None:
    assert not is_broken(path, "{{ [ <", "{{ <") and not is_broken("a.txt", WHOLE[path], "{")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("deep.yaml", "[" * 200_000),
        ("deep.yaml", "{a: " * 50_000),
        ("closed.yaml", "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1)),
        ("grows.xml", '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>'),
        ("deep.xml", "<x>" * 200_000),
        ("a.yaml", "\ud800: \0"),
        ("a.xml", "<x>\ud800</x>"),
    ],
)
def test_that_what_is_made_to_take_long_is_left_alone(path: str, text: str) -> None:
    assert not is_broken(path, text, f"{text}<[")


@given(st.sampled_from(sorted(WHOLE)), st.text(max_size=60), st.text(max_size=60))
def test_that_no_text_is_too_odd_to_be_judged(path: str, before: str, after: str) -> None:
    assert not is_broken(path, before, before)
    is_broken(path, before, after)
