"""A weakened pattern ends a match inside every match of the pattern: nothing that the pattern finds can be passed over."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.core.findings.detection import automaton
from espalier.core.findings.detection.rules import bundled
from espalier.core.findings.detection.weakened import Weakened, weakened

LETTERS = "abK1_-\"'é€𝔞 \n="
ATOMS = st.sampled_from(
    ["a", "b", "K", "1", "é", "€", "=", '"', ".", r"\w", r"\W", r"\d", r"\D", r"\s", r"\S", "[ab]", "[^ab]", "[a-k1-3]",
     "[^é]", "[é-€]", r"[^\s\"']", r"[^\W]", r"[\w-]", r"\b", r"(?<!a)", r"(?=b)", r"(?!1)", "^", "$", r"(?i:k)", "ab|K1", "€"]
)  # fmt: skip
REPEATS = st.sampled_from(["", "", "?", "*", "+", "{2}", "{1,3}", "{0,30}", "{2,}", "*?", "+?", "++", "{1,2}+"])


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    groups = st.tuples(inner, REPEATS).map(lambda one: f"(?:{one[0]}){one[1]}")
    either = st.tuples(inner, inner).map("|".join).map(lambda text: f"(?:{text})")
    again = inner.map(lambda text: f"({text})x")  # a group, for what it holds to be named
    return st.lists(groups | either | again | inner, min_size=1, max_size=4).map("".join)


PATTERNS = st.recursive(st.tuples(ATOMS, REPEATS).map(lambda one: f"(?:{one[0]}){one[1]}"), _grown, max_leaves=8)


def _hits(weak: Weakened, text: str) -> list[int]:
    return [end for end, _ in automaton.Automaton([automaton.Expression(weak)]).hits(text.encode())]


@given(PATTERNS, st.sampled_from([0, re.IGNORECASE, re.MULTILINE]), st.text(LETTERS, max_size=40))
def test_that_no_match_is_passed_over(source: str, flags: int, text: str) -> None:
    try:
        pattern = re.compile(source, re.ASCII | flags)
        weak = weakened(pattern)
    except (ValueError, re.error):
        return
    if not automaton.can_run(weak):  # an expression that matches nothing wide, for one
        return
    ends = _hits(weak, text)
    for found in pattern.finditer(text):
        if found[0]:
            first, last = (len(text[:at].encode()) for at in found.span())
            assert any(first < end <= last for end in ends)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"""(["'])key\1=(["'])(\w{3,5})\2""", "x 'key'=\"abcd\" y"),
        (r"(?i)päss\w{2,40}=[^\s]{2,30}", "Päss" + "w" * 40 + "=" + "é" * 30),
        (r"a[^\"]b", "a€b"),
        (r"a.{1,3}b", "a𝔞𝔞𝔞b"),
        (r"(?:(?:ab|)c){2}", "cabc"),
    ],
)
def test_that_these_are_found(source: str, text: str) -> None:
    pattern = re.compile(source, re.ASCII)
    assert pattern.search(text)
    assert _hits(weakened(pattern), text)


@pytest.mark.parametrize("source", [r"(?i)a", r"\w+", r"(?:a|b)(?=c)"])
def test_that_a_pattern_of_all_letters_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="ASCII"):
        weakened(re.compile(source))


@pytest.mark.parametrize("source", [r"a*", r"(?=b)", r"^$", r"(?:x?)*"])
def test_that_a_pattern_of_which_nothing_is_left_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="nothing is left"):
        weakened(re.compile(source, re.ASCII))


def test_that_an_automaton_runs_every_rule() -> None:
    for rule in bundled().rules:
        assert automaton.can_run(weakened(rule.pattern)), rule.id
