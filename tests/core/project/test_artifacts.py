"""Artifacts: chunked, content-addressed, verified when read."""

import hashlib
import os
from pathlib import Path

import pytest

from espalier.core.failures import UnusableInput, WorkFailed
from espalier.core.project import artifacts
from espalier.core.project.file import Project
from espalier.core.project.sqlite import sqlite


@pytest.mark.parametrize("size", [0, 1, artifacts.CHUNK, artifacts.CHUNK + 1, 2 * artifacts.CHUNK])
def test_that_bytes_come_back_under_their_hash(tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    (tmp_path / "source").write_bytes(content)
    with Project.create(tmp_path / "a") as project:
        address = artifacts.store(project, content, "x")
        assert address == hashlib.sha256(content).hexdigest()
        assert artifacts.store(project, tmp_path / "source", "x") == address
        assert artifacts.read(project, address) == content
        assert artifacts.export(project, address, tmp_path / "out").read_bytes() == content


def test_that_an_interrupted_store_goes_on(tmp_path: Path) -> None:
    content = os.urandom(artifacts.CHUNK + 5)
    with Project.create(tmp_path / "a") as project:
        address = hashlib.sha256(content).hexdigest()
        with project.write() as db:
            db.execute("INSERT INTO artifact_chunks VALUES (?, 0, ?)", (address, content[: artifacts.CHUNK]))
        assert artifacts.store(project, content, "x") == address
        assert artifacts.read(project, address) == content


def test_that_damage_is_told_and_no_file_appears(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project:
        address = artifacts.store(project, b"hello", "x")
        with project.write() as db:
            db.execute("UPDATE artifact_chunks SET bytes = ?", (b"hellO",))
        with pytest.raises(WorkFailed, match="is damaged"):
            artifacts.export(project, address, tmp_path / "out")
        assert sorted(path.name for path in tmp_path.iterdir() if "out" in path.name) == []


def test_that_an_unknown_address_is_refused(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project, pytest.raises(UnusableInput, match="no artifact"):
        artifacts.read(project, "0" * 64)


def test_that_erased_bytes_leave_their_address_and_quarantined_ones_do_not_come_back(tmp_path: Path) -> None:
    content = os.urandom(artifacts.CHUNK + 5)
    with Project.create(tmp_path / "a") as project:
        address = artifacts.store(project, content, "x")
        artifacts.erase(project, address)
        assert artifacts.stored(project, address) == b""
        assert project.value("SELECT size FROM artifacts WHERE sha256 = ?", (address,)) == len(content)
        _quarantine(project, address)
        for again in (lambda: artifacts.store(project, content, "x"), lambda: artifacts.read(project, address)):
            with pytest.raises(UnusableInput, match=rf"The snapshot {address[:12]} is quarantined"):
                again()


def test_that_chunks_of_a_killed_store_are_known(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project:
        whole = artifacts.store(project, b"whole", "x")
        with project.write() as db:
            db.execute("INSERT INTO artifact_chunks VALUES ('half', 0, x'01')")
        assert artifacts.unfinished(project) == ["half"]
        assert (artifacts.stored(project, "half"), artifacts.stored(project, whole)) == (b"\x01", b"whole")


def _quarantine(project: Project, address: str) -> None:
    with project.write() as db:
        db.execute("INSERT INTO findings VALUES ('f', 'r', 'T', 'secret', 'high', 'high')")
        db.execute("INSERT INTO identities VALUES ('ana', 'ana', 'k', 'k', '[]', 0, '')")
        db.execute("INSERT INTO sign_offs VALUES (1, 'quarantine:f', 'n', '{}', '', 'ana', '')")
        db.execute("INSERT INTO quarantines VALUES (1, 'f', 'why', 'ana', 1, '', NULL)")
        db.execute("INSERT INTO quarantined VALUES ('snapshot', ?, 1)", (address,))
    with pytest.raises(sqlite.IntegrityError, match="stays so"), project.write() as db:
        db.execute("DELETE FROM quarantined")
