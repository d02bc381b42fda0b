"""A project with a finished, evaluated run in it, as the stages before a release leave it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.core.models.tiny import build_tiny_model
from tests.core.release import made

from espalier.core.examples.example import Example, Provenance, insert
from espalier.core.models import register
from espalier.core.project import artifacts, identities, signoffs, sshsig
from espalier.core.project.canonical import canonical_text, digest
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity
from espalier.core.repositories.licence_decisions import decide_licence
from espalier.core.training import adapter
from espalier.core.training.recipe import load

CORPUS = "3" * 64
RULESET = "4" * 64
DECISIONS = "5" * 64
README = "---\nlicense: apache-2.0\n---\n"
GATE = {"name": "loss", "passed": True, "why": "0.80 of the base's loss, at most 1.00"}


@dataclass(frozen=True, slots=True)
class Finished:
    project: Project
    run: int
    ana: Identity


def finished(folder: Path, policy: str = "solo", gates: tuple[Mapping[str, object], ...] = (GATE,)) -> Finished:
    project = Project.create(folder / "company", policy=policy)
    automatic = policy == "demo"
    ana = identities.stand_in(project) if automatic else identities.add(project, "ana", roles=identities.ROLES)
    base = _base(project, folder / "tiny", ana)
    _corpus(project, ana.name)
    approval = _approval(project, ana)
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
    example = Example(
        kind="completion",
        label="accepted",
        language="python",
        service="orders",
        task="Write it.",
        context="",
        constraints=(),
        solution="THE TEXT OF AN EXAMPLE",
        tokens=12,
        licence="LicenseRef-own",
        export_class="internal",
        provenance=Provenance(
            repository="orders",
            commit="a" * 40,
            path="a.py",
            first_line=1,
            last_line=2,
            committed_at="2026-04-01T00:00:00.000Z",
        ),
    )
    snapshot = artifacts.store(project, b"THE TEXT OF AN EXAMPLE\n", "application/jsonl")
    summary = {"splits": {"train": {"examples": 1, "tokens": 12, "from": "2026-04-01", "to": "2026-04-01"}}}
    with project.write() as db:
        insert(db, CORPUS, [example])
        db.execute(
            "INSERT INTO snapshots VALUES (?, ?, 7, ?, ?, '{}', ?, '2026-05-02T00:00:00.000Z')",
            (snapshot, CORPUS, "7" * 64, approval, canonical_text(summary)),
        )
        db.execute("INSERT INTO snapshot_examples VALUES (?, ?, 'train', 1)", (snapshot, example.id))
    return snapshot


def _run(project: Project, snapshot: str, files: Mapping[str, str]) -> int:
    tar = adapter.archive({adapter.CONFIGURATION: made.CONFIG, adapter.WEIGHTS: made.WEIGHTS})
    stored = artifacts.store(project, tar, adapter.MEDIA_TYPE)
    recipe = load("demo").model_copy(update={"rank": 8, "alpha": 16.0})
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
    arms = {"adapter": {"tests": {"passed": 9, "ran": 12, "low": 0.43, "high": 0.94}}}
    summary = {
        "suite": "held-out",
        "tier": "",
        "tasks": 12,
        "arms": arms,
        "fixed": 2,
        "broken": 0,
        "gates": list(gates),
    }
    with project.write() as db:
        cursor = db.execute(
            """INSERT INTO evaluations (run, suite, settings, state, summary, created_at)
               VALUES (?, 'held-out', '{}', 'done', ?, '2026-05-04T00:00:00.000Z')""",
            (run, canonical_text(summary)),
        )
        db.execute("INSERT INTO results VALUES (?, 't1', 'adapter', 'tests', 1, NULL, 'ok')", (cursor.lastrowid,))
        db.execute(
            "INSERT INTO answers VALUES (?, 't1', 'adapter', 'WHAT THE MODEL WROTE', 4, 'end')", (cursor.lastrowid,)
        )


def _approval(project: Project, who: Identity) -> int:
    """As findings.approval leaves it."""
    statement: dict[str, object] = {"corpus": CORPUS, "ruleset": RULESET, "decisions": DECISIONS}
    number = signoffs.sign(project, who, f"approval:{CORPUS}", statement, sshsig.REVIEW)
    signature = signoffs.sign_offs(project, f"approval:{CORPUS}")[-1].signature
    with project.write() as db:
        cursor = db.execute(
            """INSERT INTO approvals (corpus, ruleset, decisions_hash, statement, signature, identity, sign_off, approved_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, '2026-05-01T12:00:00.000Z')""",
            (CORPUS, RULESET, DECISIONS, canonical_text(statement), signature, who.name, number),
        )
        return int(cursor.lastrowid or 0)
