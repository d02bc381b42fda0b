"""The scan: everything is read once, a kill loses nothing, two scans agree, and no secret reaches the disk."""

import base64
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.core.findings.desk import GITHUB, KEY, PASSWORD, context, desk, scanned
from tests.core.repositories.workshop import START, Content, Made

from espalier.core.findings import reading, scan
from espalier.core.findings.decisions import decide_all, decisions_hash
from espalier.core.findings.decode import LIMIT
from espalier.core.findings.detection.detect import bundled_digest
from espalier.core.findings.findings import as_json, findings
from espalier.core.jobs.requests import StopRequested, ask
from espalier.core.project import identities
from espalier.core.project.file import Project
from espalier.core.repositories import corpus, repository
from espalier.core.repositories.git import MissingObject
from espalier.core.scrub.values import blocked_blobs

FILES: dict[str, Content] = {
    "config.py": f'PASSWORD = "{PASSWORD}"\n',
    "again.py": f'# the same\nDB_PASSWORD = "{PASSWORD}"\n',
    "key.pem": KEY + "\n",
    "logo.gif": b"GIF89a\0\0",
    "huge.txt": b"x" * (LIMIT + 1),
    "clean.py": "x = 1\n",
}


def test_that_files_messages_tags_and_authors_are_read(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, made, _):
        made.commit({"x.py": "x = 2\n"}, f"Rotate\n\nthe token is {GITHUB}\n", when=START + 9)
        made.commit({"x.py": "x = 3\n"}, author=f"{GITHUB} <ann@example.org>".encode(), when=START + 10)
        made.run("tag", "-a", "v1", "-m", f"secret: {PASSWORD}", "HEAD")
        state = corpus.refresh(project).hash
        told = scanned(project, state)
        assert (told["secrets"], told["not_scanned"]) == (3, {"binary": 1, "too large": 1})
        by_rule = {one.rule: one for one in findings(project, state)}
        assert {place.source for place in by_rule["github-token"].places} == {"message", "author"}
        password = by_rule["password-assignment"]
        assert {place.source for place in password.places} == {"file", "tag"}
        assert {(place.path, place.line) for place in password.places if place.blob} == {
            ("config.py", 1),
            ("again.py", 2),
        }


@pytest.mark.parametrize("collected", [False, True], ids=["old commits there", "old commits collected"])
def test_that_a_later_scan_places_what_is_new_as_a_first_one_would(tmp_path: Path, collected: bool) -> None:
    with desk(tmp_path / "one", FILES) as (project, made, state):
        scanned(project, state)
        made.commit({"old/name.py": f'token = "{GITHUB}"\n'}, when=START + 9)
        made.commit({"old/name.py": None, "new/name.py": f'token = "{GITHUB}"\n'}, when=START + 10)
        if collected:
            made.commit({"third.py": f'token = "{GITHUB}"  # again\n'}, when=START + 11, branch="fresh", parents=())
            made.run("symbolic-ref", "HEAD", "refs/heads/fresh")
            made.run("update-ref", "-d", "refs/heads/main")
            made.run("reflog", "expire", "--expire=now", "--all")
            made.run("gc", "-q", "--prune=now")
        later = corpus.refresh(project).hash
        scanned(project, later)
        places = {one.rule: [(p.path, p.commit) for p in one.places] for one in findings(project, later)}
    with Project.create(tmp_path / "p", policy="solo") as afresh:
        repository.add(afresh, made.path)
        first = corpus.refresh(afresh).hash
        scanned(afresh, first)
        assert {one.rule: [(p.path, p.commit) for p in one.places] for one in findings(afresh, first)} == places


def test_that_a_finding_has_the_keys_of_the_design(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, _, state):
        assert set(scanned(project, state)) == {
            "corpus", "blobs", "bytes", "findings", "secrets", "not_scanned", "seconds", "ruleset",
            "archives", "unreachable",
        }  # fmt: skip
        told = as_json(findings(project, state)[0])
        assert set(told) == {"fingerprint", "rule", "kind", "severity", "confidence", "state", "muted", "places"}
        assert isinstance(told["places"], list)
        wanted = {"source", "repository", "blob", "path", "commit", "line", "start", "end"}
        assert all(set(place) == wanted for place in told["places"])


def test_that_a_new_commit_reads_only_what_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk(tmp_path, FILES) as (project, made, state):
        scanned(project, state)
        commit = made.commit({"new.py": f'token = "{GITHUB}"\n'}, when=START + 9)
        seen: list[str] = []

        def counted(origin: reading.Origin, *rest: object, **more: object) -> reading.Reading:
            seen.append(origin.oid)
            return reading.read(origin, *rest, **more)  # type: ignore[arg-type]  # passed on as they came

        monkeypatch.setattr(scan, "read", counted)
        newer = corpus.refresh(project).hash
        assert scanned(project, newer)["secrets"] == 3
        assert set(seen) == {commit, made.oid(f"{commit}:new.py")}
        assert scanned(project, state)["secrets"] == 2


