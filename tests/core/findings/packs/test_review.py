"""Reviewing where there is no project: what is decided lies beside the pack, under its hash, until it is signed."""

import json
import stat
from pathlib import Path

import pytest
from tests.core.findings.packs.packed import said_of, sent

from espalier.core.failures import UnusableInput
from espalier.core.findings.detection.specimens import specimen
from espalier.core.findings.packs import review
from espalier.core.findings.packs.form import Decision
from espalier.core.project import sshsig
from espalier.core.project.canonical import canonical


def test_that_decisions_are_kept_beside_the_pack_and_taken_back(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        first, second, _ = given.pack.contents.findings
        assert review.decide(given.pack, [first, second], "scrub") == 2
        assert review.decide(given.pack, [second], "false-alarm", "a test's own") == 1
        kept = review.decisions(review.opened(given.path))
        assert {name: one.decision for name, one in kept.items()} == {
            first.fingerprint: "scrub",
            second.fingerprint: "false-alarm",
        }
        review.decide(given.pack, [first], None)
        assert list(review.decisions(given.pack)) == [second.fingerprint]
        path = review.draft_path(given.pack)
        assert (path.name, stat.S_IMODE(path.stat().st_mode)) == ("out.decisions.json", 0o600)
        assert not list(tmp_path.glob(".*.new"))


@pytest.mark.parametrize(
    ("decision", "reason", "sentence"),
    [
        ("false-alarm", " ", "needs a reason"),
        ("scrub", f"was {specimen('ghp_{alnum:36}', 'review')}", "looks like a secret"),
        ("scrub", "\x1b[2J", "all of which can be seen"),
        ("scrub", "a" * 2001, "at most 2,000 characters"),
    ],
)
def test_that_a_reason_that_may_not_be_stored_is_refused_at_once(
    tmp_path: Path, decision: Decision, reason: str, sentence: str
) -> None:
    with sent(tmp_path) as given:
        with pytest.raises(UnusableInput, match=sentence):
            review.decide(given.pack, given.pack.contents.findings[:1], decision, reason)
        assert not review.draft_path(given.pack).exists()


def test_that_a_finding_is_named_by_the_beginning_of_its_fingerprint(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        one = given.pack.contents.findings[0]
        assert review.found(given.pack, one.fingerprint[:9]) == one
        for prefix in ("", "x"):
            with pytest.raises(UnusableInput, match="No findings"):
                review.found(given.pack, prefix)


@pytest.mark.parametrize("draft", [b"", b"[]", b"{", b'{"pack": 1, "decisions": []}', b"[" * 100_000])
def test_that_a_damaged_draft_is_told(tmp_path: Path, draft: bytes) -> None:
    with sent(tmp_path) as given:
        review.draft_path(given.pack).write_bytes(draft)
        with pytest.raises(UnusableInput, match=r"out\.decisions\.json"):
            review.decisions(given.pack)


def test_that_a_draft_of_another_pack_is_refused_and_strange_findings_are_left_out(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        path = review.draft_path(given.pack)
        path.write_bytes(canonical({"pack": given.pack.hash, "decisions": [said_of("e" * 64)]}))
        assert review.decisions(given.pack) == {}
        path.write_bytes(canonical({"pack": "f" * 64, "decisions": []}))
        with pytest.raises(UnusableInput, match="about another pack"):
            review.decide(given.pack, given.pack.contents.findings, "scrub")


def test_that_what_is_signed_names_the_pack_and_is_in_order(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        with pytest.raises(UnusableInput, match="Nothing is decided"):
            review.sign(given.pack, tmp_path / "back.json", given.key)
        review.decide(given.pack, given.pack.contents.findings, "block")
        made = review.sign(given.pack, tmp_path / "back.json", given.key)
        document = json.loads((tmp_path / "back.json").read_bytes())
        assert document["statement"] == made.model_dump(mode="json")
        key = sshsig.verify(document["signature"], canonical(document["statement"]), sshsig.DECISIONS)
        assert key.fingerprint == given.ann.fingerprint == made.signer
        assert (made.pack, made.project, made.corpus) == (given.pack.hash, given.project.id, given.corpus)
        names = [one.fingerprint for one in made.decisions]
        assert names == sorted(one.fingerprint for one in given.pack.contents.findings)
        with pytest.raises(UnusableInput, match="there already"):
            review.sign(given.pack, tmp_path / "back.json", given.key)


def test_that_a_secret_put_into_the_draft_by_hand_is_not_signed(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        name, secret = given.pack.contents.findings[0].fingerprint, specimen("ghp_{alnum:36}", "draft")
        draft = {"pack": given.pack.hash, "decisions": [said_of(name, reason=f"was {secret}")]}
        review.draft_path(given.pack).write_bytes(canonical(draft))
        with pytest.raises(UnusableInput, match="looks like a secret"):
            review.sign(given.pack, tmp_path / "back.json", given.key)
        assert not (tmp_path / "back.json").exists()
