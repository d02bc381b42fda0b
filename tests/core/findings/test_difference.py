"""The difference to what was approved: new findings, those decided since, those that are gone; and what an approval says of it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.findings.desk import GITHUB, KEY, PASSWORD, desk, scanned
from tests.core.repositories.workshop import START, Made

from espalier.core.findings import index
from espalier.core.findings.approval import approve, last_approved, scrub_gate, statement
from espalier.core.findings.decisions import State, decide, decide_all
from espalier.core.findings.detection.detect import bundled_digest
from espalier.core.findings.difference import Difference, difference
from espalier.core.findings.findings import findings
from espalier.core.findings.index import Query
from espalier.core.project import identities
from espalier.core.project.file import Project
from espalier.core.repositories import corpus

Desk = tuple[Project, Made, str]


@pytest.fixture
def solo(tmp_path: Path) -> Iterator[Desk]:
    files = {"a.py": f'# one\npassword = "{PASSWORD}"\n', "k.pem": KEY}
    with desk(tmp_path, dict(files)) as (project, made, state):
        identities.add(project, "ann", roles=("security", "builder"))
        scanned(project, state)
        yield project, made, state


def differing(project: Project, state: str) -> tuple[Difference, list[str]]:
    """The difference, and the first paths of the findings in it."""
    ruleset = bundled_digest()
    found = difference(project, state, ruleset, last_approved(project))
    listed = index.list_of(project, state, ruleset)
    assert listed is not None
    rows = index.page(project, index.ids(project, listed, Query(unlike=found.stood, order="place")))
    assert len(rows) == found.new + found.decided
    return found, [str(one.path) for one in rows]


def decided(project: Project, state: str) -> None:
    names = [one.fingerprint for one in findings(project, state, state="open")]
    decide_all(project, names, "scrub", who=identities.identity(project))


def test_that_all_is_new_before_anybody_approved(solo: Desk) -> None:
    project, _, state = solo
    found, paths = differing(project, state)
    assert (found.since, found.new, found.decided, found.gone) == (None, 2, 0, 0)
    assert paths == ["a.py", "k.pem"]


def test_that_a_commit_leaves_what_was_approved_and_adds_what_is_new(solo: Desk) -> None:
    project, made, state = solo
    decided(project, state)
    approve(project, state)
    assert differing(project, state)[1] == []
    made.commit({"b.py": f'token = "{GITHUB}"\n'}, when=START + 60)
    later = corpus.refresh(project).hash
    scanned(project, later)
    found, paths = differing(project, later)
    assert (found.new, found.decided, found.gone, found.new_rules, paths) == (1, 0, 0, False, ["b.py"])
    assert not scrub_gate(project, later).open
    decided(project, later)
    assert differing(project, later)[1] == ["b.py"]  # decided, and not approved yet
    approve(project, later)
    since = json.loads(project.value("SELECT statement FROM approvals ORDER BY id DESC LIMIT 1"))["since"]
    assert since == {
        "corpus": state, "ruleset": bundled_digest(), "identity": "ann", "new": 1, "decided": 0, "gone": 0, "not_scanned": 0
    }  # fmt: skip
    assert scrub_gate(project, later).open and differing(project, later)[1] == []


def test_that_what_is_decided_since_is_to_be_looked_at_again(solo: Desk) -> None:
    project, _, state = solo
    decided(project, state)
    approve(project, state)
    (key,) = [one for one in findings(project, state) if one.rule == "private-key"]
    decide(project, state, key.fingerprint, "block", who=identities.identity(project))
    found, paths = differing(project, state)
    assert (found.new, found.decided, paths) == (0, 1, ["k.pem"])


def test_that_what_a_new_history_lacks_is_gone(solo: Desk) -> None:
    project, made, state = solo
    decided(project, state)
    approve(project, state)
    made.run("update-ref", "-d", "refs/heads/main")
    made.commit({"a.py": f'# one\npassword = "{PASSWORD}"\n'}, parents=(), when=START + 60)
    later = corpus.refresh(project).hash
    scanned(project, later)
    found, paths = differing(project, later)
    assert (found.new, found.decided, found.gone, paths) == (0, 0, 1, [])


def test_that_an_approval_whose_signature_does_not_hold_is_none(solo: Desk) -> None:
    project, _, state = solo
    decided(project, state)
    approve(project, state)
    with project.write() as db:
        db.execute("UPDATE approvals SET statement = replace(statement, '\"automatic\":false', '\"automatic\":true')")
    assert last_approved(project) is None
    assert differing(project, state)[0].new == 2


@pytest.mark.parametrize("said", [["block"], ["open", "scrub"], ["open"]])
def test_that_facets_count_what_is_listed(said: list[State], solo: Desk) -> None:
    project, _, state = solo
    decided(project, state)
    approve(project, state)
    name = findings(project, state)[0].fingerprint
    for one in said:
        decide(project, state, name, one, who=identities.identity(project))
    found, paths = differing(project, state)
    assert (found.decided, len(paths)) == (1, 1)
    assert statement(project, state, identities.identity(project))["last_decision"] == 2 + len(said)
