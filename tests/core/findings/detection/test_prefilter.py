"""Two engines look for what warrants a look, and what is found is the same with either; pieces cover a text."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.findings.detection.test_detect import HOSTILE, TEXTS

from espalier.core.findings.detection import automaton
from espalier.core.findings.detection.beneath import Beneath
from espalier.core.findings.detection.detect import Detector
from espalier.core.findings.detection.pieces import LONGEST, OVERLAP, STRIDE, pieces
from espalier.core.findings.detection.prefilter import SHORT, AllAtOnce, Engine, OneByOne, Prefilter
from espalier.core.findings.detection.probes import probes
from espalier.core.findings.detection.rules import Rule, bundled
from espalier.core.findings.detection.spans import Span
from espalier.core.findings.detection.specimens import specimen
from espalier.core.findings.own.parse import parse

PROBES = probes(bundled().rules, Beneath(bundled().rules))
ENGINES: dict[str, Engine] = {"one by one": OneByOne(PROBES), "all at once": AllAtOnce(PROBES)}
TOKEN = specimen("ghp_{alnum:36}", "prefilter")


def spans(engine: str, text: str, path: str) -> list[Span]:
    detector = Detector(bundled())
    prefilter = detector._lines._prefilter
    prefilter._engine, prefilter._left = ENGINES[engine], 0
    return detector.spans(text, path)


@given(TEXTS, st.sampled_from(["a.py", "b.yaml", ".env", "m.md", "COMMIT_EDITMSG", "go.sum"]))
def test_that_both_engines_find_the_same(text: str, path: str) -> None:
    assert spans("one by one", text, path) == spans("all at once", text, path)


def _drawn_from(rule: Rule) -> st.SearchStrategy[str]:
    """What a rule's pattern matches, but for what it wants to stand around it."""
    looking_back = r"\(\?<[!=](?:[^()\[\]]|\[[^\]]*\])*\)"
    return st.from_regex(re.compile(re.sub(looking_back, "", rule.pattern.pattern), rule.pattern.flags))


OF_RULES = st.sampled_from(bundled().rules).flatmap(_drawn_from)


@given(OF_RULES, st.sampled_from(["a.py", ".env", "notes.md"]))
def test_that_both_engines_find_what_any_rule_was_made_for(text: str, path: str) -> None:
    assert spans("one by one", text, path) == spans("all at once", text, path)


MINIFIED = ("function(t){return e.key=t,n(r)};", 'var é="a b c",o={"x":1};')


@given(st.lists(OF_RULES.map(lambda text: text.replace("\n", " ")), min_size=1, max_size=3), st.sampled_from(MINIFIED))
def test_that_both_engines_find_the_same_in_a_long_line(texts: list[str], code: str) -> None:
    line = code.join(["", *texts, code * (SHORT // len(code)), *texts])
    assert spans("one by one", line, "a.js") == spans("all at once", line, "a.js")


@given(
    st.lists(OF_RULES | st.text(max_size=20) | st.sampled_from(["pass", "PWD=", "key", "auth"]), max_size=4).map(
        " ".join
    )
)
def test_that_a_rule_tried_at_its_keywords_matches_what_it_matches_anywhere(text: str) -> None:
    for rule in bundled().rules:
        if rule.anchored:
            assert [one.span() for one in rule.matches(text)] == [one.span() for one in rule.pattern.finditer(text)]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_that_both_read_hostile_text_alike(text: str) -> None:
    assert spans("one by one", text, ".env") == spans("all at once", text, ".env")


@pytest.mark.parametrize("lead", ["", "é" * 5000, "x" * 20_000, "𝔞" * 30_000, "\n" * 3, "é\n€\n"])
def test_that_places_are_characters_whatever_stands_before(lead: str) -> None:
    text = f'{lead} token = "{TOKEN}" # ü\n'
    for engine in ENGINES:
        (span,) = spans(engine, text, "a.py")
        assert text[span.start : span.end] == TOKEN


def test_that_nothing_is_wanted_of_ordinary_text() -> None:
    for engine in ENGINES.values():
        assert not list(engine.wanted(["area = a * b", "", "return area"]))


def test_that_each_line_is_told_for_itself() -> None:
    lines = [
        "",
        "é" * 9,
        f'token = "{TOKEN}"',
        "x = 1",
        "-----BEGIN PRIVATE KEY-----",
        "y" * LONGEST + f' "{TOKEN}"',
        "",
    ]
    for engine in ENGINES.values():
        assert {line for line, _ in engine.wanted(lines)} == {lines[2], lines[4], lines[5]}


LINES = st.integers(0, 3 * STRIDE).map(lambda size: "x" * size)


@given(LINES, st.data())
def test_that_pieces_cover_a_line_and_what_is_short_is_whole_in_one(line: str, data: st.DataObject) -> None:
    every = list(pieces(line))
    if not line:
        assert every == [(0, 0)]
        return
    at = data.draw(st.integers(0, len(line) - 1))
    assert any(start <= at < stop for start, stop in every)
    end = min(len(line), at + OVERLAP)
    assert any(start <= at and end <= stop for start, stop in every)


def test_that_a_machine_without_the_automaton_goes_on_as_it_began(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(automaton, "hyperscan", None)
    prefilter = Prefilter(PROBES)
    for _ in range(3):
        assert len(list(prefilter.wanted([f'token = "{TOKEN}"'] * 1000))) == 1000


def test_that_a_broken_automaton_in_the_cache_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESPALIER_CACHE", str(tmp_path))
    few = PROBES[:3]
    AllAtOnce(few)
    (path,) = (tmp_path / "automata").glob("*.hs")
    whole = path.read_bytes()
    for broken in (whole[:1000], b"", whole[:2000] + bytes(1000) + whole[3000:]):
        path.write_bytes(broken)
        AllAtOnce(few)
        assert path.read_bytes() == whole


def test_that_automata_of_other_rules_leave_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESPALIER_CACHE", str(tmp_path))
    for size in range(1, automaton.KEPT + 4):
        AllAtOnce(PROBES[:size])
    assert len(list((tmp_path / "automata").iterdir())) == automaton.KEPT


def test_that_own_rules_find_the_same_whichever_engine_looks_for_their_keywords() -> None:
    rules = parse("acme", "[[rules]]\nid = 'token'\nregex = 'QX-[0-9]{9}'\nkeywords = ['qx-', 'other']").rules
    long = "word " * 10_000 + "QX-123456789 " + "word " * 10
    detector = Detector(replace(bundled(), own=rules))
    for text in ("QX-123456789", long, long, "é QX-123456789", "nothing"):
        found = [text[span.start : span.end] for span in detector.spans(text, "a.txt") if span.rule == "acme/token"]
        assert found == (["QX-123456789"] if "QX" in text else [])
