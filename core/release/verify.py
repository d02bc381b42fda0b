"""Checks a release bundle from the bundle alone: no project, no torch, no network, and nothing in it believed unsigned.

Integrity and approval are two answers. `passed` says that the bytes are the signed ones, that they agree with each other,
and, where a roster is given, that the signer is someone it trusts. `approved` says that the people whom the policy asks for
stand behind it: a demonstration passes and is never approved.

A signature proves no time, so the signer's key must count on the day that the manifest states and on the day of the check.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError

from espalier.core.failures import GateShut
from espalier.core.project import clock, sshsig
from espalier.core.project.canonical import canonical
from espalier.core.project.roster import Roster, trusted
from espalier.core.project.sshsig import PublicKey
from espalier.core.release.archive import archive_sha256
from espalier.core.release.folder import Folder, opened
from espalier.core.release.licences import licence_text, obligations, strictest
from espalier.core.release.manifest import ADAPTER, MAX_BYTES, Manifest, read
from espalier.core.release.statements import check_approved, check_sign_offs, check_signature
from espalier.core.release.words import counted, plain, quoted
from espalier.core.training.adapter import FORBIDDEN

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
APPROVED: Final = "approved"
MAX_SIGNATURE: Final = 64 * 1024
MAX_DOCUMENT: Final = 32 * 1024 * 1024
NAMED: Final = 10

T = TypeVar("T")


class _Result(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    task: str
    arm: str
    check: str
    passed: bool | None


_RESULTS: Final = TypeAdapter(list[_Result])


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    passed: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """`passed` takes in every check but the one named `approved`; `signer` is None where the signature doesn't hold."""

    passed: bool
    approved: bool
    signer: str | None
    checks: tuple[Check, ...]


class Report:
    """The checks in the order they were made; a check fails by raising GateShut, and its sentence is the reason."""

    def __init__(self) -> None:
        self.checks: list[Check] = []

    def value(self, name: str, check: Callable[[], T], good: str) -> T | None:
        try:
            found = check()
        except GateShut as error:
            self.checks.append(Check(name, False, error.sentence))
            return None
        self.checks.append(Check(name, True, good))
        return found

    def said(self, name: str, check: Callable[[], str]) -> bool:
        """For a check that returns its own sentence."""
        try:
            self.checks.append(Check(name, True, check()))
        except GateShut as error:
            self.checks.append(Check(name, False, error.sentence))
        return self.checks[-1].passed


def verify(folder: Path, trust: Roster | None = None, at: datetime | None = None) -> Verification:
    """Raises UnusableInput where there is no folder; whatever is wrong inside it is a check that didn't pass."""
    report = Report()
    with opened(folder) as bundle:
        signer = _verify(bundle, report, trust, at or clock.now())
    held = {check.name: check.passed for check in report.checks}
    passed = APPROVED in held and all(good for name, good in held.items() if name != APPROVED)
    approved = passed and held[APPROVED]
    return Verification(passed=passed, approved=approved, signer=signer, checks=tuple(report.checks))


def _verify(bundle: Folder, report: Report, trust: Roster | None, at: datetime) -> str | None:
    """Goes on as far as each step allows, so that one look names everything that is wrong; returns the signer."""
    data = report.value("readable", lambda: bundle.read(MANIFEST, MAX_BYTES), "manifest.json is there")
    if data is None:
        return None
    key = report.value("signature", lambda: _signature(bundle, data), "good, over manifest.json")
    manifest = report.value("manifest", lambda: read(data), "in canonical form, as the schema has it")
    if manifest is None:
        return key.fingerprint if key else None
    _check_contents(bundle, report, manifest)
    if key is None:
        return None
    stated = clock.parse(manifest.bundle.created_at)
    report.said("checkpoint", lambda: _checkpoint(bundle, manifest, key))
    report.said("signer", lambda: _signer(key, trust, stated, at))
    report.said(APPROVED, lambda: check_approved(manifest, trust, stated))
    return key.fingerprint


def _check_contents(bundle: Folder, report: Report, manifest: Manifest) -> None:
    report.said("names", lambda: _names(bundle, manifest))
    report.said("files", lambda: _files(bundle, manifest))
    report.said("adapter", lambda: _adapter(bundle, manifest))
    report.said("evaluation", lambda: _evaluation(bundle, manifest))
    report.said("approval", lambda: _approval(bundle, manifest))
    report.said("licence", lambda: _licence(manifest))
    report.said("sign-offs", lambda: check_sign_offs(manifest))


