"""Making a review pack: the open findings of a corpus for a reviewer on another machine, masked and signed."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from espalier.core.failures import UnusableInput, WorkFailed
from espalier.core.findings import index, precision
from espalier.core.findings.detection.detect import Detector
from espalier.core.findings.excerpts import Known, Shown, excerpts, visible, words_shown
from espalier.core.findings.findings import Finding, finding
from espalier.core.findings.index import Query
from espalier.core.findings.packs import file as pack_file
from espalier.core.findings.packs.form import (
    FORMAT,
    LONGEST_NAME,
    MOST,
    Contents,
    Head,
    Maker,
    Manifest,
    Member,
    Packed,
    RuleRecord,
    sha256,
)
from espalier.core.findings.ruleset import current_ruleset, ruleset_of
from espalier.core.project import audit, sshsig
from espalier.core.project.canonical import canonical
from espalier.core.project.checkpoints import checkpoint
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity, signing_key
from espalier.core.project.policy import project_policy

_NARROW = "Pack a part of them: --rule RULE, --repository NAME"


def make(project: Project, corpus: str, target: Path, who: Identity, known: Known, query: Query) -> Manifest:
    """Write the findings that the query lets through, readable by their owner only; `known` says where known values stand.

    The file is whole and recorded, or not there. Raises UnusableInput where there is nothing for a pack, or too much.
    """
    if target.exists():
        raise UnusableInput(f"{target} is there already.", "Name a new file.")
    decision = int(project.value("SELECT COALESCE(MAX(id), 0) FROM decisions"))
    found = _found(project, corpus, query)
    manifest, members = _members(project, corpus, found, known, who)
    name = sha256(manifest.canonical())
    row = (name, corpus, manifest.ruleset, manifest.canonical().decode(), members[pack_file.SIGNATURE].decode())
    detail: dict[str, object] = {"corpus": corpus, "findings": len(found), "fingerprint": who.fingerprint}
    with _written(target, members) as unfinished, project.write() as db:
        sql = "INSERT INTO review_packs VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        db.execute(sql, (*row, who.name, decision, manifest.created_at))
        db.executemany("INSERT INTO packed_findings VALUES (?, ?)", [(name, one.fingerprint) for one in found])
        audit.record(db, who.name, "findings.packed", f"pack:{name}", detail)
        unfinished.rename(target)
    return manifest


def _found(project: Project, corpus: str, query: Query) -> list[Finding]:
    """In the order of the query."""
    listed = index.list_of(project, corpus, current_ruleset(project))
    if listed is None:
        sentence = f"The corpus {corpus[:12]} is not scanned under the current rules."
        raise UnusableInput(sentence, "espalier findings scan PROJECT")
    chosen = index.ids(project, listed, query)
    if not chosen:
        raise UnusableInput("No finding is open here.", "See: espalier findings list PROJECT --state open")
    if len(chosen) > MOST:
        raise UnusableInput(f"{len(chosen):,} findings are open, and a pack holds {MOST:,}.", _NARROW)
    return [finding(project, corpus, one.fingerprint) for one in index.page(project, chosen)]


def _members(
    project: Project, corpus: str, found: Sequence[Finding], known: Known, who: Identity
) -> tuple[Manifest, dict[str, bytes]]:
    signed = checkpoint(project, who)
    contents = _contents(project, corpus, found, known)
    members = {
        pack_file.CHECKPOINT: canonical(signed),
        pack_file.FINDINGS: canonical(contents.model_dump(mode="json")),
    }
    if len(members[pack_file.FINDINGS]) > pack_file.SIZES[pack_file.FINDINGS]:
        raise UnusableInput("The lines around these findings are too much for one pack.", _NARROW)
    statement = signed["statement"]
    assert isinstance(statement, dict)
    manifest = Manifest(
        format=FORMAT,
        espalier=version("espalier"),
        project=project.id,
        corpus=corpus,
        ruleset=current_ruleset(project),
        policy=project_policy(project).name,
        created_at=utc_now(),
        maker=Maker(identity=_words(who.name), person=_words(who.person), fingerprint=who.fingerprint),
        counts=contents.counts(),
        audit=Head(seq=statement["seq"], head=statement["head"]),
        files=tuple(
            Member.model_validate({"path": path, "size": len(data), "sha256": sha256(data)})
            for path, data in members.items()
        ),
    )
    signature = sshsig.sign(signing_key(project, who), manifest.canonical(), sshsig.PACK)
    return manifest, members | {pack_file.MANIFEST: manifest.canonical(), pack_file.SIGNATURE: signature.encode()}


def _contents(project: Project, corpus: str, found: Sequence[Finding], known: Known) -> Contents:
    detector = Detector(ruleset_of(project))
    shown = excerpts(project, corpus, found, known, detector)
    named = {one.rule for one in found}
    records = [one for one in precision.records(project, corpus) if one.rule in named]
    return Contents(
        findings=tuple(_packed(one, shown[one.fingerprint], known, detector) for one in found),
        rules=tuple(RuleRecord(**{name: getattr(one, name) for name in RuleRecord.model_fields}) for one in records),
    )


def _packed(one: Finding, shown: Shown, known: Known, detector: Detector) -> Packed:
    place = one.places[0]
    told = {name: getattr(one, name) for name in ("fingerprint", "rule", "kind", "severity", "confidence")}
    where = {name: getattr(place, name) for name in ("source", "object", "commit", "line")}
    where |= {"repository": _words(place.repository), "places": len(one.places)}
    path = None if place.path is None else visible(words_shown(place.path, known, detector))
    return Packed.model_validate({**told, **where, "path": path, "first_line": shown.first_line, "lines": shown.lines})


def _words(name: str) -> str:
    return visible(name)[:LONGEST_NAME]


@contextmanager
def _written(target: Path, members: dict[str, bytes]) -> Iterator[Path]:
    """The archive beside its target, gone at the end unless it has become the target."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            pack_file.write(members, out)
            out.flush()
            os.fsync(descriptor)
        yield unfinished
    except OSError as error:
        raise WorkFailed(f"{target} could not be written: {error.strerror}.", "Choose another folder.") from None
    finally:
        unfinished.unlink(missing_ok=True)
