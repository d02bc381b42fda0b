"""Evaluations as the stage leaves them: tasks pinned, answers and verdicts stored, rubric laid out, summed up by core."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass

from espalier.core.evaluation import evaluations
from espalier.core.evaluation.evaluations import ARMS, Arm, Settings
from espalier.core.evaluation.rubric import lay_out
from espalier.core.evaluation.sandbox.tier import Capability
from espalier.core.evaluation.summary import summarise
from espalier.core.evaluation.tasks import EvaluationTask, Origin, pin
from espalier.core.jobs.job import enqueue
from espalier.core.project import artifacts
from espalier.core.project.canonical import canonical_text
from espalier.core.project.file import Project
from espalier.core.project.policy import project_policy
from espalier.core.training import runs
from espalier.core.training.recipe import load

LINES = b"{}\n"
SNAPSHOT = hashlib.sha256(LINES).hexdigest()
CHECKS = ("parse", "format", "lint", "types", "tests", "security", "idiom")
SHARES = {"base": (0.95, 0.6, 0.55, 0.5, 0.4, 0.92, 0.2), "adapter": (0.99, 0.9, 0.8, 0.7, 0.6, 0.95, 0.7)}
ORIGINS: tuple[Origin, ...] = ("completion", "ticket", "incident", "refactor")
QUARTERS = ("2025-11-03", "2026-02-11", "2026-05-20", "2026-08-08")
NAMES = (
    "settle_batch",
    "fee_for_corridor",
    "Ledger.post",
    "retry_webhook",
    "open_dispute",
    "export_chargebacks",
    "mask_pan",
)
SERVICES = ("payments", "ledger", "web")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How an evaluation is to be made."""

    tasks: int = 24
    quarters: int = 4
    tier: str = "bubblewrap"
    seed: int = 7


def run(project: Project, *, adapter: str | None = "a" * 64) -> int:
    """A finished run of the snapshot; without an adapter it is still waiting."""
    artifacts.store(project, LINES, "application/jsonl")
    files = {"model.safetensors": "0" * 64}
    number = runs.create(
        project, snapshot=SNAPSHOT, model="smollm2-135m", base_files=files, recipe=load("demo"), seed=7
    )
    if adapter is not None:
        runs.update(project, number, state="done", adapter=adapter, step=40, steps=40, device="CPU")
    return number


def snapshot(project: Project, examples: int = 24, quarters: int = 4) -> None:
    """The frozen snapshot whose held-out part the tasks are drawn from."""
    rows = [
        ("b", f"e{n}", "completion", "payments", f"{QUARTERS[n % quarters]}T12:00:00.000Z") for n in range(examples)
    ]
    with project.write() as db:
        db.execute("INSERT INTO builds VALUES ('b', ?, 's', 'r', ?, 512, '', '')", ("3" * 64, "7" * 64))
        db.executemany(
            "INSERT INTO examples (build, id, kind, label, language, service, task, context, constraints, solution, tokens,"
            ' state, repository, "commit", path, first_line, last_line, committed_at)'
            " VALUES (?, ?, ?, 'accepted', 'python', ?, 't', '', '[]', 's', 9, 'kept', 'shop', 'c', 'a.py', 1, 2, ?)",
            rows,
        )
        values = (SNAPSHOT, "3" * 64, "7" * 64, canonical_text({"splits": {}}))
        db.execute("INSERT INTO snapshots VALUES (?, ?, 'b', 7, ?, 1, '{}', ?, '2026-09-01T00:00:00.000Z')", values)
        db.executemany("INSERT INTO snapshot_examples VALUES (?, ?, 'test', 1)", [(SNAPSHOT, row[1]) for row in rows])