def _signature(bundle: Folder, data: bytes) -> PublicKey:
    text = bundle.read(SIGNATURE, MAX_SIGNATURE).decode("utf-8", "replace")
    return sshsig.verify(text, data, sshsig.RELEASE)


def _signer(key: PublicKey, trust: Roster | None, stated: datetime, at: datetime) -> str:
    if trust is None:
        return f"{key.fingerprint}; who holds it was not checked"
    person = trusted(trust, key.fingerprint, stated, at)
    if stated > at:
        raise GateShut(f"The bundle says that it was made on {stated:%Y-%m-%d}, which is still to come.")
    if "release" not in person.roles:
        raise GateShut(f"{person.name} does not have the role release in the roster.")
    return f"{person.name}, {key.fingerprint}"


def _names(bundle: Folder, manifest: Manifest) -> str:
    found = dict(bundle.names())
    wanted = {MANIFEST, SIGNATURE, *(file.path for file in manifest.files)}
    problems = [f"{quoted(path)} is missing" for path in sorted(wanted.difference(found))]
    problems += [f"{quoted(path)} is not in the manifest" for path in found if path not in wanted]
    problems += [f"{quoted(path)} {wrong}" for path, wrong in found.items() if wrong and path in wanted]
    _refuse(problems)
    return f"{len(wanted)} files, and nothing else in the folder"


def _files(bundle: Folder, manifest: Manifest) -> str:
    problems = []
    for file in manifest.files:
        try:
            if bundle.sha256(file.path, file.size) != file.sha256:
                problems.append(f"{quoted(file.path)} was changed")
        except GateShut as error:
            problems.append(error.sentence.removesuffix("."))
    _refuse(problems)
    return f"{len(manifest.files)} files, each with its hash"


def _adapter(bundle: Folder, manifest: Manifest) -> str:
    sizes = {file.path: file.size for file in manifest.files}
    parts = ((path.rpartition("/")[2], sizes[path], bundle.chunks(path, sizes[path])) for path in ADAPTER)
    if archive_sha256(parts) != manifest.adapter.artifact:
        raise GateShut("The adapter's files are not the adapter that the run made.")
    config = _document(bundle, manifest, ADAPTER[0])
    said = manifest.adapter
    expected: dict[str, object] = {
        "peft_type": "LORA",
        "r": said.rank,
        "lora_alpha": said.alpha,
        "lora_dropout": said.dropout,
        "target_modules": list(said.targets),
        "modules_to_save": list(said.whole) or None,
    }
    for key, value in expected.items():
        if config.get(key) != value:
            raise GateShut(f"{ADAPTER[0]} has another {key} than the manifest.")
    if asked := [key for key in FORBIDDEN if config.get(key)]:
        raise GateShut(f"{ADAPTER[0]} asks for {asked[0]}.")
    return f"the run's, {manifest.adapter.artifact[:12]}"


def _evaluation(bundle: Folder, manifest: Manifest) -> str:
    said = manifest.evaluation
    document = _document(bundle, manifest, "evaluation.json")
    if document.get("summary") != said.model_dump(mode="json"):
        raise GateShut("evaluation.json says something else than the manifest.")
    rates = {
        (arm, check): (rate.passed, rate.ran) for arm, checks in said.arms.items() for check, rate in checks.items()
    }
    if _counted(document.get("results")) != {key: rate for key, rate in rates.items() if rate[1]}:
        raise GateShut("The rates in the manifest are not those of the results in evaluation.json.")
    shut = [f"{plain(gate.name)}: {plain(gate.why)}" for gate in said.gates if not gate.passed]
    if not manifest.demonstration:
        _refuse(shut)
    if not said.gates:
        raise GateShut("The manifest holds no gate of the evaluation.")
    stand = f"{counted(len(said.gates) - len(shut), 'gate')} passed" + (f", shut: {'; '.join(shut)}" if shut else "")
    return f"{stand}; {counted(len(rates), 'rate')} counted again from the results"


