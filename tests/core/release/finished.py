"""A project with a finished, evaluated run in it, as the stages before a release leave it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.core.models.tiny import build_tiny_model
from tests.core.release import made

from espalier.core.evaluation import evaluations
from espalier.core.evaluation.statistics import rate
from espalier.core.examples.build import decided
from espalier.core.findings.approval import approve
from espalier.core.findings.detection.detect import bundled_digest
from espalier.core.models import register
from espalier.core.project import artifacts, identities
from espalier.core.project.canonical import canonical_text, digest
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity
from espalier.core.repositories.licence_decisions import decide_licence
from espalier.core.training import adapter
from espalier.core.training.recipe import load

CORPUS = "3" * 64
README = "---\nlicense: apache-2.0\n---\n"
ROLES = ("security", "legal", "ml", "release")
GATE = {"name": "loss", "passed": True, "why": "0.80 of the base's loss, at most 1.00"}


@dataclass(frozen=True, slots=True)
class Finished:
    project: Project
    run: int
    ana: Identity


def finished(folder: Path, policy: str = "solo", gates: tuple[Mapping[str, object], ...] = (GATE,)) -> Finished:
    project = Project.create(folder / "company", policy=policy)
    ana = identities.stand_in(project) if policy == "demo" else identities.add(project, "ana", roles=ROLES)
    base = _base(project, folder / "tiny", ana)
    _corpus(project, ana.name)
    _scanned(project)
    approval = approve(project, CORPUS, ana).id
    snapshot = _snapshot(project, approval)
    run = _run(project, snapshot, base.files)
    _evaluation(project, run, gates)
    return Finished(project, run, ana)


def _base(project: Project, folder: Path, who: Identity) -> Any:
    build_tiny_model(folder)
    (folder / "README.md").write_text(README)
    return register.register(project, folder, "tiny", actor=who.name)


def _corpus(project: Project, who: str) -> None:
    """One repository of the company's own code, whose licence is decided."""
    when = "2026-05-01T00:00:00.000Z"
    row = ("orders", "/repositories/orders", '{"refs/heads/main":"' + "a" * 40 + '"}', "a" * 40)
    with project.write() as db:
        db.execute("INSERT INTO corpora VALUES (?, ?, ?)", (CORPUS, when, when))
        db.execute(
            """INSERT INTO corpus_repositories VALUES
               (?, ?, ?, ?, ?, '[]', '{}', 1, 1, 100, '{}', '{}', '{}', '{}')""",
            (CORPUS, *row),
        )
        db.execute("INSERT INTO sources VALUES (?, 'orders', '', 'LicenseRef-own', 'own', '')", (CORPUS,))
        db.execute(
            "INSERT INTO repositories (name, path, include, services, added_at, bare, shallow, notes)"
            " VALUES ('orders', '/repositories/orders', '[]', '{}', ?, 0, 0, '[]')",
            (when,),
        )
    decide_licence(project, "orders", "", None, "allow", "contractors", identity=who, reason="ours")


def _snapshot(project: Project, approval: int) -> str:
    snapshot = artifacts.store(project, b"THE TEXT OF AN EXAMPLE\n", "application/jsonl")
    summary = {"splits": {"train": {"examples": 1, "tokens": 12, "from": "2026-04-01", "to": "2026-04-01"}}}
    now = decided(project, CORPUS)
    with project.write() as db:
        row = (CORPUS, now.scrub, now.rights, "7" * 64)
        db.execute("INSERT INTO builds VALUES ('b', ?, ?, ?, ?, 512, '', '')", row)
        db.execute(
            """INSERT INTO examples (build, id, kind, label, language, service, task, context, constraints, solution,
                                     tokens, state, repository, "commit", path, first_line, last_line, committed_at)
               VALUES ('b', 'e1', 'completion', 'accepted', 'python', 'orders', 'Write it.', '', '[]', ?,
                       12, 'kept', 'orders', ?, 'a.py', 1, 2, '2026-04-01T00:00:00.000Z')""",
            ("THE TEXT OF AN EXAMPLE", "a" * 40),
        )
        db.execute(
            "INSERT INTO snapshots VALUES (?, ?, 'b', 7, ?, ?, '{}', ?, '2026-05-02T00:00:00.000Z')",
            (snapshot, CORPUS, "7" * 64, approval, canonical_text(summary)),
        )
        db.execute("INSERT INTO snapshot_examples VALUES (?, 'e1', 'train', 1)", (snapshot,))
    return snapshot


def _run(project: Project, snapshot: str, files: Mapping[str, str]) -> int:
    tar = adapter.archive({adapter.CONFIGURATION: made.CONFIG, adapter.WEIGHTS: made.WEIGHTS})
    stored = artifacts.store(project, tar, adapter.MEDIA_TYPE)
    recipe = load("demo").model_copy(update={"rank": 8, "alpha": 16})
    versions = {"torch": "2.13.0", "precision": "float32", "threads": 2}
    with project.write() as db:
        cursor = db.execute(
            """INSERT INTO runs (snapshot, model, base, recipe, seed, state, step, steps, loss, validation_loss, adapter,
                                 versions, device, created_at, finished_at)
               VALUES (?, 'tiny', ?, ?, 7, 'done', 40, 40, 1.25, 1.5, ?, ?, 'a processor', ?, ?)""",
            (
                *(snapshot, digest(dict(files)), canonical_text(recipe.model_dump()), stored),
                *(canonical_text(versions), "2026-05-03T00:00:00.000Z", "2026-05-03T01:00:00.000Z"),
            ),
        )
        return int(cursor.lastrowid or 0)


def _evaluation(project: Project, run: int, gates: tuple[Mapping[str, object], ...]) -> None:
    summary = {
        "suite": "held-out",
        "tier": "bubblewrap",
        "tasks": 1,
        "origins": {"completion": 1},
        "p": 1.0,
        "arms": {"base": {"tests": _rate(0)}, "adapter": {"tests": _rate(1)}},
        "not_run": {},
        "loss": {"base": 2.0, "adapter": 1.6},
        "fixed": ["THE TITLE OF A TASK"],
        "broken": [],
        "gates": list(gates),
    }
    number = evaluations.create(project, run, evaluations.Settings())
    evaluations.finish(project, number, summary)
    rows: list[tuple[object, ...]] = [(number, "t1", arm, "loss", None, 1.0, "12") for arm in ("base", "adapter")]
    rows.append((number, "t1", "base", "tests", 0, None, "WHAT THE MODEL WROTE failed"))
    rows.append((number, "t1", "adapter", "tests", 1, None, ""))
    with project.write() as db:
        db.executemany("INSERT INTO results VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        db.execute("INSERT INTO answers VALUES (?, 't1', 'adapter', 'WHAT THE MODEL WROTE', 4, 'end')", (number,))


def _rate(passed: int) -> dict[str, object]:
    return rate([bool(passed)]).shown()


def _scanned(project: Project) -> None:
    """A scan under today's rules that found nothing."""
    row = (CORPUS, bundled_digest(), "2026-05-01T06:00:00.000Z")
    with project.write() as db:
        db.execute("INSERT INTO scans VALUES (?, ?, 1, 1, 100, 0.1, ?, 0, 0)", row)