def tasks(number: int) -> list[EvaluationTask]:
    made = []
    for n in range(number):
        name, origin, service = NAMES[n % len(NAMES)], ORIGINS[n % len(ORIGINS)], SERVICES[n % len(SERVICES)]
        path = f"services/{service}/module_{n}.py"
        titles = {"completion": f"{name} in {path}", "ticket": f"PAY-{2200 + n} {name} loses the currency"}
        made.append(
            EvaluationTask(
                suite=evaluations.SUITE,
                origin=origin,
                title=titles.get(origin, f"{origin[:3].upper()}-{n} Repair {name} after a timeout"),
                snapshot=SNAPSHOT,
                example=f"e{n}",
                repository="shop",
                commit="c" * 40,
                path=path,
                qualified_name=name,
                service=service,
                messages=({"role": "user", "content": f"Write the body of {name}.\n\ndef {name}(value):\n"},),
                reference=f"    checked = check(value)\n    return Ok(checked, {n})",
                tests=(f"tests/test_{n}.py::test_it",),
            )
        )
    return made


def verdicts(asked: Sequence[EvaluationTask], arm: Arm, chance: random.Random) -> list[tuple[object, ...]]:
    """Of every check; an answer that does not parse passes nothing, and its security is not judged."""
    rows: list[tuple[object, ...]] = []
    for task in asked:
        parses = True
        for check, share in zip(CHECKS, SHARES[arm], strict=True):
            passed: bool | None = chance.random() < share
            parses = bool(passed) if check == "parse" else parses
            if not parses and check != "parse":
                passed = None if check == "security" else False
            detail = (
                ""
                if passed
                else "not run: the answer does not parse"
                if passed is None
                else f"{check}: line 3 is wrong"
            )
            rows.append((task.id, arm, check, passed, None, detail))
        rows.append((task.id, arm, "loss", None, 20.0 if arm == "base" else 15.0, "10"))
    return rows


def evaluated(project: Project, how: Asked = Asked(), *, number: int | None = None) -> int:
    """A finished evaluation and the job that made it."""
    made, chance = tasks(how.tasks), random.Random(how.seed)
    if not project.value("SELECT 1 FROM snapshots"):
        snapshot(project, how.tasks, how.quarters)
    evaluation = number or evaluations.create(project, run(project), Settings())
    found = [row for arm in ARMS for row in verdicts(made, arm, chance)]
    if how.tier == "none":
        why = "not run: bubblewrap is not installed."
        found = [row if row[2] in ("loss", "idiom") else (*row[:3], None, None, why) for row in found]
    said = {"base": "    return {n}", "adapter": "    checked = check(value)\n    return Ok(checked, {n})"}
    answers = [
        (evaluation, task.id, arm, said[arm].format(n=n), 12, "stop") for arm in ARMS for n, task in enumerate(made)
    ]
    with project.write() as db:
        pin(db, evaluation, made)
        db.execute("UPDATE asked SET tests = '[\"t\"]' WHERE evaluation = ?", (evaluation,))
        db.executemany("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?)", answers)
        db.executemany("INSERT INTO results VALUES (?, ?, ?, ?, ?, ?, ?)", [(evaluation, *row) for row in found])
    lay_out(project, evaluation, made)
    can = Capability(tier="none" if how.tier == "none" else "bubblewrap", version="0.8.0")
    evaluations.begun(project, evaluation, can.tier, can.digest)
    one = evaluations.evaluation(project, evaluation)
    evaluations.finish(project, evaluation, summarise(project, one, made, can, project_policy(project)))
    return evaluation


def under_way(
    project: Project, done: int = 5, total: int = 12, message: str = "answers of the base"
) -> tuple[int, int]:
    """An evaluation and its job, which says how far it is; nobody works on it yet."""
    number = evaluations.create(project, run(project), Settings())
    job = enqueue(project, evaluations.KIND, {"evaluation": number}, "accelerator")
    with project.write() as db:
        db.execute("UPDATE jobs SET done = ?, total = ?, message = ? WHERE id = ?", (done, total, message, job))
    return number, job