def test_that_two_scans_give_the_same_hashes(tmp_path: Path) -> None:
    hashes: list[tuple[object, str]] = []
    key_id = ""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        with desk(tmp_path / name, FILES) as (project, _, state):
            if hashes:
                with project.write() as db:
                    db.execute("INSERT OR REPLACE INTO meta VALUES ('key_id', ?)", (key_id,))
            told = scanned(project, state)
            key_id = project.meta("key_id")
            who = identities.add(project, f"ann {name}", roles=("security",))
            decide_all(project, [one.fingerprint for one in findings(project, state)], "scrub", who=who)
            hashes.append((told["ruleset"], decisions_hash(project, state, bundled_digest())))
    assert hashes[0] == hashes[1]


def test_that_a_stop_keeps_what_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "BATCH_OBJECTS", 1)
    with desk(tmp_path, FILES) as (project, _, state):
        job = context(project, {"corpus": state})
        with project.write() as db:
            db.execute("UPDATE jobs SET state = 'running' WHERE id = ?", (job.job,))
        ask(project, job.job, "stop")
        with pytest.raises(StopRequested):
            scan.run(job)
        assert not project.rows("SELECT * FROM scans")
        with project.write() as db:
            db.execute("UPDATE jobs SET state = 'stopped' WHERE id = ?", (job.job,))
        assert scanned(project, state)["secrets"] == 2


SCAN = """
import sys
from pathlib import Path
from tests.core.findings.desk import scanned
from espalier.core.findings import scan
from espalier.core.project.file import Project
scan.BATCH_OBJECTS = 2
with Project.open(Path(sys.argv[1])) as project:
    scanned(project, sys.argv[2])
"""


@pytest.mark.slow
def test_that_a_scan_killed_at_any_moment_goes_on(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        f"f{n}.py": f'# {n}\nPASSWORD = "{PASSWORD}{n}x"\n' + f"# {n} filler\n" * 500 for n in range(120)
    }
    with desk(tmp_path, files) as (project, _, state):
        command = [sys.executable, "-c", SCAN, str(project.path), state]
        killed_at = []
        for wanted in (1, 60):
            process = subprocess.Popen(command, cwd=Path(__file__).parents[3])
            while process.poll() is None and _read(project) < wanted:
                time.sleep(0.005)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            killed_at.append(_read(project))
        assert killed_at[0] < 121
        assert scanned(project, state)["secrets"] == 120
        assert project.value("SELECT COUNT(*) FROM places") == 120
        assert _read(project) == 121


def _read(project: Project) -> int:
    return int(project.value("SELECT COUNT(*) FROM scanned"))


def test_that_no_secret_is_on_disk_after_a_scan(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, _, state):
        scanned(project, state)
        written = [path for path in tmp_path.iterdir() if path.is_file()]
        assert {path.name for path in written} >= {"p.espalier"}
        assert written_texts(written, [PASSWORD, KEY.splitlines()[1]]) == []
    assert written_texts([tmp_path / "p.espalier"], [PASSWORD, KEY.splitlines()[1]]) == []


def written_texts(files: list[Path], secrets: list[str]) -> list[str]:
    """Names of files that hold a secret raw, in UTF-16 or in base64 at any alignment."""
    found = []
    for path in files:
        data = path.read_bytes()
        for secret in secrets:
            forms = [secret.encode(), secret.encode("utf-16-le"), secret.encode("utf-16-be")]
            forms += [base64.b64encode(b"\0" * n + secret.encode())[4:-4] for n in range(3)]
            found += [path.name for form in forms if form in data]
    return found


@pytest.mark.parametrize("name", ["HEAD", "HEAD^{tree}"])
def test_that_a_history_without_a_commit_or_a_tree_is_never_clean(tmp_path: Path, name: str) -> None:
    with desk(tmp_path, FILES) as (project, made, state):
        remove(made, made.oid(name))
        with pytest.raises(MissingObject):
            scanned(project, state)
        assert not project.rows("SELECT * FROM scans")


def test_that_a_missing_blob_is_not_scanned_until_it_is_there(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, made, state):
        oid = made.oid("HEAD:config.py")
        content = made.run("cat-file", "blob", oid).encode() + b"\n"
        remove(made, oid)
        told = scanned(project, state)
        assert (told["secrets"], told["not_scanned"]) == (2, {"binary": 1, "missing": 1, "too large": 1})
        assert blocked_blobs(project, state, bundled_digest())[oid] == "missing"
        assert made.run("hash-object", "-w", "--stdin", input=content) == oid
        told = scanned(project, state)
        assert told["not_scanned"] == {"binary": 1, "too large": 1}
        assert {place.path for one in findings(project, state) for place in one.places} == {
            "config.py",
            "again.py",
            "key.pem",
        }


def remove(made: Made, oid: str) -> None:
    (made.path / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
