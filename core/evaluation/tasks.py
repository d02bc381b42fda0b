"""Evaluation tasks: held-out functions to complete, and tickets about them; kept only where a reference can be judged."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from espalier.core.evaluation.tickets import Ticket
from espalier.core.examples.example import Example
from espalier.core.examples.prompt import Message, messages, with_body
from espalier.core.examples.python_source import FunctionSource, functions
from espalier.core.project.canonical import canonical_text, digest
from espalier.core.project.file import Connection, Project, Row

Origin = Literal["completion", "ticket", "incident", "refactor"]
MOST_TEST_FILES = 4
_ASKED = "SELECT tasks.*, asked.tests AS decided, asked.reason FROM asked JOIN tasks ON id = task WHERE evaluation = ?"


@dataclass(frozen=True, kw_only=True)
class EvaluationTask:
    """One thing asked of both arms. Without slots, so that a stored one keeps the id that it was stored under.

    `tests` are the repository's own test files that call the function, found by name; once decided, in an evaluation, the
    ids of the tests that tell the reference from an empty body, or none, and the reason why.
    """

    suite: str
    origin: Origin
    title: str
    snapshot: str
    example: str
    repository: str
    commit: str
    path: str
    qualified_name: str
    service: str
    messages: tuple[Message, ...]
    reference: str
    tests: tuple[str, ...]
    reason: str = ""

    @cached_property
    def id(self) -> str:
        asked = [dict(message) for message in self.messages]
        return digest([self.suite, self.origin, self.snapshot, asked, self.repository, self.path, self.qualified_name])[
            :40
        ]


def completion_tasks(
    snapshot: str, suite: str, head: str, held_out: Iterable[Example], texts: Mapping[str, str]
) -> list[EvaluationTask]:
    """A task for each held-out completion that the tree of head still has; `texts` is that tree, scrubbed."""
    tests = {path: text for path, text in texts.items() if _is_test_file(path)}
    found = []
    for example in held_out:
        function = _function(texts.get(example.provenance.path, ""), example)
        if example.kind == "completion" and function is not None:
            found.append(_task(snapshot, suite, head, example, function, _calling(function.name, tests)))
    return found


def ticket_tasks(tasks: Iterable[EvaluationTask], tickets: Iterable[Ticket]) -> tuple[list[EvaluationTask], list[str]]:
    """Tickets about held-out functions as tasks, and the ids of those about anything else, which would not be fair."""
    by_function = {(task.path, task.qualified_name): task for task in tasks if task.origin == "completion"}
    made, left = [], []
    for ticket in tickets:
        task = by_function.get((ticket.path, ticket.function))
        if task is None:
            left.append(ticket.id)
            continue
        said = f"{ticket.id}: {ticket.title}\n{ticket.body}\n{task.messages[-1]['content']}"
        asked = (*task.messages[:-1], {**task.messages[-1], "content": said})
        made.append(replace(task, origin=ticket.kind, title=f"{ticket.id} {ticket.title}", messages=asked))
    return made, left


def pin(db: Connection, evaluation: int, tasks: Iterable[EvaluationTask]) -> None:
    """Store the tasks as what an evaluation asks; which tests decide them is open still."""
    rows = [
        (
            *(task.id, task.snapshot, task.suite, task.origin, task.title, task.example, task.repository, task.commit),
            *(task.path, task.qualified_name, task.service, canonical_text([dict(one) for one in task.messages])),
            *(task.reference, canonical_text(list(task.tests))),
        )
        for task in tasks
    ]
    db.executemany(f"INSERT INTO tasks VALUES ({', '.join('?' * 14)}) ON CONFLICT DO NOTHING", rows)
    db.executemany(
        "INSERT INTO asked (evaluation, task) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(evaluation, row[0]) for row in rows],
    )


def decide_tests(project: Project, evaluation: int, task: EvaluationTask, tests: tuple[str, ...], reason: str) -> None:
    with project.write() as db:
        row = (canonical_text(list(tests)), reason, evaluation, task.id)
        db.execute("UPDATE asked SET tests = ?, reason = ? WHERE evaluation = ? AND task = ?", row)


def asked(project: Project, evaluation: int) -> list[EvaluationTask]:
    """In the order of their ids; of those whose tests are not looked for yet, `tests` is empty."""
    found = project.rows(f"{_ASKED} ORDER BY id", (evaluation,))
    return [_stored(row, tuple(json.loads(row["decided"] or "[]")), row["reason"]) for row in found]


def undecided(project: Project, evaluation: int) -> list[EvaluationTask]:
    """Those whose tests are not looked for yet; `tests` are files."""
    found = project.rows(f"{_ASKED} AND asked.tests IS NULL ORDER BY id", (evaluation,))
    return [_stored(row, tuple(json.loads(row["tests"]))) for row in found]


def _task(
    snapshot: str, suite: str, head: str, example: Example, function: FunctionSource, tests: tuple[str, ...]
) -> EvaluationTask:
    return EvaluationTask(
        suite=suite,
        origin="completion",
        title=f"{example.qualified_name} in {example.provenance.path}",
        snapshot=snapshot,
        example=example.id,
        repository=example.provenance.repository,
        commit=head,
        path=example.provenance.path,
        qualified_name=example.qualified_name,
        service=example.service,
        messages=tuple(messages(example.task, example.context, example.constraints)),
        reference=example.solution,
        tests=tests,
    )


def _function(text: str, example: Example) -> FunctionSource | None:
    """The function as head has it, if it still says what the example says; windows of long functions are no tasks."""
    for function in functions(text):
        if function.qualified_name == example.qualified_name:
            same = (
                with_body(function, example.solution).split()
                == f"{function.header} {function.docstring} {function.body}".split()
            )
            return function if same else None
    return None


def _calling(name: str, tests: Mapping[str, str]) -> tuple[str, ...]:
    word = re.compile(rf"\b{re.escape(name)}\b")
    return tuple(sorted(path for path, text in tests.items() if word.search(text)))[:MOST_TEST_FILES]


def deciding_tests(name: str, texts: Mapping[str, str], ids: Iterable[str]) -> list[str]:
    """Of pytest's ids those of tests whose own code names the function, whatever their parameters."""
    word = re.compile(rf"\b{re.escape(name)}\b")
    chosen, naming = [], dict[str, set[str]]()
    for test in sorted(ids):
        path, _, inner = test.partition("::")
        if path not in naming:
            found = functions(texts.get(path, ""))
            naming[path] = {one.qualified_name for one in found if word.search(one.text)}
        if inner.split("[", 1)[0].replace("::", ".") in naming[path]:
            chosen.append(test)
    return chosen


def _is_test_file(path: str) -> bool:
    name = path.rsplit("/", 1)[-1]
    return name.endswith(".py") and (name.startswith(("test_", "tests")) or name.endswith("_test.py"))


def _stored(row: Row, tests: tuple[str, ...], reason: str = "") -> EvaluationTask:
    made = EvaluationTask(
        suite=row["suite"],
        origin=row["origin"],
        title=row["title"],
        snapshot=row["snapshot"],
        example=row["example"] or "",
        repository=row["repository"],
        commit=row["commit"],
        path=row["path"],
        qualified_name=row["qualified_name"],
        service=row["service"],
        messages=tuple(json.loads(row["messages"])),
        reference=row["reference"],
        tests=tests,
        reason=reason,
    )
    vars(made)["id"] = row["id"]  # what it was stored under, also where its text is quarantined since
    return made
