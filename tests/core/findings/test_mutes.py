"""Muting a rule: what it covers, for how long, who may, and that what people said for themselves stays."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.core.cli.test_findings_verbs import espalier
from tests.core.findings.desk import GITHUB, PASSWORD, desk, scanned
from tests.core.findings.packs.packed import decided, sent
from tests.core.repositories.workshop import Content, Made

from espalier.core.failures import GateShut, UnusableInput
from espalier.core.findings import decisions, index, marked, mutes, muting
from espalier.core.findings.approval import approve, scrub_gate, standing_approval
from espalier.core.findings.detection.detect import Detector, bundled_digest
from espalier.core.findings.detection.rules import bundled
from espalier.core.findings.export import rows
from espalier.core.findings.findings import findings
from espalier.core.findings.marked import Mark
from espalier.core.findings.packs.accept import accept
from espalier.core.findings.precision import Record, records
from espalier.core.findings.sampling.draws import draw, waiting
from espalier.core.findings.sampling.reads import reviewed
from espalier.core.project import audit, identities, signoffs
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity
from espalier.core.project.key import project_key
from espalier.core.project.sqlite import sqlite
from espalier.core.repositories import corpus
from espalier.core.scrub.scrubber import Scrubber
from espalier.core.scrub.values import known_values

RULE, WHY = "password-assignment", "test fixtures of the shop"
FILES: dict[str, Content] = {
    "low.py": 'password = "correct horse"\n',
    "medium.py": 'password = "sunshine"\n',  # as the judge of today ranks it
    "high.py": f'password = "{PASSWORD}"\n',
    "token.py": f'token = "{GITHUB}"\n',
    "mail.txt": "ask ann.lee@company-x.com for it\n",
    "clean.py": "x = 1\n",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    project: Project
    made: Made
    corpus: str
    ann: Identity

    def states(self, state: str | None = None) -> dict[str | None, tuple[str, bool]]:
        found = findings(self.project, state or self.corpus)
        return {one.places[0].path: (one.state, one.muted) for one in found}

    def name(self, path: str) -> str:
        return next(one.fingerprint for one in findings(self.project, self.corpus) if one.places[0].path == path)

    def decide(self, path: str, state: decisions.State) -> None:
        decisions.decide(self.project, self.corpus, self.name(path), state, who=self.ann, reason="looked at")

    def mute(self) -> int:
        return muting.mute(self.project, self.corpus, RULE, WHY, self.ann)

    def record(self) -> Record:
        return next(one for one in records(self.project, self.corpus) if one.rule == RULE)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Desk]:
    """What is sure is scrubbed already."""
    with desk(tmp_path, FILES) as (project, made, state):
        ann = identities.add(project, "ann", person="Ann Lee", roles=("security",))
        scanned(project, state)
        given = Desk(project=project, made=made, corpus=state, ann=ann)
        given.decide("high.py", "scrub")
        yield given


def test_that_a_mute_decides_what_is_open_and_unsure_and_nothing_else(here: Desk) -> None:
    assert here.mute() == 2
    assert here.states() == {
        "low.py": ("false-alarm", True),
        "medium.py": ("false-alarm", True),
        "high.py": ("scrub", False),
        "token.py": ("open", False),
        "mail.txt": ("open", False),
    }
    said = [
        tuple(row) for row in here.project.rows("SELECT reason, identity, role FROM decisions WHERE role = 'muted'")
    ]
    assert said == [(f"muted: {WHY}", "ann", "muted")] * 2
    listed = index.list_of(here.project, here.corpus, bundled_digest())
    assert listed is not None
    assert index.counts(here.project, listed) == {"open": 2, "scrub": 1, "false-alarm": 2, "block": 0}
    shown = index.page(here.project, index.ids(here.project, listed, index.Query()))
    assert [one.muted for one in shown] == [False, False, False, True, True]
    told = {one.path: (one.state, one.reason) for one in rows(here.project, here.corpus)}
    assert told["low.py"] == ("false-alarm", f"muted: {WHY}")


def test_that_a_mute_is_signed_and_on_the_audit(here: Desk) -> None:
    here.mute()
    (signed,) = signoffs.sign_offs(here.project, f"mute:{RULE}")
    assert signoffs.check(here.project, signed).name == "ann"
    assert (signed.statement["statement"], signed.statement["reason"]) == ("espalier rule mute", WHY)
    muted = [one for one in audit.entries(here.project) if one.action == "findings.muted"]
    assert [(one.actor, one.subject, one.detail["reason"]) for one in muted] == [("ann", f"rule:{RULE}", WHY)]
    assert audit.verify(here.project).passed


def test_that_the_scrubber_leaves_what_is_muted_as_it_is(here: Desk) -> None:
    here.mute()
    for path in ("token.py", "mail.txt"):
        here.decide(path, "scrub")
    key = project_key(here.project)
    scrubber = Scrubber(key, known_values(here.project, here.corpus, key), Detector(bundled()))
    assert scrubber.scrub(str(FILES["low.py"]), "low.py").text == FILES["low.py"]
    assert scrubber.scrub(str(FILES["high.py"]), "high.py").text != FILES["high.py"]


def test_that_a_later_scan_mutes_what_is_new_until_it_is_unmuted(here: Desk) -> None:
    here.mute()
    here.made.commit({"later.py": 'password = "wrong horse"\n', "sure.py": f'password = "{PASSWORD[::-1]}"\n'})
    later = corpus.refresh(here.project).hash
    scanned(here.project, later)
    states = here.states(later)
    assert states["later.py"] == ("false-alarm", True) and states["sure.py"] == ("open", False)
    spoken = audit.entries(here.project)[-2]
    assert (spoken.actor, spoken.action, spoken.detail["role"]) == ("espalier", "findings.decided", "muted")
    assert muting.unmute(here.project, RULE, here.ann, "they are real") == 3
    assert {here.states(later)[path] for path in ("low.py", "medium.py", "later.py")} == {("open", False)}
    scanned(here.project, later)
    assert here.states(later)["low.py"] == ("open", False)
    with pytest.raises(UnusableInput, match="is not muted"):
        muting.unmute(here.project, RULE, here.ann)


def test_that_what_people_said_stays(here: Desk) -> None:
    here.decide("low.py", "block")
    assert here.mute() == 1
    here.decide("medium.py", "open")
    scanned(here.project, here.corpus)
    assert here.states()["medium.py"] == ("open", False), "who wants to look at one is not overruled by the next scan"
    here.decide("medium.py", "false-alarm")
    assert muting.unmute(here.project, RULE, here.ann) == 0
    assert (here.states()["low.py"], here.states()["medium.py"]) == (("block", False), ("false-alarm", False))


def test_that_an_undone_decision_is_the_mutes_again(here: Desk) -> None:
    here.mute()
    names = [here.name("low.py"), here.name("token.py")]
    done = decisions.decide_many(here.project, names, "scrub", who=here.ann)
    assert decisions.take_back(here.project, done, who=here.ann) == 2
    assert here.states()["low.py"] == ("false-alarm", True) and here.states()["token.py"] == ("open", False)
    done = decisions.decide_many(here.project, names[:1], "scrub", who=here.ann)
    muting.unmute(here.project, RULE, here.ann)
    decisions.take_back(here.project, done, who=here.ann)
    assert here.states()["low.py"] == ("open", False), "no mute covers it any more"


def test_that_what_turns_out_sure_is_open_again(here: Desk) -> None:
    here.mute()
    with here.project.write() as db:
        db.execute("UPDATE findings SET confidence = 'high' WHERE fingerprint = ?", (here.name("low.py"),))
        db.execute("UPDATE findings SET rule = 'secret-assignment' WHERE fingerprint = ?", (here.name("medium.py"),))
    scanned(here.project, here.corpus)
    assert (here.states()["low.py"], here.states()["medium.py"]) == (("open", False), ("open", False))


def test_that_a_value_that_a_reviewer_marks_is_muted_no_more(here: Desk) -> None:
    here.mute()
    seen = Mark(
        repository="shop",
        object=here.made.oid("HEAD:low.py"),
        path="low.py",
        commit=None,
        start=len('password = "'),
        end=len('password = "correct horse'),
    )
    assert marked.mark(here.project, here.corpus, bundled_digest(), seen, here.ann) == here.name("low.py")
    assert here.states()["low.py"] == ("open", False)


def test_that_a_rule_with_open_findings_that_are_sure_is_not_muted(here: Desk) -> None:
    here.decide("high.py", "open")
    with pytest.raises(UnusableInput, match=f"1 open findings of the rule {RULE} are of high confidence"):
        here.mute()
    for rule, why in (
        ("email", "personal data"),
        ("github-token", "are of high confidence"),
        ("no-such-rule", "found nothing"),
    ):
        with pytest.raises(UnusableInput, match=why):
            muting.mute(here.project, here.corpus, rule, WHY, here.ann)
    here.decide("token.py", "scrub")
    with pytest.raises(UnusableInput, match="of high confidence, which no mute covers"):
        muting.mute(here.project, here.corpus, "github-token", WHY, here.ann)
    assert mutes.standing(here.project) == {}
    assert here.project.value("SELECT COUNT(*) FROM rule_mutes") == 0


@pytest.mark.parametrize("reason", ["", "  ", f"it is {GITHUB}"])
def test_that_a_reason_is_asked_for_and_holds_no_secret(here: Desk, reason: str) -> None:
    before = audit.length(here.project)
    with pytest.raises(UnusableInput) as error:
        muting.mute(here.project, here.corpus, RULE, reason, here.ann)
    assert GITHUB not in f"{error.value.sentence} {error.value.remedy}"
    assert audit.length(here.project) == before


def test_that_only_who_may_approve_mutes(tmp_path: Path) -> None:
    with desk(tmp_path, FILES, policy="two-person") as (project, _, state):
        scanned(project, state)
        bob = identities.add(project, "bob", roles=("builder", "security"))
        eve = identities.add(project, "eve", roles=("legal",))
        ann = identities.add(project, "ann", roles=("security",))
        nobody = identities.stand_in(project)
        decisions.decide_all(project, [one.fingerprint for one in findings(project, state) if one.confidence == "high"],
                             "scrub", who=ann)  # fmt: skip
        for who, why in ((bob, "builds"), (eve, "role security"), (nobody, "stands for nobody")):
            with pytest.raises(GateShut, match=why):
                muting.mute(project, state, RULE, WHY, who)
            with pytest.raises(GateShut, match=why):
                muting.unmute(project, RULE, who)
        assert muting.mute(project, state, RULE, WHY, ann) == 2


def test_that_a_mute_and_its_end_void_an_approval(here: Desk) -> None:
    project = here.project
    for path in ("token.py", "mail.txt", "low.py", "medium.py"):
        here.decide(path, "false-alarm")
    number = draw(project, here.corpus, bundled_digest(), 30)
    reviewed(project, number, waiting(project, number), missed=0, who=here.ann)
    approve(project, here.corpus, here.ann)
    assert here.mute() == 0
    assert standing_approval(project, here.corpus) is None, "although it covers nothing yet"
    here.decide("low.py", "open")
    assert here.mute() == 1
    approve(project, here.corpus, here.ann)
    assert signoffs.sign_offs(project, f"approval:{here.corpus}")[-1].statement["muted"] == {RULE: 1}
    muting.unmute(project, RULE, here.ann)
    assert standing_approval(project, here.corpus) is None and not scrub_gate(project, here.corpus).open


def test_that_rules_say_who_muted_them_and_are_not_blamed_for_it(here: Desk) -> None:
    here.mute()
    told = here.record()
    assert (told.findings, told.kept, told.false_alarms, told.muted, told.precision) == (3, 1, 0, 2, 1.0)
    assert told.mute is not None and (told.mute.identity, told.mute.reason) == ("ann", WHY)


def test_that_a_mute_that_nobody_signed_mutes_nothing(here: Desk) -> None:
    """Whoever can write the file can write rows, but not a signature over them."""
    here.mute()
    with here.project.write() as db:
        row = ("email", 1, WHY, "ann", 0, 1, "2026-01-01T00:00:00.000Z")
        db.execute("INSERT INTO rule_mutes (rule, muted, reason, identity, decision, sign_off, muted_at)"
                   " VALUES (?, ?, ?, ?, ?, ?, ?)", row)  # fmt: skip
        db.execute("UPDATE sign_offs SET statement = replace(statement, 'fixtures', 'readings') WHERE subject = ?",
                   (f"mute:{RULE}",))  # fmt: skip
    assert mutes.standing(here.project) == {}
    scanned(here.project, here.corpus)
    assert {state for state, _ in here.states().values()} == {"open", "scrub"}


def test_that_mutes_are_only_added_to(here: Desk) -> None:
    here.mute()
    for sql in ("UPDATE rule_mutes SET muted = 0", "DELETE FROM rule_mutes"):
        with pytest.raises(sqlite.IntegrityError, match="mutes are never"), here.project.write() as db:
            db.execute(sql)


def test_that_a_mute_that_broke_off_is_finished_by_asking_again(here: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(mutes, "decide", dies)
        with pytest.raises(KeyboardInterrupt):
            here.mute()
    assert here.states()["low.py"] == ("open", False), "what is not decided yet shuts the gate"
    assert here.mute() == 2


def test_that_a_reviewer_elsewhere_overrules_a_mute(tmp_path: Path) -> None:
    with sent(tmp_path, files={"low.py": str(FILES["low.py"])}) as given:
        carl = identities.add(given.project, "carl", roles=("security",))
        assert muting.mute(given.project, given.corpus, RULE, WHY, carl) == 1
        done = accept(given.project, decided(given, tmp_path / "back.json"))
        assert (done.decided, done.conflicts) == (1, ())
        assert {one.state for one in findings(given.project, given.corpus)} == {"scrub"}


def test_that_the_verbs_say_what_is_muted(here: Desk) -> None:
    path = here.project.path
    done = espalier("findings", "mute", path, RULE, "--reason", WHY)
    assert (done.returncode, done.stdout) == (0, f"{RULE} is muted: 2 findings are false alarms by it now.\n")
    said = espalier("findings", "rules", path).stdout
    assert f"{RULE} is muted by ann since " in said and WHY in said
    assert "false-alarm, muted" in espalier("findings", "list", path).stdout
    assert "false-alarm, muted" in espalier("findings", "show", path, here.name("low.py")).stdout
    assert espalier("findings", "unmute", path, RULE).stdout.endswith("2 findings are open again.\n")
    refused = espalier("findings", "mute", path, "email", "--reason", WHY)
    assert (refused.returncode, "personal data" in refused.stderr) == (2, True)
