"""Decisions that come back: once, by who may decide, about what was packed; what was decided here meanwhile stays."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.core.findings.packs.packed import Sent, decided, in_order, known, said_of, sent

from espalier.core.failures import EspalierError, GateShut, UnusableInput
from espalier.core.findings import decisions
from espalier.core.findings.detection.specimens import specimen
from espalier.core.findings.findings import findings
from espalier.core.findings.index import Query
from espalier.core.findings.packs import make as pack
from espalier.core.findings.packs import review
from espalier.core.findings.packs.accept import Conflict, accept
from espalier.core.project import audit, identities, roster, sshsig
from espalier.core.project.canonical import canonical
from espalier.core.project.file import Project


def told(project: Project) -> list[tuple[object, ...]]:
    """All that accepting may change."""
    rows = project.rows("SELECT fingerprint, state, reason, identity FROM decisions ORDER BY id")
    kept = project.value("SELECT COUNT(*) FROM accepted_decisions")
    return [*map(tuple, rows), (kept, audit.length(project))]


def refused(given: Sent, path: Path, kind: type[EspalierError], match: str, **options: Any) -> None:
    """With one sentence, and nothing is written."""
    before = told(given.project)
    with pytest.raises(kind, match=match) as error:
        accept(given.project, path, **options)
    assert error.value.sentence.isprintable() and len(error.value.sentence) < 600
    assert told(given.project) == before


def test_that_what_was_decided_elsewhere_stands_here(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        first, second, third = given.pack.contents.findings
        review.decide(given.pack, [first, second], "scrub", "seen")
        review.decide(given.pack, [third], "false-alarm", "a key of the test suite")
        review.sign(given.pack, tmp_path / "back.json", given.key)
        done = accept(given.project, tmp_path / "back.json")
        assert (done.decided, done.alike, done.conflicts) == (3, 0, ())
        assert (done.signer, done.fingerprint, done.pack) == ("ann", given.ann.fingerprint, given.pack.hash)
        states = {one.fingerprint: one.state for one in findings(given.project, given.corpus)}
        assert states[third.fingerprint] == "false-alarm" and states[first.fingerprint] == "scrub"
        rows = {tuple(row) for row in given.project.rows("SELECT state, reason, identity, role FROM decisions")}
        assert rows == {
            ("scrub", "seen", "ann", "security"),
            ("false-alarm", "a key of the test suite", "ann", "security"),
        }
        entry = audit.entries(given.project)[-1]
        assert (entry.actor, entry.action, entry.subject) == ("ann", "findings.accepted", f"pack:{given.pack.hash}")
        assert entry.detail["fingerprint"] == given.ann.fingerprint and entry.detail["decided"] == 3
        assert audit.verify(given.project).passed


def test_that_a_replay_is_refused_also_after_a_restart(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        back = decided(given, tmp_path / "back.json")
        accept(given.project, back)
        decisions.decide(given.project, given.corpus, in_order(given.pack)[0].fingerprint, "open", who=given.bob)
        refused(given, back, GateShut, "accepted before")
        path = given.project.path
    with Project.open(path) as project, pytest.raises(GateShut, match="accepted before"):
        accept(project, back)


def test_that_a_new_signature_over_the_same_words_is_a_replay(tmp_path: Path) -> None:
    """An ECDSA key makes another signature each time."""
    from cryptography.hazmat.primitives.asymmetric import ec

    with sent(tmp_path) as given:
        key = sshsig.write_private_key(tmp_path / "eve", ec.generate_private_key(ec.SECP256R1()))
        identities.add(given.project, "eve", roles=("security",), key=tmp_path / "eve")
        one, two = (decided(given, tmp_path / name, key=key) for name in ("a.json", "b.json"))
        assert one.read_bytes() != two.read_bytes()
        accept(given.project, one)
        refused(given, two, GateShut, "accepted before")


def test_that_decisions_made_here_since_stay_and_are_listed(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        first, second, third = in_order(given.pack)
        decisions.decide(given.project, given.corpus, first.fingerprint, "block", who=given.bob)
        decisions.decide(given.project, given.corpus, second.fingerprint, "scrub", who=given.bob)
        done = accept(given.project, decided(given, tmp_path / "back.json"))
        assert (done.decided, done.alike) == (1, 1)
        assert done.conflicts == (Conflict(fingerprint=first.fingerprint, here="block", by="bob", there="scrub"),)
        states = {one.fingerprint: one.state for one in findings(given.project, given.corpus)}
        assert (states[first.fingerprint], states[third.fingerprint]) == ("block", "scrub")
        assert audit.entries(given.project)[-1].detail["kept"] == [first.fingerprint]


def test_that_what_was_taken_back_here_since_stays_open(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        name = in_order(given.pack)[0].fingerprint
        for state in ("scrub", "open"):
            decisions.decide(given.project, given.corpus, name, state, who=given.bob)
        done = accept(given.project, decided(given, tmp_path / "back.json"))
        assert [(one.fingerprint, one.here) for one in done.conflicts] == [(name, "open")]


def test_that_a_finding_taken_back_before_it_was_packed_is_decided(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        name = in_order(given.pack)[0].fingerprint
        for state in ("scrub", "open"):
            decisions.decide(given.project, given.corpus, name, state, who=given.bob)
        hide = known(given.project, given.corpus)
        pack.make(given.project, given.corpus, tmp_path / "b.zip", given.bob, hide, Query(states=("open",)))
        second = review.opened(tmp_path / "b.zip")
        review.decide(second, second.contents.findings, "scrub")
        review.sign(second, tmp_path / "back.json", given.key)
        assert accept(given.project, tmp_path / "back.json").decided == 3


def test_that_the_rest_of_a_pack_can_follow_in_a_second_file(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        first, second, _ = in_order(given.pack)
        one = decided(given, tmp_path / "a.json", decisions=[said_of(first.fingerprint)])
        two = [said_of(first.fingerprint, "block"), said_of(second.fingerprint)]
        assert accept(given.project, one).decided == 1
        done = accept(given.project, decided(given, tmp_path / "b.json", decisions=two))
        assert (done.decided, [found.here for found in done.conflicts]) == (1, ["scrub"])


def test_that_only_an_identity_of_the_project_with_the_role_decides(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        stranger = sshsig.write_private_key(tmp_path / "eve")
        back = decided(given, tmp_path / "a.json", key=stranger)
        refused(given, back, GateShut, "is no identity of this project")
        identities.add(given.project, "eve", roles=("legal",), key=tmp_path / "eve")
        refused(given, back, GateShut, "lacks the role security")


def test_that_who_packed_or_builds_does_not_decide_where_the_policy_wants_two(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        key = identities.signing_key(given.project, given.bob)
        refused(given, decided(given, tmp_path / "a.json", key=key), GateShut, "bob builds, and under the policy")
        hide = known(given.project, given.corpus)
        twin = sshsig.write_private_key(tmp_path / "twin")
        identities.add(given.project, "ann at home", person="ann lee", roles=("security",), key=tmp_path / "twin")
        pack.make(given.project, given.corpus, tmp_path / "b.zip", given.bob, hide, Query(states=("open",)))
        own = identities.add(given.project, "ann at work", person="Ann Lee", roles=("security",))
        pack.make(given.project, given.corpus, tmp_path / "c.zip", own, hide, Query(states=("open",)))
        mine = review.opened(tmp_path / "c.zip")
        refused(given, decided(given, tmp_path / "c.json", key=twin, pack=mine.hash), GateShut, "made the pack")


def test_that_one_person_does_both_where_the_policy_allows_it(tmp_path: Path) -> None:
    with sent(tmp_path, policy="solo") as given:
        key = identities.signing_key(given.project, given.bob)
        assert accept(given.project, decided(given, tmp_path / "a.json", key=key)).signer == "bob"


def test_that_a_stand_in_decides_nothing_elsewhere(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        demo = identities.stand_in(given.project)
        key = identities.signing_key(given.project, demo)
        refused(given, decided(given, tmp_path / "a.json", key=key), GateShut, "stands for nobody")


ROSTER = """
format = 1
[[person]]
name = "Ann Lee"
roles = [{roles}]
[[person.key]]
public = "{public}"
{more}
"""


@pytest.mark.parametrize(
    ("roles", "more", "sentence"),
    [
        ('"security"', "", None),
        ('"security"', "valid_until = 2026-01-01", "expired"),
        ('"security"', "valid_until = 2020-01-01", "expired"),
        ('"security"', "valid_from = 2026-02-01", "valid only from"),
        ('"security"', "revoked = true", "revoked"),
        ('"legal"', "", "does not have the role security in the roster"),
    ],
)
def test_that_a_roster_says_whether_the_key_counts(tmp_path: Path, roles: str, more: str, sentence: str | None) -> None:
    with sent(tmp_path) as given:
        text = ROSTER.format(roles=roles, public=given.ann.public_key, more=more)
        trust = roster.parse(text.encode(), "r")
        back = decided(given, tmp_path / "a.json")
        if sentence is None:
            assert accept(given.project, back, trust).decided == 3
        else:
            refused(given, back, GateShut, sentence, trust=trust)


def test_that_a_roster_refuses_strangers_and_what_is_signed_tomorrow(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        text = ROSTER.format(roles='"security"', public=given.bob.public_key, more="")
        trust = roster.parse(text.encode(), "r")
        refused(given, decided(given, tmp_path / "a.json"), GateShut, "is not in the roster", trust=trust)
        ours = roster.parse(text.replace(given.bob.public_key, given.ann.public_key).encode(), "r")
        late = decided(given, tmp_path / "b.json", signed_at="2999-01-01T00:00:00.000Z")
        refused(given, late, GateShut, "still to come", trust=ours)


def test_that_only_packs_of_this_project_and_what_was_in_them_count(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        name = in_order(given.pack)[0].fingerprint
        refused(given, decided(given, tmp_path / "a", pack="e" * 64), GateShut, "made no pack eeee")
        refused(given, decided(given, tmp_path / "a", project="x"), GateShut, "another project, corpus or rules")
        refused(given, decided(given, tmp_path / "a", corpus="e" * 64), GateShut, "another project, corpus or rules")
        refused(given, decided(given, tmp_path / "a", ruleset="e" * 64), GateShut, "another project, corpus or rules")
        strange = [said_of(name), said_of("f" * 64)]
        refused(given, decided(given, tmp_path / "a", decisions=strange), GateShut, "1 of the decisions are about")
        refused(given, decided(given, tmp_path / "a", signer=given.bob.fingerprint), GateShut, "not by the key that")


@pytest.mark.parametrize(
    ("decision", "reason", "sentence"),
    [
        ("false-alarm", "", "needs a reason"),
        ("scrub", f"was {specimen('ghp_{alnum:36}', 'accept')}", "looks like a secret"),
        ("scrub", "\x07", "all of which can be seen"),
    ],
)
def test_that_words_that_may_not_be_stored_are_refused(
    tmp_path: Path, decision: str, reason: str, sentence: str
) -> None:
    with sent(tmp_path) as given:
        names = [one.fingerprint for one in in_order(given.pack)]
        said = [said_of(names[0]), said_of(names[1], decision, reason)]
        refused(given, decided(given, tmp_path / "a.json", decisions=said), UnusableInput, sentence)


def test_that_a_forged_signature_is_refused(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        back = decided(given, tmp_path / "a.json")
        document = json.loads(back.read_bytes())
        document["statement"]["decisions"][0]["decision"] = "block"
        back.write_bytes(canonical(document))
        refused(given, back, GateShut, "doesn't match what was signed")
        for purpose in (sshsig.REVIEW, sshsig.PACK):
            document["signature"] = sshsig.sign(given.key, canonical(document["statement"]), purpose)
            back.write_bytes(canonical(document))
            refused(given, back, GateShut, "another purpose")
        document["signature"] = "none"
        back.write_bytes(canonical(document))
        refused(given, back, GateShut, "not an armored SSH signature")


@pytest.mark.parametrize(
    "changed",
    [
        {"version": 2},
        {"statement": "espalier scrub approval"},
        {"pack": 7},
        {"signed_at": "now"},
        {"decisions": []},
        {"decisions": {}},
        {"decisions": [said_of("a" * 64, "open")]},
        {"decisions": [said_of("A" * 64)]},
        {"decisions": [said_of("b" * 64), said_of("a" * 64)]},
        {"decisions": [said_of("a" * 64), said_of("a" * 64)]},
        {"decisions": [said_of("a" * 64) | {"more": 1}]},
        {"decisions": [said_of("a" * 64, reason="a" * 2001)]},
        {"decisions": [said_of(f"{number:064x}") for number in range(20_001)]},
        {"\x1b]0;x": 1},
    ],
)
def test_that_statements_of_another_form_are_refused(tmp_path: Path, changed: dict[str, Any]) -> None:
    with sent(tmp_path) as given:
        refused(given, decided(given, tmp_path / "a.json", **changed), UnusableInput, "form that is wanted")


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b"[" * 200_000, b'{"statement":' * 50_000, b"9" * 10_000])
def test_that_what_holds_no_decisions_is_refused(tmp_path: Path, data: bytes) -> None:
    with sent(tmp_path) as given:
        (tmp_path / "a.json").write_bytes(data)
        refused(given, tmp_path / "a.json", UnusableInput, "form that is wanted")
        refused(given, tmp_path / "none", UnusableInput, "can't be read")
        refused(given, given.path, UnusableInput, "form that is wanted")


def test_that_a_large_file_and_a_second_spelling_are_refused(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        back = decided(given, tmp_path / "a.json")
        back.write_bytes(back.read_bytes() + b"\n")
        refused(given, back, UnusableInput, "canonical form")
        refused(given, decided(given, back, version=True), UnusableInput, "canonical form")
        with back.open("wb") as file:
            file.truncate(review.LARGEST_DECISIONS + 1)
        refused(given, back, UnusableInput, "larger than")


def test_that_a_failure_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    with sent(tmp_path) as given:
        back, before = decided(given, tmp_path / "a.json"), told(given.project)
        with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
            patch.setattr("espalier.core.findings.packs.accept._told", broken)
            accept(given.project, back)
        assert told(given.project) == before
        assert accept(given.project, back).decided == 3


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_that_damaged_decisions_are_refused_with_a_sentence(
    on_its_way: tuple[Path, bytes], data: st.DataObject
) -> None:
    project, whole = on_its_way
    at = data.draw(st.integers(0, len(whole) - 1))
    put, gone = data.draw(st.binary(max_size=4)), data.draw(st.integers(0, 30))
    damaged = whole[:at] + put + whole[at + gone :]
    path = project.with_name("damaged.json")
    path.write_bytes(damaged)
    with Project.open(project) as opened:
        if damaged == whole:
            return
        with pytest.raises((UnusableInput, GateShut)):
            accept(opened, path)
        assert opened.value("SELECT COUNT(*) FROM decisions") == 0


@pytest.fixture(scope="module")
def on_its_way(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESPALIER_HOME", str(tmp_path_factory.mktemp("home")))
        folder = tmp_path_factory.mktemp("pack")
        with sent(folder) as given:
            back = decided(given, folder / "a.json").read_bytes()
        return given.project.path, back