def _counted(results: JsonValue) -> dict[tuple[str, str], tuple[int, int]]:
    """(arm, check) → how many passed and how many ran, from a list of task, arm, check and passed."""
    try:
        rows = _RESULTS.validate_python(results)
    except ValidationError as error:
        raise GateShut("evaluation.json does not hold a list of results.") from error
    if len({(row.task, row.arm, row.check) for row in rows}) != len(rows):
        raise GateShut("evaluation.json holds a result twice.")
    counted: dict[tuple[str, str], tuple[int, int]] = {}
    for row in rows:
        if row.passed is not None:
            passed, ran = counted.get((row.arm, row.check), (0, 0))
            counted[row.arm, row.check] = (passed + row.passed, ran + 1)
    return counted


def _licence(manifest: Manifest) -> str:
    """What the base model's licence asks for, and the export class, which no source may forbid."""
    asked = obligations(manifest.base.licence)
    expected = hashlib.sha256(licence_text(asked)).hexdigest()
    if expected not in (file.sha256 for file in manifest.files if file.path == f"LICENSES/{asked.text}"):
        raise GateShut(f"The text of {asked.licence} is not in the bundle.")
    if not manifest.bundle.name.startswith(asked.name_prefix):
        raise GateShut(f"The name must begin with {asked.name_prefix}.")
    if manifest.licences.base != asked.licence or not {asked.notice, asked.credit} - {""} <= {
        *manifest.licences.notices
    }:
        raise GateShut("The notices of the base model's licence are not in the manifest.")
    if manifest.licences.export != strictest(source.export for source in manifest.licences.sources):
        raise GateShut("The export class is not the most restrictive one of the sources.")
    return f"{asked.licence}, its text is there; export class: {manifest.licences.export}"


def _approval(bundle: Folder, manifest: Manifest) -> str:
    approval = manifest.scrub.approval
    if _document(bundle, manifest, "approval.json") != approval.model_dump(mode="json"):
        raise GateShut("approval.json says something else than the manifest.")
    check_signature(approval, "The scrub's approval")
    about = {
        "project": manifest.training.project,
        "corpus": manifest.dataset.corpus,
        "ruleset": manifest.scrub.ruleset,
        "decisions": manifest.scrub.decisions,
        "automatic": approval.automatic,
        "demonstration": manifest.demonstration,
    }
    if differing := [key for key, value in about.items() if approval.statement.get(key) != value]:
        raise GateShut(f"The scrub's approval was given for something else: its {differing[0]} differs.")
    return f"signed by {plain(approval.identity)}, for this corpus, ruleset and these decisions"


def _checkpoint(bundle: Folder, manifest: Manifest, key: PublicKey) -> str:
    document = _document(bundle, manifest, "checkpoint.json")
    statement, signature = document.get("statement"), document.get("signature")
    if not isinstance(statement, dict) or not isinstance(signature, str):
        raise GateShut("checkpoint.json is not a signed checkpoint.")
    try:
        signed = canonical(statement)
    except (ValueError, RecursionError) as error:
        raise GateShut("checkpoint.json is not a signed checkpoint.") from error
    if sshsig.verify(signature, signed, sshsig.CHECKPOINT) != key:
        raise GateShut("The checkpoint of the audit chain was signed by another key than the bundle.")
    about = {"project": manifest.training.project, "seq": manifest.audit.seq, "head": manifest.audit.head}
    if any(statement.get(name) != value for name, value in about.items()):
        raise GateShut("checkpoint.json says something else than the manifest.")
    return f"the audit chain at entry {manifest.audit.seq}, {plain(manifest.audit.head)[:12]}"


def _document(bundle: Folder, manifest: Manifest, path: str) -> dict[str, JsonValue]:
    """A JSON object of the bundle, from bytes that have the manifest's hash."""
    data = bundle.read(path, MAX_DOCUMENT)
    if hashlib.sha256(data).hexdigest() != next(file.sha256 for file in manifest.files if file.path == path):
        raise GateShut(f"{path} was changed.")
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise GateShut(f"{path} is not JSON.") from error
    if not isinstance(found, dict):
        raise GateShut(f"{path} is not a JSON object.")
    return found


def _refuse(problems: list[str]) -> None:
    if problems:
        more = f"; and {len(problems) - NAMED} more" if len(problems) > NAMED else ""
        raise GateShut("; ".join(problems[:NAMED]) + more)
