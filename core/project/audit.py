"""The audit chain: append-only entries, each hashed over itself and the entry before; tamper-evident, never tamper-proof.

Someone who holds the file can cut its tail or rewrite the chain from its start. Only a checkpoint kept elsewhere, signed by
a person, shows that: every release bundle carries one.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from espalier.core.project.canonical import canonical_text, digest
from espalier.core.project.clock import Clock, now, stamp
from espalier.core.project.file import Connection, Project, Row

Progress = Callable[[int, int], None]
_AT_ONCE = 2000  # entries that are held in memory while the chain is walked


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that someone did; `hash` covers every other field."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    detail: dict[str, object]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What verifying the chain found; `head` is the last hash that holds."""

    passed: bool
    entries: int
    head: str
    why: str


def record(
    db: Connection, actor: str, action: str, subject: str, detail: dict[str, object] | None = None, clock: Clock = now
) -> str:
    """Append an entry in the transaction of the effect it tells of, and return its hash. Never pass secret text."""
    last = db.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    seq, previous = (last["seq"] + 1, last["hash"]) if last else (1, _root(db))
    entry: dict[str, object] = {
        "seq": seq,
        "at": stamp(clock()),
        "actor": actor,
        "action": action,
        "subject": subject,
        "detail": detail or {},
        "previous": previous,
    }
    entry_hash = digest(entry)
    db.execute(
        "INSERT INTO audit (seq, at, actor, action, subject, detail, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (seq, entry["at"], actor, action, subject, canonical_text(detail or {}), previous, entry_hash),
    )
    return entry_hash


def entries(project: Project, after: int = 0, limit: int = -1) -> list[Entry]:
    found = project.rows("SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?", (after, limit))
    return [of_row(row) for row in found]


def of_row(row: Row) -> Entry:
    return Entry(**{**dict(row), "detail": json.loads(row["detail"])})


def length(project: Project) -> int:
    """How many entries the chain has; without a walk, since they are numbered from 1 without a gap."""
    return int(project.value("SELECT COALESCE(max(seq), 0) FROM audit"))


def verify(
    project: Project, checkpoint: tuple[int, str] | None = None, said: Progress = lambda done, total: None
) -> Verdict:
    """Walk the whole chain; with a checkpoint (seq, head) from outside, also show truncation and rewriting before it.

    `said` is told how far it is every few thousand entries; what it raises ends the walk.
    """
    previous, count = project.id, 0
    for entry in _walk(project, said):
        count += 1
        if entry.seq != count:
            return Verdict(passed=False, entries=count - 1, head=previous, why=f"Entry {count} is missing.")
        if entry.previous != previous or entry.hash != _rehash(entry):
            return Verdict(passed=False, entries=count - 1, head=previous, why=f"Entry {count} was changed.")
        if checkpoint and entry.seq == checkpoint[0] and entry.hash != checkpoint[1]:
            why = f"The chain was rewritten: entry {count} is not the one that the checkpoint was signed over."
            return Verdict(passed=False, entries=count, head=entry.hash, why=why)
        previous = entry.hash
    if checkpoint and count < checkpoint[0]:
        why = f"The chain was cut: it has {count} entries and the checkpoint was signed over {checkpoint[0]}."
        return Verdict(passed=False, entries=count, head=previous, why=why)
    return Verdict(passed=True, entries=count, head=previous, why="Every entry follows from the one before.")


def _walk(project: Project, said: Progress) -> Iterator[Entry]:
    """A part at a time, each read whole: no transaction stays open, and a long chain does not fill the memory."""
    last, done = 0, 0
    while part := entries(project, last, _AT_ONCE):
        said(done, max(length(project), done))
        yield from part
        last, done = part[-1].seq, done + len(part)


def _root(db: Connection) -> str:
    return str(db.execute("SELECT value FROM meta WHERE key = 'id'").fetchone()["value"])


def _rehash(entry: Entry) -> str:
    fields = ("seq", "at", "actor", "action", "subject", "detail", "previous")
    return digest({name: getattr(entry, name) for name in fields})
