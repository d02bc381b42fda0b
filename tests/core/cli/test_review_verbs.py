"""A pack on its way there and back on the command line: the reviewer's machine has a key and the pack, and no project."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from tests.core.findings.desk import desk, scanned
from tests.core.findings.packs.packed import FILES, SECRETS

from espalier.core.cli.__main__ import main
from espalier.core.findings.findings import findings
from espalier.core.findings.packs import file as pack_file
from espalier.core.project import identities, sshsig
from espalier.core.sample import write
from espalier.core.sample.planted import values

ROSTER = """
format = 1
[[person]]
name = "Bob Ray"
roles = ["builder"]
[[person.key]]
public = "{public}"
"""


class Machines:
    """Two machines: what is said at each, with its own configuration; nothing that is said holds a secret."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, heard: pytest.CaptureFixture[str]) -> None:
        self._home, self._patch, self._heard = os.environ["ESPALIER_HOME"], patch, heard
        self._away = folder / "away"

    def here(self, *words: object, status: int = 0) -> str:
        return self._said(self._home, words, status)

    def there(self, *words: object, status: int = 0) -> str:
        return self._said(str(self._away), words, status)

    def document(self, *words: object, status: int = 0) -> Any:
        return json.loads(self._said(str(self._away), (*words, "--json"), status, both=False))

    def _said(self, home: str, words: tuple[object, ...], status: int, both: bool = True) -> str:
        self._patch.setenv("ESPALIER_HOME", home)
        assert main([str(one) for one in words]) == status
        self._patch.setenv("ESPALIER_HOME", self._home)
        heard = self._heard.readouterr()
        assert "Traceback" not in heard.err
        assert not any(secret in heard.out + heard.err for secret in (*SECRETS, *values().values()))
        return heard.out + heard.err if both else heard.out


@pytest.fixture
def machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Machines:
    return Machines(tmp_path, monkeypatch, capsys)


def test_that_a_pack_goes_there_and_its_decisions_come_back(tmp_path: Path, machines: Machines) -> None:
    key = sshsig.write_private_key(tmp_path / "ann")
    (tmp_path / "ann.pub").write_text(sshsig.public_key(key).line)
    pack, back = tmp_path / "out.zip", tmp_path / "back.json"
    with desk(tmp_path, FILES, "two-person") as (project, _, state):
        bob = identities.add(project, "bob", roles=("builder",))
        scanned(project, state)
        assert "3 findings in" in machines.here("findings", "pack", project.path, pack)
        (tmp_path / "roster.toml").write_text(ROSTER.format(public=bob.public_key))
        assert "who holds it was not checked" in machines.there("review", "verify", pack)
        assert "Bob Ray" in machines.there("review", "verify", pack, "--trust", tmp_path / "roster.toml")
        listed = machines.document("review", "list", pack)
        name = {one["rule"]: one["fingerprint"] for one in listed}
        assert "•" in machines.there("review", "show", pack, name["github-token"][:9])
        assert "is now: scrub" in machines.there("review", "decide", pack, name["github-token"][:9], "scrub")
        assert "1 findings are now" in machines.there("review", "decide-all", pack, "block", "--rule", "private-key")
        said = ("review", "decide-all", pack, "false-alarm", "--reason", "of a test", "--text", "A.PY")
        assert "1 findings are now: false-alarm" in machines.there(*said)
        assert "3 findings are now: open" in machines.there("review", "decide-all", pack, "open")
        assert "Nothing is decided" in machines.there("review", "sign", pack, back, "--key", tmp_path / "ann", status=2)
        assert "3 findings are now" in machines.there("review", "decide-all", pack, "scrub")
        assert "Signed 3 decisions" in machines.there("review", "sign", pack, back, "--key", tmp_path / "ann")
        assert "is no identity" in machines.here("findings", "accept", project.path, back, status=1)
        machines.here("identity", "add", project.path, "ann", "--role", "security", "--key", tmp_path / "ann.pub")
        trusted = ("findings", "accept", project.path, back, "--trust", tmp_path / "roster.toml")
        assert "is not in the roster" in machines.here(*trusted, status=1)
        machines.here("findings", "decide", project.path, name["private-key"], "block", "--as", "bob")
        told = machines.here("findings", "accept", project.path, back)
        assert "2 findings are decided as ann signed" in told and "1 were decided otherwise here" in told
        assert "accepted before" in machines.here("findings", "accept", project.path, back, status=1)
        assert {one.rule: one.state for one in findings(project, state)} == {
            "github-token": "scrub",
            "private-key": "block",
            "password-assignment": "scrub",
        }


