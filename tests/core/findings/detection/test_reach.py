"""Tried only where its weakened form was seen to end, a pattern matches what it matches anywhere."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.findings.detection.test_weakened import LETTERS, PATTERNS

from espalier.core.findings.detection import automaton
from espalier.core.findings.detection.reach import FARTHEST, Reach, Stretch, reach
from espalier.core.findings.detection.rules import bundled
from espalier.core.findings.detection.weakened import Weakened, weakened


def _ends(weak: Weakened, text: str) -> list[int]:
    """In characters, as the text before each place has them."""
    data = text.encode()
    hits = automaton.Automaton([automaton.Expression(weak)]).hits(data)
    return sorted({len(data[:end].decode(errors="ignore")) for end, _ in hits})


@given(PATTERNS, st.sampled_from([0, re.IGNORECASE, re.MULTILINE]), st.text(LETTERS, max_size=60))
def test_that_every_match_is_in_a_stretch(source: str, flags: int, text: str) -> None:
    try:
        pattern = re.compile(source, re.ASCII | flags)
        weak, far = weakened(pattern), reach(pattern)
    except (ValueError, re.error):
        return
    if far is None or not automaton.can_run(weak):
        return
    stretches = far.around(_ends(weak, text), len(text))
    for found in pattern.finditer(text):
        if found[0]:
            assert any(one.first <= found.start() < one.behind and found.end() <= one.end for one in stretches)


@pytest.mark.parametrize(
    ("source", "before", "whole"),
    [
        ("abc", 3, 3),
        ("ab{2,9}", 3, 10),
        ("(?:a|bcd)x{5,}y", None, None),
        (r"(?<![a-z])a{3}(?=b{4}|c)", 3, 7),
        (r"(ab?)-\1", 5, 5),
        (r"k=(?:'x{4,20}|x{4,20})", 7, 23),
    ],
)
def test_how_far_patterns_reach(source: str, before: int | None, whole: int | None) -> None:
    far = reach(re.compile(source, re.ASCII))
    assert (far and far.before, far and far.whole) == (before, whole)


def test_that_most_rules_are_tried_near_their_signs_only() -> None:
    rules = [rule for rule in bundled().rules if not rule.multiline]
    assert sum(reach(rule.pattern) is not None for rule in rules) > 0.8 * len(rules)


def test_that_stretches_are_joined_and_stay_within_the_text() -> None:
    far = Reach(before=3, whole=10)
    assert far.around([2, 5, 40], 45) == (Stretch(0, 5, 16), Stretch(36, 40, 45))
    assert reach(re.compile(f"a{{1,{FARTHEST + 1}}}", re.ASCII)) is None
