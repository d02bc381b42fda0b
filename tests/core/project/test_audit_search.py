"""Finding, exporting and walking entries of the audit chain."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from espalier.core.failures import UnusableInput
from espalier.core.project import audit, audit_search, checkpoints
from espalier.core.project.audit_export import export
from espalier.core.project.audit_search import Wanted
from espalier.core.project.canonical import digest
from espalier.core.project.file import Project
from espalier.core.project.identities import add

FIRST = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _day(number: int) -> datetime:
    return FIRST + timedelta(days=number)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "a") as made:
        for number in range(12):
            with made.write() as db:
                actor = "ana" if number % 3 else "ben"
                audit.record(
                    db,
                    actor,
                    "looked" if number % 2 else "decided",
                    f"thing:{number}",
                    {"reason": "100% sure" if number == 4 else "=cmd()"},
                    clock=partial(_day, number),
                )
        yield made


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), [*range(1, 13)]),
        (Wanted(actor="ben"), [1, 4, 7, 10]),
        (Wanted(actor="ben", action="looked"), [4, 10]),
        (Wanted(since="2026-03-10"), [10, 11, 12]),
        (Wanted(since="2026-03-10", until="2026-03-12"), [10, 11]),
        (Wanted(text="THING:1"), [2, 11, 12]),
        (Wanted(text="100%"), [5]),
        (Wanted(text="100_"), []),
        (Wanted(text="nobody"), []),
    ],
)
def test_that_entries_are_found(project: Project, wanted: Wanted, found: list[int]) -> None:
    assert [*audit_search.numbers(project, wanted)] == found
    assert [one.seq for one in audit_search.found(project, wanted)] == found


def test_that_exported_json_lines_can_be_hashed_again(project: Project, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    assert export(project, target, Wanted(actor="ben"), "jsonl") == 4
    lines = [json.loads(line) for line in target.read_text().splitlines()]
    assert [line["seq"] for line in lines] == [1, 4, 7, 10]
    for line in lines:
        told = line.pop("hash")
        assert digest(line) == told


def test_that_an_exported_table_runs_no_formula(project: Project, tmp_path: Path) -> None:
    with project.write() as db:
        audit.record(db, "=evil()", "looked", "@thing")
    target = tmp_path / "out.csv"
    assert export(project, target, Wanted(), "csv") == 13
    with target.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert (rows[-1]["actor"], rows[-1]["subject"]) == ("'=evil()", "'@thing")
    assert rows[0]["detail"] == '{"reason":"=cmd()"}'
    assert [*tmp_path.glob(".*")] == []


def test_that_a_walk_tells_how_far_it_is_and_can_be_ended(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_AT_ONCE", 5)
    heard: list[tuple[int, int]] = []
    assert audit.verify(project, said=lambda done, total: heard.append((done, total))).passed
    assert heard == [(0, 12), (5, 12), (10, 12)]

    def enough(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        audit.verify(project, said=enough)


def test_that_a_checkpoint_is_read_with_its_signer(project: Project, tmp_path: Path) -> None:
    who = add(project, "ana", roles=("security",))
    checkpoints.write(project, who, tmp_path / "checkpoint.json")
    read = checkpoints.read(project, tmp_path / "checkpoint.json")
    assert (read.seq, read.signer, read.fingerprint) == (13, "ana", who.fingerprint)
    with Project.create(tmp_path / "b") as other, pytest.raises(UnusableInput, match="another project"):
        checkpoints.read(other, tmp_path / "checkpoint.json")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"statement": 1, "signature": ""}', "[" * 60_000])
def test_that_another_file_is_no_checkpoint(project: Project, tmp_path: Path, content: str) -> None:
    (tmp_path / "x").write_text(content)
    with pytest.raises(UnusableInput, match="not a checkpoint"):
        checkpoints.read(project, tmp_path / "x")
