"""Bad input on the command line: one clear sentence, the right exit status, nothing lost, never a traceback."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from espalier.core.cli.__main__ import main
from espalier.core.findings.detection.detect import bundled_digest
from espalier.core.jobs.job import enqueue
from espalier.core.project.file import Project
from espalier.core.project.sqlite import sqlite

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def called(*arguments: object) -> tuple[int, str, str]:
        status = main([str(one) for one in arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return status, said.out, said.err

    return called


@pytest.fixture
def project(tmp_path: Path, run: Run) -> Path:
    assert run("init", tmp_path / "p", "--policy", "demo")[0] == 0
    return tmp_path / "p.espalier"


def _repository(folder: Path) -> Path:
    folder.mkdir()
    _git(folder, "init", "-q", "-b", "main")
    (folder / "a.py").write_text("def f():\n    return 1\n")
    _git(folder, "add", ".")
    _git(folder, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "Start")
    return folder


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("nonsense",), 2, "No such command 'nonsense'"),
        (("init",), 2, "Missing argument"),
        (("project", "show", "/nowhere/x"), 2, "There is no project at"),
        (("init", "/nowhere/x"), 2, "does not exist"),
        (("release", "verify", "/nowhere"), 2, "no folder /nowhere"),
        (("job", "show", "PROJECT", "7"), 2, "There is no job 7"),
        (("train", "show", "PROJECT", "7"), 2, "There is no run 7"),
        (("eval", "show", "PROJECT"), 2, "has no evaluation"),
        (("dataset", "show", "PROJECT"), 2, "has no snapshot"),
        (("repo", "refresh", "PROJECT"), 2, "has no repositories"),
        (("findings", "scan", "PROJECT"), 2, "has no corpus yet"),
        (("identity", "add", "PROJECT", "Ana", "--role", "boss"), 2, "no role 'boss'"),
        (("init", "PROJECT-2", "--policy", "lax"), 2, "no policy named 'lax'"),
        (("release", "check", "PROJECT", "1"), 2, "There is no run 1"),
    ],
)
def test_that_each_mistake_has_its_sentence(
    run: Run, project: Path, arguments: tuple[str, ...], status: int, sentence: str
) -> None:
    given = [one.replace("PROJECT", str(project.with_suffix(""))) for one in arguments]
    found, out, err = run(*given)
    assert sentence in err + out
    assert found == status


def test_that_unusable_repositories_are_refused_one_by_one(run: Run, project: Path, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    empty = tmp_path / "empty"
    empty.mkdir()
    _git(empty, "init", "-q")
    corrupt = _repository(tmp_path / "corrupt")
    blob = subprocess.run(["git", "-C", corrupt, "rev-parse", "HEAD:a.py"], check=True, capture_output=True, text=True)
    (corrupt / ".git" / "objects" / blob.stdout[:2] / blob.stdout[2:].strip()).unlink()
    for path, word in (
        (tmp_path / "plain", "no git repository"),
        (empty, "no commits"),
        (corrupt, "missing or damaged objects"),
    ):
        status, _, err = run("repo", "add", project, path)
        assert (status, word in err) == (2, True), err
    assert json.loads(run("repo", "list", project, "--json")[1]) == []


def test_that_bare_shallow_and_foreign_repositories_serve_and_are_noted(
    run: Run, project: Path, tmp_path: Path
) -> None:
    origin = _repository(tmp_path / "origin")
    (origin / "b.py").write_text("x = 1\n")
    _git(origin, "add", ".")
    _git(origin, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "More")
    _git(tmp_path, "clone", "-q", "--bare", str(origin), "bare.git")
    _git(tmp_path, "clone", "-q", "--depth=1", origin.as_uri(), "shallow")
    for name, word in (("bare.git", "bare repository"), ("shallow", "shallow clone")):
        status, _, err = run("repo", "add", project, tmp_path / name)
        assert (status, word in err) == (0, True), err
    if os.geteuid() == 0:
        foreign = _repository(tmp_path / "foreign")
        for path in [foreign, *foreign.rglob("*")]:
            os.chown(path, 12345, 12345)
        status, _, err = run("repo", "add", project, foreign)
        assert (status, "another user" in err) == (0, True), err


def test_that_files_that_are_no_projects_are_refused_and_left_alone(run: Run, project: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.espalier"
    text.write_text("hello")
    newer = tmp_path / "newer.espalier"
    shutil.copy(project, newer)
    connection = sqlite.connect(newer)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    for path, word in ((text, "is not an Espalier project"), (newer, "newer Espalier")):
        before = path.read_bytes()
        status, _, err = run("project", "show", path)
        assert (status, word in err) == (2, True)
        assert path.read_bytes() == before


def test_that_a_read_only_project_can_be_shown_and_not_changed(run: Run, project: Path, tmp_path: Path) -> None:
    project.chmod(0o444)
    assert run("project", "show", project)[0] == 0
    status, _, err = run("repo", "add", project, _repository(tmp_path / "r"))
    assert (status, "is read-only" in err) == (2, True)


def test_that_the_same_work_is_not_started_twice(run: Run, project: Path, tmp_path: Path) -> None:
    run("repo", "add", project, _repository(tmp_path / "r"))
    with Project.open(project) as opened:
        corpus = opened.value("SELECT hash FROM corpora")
        number = enqueue(opened, "findings.scan", {"corpus": corpus, "ruleset": bundled_digest()}, "cpu")
    status, _, err = run("findings", "scan", project)
    assert (status, f"Job {number} already does this" in err) == (2, True)


def test_that_gates_say_what_shuts_them(run: Run, project: Path, tmp_path: Path) -> None:
    run("repo", "add", project, _repository(tmp_path / "r"))
    status, _, err = run("findings", "approve", project)
    assert (status, "is not scanned" in err) == (1, True)


def test_that_an_unknown_recipe_key_is_answered_with_the_nearest(run: Run, project: Path, tmp_path: Path) -> None:
    with Project.open(project) as opened:
        from espalier.core.project import artifacts

        snapshot = artifacts.store(opened, b"{}\n", "application/jsonl")
        with opened.write() as db:
            db.execute("INSERT INTO builds VALUES ('b', 'c', '', '', 't', 512, '', '')")
            db.execute(
                "INSERT INTO snapshots VALUES (?, 'c', 'b', 1, 't', 1, '{}', '{}', '2026-01-01T00:00:00.000Z')",
                (snapshot,),
            )
    recipe = tmp_path / "mine.toml"
    recipe.write_text('name = "mine"\nepochs = 1\nlearning_rat = 0.1\n')
    status, _, err = run("train", "start", project, "--recipe", recipe)
    assert (status, "learning_rate" in err) == (2, True), err
    assert json.loads(run("train", "list", project, "--json")[1]) == []


def test_that_hostile_model_folders_are_refused(run: Run, project: Path, tmp_path: Path) -> None:
    from tests.core.models.tiny import build_tiny_model

    whole = build_tiny_model(tmp_path / "whole")
    changes: dict[str, Callable[[Path], object]] = {
        "pickle": lambda folder: (folder / "pytorch_model.bin").write_bytes(b"\x80\x04."),
        "code": lambda folder: (folder / "modeling.py").write_text("import os"),
        "tokenizer": lambda folder: (folder / "tokenizer.json").unlink(),
    }
    for name, change in changes.items():
        folder = tmp_path / name
        shutil.copytree(whole, folder)
        change(folder)
        status, _, err = run("model", "add", project, folder, name)
        assert status == 2, (name, err)
        assert len(err.strip().splitlines()) <= 2
    assert run("model", "add", project, whole, "whole")[0] == 0
    weights = whole / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    status, _, err = run("model", "verify", project, "whole")
    assert (status, "model.safetensors" in err) == (1, True), err


@pytest.mark.slow
def test_that_ctrl_c_stops_a_job_at_a_safe_point_and_the_same_command_goes_on(project: Path, tmp_path: Path) -> None:
    """A real terminal's ctrl-C: SIGINT to the command, which asks the worker and waits for it."""
    import signal
    import time

    from espalier.core.sample import write

    company = write(tmp_path / "company").path
    main(["repo", "add", str(project), str(company)])
    command = [sys.executable, "-m", "espalier.core.cli", "findings", "scan", str(project)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    with Project.open(project, read_only=True) as opened:
        while opened.value("SELECT count(*) FROM scanned") == 0 and process.poll() is None:
            time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    if process.returncode != 0:  # it was not done yet
        assert process.returncode == 130
        assert b"Traceback" not in err
    assert main(["findings", "scan", str(project)]) == 0
    with Project.open(project, read_only=True) as opened:
        assert opened.value("SELECT count(*) FROM scans") == 1
        assert opened.value("PRAGMA integrity_check") == "ok"
