"""A review pack: whole, signed, without a secret in it; and what others send in its place is refused before it is unpacked."""

import io
import json
import os
import stat
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.core.findings.desk import desk, scanned
from tests.core.findings.packs.packed import FILES, SECRETS, Sent, known, sent

from espalier.core.failures import EspalierError, GateShut, UnusableInput
from espalier.core.findings import decisions
from espalier.core.findings.findings import findings
from espalier.core.findings.index import Query
from espalier.core.findings.packs import file as pack_file
from espalier.core.findings.packs import form as pack_form
from espalier.core.findings.packs import make as pack
from espalier.core.findings.packs import review
from espalier.core.project import audit, identities, roster, sshsig
from espalier.core.project.canonical import canonical
from espalier.core.project.checkpoints import checkpoint
from espalier.core.project.checkpoints import read as read_checkpoint
from espalier.core.project.sqlite import sqlite

OPEN = Query(states=("open",))


def archive(members: Mapping[str, bytes], path: Path, method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as out:
        for name, data in members.items():
            out.writestr(name, data)
    return path


def refused(path: Path, kind: type[EspalierError], match: str) -> None:
    """One sentence, and no byte of a secret or of an escape in it."""
    with pytest.raises(kind, match=match) as error:
        review.opened(path)
    assert error.value.sentence.isprintable() and len(error.value.sentence) < 600


def signed_anew(given: Sent, change: Callable[[dict[str, Any]], None], **members: bytes) -> Path:
    """The same pack with other members and another manifest, signed by bob all the same."""
    held = given.members() | {f"{name}.json": data for name, data in members.items()}
    manifest = json.loads(held["manifest.json"])
    for file in manifest["files"]:
        file |= {"size": len(held[file["path"]]), "sha256": pack_form.sha256(held[file["path"]])}
    change(manifest)
    held["manifest.json"] = canonical(manifest)
    key = identities.signing_key(given.project, given.bob)
    held["manifest.sig"] = sshsig.sign(key, held["manifest.json"], sshsig.PACK).encode()
    return archive(held, given.path.with_name("changed.zip"))


def test_that_a_pack_holds_what_is_open_and_no_secret(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        found = given.pack
        assert {one.rule for one in found.contents.findings} == {"password-assignment", "github-token", "private-key"}
        assert {(one.path, one.line) for one in found.contents.findings} == {("a.py", 2), ("a.py", 3), ("k.pem", 1)}
        assert all("•" in "".join(one.lines) for one in found.contents.findings)
        held = b"".join(given.members().values())
        assert not any(secret.encode() in held for secret in SECRETS)
        assert stat.S_IMODE(given.path.stat().st_mode) == 0o600
        manifest = found.manifest
        assert (manifest.project, manifest.corpus, manifest.policy) == (given.project.id, given.corpus, "two-person")
        assert (manifest.counts.findings, manifest.counts.kinds) == (3, {"secret": 3})
        entry = audit.entries(given.project)[-1]
        assert (entry.actor, entry.action, entry.subject) == ("bob", "findings.packed", f"pack:{found.hash}")


def test_that_the_checkpoint_in_a_pack_shows_what_was_cut_later(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        (tmp_path / "checkpoint.json").write_bytes(given.members()["checkpoint.json"])
        held = read_checkpoint(given.project, tmp_path / "checkpoint.json")
        assert (held.signer, held.seq) == ("bob", given.pack.manifest.audit.seq)
        assert audit.verify(given.project, (held.seq, held.head)).passed


def test_that_only_what_is_open_and_asked_for_is_packed(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, _, state):
        who = identities.add(project, "ann", roles=("security",))
        with pytest.raises(UnusableInput, match="not scanned"):
            pack.make(project, state, tmp_path / "a.zip", who, lambda text: (), OPEN)
        scanned(project, state)
        hide = known(project, state)
        query = Query(states=("open",), rules=("github-token",))
        made = pack.make(project, state, tmp_path / "a.zip", who, hide, query)
        assert made.counts.findings == 1
        with pytest.raises(UnusableInput, match="there already"):
            pack.make(project, state, tmp_path / "a.zip", who, hide, OPEN)
        decisions.decide_all(project, [one.fingerprint for one in findings(project, state)], "scrub", who=who)
        with pytest.raises(UnusableInput, match="No finding is open"):
            pack.make(project, state, tmp_path / "b.zip", who, hide, OPEN)
        assert [one.name for one in tmp_path.glob("*.zip")] == ["a.zip"] and not list(tmp_path.glob(".*.new"))


def test_that_a_pack_that_can_not_be_written_is_not_recorded(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        hide = known(given.project, given.corpus)
        with pytest.raises(EspalierError, match="could not be written"):
            pack.make(given.project, given.corpus, tmp_path / "none" / "a.zip", given.bob, hide, OPEN)
        assert len(given.project.rows("SELECT * FROM review_packs")) == 1
        assert audit.verify(given.project).passed


def test_that_too_many_findings_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack, "MOST", 2)
    with pytest.raises(UnusableInput, match="3 findings are open, and a pack holds 2"), sent(tmp_path):
        pass


def test_that_packs_are_only_ever_added(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        for sql in ("UPDATE review_packs SET identity = 'ann'", "DELETE FROM review_packs"):
            with pytest.raises(sqlite.DatabaseError, match="never"), given.project.write() as db:
                db.execute(sql)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda held: held | {"extra.json": b"{}"}, "is not a review pack"),
        (lambda held: {name: held[name] for name in held if name != "checkpoint.json"}, "is not a review pack"),
        (lambda held: _without(held, "manifest.sig") | {"../manifest.sig": b""}, "doesn't hold the 4 files"),
        (lambda held: _without(held, "manifest.sig") | {"/etc/passwd": b""}, "doesn't hold the 4 files"),
        (lambda held: _without(held, "manifest.sig") | {"manifest.json/": b""}, "doesn't hold the 4 files"),
        (lambda held: _without(held, "manifest.sig") | {"\x1b[2J": b""}, "doesn't hold the 4 files"),
        (lambda held: held | {"manifest.json": b"[" * 65536}, "doesn't match what was signed"),
        (lambda held: held | {"manifest.json": b" " * (65536 + 1)}, "larger than 65,536 bytes"),
        (lambda held: held | {"findings.json": b"0" * (33 << 20)}, "larger than 33,554,432 bytes"),
    ],
)
def test_that_other_members_are_refused(tmp_path: Path, change: Any, sentence: str) -> None:
    with sent(tmp_path) as given:
        refused(archive(change(given.members()), tmp_path / "x.zip"), EspalierError, sentence)


def _without(held: dict[str, bytes], name: str) -> dict[str, bytes]:
    return {other: data for other, data in held.items() if other != name}


def test_that_a_doubled_member_is_refused(tmp_path: Path) -> None:
    with sent(tmp_path) as given, pytest.warns(UserWarning, match="Duplicate"):
        held = given.members()
        with zipfile.ZipFile(tmp_path / "x.zip", "w") as out:
            for name in ("manifest.json", "manifest.sig", "findings.json", "findings.json"):
                out.writestr(name, held[name])
        refused(tmp_path / "x.zip", UnusableInput, "doesn't hold the 4 files")


def test_that_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """Both when it says how large it is and when it lies about it."""
    with sent(tmp_path) as given:
        held = given.members() | {"findings.json": bytes(200 << 20)}
        refused(archive(held, tmp_path / "x.zip"), UnusableInput, "findings.json .* larger than")
        data = (tmp_path / "x.zip").read_bytes()
        lying = data.replace(struct.pack("<L", 200 << 20), struct.pack("<L", 1 << 20))
        assert lying != data
        (tmp_path / "x.zip").write_bytes(lying)
        refused(tmp_path / "x.zip", UnusableInput, "damaged archive|not as large")


@pytest.mark.parametrize("size", [0, 10, 1 << 24])
def test_that_a_member_that_lies_about_its_size_is_refused(tmp_path: Path, size: int) -> None:
    with sent(tmp_path) as given:
        data, true = given.path.read_bytes(), len(given.members()["findings.json"])
        lying = data.replace(struct.pack("<L", true), struct.pack("<L", size))
        given.path.write_bytes(lying)
        refused(given.path, UnusableInput, "damaged archive|not as large")


def test_that_a_directory_that_lists_much_is_not_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as out:
        for number in range(5000):
            out.writestr(f"{number}", b"")
    refused(tmp_path / "x.zip", UnusableInput, "is not a review pack")
    data = bytearray((tmp_path / "x.zip").read_bytes())
    data[-14:-10] = struct.pack("<HH", 4, 4)  # that there are four
    (tmp_path / "x.zip").write_bytes(data)
    refused(tmp_path / "x.zip", UnusableInput, "is not a review pack")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_that_other_ways_of_packing_are_refused(tmp_path: Path, method: int) -> None:
    with sent(tmp_path) as given:
        held = given.members()
        refused(archive(held, tmp_path / "x.zip", method), UnusableInput, "packed in a way that is not accepted")


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all", b"PK\5\6" + bytes(18), bytes(100)])
def test_that_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(data)
    refused(tmp_path / "x.zip", UnusableInput, "is not a review pack")


def test_that_what_is_no_file_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, UnusableInput, "can't be read|not a regular file")
    refused(tmp_path / "none.zip", UnusableInput, "can't be read")
    os.mkfifo(tmp_path / "pipe")
    refused(tmp_path / "pipe", UnusableInput, "not a regular file")
    with (tmp_path / "large").open("wb") as file:
        file.truncate(pack_file.LARGEST + 1)
    refused(tmp_path / "large", UnusableInput, "larger than")


