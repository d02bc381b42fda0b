"""Makes a release bundle: a folder that appears whole, signed, and accepted by our own verifier, or not at all."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from espalier.core.failures import GateShut, UnusableInput, WorkFailed
from espalier.core.project import audit, clock, sshsig
from espalier.core.project.canonical import canonical
from espalier.core.project.checkpoints import checkpoint
from espalier.core.project.clock import Clock
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity, signing_key
from espalier.core.release import licences
from espalier.core.release.card import card
from espalier.core.release.checklist import check
from espalier.core.release.gather import gather
from espalier.core.release.inputs import Inputs, inputs
from espalier.core.release.manifest import ADAPTER, NOTICE, Facts, File, Manifest
from espalier.core.release.verify import MANIFEST, SIGNATURE, verify
from espalier.core.training import adapter


def create(project: Project, run: int, folder: Path, who: Identity, at: Clock = clock.now) -> Path:
    """Writes the bundle of a run, signed by `who`, and records it.

    Raises GateShut while a gate of the release is shut, UnusableInput where the folder holds something already.
    """
    _require_role(who)
    _require_room(folder)
    gate = check(project, run)
    if not gate.passed:
        shut = tuple(f"{one.name}: {one.why}" for one in gate.checks if not one.passed)
        raise GateShut(f"Run {run} can't be released: {shut[0]}", "See what it takes: espalier release check", shut)
    given = inputs(project, run)
    with _unfinished(folder) as making:
        manifest = _fill(project, given, making, who, at)
        signature = sshsig.sign(signing_key(project, who), manifest.canonical(), sshsig.RELEASE)
        _write(making / MANIFEST, manifest.canonical())
        _write(making / SIGNATURE, signature.encode())
        _require_good(making, given.policy.demonstration)
        _publish(project, making, folder, manifest, signature, who)
    return folder


def _fill(project: Project, given: Inputs, folder: Path, who: Identity, at: Clock) -> Manifest:
    adapter.unpack(project, given.adapter, folder / "adapter")
    config = json.loads((folder / ADAPTER[0]).read_bytes())
    signed_checkpoint = checkpoint(project, who)
    facts = gather(project, given, config, signed_checkpoint, at)
    (folder / "LICENSES").mkdir()
    for path, data in _documents(project, given, facts, signed_checkpoint).items():
        _write(folder / path, data)
    files = tuple(_file(folder, path) for path in sorted(_paths(folder)))
    return Manifest(**facts.model_dump(), files=files)


def _documents(
    project: Project, given: Inputs, facts: Facts, signed_checkpoint: Mapping[str, object]
) -> dict[str, bytes]:
    asked = licences.obligations(facts.base.licence)
    return {
        "MODEL_CARD.md": card(facts).encode(),
        "evaluation.json": canonical(
            {"summary": facts.evaluation.model_dump(mode="json"), "results": _results(project, given.evaluation["id"])}
        ),
        "approval.json": canonical(facts.scrub.approval.model_dump(mode="json")),
        "checkpoint.json": canonical(signed_checkpoint),
        f"LICENSES/{asked.text}": licences.licence_text(asked),
        NOTICE: "\n\n".join((*facts.licences.notices, "")).encode(),
    }


def _results(project: Project, evaluation: int) -> list[dict[str, object]]:
    """What each task's checks said of each arm; never what the model wrote, nor why a check failed, which may quote it."""
    rows = project.rows(
        'SELECT task, arm, "check", passed FROM results WHERE evaluation = ? AND "check" <> \'loss\''
        ' ORDER BY task, arm, "check"',
        (evaluation,),
    )
    return [{**dict(row), "passed": None if row["passed"] is None else bool(row["passed"])} for row in rows]


def _publish(project: Project, making: Path, folder: Path, manifest: Manifest, signature: str, who: Identity) -> None:
    """The record and the folder appear together: the rename is inside the transaction, which is undone if it fails."""
    _flush(making)
    with project.write() as db:
        db.execute(
            """INSERT INTO releases
               (bundle, run, version, evaluation, demonstration, manifest, signature, identity, created_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                *(manifest.bundle.id, manifest.training.run, manifest.bundle.version, manifest.evaluation.id),
                *(manifest.demonstration, manifest.canonical().decode(), signature, who.name),
                manifest.bundle.created_at,
            ),
        )
        detail: dict[str, object] = {
            "manifest": hashlib.sha256(manifest.canonical()).hexdigest(),
            "adapter": manifest.adapter.artifact,
            "demonstration": manifest.demonstration,
            "fingerprint": who.fingerprint,
        }
        audit.record(db, who.name, "release.created", f"release:{manifest.training.run}", detail)
        try:
            making.rename(folder)
        except OSError as error:
            raise _not_empty(folder) from error
    _flush_one(folder.parent)


def _require_role(who: Identity) -> None:
    if "release" not in who.roles:
        raise GateShut(f"{who.name} does not have the role release in this project.", "Create it as someone who has.")


def _require_room(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))):
        raise _not_empty(folder)
    if not folder.parent.is_dir():
        raise UnusableInput(f"The folder {folder.parent} does not exist.", "Make it first.")


def _require_good(folder: Path, demonstration: bool) -> None:
    """What we would refuse from others doesn't leave here."""
    found = verify(folder)
    if not found.passed or found.approved is demonstration:
        wrong = next(one for one in found.checks if not one.passed)
        raise WorkFailed(f"The bundle does not verify: {wrong.name}: {wrong.why}", "Report this; nothing was released.")


def _not_empty(folder: Path) -> UnusableInput:
    return UnusableInput(f"{folder} already holds something.", "Name a folder that is empty or not there yet.")


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """A folder beside the target, gone at the end unless it has become the target."""
    making = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".new", dir=folder.parent))
    making.chmod(0o755)
    try:
        yield making
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _paths(folder: Path) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _file(folder: Path, path: str) -> File:
    with (folder / path).open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return File(path=path, size=os.fstat(file.fileno()).st_size, sha256=sha256)


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)


def _flush(folder: Path) -> None:
    """To the disk, deepest first, before the name that people look for is given."""
    for path in [*sorted(folder.rglob("*"), reverse=True), folder]:
        _flush_one(path)


def _flush_one(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
