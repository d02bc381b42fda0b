"""A reported value is found where it stands, and nowhere else."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.core.findings.detection.spans import Kind
from espalier.core.findings.detection.specimens import specimen
from espalier.core.findings.detection.values import entropy
from espalier.core.findings.reports.hashed import Hashes
from espalier.core.findings.reports.reported import Columns, Reported, Unit
from espalier.core.findings.reports.stretch import lines, stretch

VALUE = specimen("{alnum:24}", "stretch")
TEXT = f'x = 1\nschlüssel = "{VALUE}"  # 𝒳\nend\n'


def reported(**more: object) -> Reported:
    return Reported(**{"where": "entry 1", "tool": "gitleaks", "rule": "x", "path": "a.py", "line": 2} | more)  # type: ignore[arg-type]


def named(value: str, kind: Kind = "secret") -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def sha1(value: str) -> str:
    return hashlib.sha1(value.encode(), usedforsecurity=False).hexdigest()


def found(one: Reported, text: str = TEXT) -> str | None:
    at = stretch(lines(text), one, Hashes(named))
    return text[at.start : at.end] if at and at.seen else None


@pytest.mark.parametrize("line", [None, 1, 2, 3, 99])
def test_that_a_value_is_found_by_its_text_wherever_it_stands(line: int | None) -> None:
    assert found(reported(value=VALUE, line=line)) == VALUE
    assert found(reported(value=VALUE[::-1], line=line)) is None


def test_that_a_value_is_found_on_its_line_first() -> None:
    at = stretch(lines(f"{VALUE}\n{VALUE}\n"), reported(value=VALUE), Hashes(named))
    assert at and at.start == len(VALUE) + 1


def test_that_a_value_of_several_lines_is_found() -> None:
    assert found(reported(value="a\nb", line=1), "a\nb\n") == "a\nb"


def test_that_a_value_is_found_by_its_hash_on_its_line_only() -> None:
    assert found(reported(sha1=sha1(VALUE))) == found(reported(fingerprint=named(VALUE))) == VALUE
    assert found(reported(sha1=sha1(VALUE), line=None)) == VALUE
    assert found(reported(sha1=sha1(VALUE), line=1)) is None
    assert found(reported(sha1=sha1(VALUE), line=99)) is None
    assert found(reported(fingerprint="0" * 64)) is None


def test_that_a_line_of_a_million_words_is_looked_through_in_time() -> None:
    assert found(reported(sha1=sha1("nothing"), line=1), "a " * 500_000) is None


@pytest.mark.parametrize(("unit", "start"), [("characters", 13), ("bytes", 14), ("utf-16", 13)])
def test_that_columns_are_counted_in_their_unit(unit: Unit, start: int) -> None:
    columns = Columns(start=start, end=start + len(VALUE), unit=unit)
    assert found(reported(columns=columns)) == VALUE
    assert found(reported(columns=columns, around=f'schlüssel = "{VALUE}"')) == VALUE
    assert found(reported(columns=columns, around="another line")) is None


def test_that_a_redacted_value_is_known_by_its_entropy_within_its_columns() -> None:
    whole = Columns(start=0, end=14 + len(VALUE) + 1, unit="bytes")
    assert found(reported(columns=whole, entropy=entropy(VALUE))) == VALUE
    assert found(reported(columns=whole, entropy=7.5)) is None


def test_that_several_words_are_no_value_where_nothing_tells_which() -> None:
    at = stretch(lines(TEXT), reported(columns=Columns(start=0, end=99, unit="bytes")), Hashes(named))
    assert at and not at.seen and TEXT[at.start : at.end] == TEXT.split("\n")[1]


def test_that_a_line_alone_is_told_as_a_line() -> None:
    at = stretch(lines(TEXT), reported(), Hashes(named))
    assert at and not at.seen and TEXT[at.start : at.end] == TEXT.split("\n")[1]
    assert stretch(lines(TEXT), reported(line=9), Hashes(named)) is None


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1, max_size=12)


@given(st.text(max_size=40), WORDS, st.text(max_size=40), st.integers(1, 5))
def test_that_what_is_found_is_the_value(before: str, value: str, after: str, line: int) -> None:
    text = f'{before} "{value}" {after}'
    assert found(reported(value=value, line=line), text) == value
    told = text.count("\n", 0, len(before) + 2) + 1
    by_hash = found(reported(sha1=sha1(value), line=told), text)
    assert by_hash == value


@given(
    st.text(max_size=60),
    st.integers(1, 4),
    st.integers(0, 50),
    st.integers(0, 50),
    st.sampled_from(["bytes", "utf-16", "characters"]),
)
def test_that_no_columns_lead_out_of_the_line(text: str, line: int, start: int, more: int, unit: Unit) -> None:
    at = stretch(
        lines(text), reported(line=line, columns=Columns(start=start, end=start + more, unit=unit)), Hashes(named)
    )
    if at is not None:
        assert "\n" not in text[at.start : at.end] and 0 <= at.start <= at.end <= len(text)