@pytest.mark.parametrize("name", ["checkpoint.json", "findings.json", "manifest.json", "manifest.sig"])
def test_that_a_changed_byte_is_seen(tmp_path: Path, name: str) -> None:
    with sent(tmp_path) as given:
        held = given.members()
        at = len(held[name]) // 2
        held[name] = held[name][:at] + bytes([held[name][at] ^ 1]) + held[name][at + 1 :]
        refused(archive(held, tmp_path / "x.zip"), GateShut, "changed|signature|Signature")


def test_that_the_maker_is_who_signed(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        held = given.members()
        held["manifest.sig"] = sshsig.sign(given.key, held["manifest.json"], sshsig.PACK).encode()
        refused(archive(held, tmp_path / "x.zip"), GateShut, "not by who it says made it")
        key = identities.signing_key(given.project, given.bob)
        held["manifest.sig"] = sshsig.sign(key, held["manifest.json"], sshsig.REVIEW).encode()
        refused(archive(held, tmp_path / "y.zip"), GateShut, "another purpose")


def _set(*path: object, to: object) -> Callable[[dict[str, Any]], None]:
    def change(manifest: dict[str, Any]) -> None:
        *way, last = path
        for step in way:
            manifest = manifest[step]  # type: ignore[index]  # the test's own document
        manifest[last] = to  # type: ignore[index]

    return change


@pytest.mark.parametrize(
    ("change", "kind", "sentence"),
    [
        (_set("format", to="espalier-review/2"), UnusableInput, "format"),
        (_set("more", to=1), UnusableInput, "more"),
        (_set("\x1b[2J", to=1), UnusableInput, "2J"),
        (_set("created_at", to="yesterday"), UnusableInput, "created_at"),
        (_set("created_at", to="2026-13-01T00:00:00.000Z"), UnusableInput, "created_at"),
        (_set("counts", "findings", to=10**12), UnusableInput, "counts"),
        (_set("counts", "findings", to="3"), UnusableInput, "counts"),
        (_set("counts", "findings", to=4), GateShut, "other findings than its manifest counts"),
        (_set("counts", "severities", to={"low": 3}), GateShut, "other findings than its manifest counts"),
        (_set("files", to=[]), UnusableInput, "files"),
        (_set("files", 0, "path", to="../x"), UnusableInput, "files"),
        (_set("files", 0, "path", to="findings.json"), UnusableInput, "once each"),
        (_set("files", 1, "size", to=5), GateShut, "findings.json was changed"),
        (_set("audit", "seq", to=99), GateShut, "something else than the manifest"),
        (_set("project", to="x"), GateShut, "something else than the manifest"),
        (_set("maker", "fingerprint", to="SHA256:x"), UnusableInput, "maker"),
        (_set("audit", "seq", to=10.0**20), UnusableInput, "audit.seq"),
        (_set("audit", "seq", to=-1), UnusableInput, "audit.seq"),
    ],
)
def test_that_a_manifest_is_believed_only_where_everything_agrees(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], kind: type[EspalierError], sentence: str
) -> None:
    with sent(tmp_path) as given:
        refused(signed_anew(given, change), kind, sentence)


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"[]",
        b"{",
        b'{"findings": [], "rules": []}',
        b'{"findings": {}, "rules": []}',
        b"[" * 100_000,
        b'{"findings": [1e999], "rules": []}',
        b'{"findings": [' + b"9" * 10_000 + b'], "rules": []}',
        b"\xff\xfe",
    ],
)
def test_that_bad_findings_are_refused_though_they_are_signed(tmp_path: Path, document: bytes) -> None:
    with sent(tmp_path) as given:
        refused(signed_anew(given, lambda manifest: None, findings=document), UnusableInput, "findings.json")


