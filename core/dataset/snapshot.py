"""The frozen snapshot: JSON lines that the trainer opens and nothing else, under the SHA-256 of their bytes."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from espalier.core.dataset.split import Cut, Parts, Split
from espalier.core.dataset.wishes import Wishes
from espalier.core.examples.example import Example
from espalier.core.failures import UnusableInput
from espalier.core.project import artifacts, audit
from espalier.core.project.canonical import canonical, canonical_text
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project, Row

MEDIA_TYPE = "application/jsonl"
_SNAPSHOTS = (
    "SELECT *, EXISTS (SELECT 1 FROM quarantined WHERE kind = 'snapshot' AND name = hash) AS quarantined FROM snapshots"
)
Placed = tuple[Example, Split, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a snapshot was made from; with the same origin and examples the hash is the same anywhere."""

    corpus: str
    build: str
    seed: int
    tokenizer: str
    approval: int
    settings: dict[str, object]


def settings(wanted: Wishes, cut: Cut, judged: str) -> dict[str, object]:
    """What was chosen, as the snapshot records it; `judged` is the digest of the reviews that it follows.

    What nobody asked for is left out, so that a snapshot without weights says nothing of them.
    """
    said: dict[str, object] = {
        "test_from": cut.test_from,
        "train_limit": wanted.train_limit,
        "test_limit": wanted.test_limit,
        "reviews": judged,
    }
    if cut.validation_from is not None:
        said["validation_from"] = cut.validation_from
    return said if wanted.weights.even else said | {"weights": wanted.said_weights()}


def serialise(placed: Sequence[Placed]) -> bytes:
    """The bytes of a snapshot: a canonical JSON object a line, in the order of split and id."""
    lines = [canonical(_line(*one)) for one in sorted(placed, key=lambda one: (one[1], one[0].id))]
    return b"".join(line + b"\n" for line in lines)


def freeze(project: Project, placed: Sequence[Placed], parts: Parts, cut: Cut, origin: Origin, actor: str) -> str:
    """Store the bytes and what is said of them; the same bytes are frozen once. Returns the hash."""
    content = serialise(placed)
    snapshot = artifacts.store(project, content, MEDIA_TYPE)
    if project.value("SELECT 1 FROM snapshots WHERE hash = ?", (snapshot,)):
        _approve_again(project, snapshot, origin, actor)
        return snapshot
    summary = _summary(placed, parts, cut)
    with project.write() as db:
        db.execute(
            "INSERT INTO snapshots VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(snapshot, origin.corpus, origin.build, origin.seed, origin.tokenizer, origin.approval),
                *(canonical_text(origin.settings), canonical_text(summary), utc_now()),
            ),
        )
        rows = [(snapshot, example.id, split, repeats) for example, split, repeats in placed]
        db.executemany("INSERT INTO snapshot_examples VALUES (?, ?, ?, ?)", rows)
        audit.record(
            db, actor, "dataset.frozen", f"snapshot:{snapshot}", {"examples": len(rows), "corpus": origin.corpus}
        )
    return snapshot


def _approve_again(project: Project, snapshot: str, origin: Origin, actor: str) -> None:
    """The same bytes frozen again stand on the approval of now; the audit chain keeps the earlier one."""
    with project.write() as db:
        changed = db.execute(
            "UPDATE snapshots SET approval = ? WHERE hash = ? AND approval != ?",
            (origin.approval, snapshot, origin.approval),
        ).rowcount
        if changed:
            audit.record(db, actor, "dataset.approved-again", f"snapshot:{snapshot}", {"approval": origin.approval})


def read(project: Project, snapshot: str) -> list[dict[str, Any]]:
    """The lines of a snapshot, verified against its hash."""
    return [json.loads(line) for line in artifacts.read(project, snapshot).splitlines()]


def find(project: Project, prefix: str | None = None) -> str:
    """The full hash of the snapshot that a prefix names, of the newest without one."""
    if prefix is None:
        newest = project.value("SELECT hash FROM snapshots ORDER BY frozen_at DESC LIMIT 1")
        if newest is None:
            raise UnusableInput("The project has no snapshot.", "Freeze one: espalier dataset freeze PROJECT")
        return str(newest)
    found = project.rows("SELECT hash FROM snapshots WHERE substr(hash, 1, ?) = ?", (len(prefix), prefix))
    if len(found) != 1:
        known = "no" if not found else "more than one"
        raise UnusableInput(f"The project has {known} snapshot {prefix!r}.", "List them: espalier dataset list PROJECT")
    return str(found[0]["hash"])


def shown(project: Project, snapshot: str) -> dict[str, object]:
    """What `dataset show --json` prints."""
    row = project.row(f"{_SNAPSHOTS} WHERE hash = ?", (snapshot,))
    if row is None:
        raise UnusableInput(f"The project has no snapshot {snapshot[:12]}.", "List them: espalier dataset list PROJECT")
    return _shown(row)


def snapshots(project: Project) -> list[dict[str, object]]:
    """Newest first."""
    return [_shown(row) for row in project.rows(f"{_SNAPSHOTS} ORDER BY frozen_at DESC")]


def _shown(row: Row) -> dict[str, object]:
    said = {
        "hash": row["hash"],
        "corpus": row["corpus"],
        "seed": row["seed"],
        "tokenizer": row["tokenizer"],
        "approval": row["approval"],
        "settings": json.loads(row["settings"]),
        "frozen_at": row["frozen_at"],
        "quarantined": bool(row["quarantined"]),
    }
    return {**said, **json.loads(row["summary"])}


def _line(example: Example, split: Split, repeats: int) -> dict[str, object]:
    return {
        "id": example.id,
        "kind": example.kind,
        "label": example.label,
        "split": split,
        "repeats": repeats,
        "service": example.service,
        "language": example.language,
        "messages": example.messages(),
    }


def _summary(placed: Sequence[Placed], parts: Parts, cut: Cut) -> dict[str, object]:
    by_split: dict[str, list[Example]] = defaultdict(list)
    groups: dict[str, dict[str, int]] = defaultdict(lambda: {"examples": 0, "shown": 0, "tokens": 0})
    for example, split, repeats in placed:
        by_split[split].append(example)
        if split == "train":
            group = groups[f"{example.service} · {example.language}"]
            group["examples"] += 1
            group["shown"] += repeats
            group["tokens"] += example.tokens * repeats
    return {
        "splits": {split: _span(found) for split, found in by_split.items()},
        "groups": dict(groups),
        "kinds": _counted(placed),
        "leaks": parts.leaks,
        "test_from": cut.test_from,
        "quarters_held_out": cut.quarters,
        "export_class": "internal" if any(one.export_class == "internal" for one, _, _ in placed) else "contractors",
    }


def _span(found: Sequence[Example]) -> dict[str, object]:
    times = sorted(one.provenance.committed_at for one in found)
    return {"examples": len(found), "tokens": sum(one.tokens for one in found), "from": times[0], "to": times[-1]}


def _counted(placed: Sequence[Placed]) -> dict[str, int]:
    counted: dict[str, int] = defaultdict(int)
    for example, split, _ in placed:
        counted[f"{split}: {example.kind} ({example.label})"] += 1
    return dict(counted)
