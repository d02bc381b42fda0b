"""Examples: (task, context, constraints, solution) tuples with a label and where they come from."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from espalier.core.examples.build import newest
from espalier.core.examples.prompt import Message, messages
from espalier.core.project.canonical import canonical_text, digest
from espalier.core.project.file import Connection, Project, Row

Kind = Literal["completion", "change", "repair", "refactor", "test", "explain", "review"]
Label = Literal["accepted", "rejected", "insecure"]
State = Literal["kept", "dropped", "removed-in-review"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where the solution stands; `committed_at` is when history first shows it (ISO 8601)."""

    repository: str
    commit: str
    path: str
    first_line: int
    last_line: int
    committed_at: str


@dataclass(frozen=True, kw_only=True)
class Example:
    """One tuple, scrubbed. `tokens` counts the whole conversation under the project's tokenizer.

    Without slots, so that its id is computed once: dividing a hundred thousand of them asks for it half a million times.
    """

    kind: Kind
    label: Label
    language: str
    service: str
    task: str
    context: str
    constraints: tuple[str, ...]
    solution: str
    provenance: Provenance
    qualified_name: str = ""
    rationale: str = ""
    tokens: int = 0
    state: State = "kept"
    reason: str = ""
    licence: str = ""
    export_class: str = "internal"

    @cached_property
    def id(self) -> str:
        """What the example says and where it was said; the same content gives the same id on any machine."""
        said = [self.kind, self.label, self.task, self.context, list(self.constraints), self.solution]
        return digest([*said, self.provenance.repository, self.provenance.path, self.qualified_name])[:40]

    def messages(self) -> list[Message]:
        return messages(self.task, self.context, self.constraints, self.solution)

    def dropped(self, reason: str) -> "Example":
        return replace(self, state="dropped", reason=reason)

    def withheld(self, reason: str, *, path: str) -> "Example":
        """Dropped with nothing of its text: only that there was one, and where, if the path may be told."""
        return replace(
            replace(self, task=f"withheld {self.id}", context="", solution="", rationale="", qualified_name=""),
            service="",
            provenance=replace(self.provenance, path=path),
        ).dropped(reason)


def insert(db: Connection, build: str, examples: Iterable[Example]) -> None:
    """Add to a build; an example that is there already stays as it is."""
    rows = [
        (
            *(build, one.id, one.kind, one.label, one.language, one.service, one.task, one.context),
            *(canonical_text(list(one.constraints)), one.solution, one.rationale, one.tokens, one.state, one.reason),
            *(one.provenance.repository, one.provenance.commit, one.provenance.path, one.qualified_name),
            *(one.provenance.first_line, one.provenance.last_line, one.provenance.committed_at),
            *(one.licence, one.export_class),
        )
        for one in examples
    ]
    db.executemany(f"INSERT INTO examples VALUES ({', '.join('?' * 23)}) ON CONFLICT DO NOTHING", rows)


def of_build(project: Project, build: str, state: str | None = "kept") -> list[Example]:
    """In an order that depends on their content alone."""
    found = project.rows(
        "SELECT * FROM examples WHERE build = ? AND state = ifnull(?, state) ORDER BY committed_at, id", (build, state)
    )
    return [_example(row) for row in found]


def one_of_build(project: Project, build: str, name: str) -> Example | None:
    row = project.row("SELECT * FROM examples WHERE build = ? AND id = ?", (build, name))
    return None if row is None else _example(row)


def examples(project: Project, corpus: str | None = None, state: str | None = "kept") -> list[Example]:
    """Those of the newest build, of this corpus if one is named."""
    build = newest(project, corpus)
    return [] if build is None else of_build(project, build, state)


def set_state(project: Project, build: str, ids: Iterable[tuple[str, State, str]]) -> None:
    """Change state and reason of examples by id, a hundred a transaction."""
    waiting = list(ids)
    for start in range(0, len(waiting), 100):
        rows = [(state, reason, build, number) for number, state, reason in waiting[start : start + 100]]
        with project.write() as db:
            db.executemany("UPDATE examples SET state = ?, reason = ? WHERE build = ? AND id = ?", rows)


def listed(project: Project, corpus: str | None = None, state: str | None = None) -> list[dict[str, object]]:
    """What `examples list --json` prints; `split` is the one of the newest snapshot of the same build."""
    build = newest(project, corpus)
    if build is None:
        return []
    splits = {
        row["example"]: row["split"]
        for row in project.rows(
            "SELECT example, split FROM snapshot_examples WHERE snapshot ="
            " (SELECT hash FROM snapshots WHERE build = ? ORDER BY frozen_at DESC, rowid DESC LIMIT 1)",
            (build,),
        )
    }
    return [_listed(one, splits.get(one.id)) for one in of_build(project, build, state)]


def _listed(one: Example, split: str | None) -> dict[str, object]:
    where = one.provenance
    return {
        "id": one.id,
        "kind": one.kind,
        "label": one.label,
        "language": one.language,
        "service": one.service,
        "tokens": one.tokens,
        "split": split,
        "state": one.state,
        "reason": one.reason,
        "provenance": {
            "repository": where.repository,
            "commit": where.commit,
            "path": where.path,
            "first_line": where.first_line,
            "last_line": where.last_line,
            "committed_at": where.committed_at,
        },
    }


def _example(row: Row) -> Example:
    made = Example(
        kind=row["kind"],
        label=row["label"],
        language=row["language"],
        service=row["service"],
        task=row["task"],
        context=row["context"],
        constraints=tuple(json.loads(row["constraints"])),
        solution=row["solution"],
        provenance=Provenance(
            repository=row["repository"],
            commit=row["commit"],
            path=row["path"],
            first_line=row["first_line"],
            last_line=row["last_line"],
            committed_at=row["committed_at"],
        ),
        qualified_name=row["qualified_name"],
        rationale=row["rationale"],
        tokens=row["tokens"],
        state=row["state"],
        reason=row["reason"],
        licence=row["licence"],
        export_class=row["export_class"],
    )
    vars(made)["id"] = row["id"]  # what it was stored under, which is what it would compute
    return made