def test_that_a_finding_twice_and_a_foreign_checkpoint_are_refused(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        held = json.loads(given.members()["findings.json"])
        held["findings"].append(held["findings"][0])
        twice = signed_anew(given, _set("counts", "findings", to=4), findings=canonical(held))
        refused(twice, UnusableInput, "a finding is there twice")
        other = identities.add(given.project, "eve")
        foreign = canonical(checkpoint(given.project, other))
        refused(signed_anew(given, lambda manifest: None, checkpoint=foreign), GateShut, "another key than the pack")


def test_that_a_manifest_that_can_be_read_in_two_ways_is_refused(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        held = given.members()
        held["manifest.json"] = held["manifest.json"].replace(b"{", b'{"policy":"solo",', 1)
        key = identities.signing_key(given.project, given.bob)
        held["manifest.sig"] = sshsig.sign(key, held["manifest.json"], sshsig.PACK).encode()
        refused(archive(held, tmp_path / "x.zip"), UnusableInput, "canonical form")


ROSTER = """
format = 1
[[person]]
name = "Bob Ray"
roles = ["builder"]
[[person.key]]
public = "{public}"
{more}
"""


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ("", None),
        ("valid_until = 2020-01-01", "expired"),
        ("valid_from = 2999-01-01", "valid only from"),
        ("revoked = true", "revoked"),
    ],
)
def test_that_a_roster_says_whether_the_maker_counts(tmp_path: Path, more: str, sentence: str | None) -> None:
    with sent(tmp_path) as given:
        trust = roster.parse(ROSTER.format(public=given.bob.public_key, more=more).encode(), "r")
        if sentence is None:
            assert review.opened(given.path, trust).person == "Bob Ray"
            return
        with pytest.raises(GateShut, match=sentence):
            review.opened(given.path, trust)


