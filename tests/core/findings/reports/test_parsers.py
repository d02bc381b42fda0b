"""Every format is read into one shape, and what is no such report is refused by its place, without a word of its content."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.findings.reports.written import (
    baseline,
    fish,
    fish_lines,
    fishes,
    leak,
    leaks,
    leaks_csv,
    result,
    sarif,
    truffle,
)

from espalier.core.failures import UnusableInput
from espalier.core.findings.detection.specimens import specimen
from espalier.core.findings.reports import fields, report
from espalier.core.findings.reports.report import FORMATS, Report, guess, read
from espalier.core.findings.reports.reported import Columns

COMMIT = specimen("{hex:40}", "report")
VALUE = specimen("{alnum:24}", "report")
WRITTEN = {
    "detect-secrets": baseline("src/a.py", VALUE, 3),
    "gitleaks": leaks(leak("src/a.py", COMMIT, VALUE, 3)),
    "gitleaks, CSV": leaks_csv(leak("src/a.py", COMMIT, VALUE, 3)),
    "kingfisher": fishes(fish("src/a.py", COMMIT, VALUE, 3)),
    "kingfisher, lines": fish_lines(fish("src/a.py", COMMIT, VALUE, 3)),
    "trufflehog": truffle("src/a.py", COMMIT, VALUE, 3) + "\n",
    "sarif": sarif(result("src/a.py", {"startLine": 3})),
    "gitleaksignore": f"# known\n\n{COMMIT}:src/a.py:generic-api-key:3\n",
}


def written(folder: Path, text: str | bytes, format: str | None = None) -> Report:
    file = folder / "report"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(file, format)


@pytest.mark.parametrize("name", WRITTEN)
def test_that_a_format_is_guessed_and_tells_the_place(tmp_path: Path, name: str) -> None:
    told = written(tmp_path, WRITTEN[name])
    assert (told.format, told.guessed, len(told.entries)) == (name.split(",")[0], True, 1)
    (one,) = told.entries
    assert (one.path, one.line, one.cleared) == ("src/a.py", 3, name == "gitleaksignore")
    assert one.commit == (None if name in ("detect-secrets", "sarif") else COMMIT)
    assert VALUE not in repr(told)


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_that_what_a_shell_redirected_is_read(tmp_path: Path, name: str, encoding: str) -> None:
    assert len(written(tmp_path, WRITTEN[name].encode(encoding)).entries) == 1


def test_that_an_audit_is_told_as_a_verdict_and_as_confidence(tmp_path: Path) -> None:
    def audited(**more: Any) -> tuple[bool, str]:
        (one,) = written(tmp_path, baseline("a.py", VALUE, 1, **more)).entries
        return one.cleared, one.confidence

    assert audited() == (False, "medium")
    assert audited(is_secret=False) == (True, "medium")
    assert audited(is_secret=True) == (False, "high")
    assert audited(is_verified=True) == (False, "high")


def test_that_columns_mean_what_each_scanner_means(tmp_path: Path) -> None:
    """All five tell of characters 4 to 8 of the third line."""
    region = {"startLine": 3, "startColumn": 5, "endColumn": 9}
    texts = {
        leaks(leak("a.py", COMMIT, "REDACTED", 3, (6, 9))): "bytes",
        fishes(fish("a.py", COMMIT, "[REDACTED:28a04e8e]", 3, (4, 7))): "bytes",
        sarif(result("a.py", region)): "utf-16",
        sarif(result("a.py", region), columnKind="unicodeCodePoints"): "characters",
        sarif(result("a.py", {"startLine": 3, "startColumn": 6, "endColumn": 9}), tool="gitleaks"): "bytes",
    }
    for text, unit in texts.items():
        (one,) = written(tmp_path, text).entries
        assert one.columns == Columns(start=4, end=8, unit=unit)  # type: ignore[arg-type]
        assert one.value is None


def test_that_what_was_decoded_or_redacted_is_not_taken_for_the_value(tmp_path: Path) -> None:
    texts = (
        leaks(leak("a.py", COMMIT, VALUE, 3, Tags=["decoded:base64", "decode-depth:1"])),
        leaks(leak("a.py", COMMIT, VALUE[:9] + "...", 3)),
        truffle("a.py", COMMIT, VALUE, 3, DecoderName="BASE64"),
        sarif(
            result("a.py", {"startLine": 3, "snippet": {"text": VALUE}}, properties={"tags": ["decoded:hex"]}),
            tool="gitleaks",
        ),
    )
    assert [written(tmp_path, text).entries[0].value for text in texts] == [None] * len(texts)


def test_that_what_belongs_to_a_value_is_told_with_its_file(tmp_path: Path) -> None:
    made = fish("a.py", COMMIT, VALUE, 3, dependent_captures={"ID": VALUE[::-1], "GONE": "[REDACTED:28a04e8e]"})
    told = written(tmp_path, fishes(made)).entries
    assert [(one.value, one.path, one.line) for one in told] == [(VALUE, "a.py", 3), (VALUE[::-1], "a.py", None)]


@pytest.mark.parametrize(
    ("suppressions", "cleared"),
    [
        ([{"kind": "external"}], True),
        ([{"kind": "external", "status": "accepted"}], True),
        ([{"kind": "inSource", "status": "underReview"}], False),
        ([{"status": "accepted"}, {"status": "rejected"}], False),
        ([], False),
        (None, False),
    ],
)
def test_that_only_what_is_wholly_suppressed_is_a_verdict(tmp_path: Path, suppressions: Any, cleared: bool) -> None:
    (one,) = written(tmp_path, sarif(result("a.py", {"startLine": 1}, suppressions=suppressions))).entries
    assert one.cleared is cleared


def test_that_uris_are_read_as_each_tool_writes_them(tmp_path: Path) -> None:
    def path(uri: str, tool: str) -> str | None:
        return written(tmp_path, sarif(result(uri, {"startLine": 1}), tool=tool)).entries[0].path

    assert path("a%20b/c%23.py", "Espalier") == "a b/c#.py"
    assert path("a b/100%25.py", "gitleaks") == "a b/100%25.py"
    assert path("file:///home/ann/shop/a.py", "semgrep") == "home/ann/shop/a.py"
    assert path(r"src\a.py", "semgrep") == path("./src//a.py", "semgrep") == "src/a.py"


def test_that_results_without_a_problem_are_none(tmp_path: Path) -> None:
    assert written(tmp_path, sarif(result("a.py", {"startLine": 1}, kind="pass"))).entries == ()


HOSTILE = {
    "a line below zero": leaks(leak("a.py", COMMIT, VALUE, -1)),
    "a huge line": leaks(leak("a.py", COMMIT, VALUE, 10**12)),
    "a line of five thousand digits": '[{"RuleID": "x", "File": "a", "StartLine": 1' + "0" * 5000 + "}]",
    "a line that is a word": leaks(leak("a.py", COMMIT, VALUE, 1, StartLine="one")),
    "a line that is true": leaks(leak("a.py", COMMIT, VALUE, 1, StartLine=True)),
    "a path that leads out": leaks(leak("../a.py", COMMIT, VALUE, 1)),
    "a path that leads out on Windows": baseline("src\\..\\..\\a.py", VALUE, 1),
    "a uri that leads out when it is read": sarif(result("src/%2e%2e/%2e%2e/a.py", {"startLine": 1})),
    "a path of a thousand folders": leaks(leak("a/" * 1000 + "a.py", COMMIT, VALUE, 1)),
    "a path without end": leaks(leak("a" * 9000, COMMIT, VALUE, 1)),
    "a path with a NUL": leaks(leak("a\0.py", COMMIT, VALUE, 1)),
    "half a character": leaks(leak("a.py", COMMIT, VALUE, 1)).replace('"a.py"', '"a\\ud800.py"'),
    "a commit that is an option": leaks(leak("a.py", "--output=x", VALUE, 1)),
    "a hash that is none": baseline("a.py", VALUE, 1, hashed_secret=VALUE),
    "a fingerprint that is none": sarif(result("a.py", {"startLine": 1}, partialFingerprints={"espalier/v1": VALUE})),
    "brackets without end": '{"runs": ' + "[" * 100_000,
    "half a document": leaks(leak("a.py", COMMIT, VALUE, 1))[:-9],
    "no results": '{"plugins_used": [], "results": 3}',
    "a line that is no document": truffle("a.py", COMMIT, VALUE, 1) + "\n" + VALUE + "\n",
    "a document of something else": truffle("a.py", COMMIT, VALUE, 1) + "\n{}\n",
    "another version": sarif().replace('"2.1.0"', '"2.0.0"'),
    "a table with a column too many": leaks_csv(leak("a.py", COMMIT, VALUE, 1)).replace("\n", f",{VALUE}\n") + "x\n",
    "a table with a field without end": "RuleID,File\n" + '"' + "x" * 200_000,
    "a line of another form": f"{COMMIT}:a.py:rule:1\n{VALUE}\n",
    "a line number without end": f"a.py:rule:{'9' * 5000}\n",
    "no text at all": "",
    "a picture": "\x89PNG\r\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_that_a_hostile_report_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnusableInput) as refused:
        written(tmp_path, HOSTILE[name])
    said = str(refused.value)
    assert VALUE not in said and "\n" not in said and len(said) < 300
    assert refused.value.__cause__ is None


def test_that_the_place_of_what_is_wrong_is_told(tmp_path: Path) -> None:
    two = leaks(leak("a.py", COMMIT, VALUE, 1), leak("a.py", COMMIT, VALUE, -2))
    with pytest.raises(UnusableInput, match="none of gitleaks: 2 StartLine: Input should be greater"):
        written(tmp_path, two)
    with pytest.raises(UnusableInput, match=r"results … 1 line_number"):
        written(tmp_path, baseline(VALUE, VALUE, -1))
    with pytest.raises(UnusableInput, match="line 2"):
        written(tmp_path, HOSTILE["a line that is no document"])


def test_that_bytes_of_other_encodings_are_refused(tmp_path: Path) -> None:
    for data in ("[é]".encode("latin-1"), b"\xff\xfe[\x00\xd8", b"\0\0\0["):
        with pytest.raises(UnusableInput):
            written(tmp_path, data)


def test_that_too_much_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fields, "MOST", 2)
    for text in (leaks(*[leak("a.py", COMMIT, VALUE, 1)] * 3), "a.py:rule:1\n" * 3, truffle("a", "", VALUE, 1) + "\n"):
        with pytest.raises(UnusableInput, match="more than 2 entries"):
            written(tmp_path, text if "SourceMetadata" not in text else text * 3)
    monkeypatch.setattr(report, "LARGEST", 10)
    with pytest.raises(UnusableInput, match="larger than"):
        written(tmp_path, WRITTEN["gitleaks"])


def test_that_only_files_in_known_formats_are_read(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="no format 'xml'"):
        written(tmp_path, "[]", "xml")
    with pytest.raises(UnusableInput, match="There is no file"):
        read(tmp_path)
    with pytest.raises(UnusableInput, match="none of trufflehog"):
        written(tmp_path, WRITTEN["gitleaks"], "trufflehog")
    assert guess("[]") == guess("[\n]\n") == "gitleaks"


KEYS = st.sampled_from(
    [
        "RuleID",
        "File",
        "Commit",
        "StartLine",
        "Secret",
        "results",
        "runs",
        "tool",
        "driver",
        "name",
        "findings",
        "finding",
        "rule",
        "id",
        "path",
        "line",
        "version",
        "ruleId",
        "locations",
        "physicalLocation",
        "artifactLocation",
        "uri",
        "region",
        "startLine",
        "SourceMetadata",
        "Data",
        "Git",
        "file",
        "Raw",
        "hashed_secret",
        "type",
        "properties",
        "suppressions",
        "partialFingerprints",
        "espalier/v1",
    ]
)
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20) | st.just("2.1.0")
)
DOCUMENTS = st.recursive(
    LEAVES, lambda below: st.lists(below, max_size=3) | st.dictionaries(KEYS, below, max_size=6), max_leaves=20
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(DOCUMENTS.map(json.dumps), st.text(max_size=200)), st.sampled_from(FORMATS))
def test_that_any_text_is_read_or_refused(text: str, format: Any) -> None:
    guess(text)
    try:
        told = report.parser(format, text)(text)
    except UnusableInput as refused:
        assert len(refused.sentence) < 400
    else:
        assert all(one.line is None or 0 < one.line < 2**31 for one in told)
        assert all(".." not in (one.path or "").split("/") for one in told)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(WRITTEN)), st.integers(0, 2000), st.text(max_size=3), st.integers(0, 30))
def test_that_a_damaged_report_is_read_or_refused(name: str, at: int, put: str, cut: int) -> None:
    whole = WRITTEN[name]
    text = whole[: at % len(whole)] + put + whole[at % len(whole) + cut :]
    try:
        report.parser(name.split(",")[0], text)(text)  # type: ignore[arg-type]
    except UnusableInput as refused:
        assert VALUE not in str(refused)
