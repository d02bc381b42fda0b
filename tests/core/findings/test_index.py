"""The list of findings: it says what the tables say, whatever is scanned, decided and taken back."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.findings.desk import GITHUB, KEY, PASSWORD, desk, scanned
from tests.core.repositories.workshop import START, Content, Made

from espalier.core.findings import index
from espalier.core.findings.decisions import decide, decide_all, decide_many, decisions_hash, take_back
from espalier.core.findings.detection.detect import bundled_digest
from espalier.core.findings.findings import findings
from espalier.core.findings.index import Query
from espalier.core.project import audit, identities
from espalier.core.project.file import Project
from espalier.core.repositories import corpus

FILES: dict[str, Content] = {
    "app/config.py": f'password = "{PASSWORD}"\n',
    "app/again.py": f'# again\npassword = "{PASSWORD}"\n',
    "ops/deploy.sh": f"export TOKEN={GITHUB}\n",
    "keys/server.pem": KEY,
}


@pytest.fixture
def listed(tmp_path: Path) -> Iterator[tuple[Project, Made, str]]:
    with desk(tmp_path, FILES) as (project, made, state):
        identities.add(project, "ann", roles=("security",))
        scanned(project, state)
        yield project, made, state


def rows(project: Project, state: str, query: Query | None = None) -> list[index.Listed]:
    number = index.list_of(project, state, bundled_digest())
    assert number is not None
    return index.page(project, index.ids(project, number, query or Query()))


def test_that_the_list_says_what_the_findings_say(listed: tuple[Project, Made, str]) -> None:
    project, _, state = listed
    told = {(one.fingerprint, one.rule, one.severity, one.state, one.places) for one in rows(project, state)}
    true = findings(project, state)
    assert told == {(one.fingerprint, one.rule, one.severity, one.state, len(one.places)) for one in true}
    first = {one.fingerprint: (one.path, one.line) for one in rows(project, state)}
    assert first == {one.fingerprint: (one.places[0].path, one.places[0].line) for one in true}


def test_that_there_is_no_list_before_a_scan_has_ended(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, _, state):
        assert index.list_of(project, state, bundled_digest()) is None
        assert index.state_counts(project, state, bundled_digest())["open"] == 0


def test_that_filters_and_orders_are_obeyed(listed: tuple[Project, Made, str]) -> None:
    project, _, state = listed
    one = next(row for row in rows(project, state) if row.path == "ops/deploy.sh")
    for query in (
        Query(rules=(one.rule,)),
        Query(text="DEPLOY"),
        Query(text=one.fingerprint[:9]),
        Query(text=one.rule),
        Query(repositories=("shop",), text="ops/"),
    ):
        assert [row.id for row in rows(project, state, query)] == [one.id]
    assert rows(project, state, Query(repositories=("elsewhere",))) == []
    assert rows(project, state, Query(text="%")) == []
    by_places = rows(project, state, Query(order="places", descending=True))
    assert [row.places for row in by_places] == [2, 1, 1]
    paths = [row.path for row in rows(project, state, Query(order="place"))]
    assert paths == sorted(paths, key=str)


def test_that_counts_beside_a_filter_leave_that_filter_out(listed: tuple[Project, Made, str]) -> None:
    project, _, state = listed
    number = index.list_of(project, state, bundled_digest())
    assert number is not None
    one = rows(project, state)[0]
    found = index.facets(project, number, Query(rules=(one.rule,)))
    assert sum(found["rule"].values()) == 3
    assert found["state"] == {"open": 1}
    assert found["severity"] == {one.severity: 1}


def test_that_a_decision_is_in_the_list_at_once_and_stays_listed_since(listed: tuple[Project, Made, str]) -> None:
    project, _, state = listed
    one = rows(project, state)[0]
    decide(project, state, one.fingerprint, "scrub", who=identities.identity(project))
    assert [row.state for row in rows(project, state) if row.id == one.id] == ["scrub"]
    assert len(rows(project, state, Query(states=("open",)))) == 2
    assert rows(project, state, Query(states=("open",), since=0))[-1].id == one.id
    assert index.state_counts(project, state, bundled_digest())["open"] == 2


def test_that_taking_back_restores_exactly_what_stood(listed: tuple[Project, Made, str]) -> None:
    project, _, state = listed
    who = identities.identity(project)
    names = [one.fingerprint for one in findings(project, state)]
    decide(project, state, names[0], "false-alarm", who=who, reason="test value")
    before = decisions_hash(project, state, bundled_digest())
    decided = decide_many(project, names, "scrub", who=who, reason="real secret")
    assert index.state_counts(project, state, bundled_digest())["scrub"] == 3
    assert take_back(project, decided, who=who) == 3
    assert decisions_hash(project, state, bundled_digest()) == before
    newest = project.row("SELECT state, reason FROM decisions WHERE fingerprint = ? ORDER BY id DESC", (names[0],))
    assert newest and tuple(newest) == ("false-alarm", "test value")
    assert project.value("SELECT COUNT(*) FROM decisions") == 7
    assert audit.verify(project).passed


def test_that_taking_back_leaves_what_somebody_decided_since(listed: tuple[Project, Made, str]) -> None:
    project, _, state = listed
    names = [one.fingerprint for one in findings(project, state)]
    bob = identities.add(project, "bob", roles=("security",))
    with Project.open(project.path) as other:
        ann = identities.identity(other, "ann")
        decided = decide_many(other, names[:2], "scrub", who=ann)
        decide(project, state, names[0], "block", who=bob)
        assert take_back(other, decided, who=ann) == 1
    states = {one.fingerprint: one.state for one in rows(project, state)}
    assert (states[names[0]], states[names[1]]) == ("block", "open")


def test_that_a_new_corpus_keeps_decisions_and_lists_the_difference(listed: tuple[Project, Made, str]) -> None:
    project, made, state = listed
    decide_all(
        project, [one.fingerprint for one in findings(project, state)], "scrub", who=identities.identity(project)
    )
    made.commit({"n.py": f'db_password = "{PASSWORD}9z"\n'}, when=START + 9)
    newer = corpus.refresh(project).hash
    scanned(project, newer)
    assert [(row.path, row.places) for row in rows(project, newer, Query(states=("open",)))] == [("n.py", 1)]
    assert len(rows(project, newer)) == 4 and len(rows(project, state)) == 3


def test_that_scanning_again_changes_nothing(listed: tuple[Project, Made, str]) -> None:
    project, _, state = listed
    before = rows(project, state)
    scanned(project, state)
    assert rows(project, state) == before


def test_that_many_batches_are_one_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "BATCH", 1)
    with desk(tmp_path, FILES) as (project, _, state):
        scanned(project, state)
        assert [row.fingerprint for row in sorted(rows(project, state), key=lambda row: row.fingerprint)] == [
            one.fingerprint for one in findings(project, state)
        ]


def test_that_an_old_file_gets_its_lists(tmp_path: Path) -> None:
    saved = Path(__file__).parents[2] / "data" / "format-1.espalier"
    shutil.copy(saved, tmp_path / "old.espalier")
    with Project.open(tmp_path / "old") as project:
        scans = project.rows("SELECT corpus, ruleset FROM scans")
        for scan in scans:
            number = index.list_of(project, scan["corpus"], scan["ruleset"])
            assert number is not None
            told = {
                row.fingerprint: (row.state, row.places)
                for row in index.page(project, index.ids(project, number, Query()))
            }
            true = findings(project, scan["corpus"], scan["ruleset"])
            assert told == {one.fingerprint: (one.state, len(one.places)) for one in true}
