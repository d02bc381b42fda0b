"""Decisions, sampled review and approval: what the gate asks for, and what shuts it again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.findings.desk import GITHUB, KEY, PASSWORD, desk, scanned
from tests.core.repositories.workshop import START, Content

from espalier.core.failures import GateShut, UnusableInput
from espalier.core.findings.approval import approve, scrub_gate, standing_approval
from espalier.core.findings.decisions import automatic_decisions, decide, decide_all
from espalier.core.findings.detection.detect import bundled_digest
from espalier.core.findings.findings import excerpt, finding, findings
from espalier.core.findings.sampling import draws, one_sample, reads
from espalier.core.project import audit, identities
from espalier.core.project.file import Project
from espalier.core.project.sqlite import sqlite
from espalier.core.repositories import corpus

FILES: dict[str, Content] = {
    "a.py": f'# one\npassword = "{PASSWORD}"\n# two\ntoken = "{GITHUB}"\n',
    "b.py": "x = 1\n",
    "k.pem": KEY,
}


@pytest.fixture
def solo(tmp_path: Path) -> Iterator[tuple[Project, str]]:
    with desk(tmp_path, FILES) as (project, _, state):
        identities.add(project, "ann", roles=("security", "builder"))
        scanned(project, state)
        yield project, state


def test_that_a_decision_is_added_and_undone_by_another(solo: tuple[Project, str]) -> None:
    project, state = solo
    who, name = identities.identity(project), findings(project, state)[0].fingerprint
    assert decide(project, state, name[:12], "scrub", who=who) == name
    assert finding(project, state, name).state == "scrub"
    decide(project, state, name[:12], "open", who=who)
    assert finding(project, state, name).state == "open"
    assert project.value("SELECT COUNT(*) FROM decisions") == 2
    assert audit.verify(project).passed


def test_that_decisions_can_not_be_changed(solo: tuple[Project, str]) -> None:
    project, state = solo
    decide(project, state, findings(project, state)[0].fingerprint, "scrub", who=identities.identity(project))
    for sql in (
        "UPDATE decisions SET state = 'false-alarm'",
        "DELETE FROM decisions",
        "INSERT OR REPLACE INTO decisions SELECT id, fingerprint, 'false-alarm', reason, identity, role, decided_at FROM decisions",
    ):
        with pytest.raises(sqlite.IntegrityError, match="append-only"), project.write() as db:
            db.execute(sql)


def test_that_a_false_alarm_needs_a_reason(solo: tuple[Project, str]) -> None:
    project, state = solo
    name, who = findings(project, state)[0].fingerprint, identities.identity(project)
    with pytest.raises(UnusableInput, match="needs a reason"):
        decide(project, state, name, "false-alarm", who=who)
    decide(project, state, name, "false-alarm", who=who, reason="a test value")


@pytest.mark.parametrize("prefix", ["", "zzz"])
def test_that_an_unclear_fingerprint_is_refused(solo: tuple[Project, str], prefix: str) -> None:
    with pytest.raises(UnusableInput, match="begins with"):
        finding(*solo, prefix)


def test_that_an_excerpt_masks_every_secret_in_it(solo: tuple[Project, str]) -> None:
    project, state = solo
    for one in findings(project, state):
        shown = excerpt(project, state, one.places[0])
        text = "\n".join(shown.lines)
        assert "•" * 10 in text
        assert PASSWORD not in text and GITHUB not in text and KEY.splitlines()[1] not in text
    (password,) = (one for one in findings(project, state) if one.rule == "password-assignment")
    assert excerpt(project, state, password.places[0], 1).lines == (
        "# one",
        f'password = "{"•" * len(PASSWORD)}"',
        "# two",
    )


def test_that_the_gate_says_each_thing_that_shuts_it(solo: tuple[Project, str]) -> None:
    project, state = solo
    who = identities.identity(project)
    gate = scrub_gate(project, state)
    assert not gate.open and [item.split(" ")[0] for item in gate.items] == ["3", "The", "No"]
    with pytest.raises(GateShut, match="can't be approved yet"):
        approve(project, state, who)
    decide_all(project, [one.fingerprint for one in findings(project, state)], "scrub", who=who)
    sample = draws.draw(project, state, bundled_digest(), 50)
    reads.reviewed(project, sample, draws.waiting(project, sample), missed=0, who=who)
    assert [item.split(" ")[0] for item in scrub_gate(project, state).items] == ["No"]
    approval = approve(project, state, who)
    assert scrub_gate(project, state).open and approval.identity == "ann"


def test_that_a_later_decision_ends_an_approval(tmp_path: Path) -> None:
    with desk(tmp_path, FILES, policy="demo") as (project, _, state):
        scanned(project, state)
        assert automatic_decisions(project, state) == 3
        assert approve(project, state).identity == identities.STAND_IN
        ann = identities.add(project, "ann", roles=("security",))
        name = findings(project, state)[0].fingerprint
        decide(project, state, name, "false-alarm", who=ann, reason="test value")
        assert standing_approval(project, state) is None
        decide(project, state, name, "scrub", who=ann)
        assert standing_approval(project, state) is not None


def test_that_a_new_corpus_asks_for_its_difference_only(tmp_path: Path) -> None:
    with desk(tmp_path, FILES, policy="demo") as (project, made, state):
        scanned(project, state)
        automatic_decisions(project, state)
        approve(project, state)
        made.commit({"n.py": f'db_password = "{PASSWORD}9z"\n'}, when=START + 9)
        newer = corpus.refresh(project).hash
        assert "not scanned" in scrub_gate(project, newer).items[0]
        scanned(project, newer)
        assert scrub_gate(project, newer).items[0].startswith("1 findings")
        assert scrub_gate(project, state).open


def test_that_a_forged_approval_does_not_stand(tmp_path: Path) -> None:
    with desk(tmp_path, FILES, policy="demo") as (project, _, state):
        scanned(project, state)
        automatic_decisions(project, state)
        approve(project, state)
        with project.write() as db:
            db.execute("UPDATE approvals SET statement = replace(statement, 'demo', 'solo')")
        assert standing_approval(project, state) is None


def test_that_the_stand_in_clears_nothing_and_is_refused_elsewhere(solo: tuple[Project, str]) -> None:
    project, state = solo
    with pytest.raises(UnusableInput, match="decide findings automatically"):
        automatic_decisions(project, state)
    stand_in = identities.stand_in(project)
    name = findings(project, state)[0].fingerprint
    with pytest.raises(UnusableInput, match="clears nothing"):
        decide(project, state, name, "false-alarm", who=stand_in, reason="x")
    with pytest.raises(GateShut) as refused:
        approve(project, state, stand_in)
    assert any("wants a person" in item for item in refused.value.items)


def test_that_a_builder_does_not_approve_where_two_must(tmp_path: Path) -> None:
    with desk(tmp_path, FILES, policy="two-person") as (project, _, state):
        scanned(project, state)
        both = identities.add(project, "bo", roles=("security", "builder"))
        with pytest.raises(GateShut) as refused:
            approve(project, state, both)
        assert any("who builds does not approve" in item for item in refused.value.items)


def test_that_reading_everything_leaves_no_doubt() -> None:
    assert one_sample.miss_bound(40, 40, 0) == 0.0
    assert one_sample.miss_bound(1_000_000, 299, 0) == pytest.approx(0.01, abs=2e-4)  # 1 - 0.05 ** (1 / 299)
    assert one_sample.miss_bound(10, 0, 0) == 1.0


@given(st.integers(1, 300), st.data())
def test_that_more_reading_never_raises_the_bound(population: int, data: st.DataObject) -> None:
    read = data.draw(st.integers(0, population - 1))
    assert one_sample.miss_bound(population, read + 1, 0) <= one_sample.miss_bound(population, read, 0)
