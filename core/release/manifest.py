"""The inference manifest: everything that someone who serves an adapter must know about it, as one canonical JSON document.

The shape is also published as resources/schemas/manifest.schema.json.
"""

import json
import re
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)

from espalier.core.failures import GateShut
from espalier.core.project import clock
from espalier.core.project.canonical import canonical

FORMAT: Final = "espalier-release/1"
DEMONSTRATION: Final = "demonstration, not approved"
MAX_BYTES: Final = 8 * 1024 * 1024

ADAPTER: Final = ("adapter/adapter_config.json", "adapter/adapter_model.safetensors")
NOTICE: Final = "LICENSES/NOTICE.txt"
DOCUMENTS: Final = (NOTICE, "MODEL_CARD.md", "approval.json", "checkpoint.json", "evaluation.json")
LICENCE_FILE: Final = re.compile(r"LICENSES/[A-Za-z0-9][A-Za-z0-9.+-]{0,79}\.txt")

ExportClass = Literal["do not export", "internal", "contractors", "cloud"]


def _bundle_path(path: str) -> str:
    """The few names that a bundle may hold: no dot-files, no traversal, nothing that two file systems spell differently."""
    if path in (*ADAPTER, *DOCUMENTS) or LICENCE_FILE.fullmatch(path):
        return path
    raise ValueError("this is not the name of a file that a bundle holds")


