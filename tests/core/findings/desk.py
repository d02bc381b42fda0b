"""A reviewer's desk: a project over small repositories, scanned by the real stage."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.core.repositories.workshop import Content, Made, make

from espalier.core.findings import scan
from espalier.core.findings.detection.specimens import specimen
from espalier.core.jobs.claim import claim
from espalier.core.jobs.context import JobContext
from espalier.core.jobs.job import enqueue
from espalier.core.jobs.life import this_process
from espalier.core.project.file import Project
from espalier.core.repositories import corpus, repository

GITHUB = specimen("ghp_{alnum:36}", "desk")
PASSWORD = specimen("{alnum:14}", "desk")
KEY = specimen("-----BEGIN RSA PRIVATE KEY-----\n{base64:64}\n{base64:64}\n-----END RSA PRIVATE KEY-----", "desk")


@contextmanager
def desk(folder: Path, files: Mapping[str, Content], policy: str = "solo") -> Iterator[tuple[Project, Made, str]]:
    """A project, its one repository, and the hash of the corpus; not scanned yet."""
    made = make(folder / "shop")
    made.commit(dict(files.items()))
    with Project.create(folder / "p", policy=policy) as project:
        repository.add(project, made.path)
        yield project, made, corpus.refresh(project).hash


def scanned(project: Project, corpus: str, **asked: bool) -> dict[str, object]:
    """What the stage returns, run in this process."""
    return scan.run(context(project, {"corpus": corpus, **asked}))


def context(project: Project, args: dict[str, object]) -> JobContext:
    enqueue(project, "findings.scan", args, "cpu")
    job = claim(project, "cpu", this_process())
    assert job
    with project.write() as db:
        db.execute("UPDATE jobs SET state = 'done' WHERE id = ?", (job.id,))
    return JobContext(project, job)