def test_that_a_stranger_and_a_pack_from_tomorrow_are_refused_by_a_roster(tmp_path: Path) -> None:
    with sent(tmp_path) as given:
        trust = roster.parse(ROSTER.format(public=given.ann.public_key, more="").encode(), "r")
        with pytest.raises(GateShut, match="is not in the roster"):
            review.opened(given.path, trust)
        ours = roster.parse(ROSTER.format(public=given.bob.public_key, more="").encode(), "r")
        tomorrow = signed_anew(given, _set("created_at", to="2999-01-01T00:00:00.000Z"))
        with pytest.raises(GateShut, match="still to come"):
            review.opened(tomorrow, ours)


@pytest.fixture(scope="module")
def bytes_of_a_pack(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESPALIER_HOME", str(tmp_path_factory.mktemp("home")))
        with sent(tmp_path_factory.mktemp("pack")) as given:
            return given.path.read_bytes()


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_that_any_damage_gets_a_sentence(bytes_of_a_pack: bytes, tmp_path: Path, data: st.DataObject) -> None:
    """Bytes changed, cut out or put in anywhere: the pack is refused, or what it says is what was signed."""
    whole = bytes_of_a_pack
    at = data.draw(st.integers(0, len(whole)))
    put, gone = data.draw(st.binary(max_size=6)), data.draw(st.integers(0, 40))
    path = tmp_path / "damaged.zip"
    path.write_bytes(whole[:at] + put + whole[at + gone :])
    try:
        found = review.opened(path)
    except (UnusableInput, GateShut):
        return
    path.write_bytes(whole)
    again = review.opened(path)
    assert (found.hash, found.contents) == (again.hash, again.contents)


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_that_no_document_breaks_its_reading(data: bytes) -> None:
    for kind in (pack_form.Manifest, pack_form.Contents, pack_form.Draft, pack_form.Signed):
        with pytest.raises(UnusableInput):
            pack_form.read_canonical(kind, data, "it")


def test_that_the_same_members_give_the_same_archive() -> None:
    made = [io.BytesIO(), io.BytesIO()]
    for out in made:
        pack_file.write({"b": b"2" * 100, "a": b"1"}, out)
    assert made[0].getvalue() == made[1].getvalue()
