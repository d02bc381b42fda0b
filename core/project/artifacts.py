"""Content-addressed bytes inside the project file (snapshots, adapters), in chunks of at most 4 MiB, one a transaction."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from espalier.core.failures import UnusableInput, WorkFailed
from espalier.core.project import quarantined
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project

CHUNK = 4 << 20


def store(project: Project, source: bytes | Path, media_type: str) -> str:
    """Store and return the SHA-256; an interrupted store goes on at the chunk where it was.

    Raises UnusableInput for bytes that were quarantined.
    """
    sha256, size = _measure(source)
    _refuse_quarantined(project, sha256)
    if project.value("SELECT 1 FROM artifacts WHERE sha256 = ?", (sha256,)):
        return sha256
    for number, chunk in enumerate(_chunks(source)):
        with project.write() as db:
            db.execute("INSERT INTO artifact_chunks VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (sha256, number, chunk))
    with project.write() as db:
        row = (sha256, size, media_type, utc_now())
        db.execute("INSERT INTO artifacts VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", row)
    return sha256


def stream(project: Project, sha256: str) -> Iterator[bytes]:
    """The chunks in order; raises WorkFailed at the end when the bytes are not what the address says.

    Raises UnusableInput for an address that the project does not hold, or whose bytes were quarantined.
    """
    _refuse_quarantined(project, sha256)
    size = project.value("SELECT size FROM artifacts WHERE sha256 = ?", (sha256,))
    if size is None:
        raise UnusableInput(
            f"The project holds no artifact {sha256[:12]}.", "List what it holds: espalier project show"
        )
    hasher = hashlib.sha256()
    for number in range(max(1, -(-size // CHUNK))):
        chunk = project.value("SELECT bytes FROM artifact_chunks WHERE sha256 = ? AND number = ?", (sha256, number))
        hasher.update(chunk or b"")
        yield chunk or b""
    if hasher.hexdigest() != sha256:
        raise WorkFailed(
            f"Artifact {sha256[:12]} is damaged in {project.path.name}.", "Go back to a copy of the project."
        )


def read(project: Project, sha256: str) -> bytes:
    return b"".join(stream(project, sha256))


def export(project: Project, sha256: str, target: Path) -> Path:
    """Write to a file, which appears only when it is whole and verified."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        with unfinished.open("wb") as file:
            for chunk in stream(project, sha256):
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        return unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def erase(project: Project, sha256: str) -> None:
    """Take the bytes out; that there were some, and how many, stays on record."""
    for row in project.rows("SELECT number FROM artifact_chunks WHERE sha256 = ?", (sha256,)):
        with project.write() as db:
            db.execute("DELETE FROM artifact_chunks WHERE sha256 = ? AND number = ?", (sha256, row["number"]))


def unfinished(project: Project) -> list[str]:
    """Addresses of which only chunks are there: whoever stored them was killed."""
    sql = "SELECT DISTINCT sha256 FROM artifact_chunks WHERE sha256 NOT IN (SELECT sha256 FROM artifacts)"
    return [row["sha256"] for row in project.rows(sql)]


def stored(project: Project, sha256: str) -> bytes:
    """Whatever is there under an address: half of it, damaged, or nothing; for who looks for what must not be there."""
    sql = "SELECT bytes FROM artifact_chunks WHERE sha256 = ? ORDER BY number"
    return b"".join(row["bytes"] for row in project.rows(sql, (sha256,)))


def _refuse_quarantined(project: Project, sha256: str) -> None:
    quarantined.refuse(project, "snapshot", sha256)
    quarantined.refuse(project, "adapter", sha256)


def _measure(source: bytes | Path) -> tuple[str, int]:
    hasher, size = hashlib.sha256(), 0
    for chunk in _chunks(source):
        hasher.update(chunk)
        size += len(chunk)
    return hasher.hexdigest(), size


def _chunks(source: bytes | Path) -> Iterator[bytes]:
    if isinstance(source, bytes):
        for start in range(0, max(1, len(source)), CHUNK):
            yield source[start : start + CHUNK]
        return
    with source.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