def test_that_what_is_wrong_gets_a_sentence_and_a_status(tmp_path: Path, machines: Machines) -> None:
    with desk(tmp_path, FILES) as (project, _, state):
        identities.add(project, "bob", roles=("security",))
        assert "not scanned" in machines.here("findings", "pack", project.path, tmp_path / "a.zip", status=2)
        scanned(project, state)
        assert "does not end in .zip" in machines.here("findings", "pack", project.path, tmp_path / "a", status=2)
        machines.here("findings", "pack", project.path, tmp_path / "a.zip")
        assert "there already" in machines.here("findings", "pack", project.path, tmp_path / "a.zip", status=2)
        data = bytearray((tmp_path / "a.zip").read_bytes())
        data[60] ^= 1
        (tmp_path / "bad.zip").write_bytes(data)
        for verb in (("verify",), ("list",), ("show", "PACK", "a"), ("decide", "PACK", "a", "scrub")):
            words = [tmp_path / "bad.zip" if word == "PACK" else word for word in verb]
            words = words if len(words) > 1 else [*words, tmp_path / "bad.zip"]
            assert "damaged archive" in machines.there("review", *words, status=2)
        assert "no decision 'maybe'" in machines.there("review", "decide-all", tmp_path / "a.zip", "maybe", status=2)
        assert "No findings of the pack" in machines.there("review", "show", tmp_path / "a.zip", "zz", status=2)
        assert "form that is wanted" in machines.here("findings", "accept", project.path, tmp_path / "a.zip", status=2)


def test_that_a_pack_signed_by_a_stranger_says_so_in_its_document(tmp_path: Path, machines: Machines) -> None:
    other = sshsig.public_key(sshsig.write_private_key(tmp_path / "other")).line
    (tmp_path / "roster.toml").write_text(ROSTER.format(public=other))
    with desk(tmp_path, FILES) as (project, _, state):
        identities.add(project, "bob", roles=("security",))
        scanned(project, state)
        machines.here("findings", "pack", project.path, tmp_path / "a.zip")
        said = machines.document("review", "verify", tmp_path / "a.zip", "--trust", tmp_path / "roster.toml", status=1)
        assert said["passed"] is False and "is not in the roster" in said["why"]
        assert said.keys() == machines.document("review", "verify", tmp_path / "a.zip").keys()


def test_that_a_pack_of_the_sample_holds_none_of_its_secrets(tmp_path: Path, machines: Machines) -> None:
    project = tmp_path / "p.espalier"
    machines.here("init", project)
    machines.here("identity", "add", project, "bob", "--role", "security")
    machines.here("repo", "add", project, write(tmp_path / "company").path)
    machines.here("repo", "refresh", project)
    machines.here("findings", "scan", project)
    machines.here("findings", "pack", project, tmp_path / "a.zip")
    held = b"".join(pack_file.read(tmp_path / "a.zip").values()).decode()
    lines = [line for value in values().values() for line in value.splitlines() if "PRIVATE" not in line]
    assert len(lines) > 30 and not any(line in held for line in lines)
    shown = [
        machines.there("review", "show", tmp_path / "a.zip", one["fingerprint"])
        for one in machines.document("review", "list", tmp_path / "a.zip")
    ]
    assert len(shown) == 12 and all("•" in one for one in shown)
