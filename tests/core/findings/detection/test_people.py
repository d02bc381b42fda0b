"""Names of people: which there are, where they stand, and where the same letters are no name."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.core.findings.detection import automaton
from espalier.core.findings.detection.detect import MESSAGE, Detector, Naming
from espalier.core.findings.detection.people import NOBODY, Names, People, is_full, known_by, people
from espalier.core.findings.detection.plugins import file_type
from espalier.core.findings.detection.prefilter import AllAtOnce, OneByOne
from espalier.core.findings.detection.probes import EVERYWHERE, Dialect, of_people
from espalier.core.findings.detection.rules import bundled

SIGNED = [
    ("Jane Roe", "jroe@orchard-tools.com"),
    ("José Núñez", "17+pepe@users.noreply.github.com"),
    ("Mary-Anne O'Neil", "mary.anne@orchard-tools.com"),
    ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com"),
    ("Release Bot", "noreply@orchard-tools.com"),
    ("ada lovejoy", "ada@orchard-tools.com"),
    ("root", "root@localhost"),
    ("村山 めがね", "x@orchard-tools.com"),
]
PEOPLE = people(SIGNED)
DETECTOR = Detector(bundled(), PEOPLE)


def named(text: str, path: str = "src/a.py") -> list[tuple[str, str]]:
    return [
        (text[one.start : one.end], one.confidence) for one in DETECTOR.spans(text, path) if one.rule == "person-name"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Copyright (c) 2019 Jane Roe", [("Jane Roe", "medium")]), ('__author__ = "José Núñez"', [("José Núñez", "medium")]),
        ("// JOSÉ NÚÑEZ AND JANE ROE", [("JOSÉ NÚÑEZ", "medium"), ("JANE ROE", "medium")]),
        ("(Mary-Anne O'Neil)", [("Mary-Anne O'Neil", "medium")]), ("by Release Bot", [("Release Bot", "low")]),
        ("ask ada lovejoy", [("ada lovejoy", "low")]), ("村山 めがね", [("村山 めがね", "low")]),
        ("# TODO(jroe): mend", [("jroe", "medium")]), (" * @author  pepe", [("pepe", "medium")]),
        ("FIXME(@mary.anne) later", [("mary.anne", "medium")]), ("\\author jroe", [("jroe", "medium")]),
        ("jane roe = 1", []), ("Jane Roehampton", []), ("Mary-Jane Roe", []), ("Jane Roe-Smith", []), ("a_Jane Roe", []),
        ("jroe = pepe(root)", []), ("TODO(root)", []), ("@jroe\ndef f(): ...", []), ("# TODO(someone)", []), ("JaneRoe", []),
    ],
)  # fmt: skip
def test_that_names_are_found_whole_and_handles_behind_marks(text: str, expected: list[tuple[str, str]]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(("path", "found"), [(MESSAGE, True), (".github/CODEOWNERS", True), ("src/a.py", False), ("AUTHORS", False)])  # fmt: skip
def test_that_a_bare_at_is_about_people_in_messages_and_lists_of_owners(path: str, found: bool) -> None:
    assert named("/src/ @jroe\n", path) == ([("jroe", "medium")] if found else [])


@pytest.mark.parametrize("path", ["AUTHORS", "docs/contributors.md", "CREDITS.txt", "THANKS"])
def test_that_a_file_that_is_there_to_list_people_names_them_without_a_finding(path: str) -> None:
    assert named("Jane Roe <jroe@orchard-tools.com>", path) == []
    assert [one.rule for one in DETECTOR.spans("Jane Roe <jroe@orchard-tools.com>", path)] == ["email"]


@pytest.mark.parametrize(
    ("name", "full"),
    [("Jane Roe", True), ("J. Roe", True), ("Jo Li", False), ("root", False), ("jane.roe", False), ("jane@x y.com", False), ("张伟", False),
     ("欧阳锋", True), ("- Jane Roe", False), ("Jane Roe " * 20, False), ("", False), ("12 34567", False)],
)  # fmt: skip
def test_that_a_full_name_has_two_words(name: str, full: bool) -> None:
    assert is_full(name) is full


def test_that_of_two_ways_to_write_a_name_the_one_with_capitals_counts() -> None:
    assert people([("jane roe", ""), ("Jane Roe", "")]).names == people([("Jane Roe", ""), ("jane roe", "")]).names == {"Jane Roe": "medium"}  # fmt: skip


def test_that_without_people_nobody_is_found() -> None:
    assert not NOBODY
    assert Detector(bundled()).spans("Jane Roe, TODO(jroe)", "a.py") == []
    assert DETECTOR.digest == Detector(bundled()).digest


def test_that_no_name_shows_in_a_representation() -> None:
    assert repr(PEOPLE) == "People(6 names, 4 handles)"


def test_that_names_found_before_are_found_again() -> None:
    again = Detector(bundled()).knowing(known_by(["JANE ROE", "jroe"]))
    text = "Jane Roe\n# TODO(jroe)\n"
    assert [text[one.start : one.end] for one in again.spans(text, "a.py")] == ["Jane Roe", "jroe"]


WORDS = st.text("abcdeXYZéÉñ漢'-. ", min_size=1, max_size=8)
NAMES = st.lists(
    st.tuples(WORDS, WORDS).map(lambda pair: " ".join(" ".join(pair).split())).filter(is_full), min_size=1, max_size=6
)


@given(names=NAMES, noise=st.lists(WORDS, max_size=6), at=st.integers(0, 50))
def test_that_both_engines_find_the_same_and_every_name_that_stands_alone(
    names: list[str], noise: list[str], at: int
) -> None:
    chosen = names[at % len(names)]
    lines = [*noise, f"by {chosen}", f"{chosen}, {chosen.upper()}", "nothing"]
    prose = Dialect(kind=file_type(""), lock=False, credits=False, rules=frozenset(), of_file=frozenset())
    probes = of_people(Names(people([(name, "") for name in names])))
    one, all_of_them = (list(engine(probes).wanted(lines)) for engine in (OneByOne, AllAtOnce))
    found = [
        [span for line, _ in wanted for probe in probes for span in probe.find(line, prose, EVERYWHERE)]
        for wanted in (one, all_of_them)
    ]
    assert found[0] == found[1]
    assert len(found[0]) >= 2


def test_that_whoever_only_asks_for_names_is_told_where_any_is() -> None:
    naming = Naming(People({"Jane Roe": "medium"}, {"pepe": "medium"}))
    told = [naming.holds(text, "a.py") for text in ("x\nby Jane Roe", "TODO(pepe)", "pepe", "x = 'ghp_'", "")]
    assert told == [True, True, False, False, False]
    assert naming.holds("thanks @pepe", MESSAGE)
    assert not naming.holds("Jane Roe", "AUTHORS")


def test_that_the_automaton_over_names_is_kept_in_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ESPALIER_CACHE", str(tmp_path))
    detector = Detector(replace(bundled(), own=()), people([("Zebulon Quartermaine", "")]))
    text = "".join(f"x = {number}\n" for number in range(8000)) + "by Zebulon Quartermaine\n"
    assert [text[one.start : one.end] for one in detector.spans(text, "a.py")] == ["Zebulon Quartermaine"]
    assert automaton.is_to_be_had()
    assert list(tmp_path.rglob("*.hs"))
    assert all(b"uartermaine" not in path.read_bytes() for path in tmp_path.rglob("*.hs"))
