"""Small repositories told commit by commit, and projects that hold them, for the tests of examples and evaluation."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from espalier.core.examples import stage
from espalier.core.findings import approval, decisions, scan
from espalier.core.findings.detection.detect import bundled_digest
from espalier.core.jobs.context import JobContext
from espalier.core.jobs.ensure import ensure
from espalier.core.project.file import Project
from espalier.core.repositories import corpus as corpora

DAY = 86_400
START = 1_735_689_600  # 2025-01-01


def git(repository: Path, *arguments: str, day: int = 0) -> str:
    when = f"{START + day * DAY} +0000"
    identity = {
        f"GIT_{role}_{what}": "a@example.invalid" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    environment = {**os.environ, **identity, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    done = subprocess.run(
        ["git", "-C", str(repository), *arguments], check=True, capture_output=True, text=True, env=environment
    )
    return done.stdout.strip()


def told(folder: Path) -> Path:
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    return folder


def commit(repository: Path, day: int, message: str, files: Mapping[str, str | None]) -> str:
    """Write the files (None takes one away) and commit them on that day of 2025; returns the commit's id."""
    for path, text in files.items():
        target = repository / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            target.unlink()
        else:
            target.write_text(text)
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", message, day=day)
    return git(repository, "rev-parse", "HEAD")


def function(name: str, word: str, lines: int = 4) -> str:
    body = "".join(f"    {word}_{number} = {word}(value, {number})\n" for number in range(lines))
    return f'def {name}(value):\n    """Give the {word} of a value."""\n{body}    return {word}_{lines - 1}\n'


def context_of(project: Project, kind: str, args: dict[str, object]) -> JobContext:
    return JobContext(project, ensure(project, kind, args, "cpu"))


def scanned(project: Project) -> str:
    """The corpus of now, scanned, decided by the stand-in and approved."""
    corpus = corpora.refresh(project).hash
    scan.run(context_of(project, "findings.scan", {"corpus": corpus, "ruleset": bundled_digest()}))
    decisions.automatic_decisions(project, corpus)
    if approval.standing_approval(project, corpus) is None:
        approval.approve(project, corpus)
    return corpus


def build_args(project: Project, corpus: str) -> dict[str, object]:
    return {
        "corpus": corpus,
        "approval": approval.required_approval(project, corpus).id,
        "model": "tiny",
        "cap": 4096,
    }


def built(project: Project, corpus: str) -> dict[str, object]:
    return stage.run(context_of(project, "examples.build", build_args(project, corpus)))
