"""Reviewing a pack where there is no project: checked from itself alone, decided beside it, and the decisions signed."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from espalier.core.failures import GateShut, UnusableInput, WorkFailed
from espalier.core.findings.packs import file as pack_file
from espalier.core.findings.packs.form import (
    DECISIONS,
    LONGEST_REASON,
    Contents,
    Decided,
    Decision,
    Draft,
    Manifest,
    Packed,
    Signed,
    SignedCheckpoint,
    Statement,
    read,
    read_canonical,
    sha256,
)
from espalier.core.findings.typed import require_clean
from espalier.core.project import clock, sshsig
from espalier.core.project.canonical import canonical
from espalier.core.project.clock import Clock, now, stamp, utc_now
from espalier.core.project.roster import Roster, trusted

LARGEST_DECISIONS = 16 << 20  # bytes of a file of decisions
_REMEDY = "Get it again from who made it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A pack that holds together; `signer` is the key that made it, `person` whose it is by the roster, where one was given."""

    path: Path
    hash: str
    manifest: Manifest
    contents: Contents
    signer: str
    person: str | None


def opened(path: Path, trust: Roster | None = None, at: Clock = now) -> Pack:
    """Raises UnusableInput for what is no pack, and GateShut where its bytes or its signer are not what they should be."""
    members = pack_file.read(path)
    signed = members[pack_file.MANIFEST]
    key = sshsig.verify(members[pack_file.SIGNATURE].decode("utf-8", "replace"), signed, sshsig.PACK)
    manifest = read_canonical(Manifest, signed, pack_file.MANIFEST)
    if key.fingerprint != manifest.maker.fingerprint:
        raise GateShut(f"The pack was signed by {key.fingerprint}, not by who it says made it.", _REMEDY)
    for file in manifest.files:
        if (len(members[file.path]), sha256(members[file.path])) != (file.size, file.sha256):
            raise GateShut(f"{file.path} was changed after the pack was signed.", _REMEDY)
    _require_checkpoint(members[pack_file.CHECKPOINT], manifest)
    contents = read(Contents, members[pack_file.FINDINGS], pack_file.FINDINGS)
    if contents.counts() != manifest.counts:
        raise GateShut("The pack holds other findings than its manifest counts.", _REMEDY)
    person = _signer(trust, key.fingerprint, clock.parse(manifest.created_at), at()) if trust else None
    return Pack(
        path=path, hash=sha256(signed), manifest=manifest, contents=contents, signer=key.fingerprint, person=person
    )


def found(pack: Pack, prefix: str) -> Packed:
    """The one finding whose fingerprint begins so; raises UnusableInput where there is none, or several."""
    fitting = [one for one in pack.contents.findings if prefix and one.fingerprint.startswith(prefix)]
    if len(fitting) != 1:
        sentence = f"{len(fitting) or 'No'} findings of the pack have a fingerprint that begins with {prefix!r}."
        raise UnusableInput(sentence, "List them: espalier review list PACK")
    return fitting[0]


def draft_path(pack: Pack) -> Path:
    return pack.path.with_name(f"{pack.path.stem}.decisions.json")


def decisions(pack: Pack) -> dict[str, Decided]:
    """What was decided here so far, by fingerprint."""
    path = draft_path(pack)
    if not path.exists():
        return {}
    draft = read(Draft, pack_file.read_bounded(path, LARGEST_DECISIONS), str(path))
    if draft.pack != pack.hash:
        raise UnusableInput(f"{path} holds decisions about another pack.", "Move it away, or name the other pack.")
    known = {one.fingerprint for one in pack.contents.findings}
    return {one.fingerprint: one for one in draft.decisions if one.fingerprint in known}


def decide(pack: Pack, chosen: Iterable[Packed], decision: Decision | None, reason: str = "") -> int:
    """Keep what is decided beside the pack; None takes it back. Returns how many. Raises UnusableInput as in a project."""
    require_reason(decision, reason)
    kept, names = decisions(pack), [one.fingerprint for one in chosen]
    for name in names:
        kept.pop(name, None)
        if decision is not None:
            kept[name] = Decided(fingerprint=name, decision=decision, reason=reason, decided_at=utc_now())
    _write(draft_path(pack), Draft(pack=pack.hash, decisions=tuple(kept.values())))
    return len(names)


def require_reason(decision: Decision | None, reason: str) -> None:
    """A reason that may stand beside this decision; raises UnusableInput otherwise, and never repeats it."""
    if decision == "false-alarm" and not reason.strip():
        raise UnusableInput("A false alarm needs a reason.", "Say why it is none: --reason TEXT")
    if len(reason) > LONGEST_REASON or not reason.replace("\n", " ").isprintable():
        sentence = f"A reason has at most {LONGEST_REASON:,} characters, all of which can be seen."
        raise UnusableInput(sentence, "Say it in fewer words, without control characters.")
    require_clean(reason)


def require_reasons(said: Iterable[Decided]) -> None:
    """The same of many decisions, whose reasons are mostly a few."""
    for decision, reason in sorted({(one.decision, one.reason) for one in said}):
        require_reason(decision, reason)


def sign(pack: Pack, target: Path, key: sshsig.PrivateKey, at: Clock = now) -> Statement:
    """Sign what was decided into a new file, for whoever made the pack; raises UnusableInput where nothing is decided."""
    if target.exists():
        raise UnusableInput(f"{target} is there already.", "Name a new file.")
    kept = decisions(pack)
    if not kept:
        raise UnusableInput("Nothing is decided in this pack.", "espalier review decide PACK FINGERPRINT scrub")
    require_reasons(kept.values())
    statement = Statement(
        statement=DECISIONS,
        version=1,
        pack=pack.hash,
        project=pack.manifest.project,
        corpus=pack.manifest.corpus,
        ruleset=pack.manifest.ruleset,
        signer=sshsig.public_key(key).fingerprint,
        signed_at=stamp(at()),
        decisions=tuple(kept[name] for name in sorted(kept)),
    )
    signature = sshsig.sign(key, statement.canonical(), sshsig.DECISIONS)
    _write(target, Signed(statement=statement, signature=signature))
    return statement


def _signer(trust: Roster, fingerprint: str, stated: datetime, at: datetime) -> str:
    """A signature proves no time, so the key must count when the pack says it was made, and now."""
    if stated > at:
        raise GateShut(f"The pack says that it was made on {stated:%Y-%m-%d %H:%M} UTC, which is still to come.")
    return trusted(trust, fingerprint, stated, at).name


def _require_checkpoint(data: bytes, manifest: Manifest) -> None:
    one = read(SignedCheckpoint, data, pack_file.CHECKPOINT)
    key = sshsig.verify(one.signature, canonical(one.statement.model_dump(mode="json")), sshsig.CHECKPOINT)
    said = (one.statement.project, one.statement.seq, one.statement.head)
    if key.fingerprint != manifest.maker.fingerprint:
        raise GateShut("The checkpoint of the audit chain was signed by another key than the pack.", _REMEDY)
    if said != (manifest.project, manifest.audit.seq, manifest.audit.head):
        raise GateShut(f"{pack_file.CHECKPOINT} says something else than the manifest.", _REMEDY)


def _write(path: Path, document: Draft | Signed) -> None:
    """The file is whole or as it was."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(canonical(document.model_dump(mode="json")))
        unfinished.replace(path)
    except OSError as error:
        raise WorkFailed(f"{path} could not be written: {error.strerror}.", "Choose another folder.") from None
    finally:
        unfinished.unlink(missing_ok=True)