def _moment(text: str) -> str:
    clock.parse(text)
    return text


Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Fingerprint = Annotated[str, Field(pattern=r"^SHA256:[A-Za-z0-9+/]{43}$")]
Moment = Annotated[
    str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]{3})?Z$"), AfterValidator(_moment)
]
Words = Annotated[str, Field(max_length=2000)]
BundlePath = Annotated[str, Field(max_length=100), AfterValidator(_bundle_path)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class Bundle(_Part):
    """`version` counts the releases of the same run."""

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    name: Words
    version: Annotated[int, Field(ge=1)]
    created_at: Moment
    espalier: Words


class PolicyPart(_Part):
    """What the project's policy asked of a release, so that the bundle can be held to it."""

    name: Words
    sentence: Words
    sign_offs: tuple[Words, ...]
    different_people: bool
    builder_may_approve: bool
    approval_role: Words


class File(_Part):
    path: BundlePath
    size: Annotated[int, Field(ge=0)]
    sha256: Sha256


class Adapter(_Part):
    """`artifact` is the hash of the tar of the two files, by which the run names them; `whole` are modules trained whole."""

    method: Literal["lora"]
    artifact: Sha256
    rank: Annotated[int, Field(ge=1)]
    alpha: float
    dropout: float
    targets: tuple[Words, ...]
    whole: tuple[Words, ...]


class Base(_Part):
    """The weights that the adapter fits, file by file; another revision is another model."""

    name: Words
    revision: Words
    licence: Words
    files: dict[str, Sha256]


class Tokenizer(_Part):
    files: dict[str, Sha256]
    chat_template: Sha256
    special_tokens: dict[str, Words]


class Precision(_Part):
    dtype: Words
    quantisation: Words


class Training(_Part):
    """How the adapter was made; losses are per solution token, in nats."""

    project: Words
    run: int
    seed: int
    recipe: dict[str, JsonValue]
    learning_rate: float
    schedule: Words
    batch: Annotated[str, Field(max_length=200)]
    steps: int
    loss: float | None
    validation_loss: float | None
    versions: dict[str, JsonValue]
    device: Words
    determinism: Words
    finished_at: Moment | None


class Repository(_Part):
    name: Words
    head: str | None
    tips: dict[str, str]


class Split(_Part):
    examples: int
    tokens: int


class Dataset(_Part):
    """The frozen snapshot: its hash and counts, never its text."""

    hash: Sha256
    corpus: Words
    seed: int
    tokenizer: Sha256
    frozen_at: Moment
    splits: dict[str, Split]
    repositories: tuple[Repository, ...]


class Signed(_Part):
    """A statement with the SSH signature over its canonical bytes, and who the project says made it."""

    statement: dict[str, JsonValue]
    signature: Annotated[str, Field(max_length=16384)]
    identity: Words
    person: Words
    fingerprint: Fingerprint
    automatic: bool


class Scrub(_Part):
    """The approval's statement also counts the findings by decision, and says how far the sampled review went."""

    ruleset: Words
    decisions: Words
    approval: Signed


class Gate(_Part):
    name: Words
    passed: bool
    why: Words


class Rate(_Part):
    """`low` and `high` bound the 95 % interval; without them, nothing ran."""

    passed: Annotated[int, Field(ge=0)]
    ran: Annotated[int, Field(ge=0)]
    low: float | None
    high: float | None


class Mean(_Part):
    """With its 95 % interval, where there is one."""

    mean: float
    low: float | None
    high: float | None
    number: int


class Rubric(_Part):
    """What people found who did not know which arm they rated, from 1 to 5; `agreement` is Krippendorff's ordinal alpha."""

    raters: Annotated[int, Field(ge=1)]
    tasks: Annotated[int, Field(ge=1)]
    base: Mean
    adapter: Mean
    difference: Mean
    agreement: dict[str, float | None]


class Evaluation(_Part):
    """`arms` is by arm and check; `loss` in nats per solution token of the held-out examples; `not_run` says why and how often."""

    id: int
    suite: Words
    tier: Words
    tasks: int
    arms: dict[str, dict[str, Rate]]
    loss: dict[str, float | None]
    fixed: int
    broken: int
    not_run: dict[str, int]
    rubric: Rubric | None = None
    gates: tuple[Gate, ...]

    @model_serializer(mode="wrap")
    def _without_what_was_not_done(self, serialise: SerializerFunctionWrapHandler) -> dict[str, object]:
        """A manifest of before there was a rubric is written again as it was."""
        written: dict[str, object] = serialise(self)
        return {name: value for name, value in written.items() if name != "rubric" or value is not None}


class SourceLicence(_Part):
    """What the snapshot's examples were taken from."""

    repository: Words
    licence: Words
    export: ExportClass
    examples: int


class Licences(_Part):
    """`export` is the most restrictive class among the sources."""

    base: Words
    notices: tuple[Words, ...]
    sources: tuple[SourceLicence, ...]
    export: ExportClass


class SignOff(Signed):
    role: Words


class Checkpoint(_Part):
    """Where the project's audit chain stood; checkpoint.json holds the signature."""

    seq: int
    head: Words


class Facts(_Part):
    """The manifest without its list of files: what the model card is written from."""

    format: Literal["espalier-release/1"]
    bundle: Bundle
    policy: PolicyPart
    demonstration: bool
    notice: Words
    adapter: Adapter
    base: Base
    tokenizer: Tokenizer
    precision: Precision
    training: Training
    dataset: Dataset
    scrub: Scrub
    evaluation: Evaluation
    licences: Licences
    sign_offs: tuple[SignOff, ...]
    not_done: tuple[Words, ...]
    audit: Checkpoint


class Manifest(Facts):
    """`files` covers every file of the bundle but manifest.json, which can't name itself, and its signature."""

    model_config = ConfigDict(title="Espalier inference manifest")

    files: tuple[File, ...]

    @model_validator(mode="after")
    def _files_are_the_bundle(self) -> Self:
        paths = [file.path for file in self.files]
        if paths != sorted(paths) or len({path.casefold() for path in paths}) != len(paths):
            raise ValueError("the files are not listed once each, in order")
        if missing := {*ADAPTER, *DOCUMENTS}.difference(paths):
            raise ValueError(f"{min(missing)} is not listed")
        if self.demonstration != (self.notice == DEMONSTRATION):
            raise ValueError("the notice doesn't say whether this is a demonstration")
        return self

    def canonical(self) -> bytes:
        return canonical(self.model_dump(mode="json"))


def read(data: bytes) -> Manifest:
    """The manifest in these bytes, which must be its canonical form; raises GateShut with the first thing wrong."""
    if len(data) > MAX_BYTES:
        raise GateShut("It is too large to be a manifest.")
    try:
        found = Manifest.model_validate_json(data)
        if canonical(json.loads(data)) != data:
            raise GateShut("It is not written in canonical form, so it could be read in two ways.")
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the document"
        raise GateShut(f"It doesn't have the form of a manifest: {_plain(where)}: {_plain(first['msg'])}.") from error
    except (ValueError, RecursionError) as error:
        raise GateShut("It is not JSON that can be written again as it is.") from error
    return found


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the manifest."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:espalier:{FORMAT}",
        **Manifest.model_json_schema(),
    }


def _plain(text: str) -> str:
    """Keys come from the file, and a terminal obeys what it is shown."""
    return ascii(text)[1:-1][:200]
