"""Values looked for by their hashes: each line is hashed once, and what is found does not depend on who asked before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.core.findings.detection.spans import Kind
from espalier.core.findings.reports import hashed
from espalier.core.findings.reports.hashed import Hashes
from espalier.core.findings.reports.reported import Reported

LINE = 'token = "one" + "two three"  # four'


def asked(name: str, kind: Kind = "secret") -> Reported:
    return Reported(where="entry 1", tool="espalier", rule="x", fingerprint=name, kind=kind)


class Counting:
    """Names values by themselves, and counts how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, value: str, kind: Kind) -> str:
        self.times += 1
        return f"{kind} {value}"


def test_that_a_line_is_hashed_once_whatever_is_asked_of_it() -> None:
    named = Counting()
    hashes = Hashes(named)
    assert hashes.find(LINE, asked("secret nothing")) is None
    once = named.times
    for value in ("one", "two three", "four", "nothing", "five"):
        at = hashes.find(LINE, asked(f"secret {value}"))
        assert (None if at is None else LINE[at[0] : at[1]]) == (value if value in LINE else None)
    assert named.times == once
    hashes.find(LINE, asked("personal one", "personal"))
    assert named.times > once


def test_that_a_line_is_hashed_no_further_than_to_what_is_asked() -> None:
    named = Counting()
    assert Hashes(named).find(LINE, asked("secret token")) == (0, 5)
    assert named.times == 1


@given(st.lists(st.sampled_from([*LINE.split(), "one", "two", "gone", ""]), max_size=12), st.booleans())
def test_that_what_was_asked_or_forgotten_before_changes_nothing(values: list[str], forgets: bool) -> None:
    hashes = Hashes(Counting())
    for value in values:
        assert hashes.find(LINE, asked(f"secret {value}")) == Hashes(Counting()).find(LINE, asked(f"secret {value}"))
        if forgets:
            hashes.forget()


def test_that_no_more_is_held_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashed, "MOST_HELD", 100_000)
    named = Counting()
    hashes = Hashes(named)
    for number in range(50):
        hashes.find(f"{LINE} {number}", asked("secret nothing"))
    before = named.times
    hashes.find(f"{LINE} 49", asked("secret nothing"))
    assert named.times == before
    hashes.find(f"{LINE} 0", asked("secret nothing"))
    assert named.times > before
