"""The documents of a review on another machine: what a pack and the decisions that come back must look like, to the last key.

A pack is `manifest.json` (canonical JSON, signed in `manifest.sig`), `findings.json` and `checkpoint.json`. Its name is the hash
of the manifest, and decisions are bound to it.
"""

import hashlib
from collections import Counter
from typing import Annotated, Final, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from espalier.core.failures import UnusableInput
from espalier.core.findings.detection.spans import Confidence, Kind, Severity
from espalier.core.findings.excerpts import MOST_LINES
from espalier.core.findings.findings import WIDEST
from espalier.core.project import clock
from espalier.core.project.canonical import canonical

FORMAT: Final = "espalier-review/1"
DECISIONS: Final = "espalier review decisions"
MOST: Final = 20_000  # findings of one pack
LONGEST_REASON: Final = 2000
LARGEST: Final = (1 << 53) - 1  # a whole number in canonical JSON
LONGEST_NAME: Final = 300

Model = TypeVar("Model", bound=BaseModel)
Decision = Literal["scrub", "false-alarm", "block"]
Source = Literal["file", "message", "tag", "author", "import"]


def _moment(text: str) -> str:
    clock.parse(text)
    return text


Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Oid = Annotated[str, Field(pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})$")]
Fingerprint = Annotated[str, Field(pattern=r"^SHA256:[A-Za-z0-9+/]{43}$")]
Moment = Annotated[
    str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}\.[0-9]{3}Z$"), AfterValidator(_moment)
]
Words = Annotated[str, Field(max_length=LONGEST_NAME)]
Count = Annotated[int, Field(ge=0, le=LARGEST)]
Number = Annotated[int, Field(ge=1, le=LARGEST)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class Maker(_Part):
    """Who made the pack, as the project has them; only the key is proven."""

    identity: Words
    person: Words
    fingerprint: Fingerprint


class Member(_Part):
    path: Literal["checkpoint.json", "findings.json"]
    size: Count
    sha256: Sha256


class Head(_Part):
    """Where the project's audit chain stood; checkpoint.json holds the signature."""

    seq: Count
    head: Words


class CheckpointStatement(_Part):
    project: Words
    seq: Count
    head: Words
    at: Words
    identity: str
    fingerprint: Fingerprint


class SignedCheckpoint(_Part):
    """checkpoint.json, as core/project/checkpoints.py makes it."""

    statement: CheckpointStatement
    signature: Annotated[str, Field(max_length=16384)]


class Counts(_Part):
    findings: Annotated[int, Field(ge=1, le=MOST)]
    kinds: dict[Kind, Count]
    severities: dict[Severity, Count]


class Manifest(_Part):
    format: Literal["espalier-review/1"]
    espalier: Words
    project: Words
    corpus: Sha256
    ruleset: Sha256
    policy: Words
    created_at: Moment
    maker: Maker
    counts: Counts
    audit: Head
    files: Annotated[tuple[Member, ...], Field(min_length=2, max_length=2)]

    @model_validator(mode="after")
    def _each_file_once(self) -> Self:
        if [one.path for one in self.files] != ["checkpoint.json", "findings.json"]:
            raise ValueError("the files are not listed once each, in order")
        return self

    def canonical(self) -> bytes:
        return canonical(self.model_dump(mode="json"))


class Packed(_Part):
    """An open finding without its value: how it was found, its first place, and the masked lines around that."""

    fingerprint: Sha256
    rule: Words
    kind: Kind
    severity: Severity
    confidence: Confidence
    source: Source
    repository: Words
    object: Oid
    path: Annotated[str, Field(max_length=8192)] | None
    commit: Oid | None
    line: Number
    places: Number
    first_line: Number
    lines: Annotated[tuple[Annotated[str, Field(max_length=4 * WIDEST)], ...], Field(max_length=MOST_LINES)]


class RuleRecord(_Part):
    """How a rule did so far, by what people decided; `kept` was worth scrubbing or blocking."""

    rule: Words
    description: Words
    findings: Count
    kept: Count
    false_alarms: Count

    @property
    def precision(self) -> float | None:
        decided = self.kept + self.false_alarms
        return self.kept / decided if decided else None


class Contents(_Part):
    """findings.json."""

    findings: Annotated[tuple[Packed, ...], Field(min_length=1, max_length=MOST)]
    rules: Annotated[tuple[RuleRecord, ...], Field(max_length=2000)]

    @model_validator(mode="after")
    def _each_finding_once(self) -> Self:
        if len({one.fingerprint for one in self.findings}) < len(self.findings):
            raise ValueError("a finding is there twice")
        return self

    def counts(self) -> Counts:
        return Counts(
            findings=len(self.findings),
            kinds=dict(Counter(one.kind for one in self.findings)),
            severities=dict(Counter(one.severity for one in self.findings)),
        )


class Decided(_Part):
    fingerprint: Sha256
    decision: Decision
    reason: Annotated[str, Field(max_length=LONGEST_REASON)]
    decided_at: Moment


class Draft(_Part):
    """Decisions that are not signed yet, beside their pack."""

    pack: Sha256
    decisions: Annotated[tuple[Decided, ...], Field(max_length=MOST)]


class Statement(_Part):
    """What a reviewer signs: decisions about findings of one pack."""

    statement: Literal["espalier review decisions"]
    version: Literal[1]
    pack: Sha256
    project: Words
    corpus: Sha256
    ruleset: Sha256
    signer: Fingerprint
    signed_at: Moment
    decisions: Annotated[tuple[Decided, ...], Field(min_length=1, max_length=MOST)]

    @model_validator(mode="after")
    def _each_finding_once(self) -> Self:
        names = [one.fingerprint for one in self.decisions]
        if names != sorted(set(names)):
            raise ValueError("the findings are not listed once each, in order")
        return self

    def canonical(self) -> bytes:
        return canonical(self.model_dump(mode="json"))


class Signed(_Part):
    statement: Statement
    signature: Annotated[str, Field(max_length=16384)]


def read(kind: type[Model], data: bytes, what: str) -> Model:
    """The document in these bytes; raises UnusableInput with the first thing wrong, never with what it holds."""
    try:
        return kind.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the document"
        sentence = f"{what} doesn't have the form that is wanted: {_plain(where)}: {_plain(first['msg'])}."
        raise UnusableInput(sentence, "Get it again from who made it.") from None


def read_canonical(kind: type[Model], data: bytes, what: str) -> Model:
    """The same of what is signed: what was understood, written again, must be these very bytes."""
    found = read(kind, data, what)
    if canonical(found.model_dump(mode="json")) != data:
        raise UnusableInput(f"{what} is not written in canonical form.", "Get it again from who made it.")
    return found


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _plain(text: str) -> str:
    """Keys come from the file, and a terminal obeys what it is shown."""
    return ascii(text)[1:-1][:200].rstrip(".")
