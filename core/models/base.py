"""A base model: what it is made of, byte by byte, and whether the folder holds that and nothing else."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from espalier.core.failures import GateShut, UnusableInput
from espalier.core.models import files, llama, safetensors_file
from espalier.core.models.licence import licence
from espalier.core.models.tokenizer import Tokenizer, template_source
from espalier.core.project.canonical import digest

INDEX = "model.safetensors.index.json"
SINGLE = "model.safetensors"
REQUIRED = ("config.json", "tokenizer.json", "tokenizer_config.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseModel:
    """`files` maps each file that loading may open to its SHA-256; `revision` says which version of the model that is."""

    name: str
    path: Path
    revision: str
    files: Mapping[str, str]
    licence: str
    tokenizer_sha256: str
    chat_template_sha256: str


def inspect(folder: Path, name: str = "", manifest: Mapping[str, str] | None = None) -> BaseModel:
    """Read the folder as hostile and return what it holds; nothing in it is run, and no weights are loaded.

    Raises UnusableInput for anything but a plain Llama in safetensors with its tokenizer and chat template, and where a
    file isn't the one that `manifest` (name → SHA-256) promises.
    """
    folder = folder.absolute()
    names = files.read_names(folder)
    for required in REQUIRED:
        if required not in names:
            raise UnusableInput(f"The model folder {folder} has no {required}.", "Fetch the model's missing file.")
    shape = llama.shape(files.read_object(folder / "config.json"))
    llama.check_tensors(shape, _tensors(folder, names))
    _check_tokenizer(folder, shape)
    found = files.hashes(folder, names)
    if manifest is not None:
        _compare(manifest, found)
    template = template_source(folder)
    return BaseModel(
        name=name or folder.name,
        path=folder,
        revision=f"sha256:{digest(found)}",
        files=found,
        licence=licence(folder),
        tokenizer_sha256=found["tokenizer.json"],
        chat_template_sha256=hashlib.sha256(template.encode()).hexdigest(),
    )


def verify(model: BaseModel) -> None:
    """Hash every file again; raises GateShut with the names of those that changed, came or went."""
    names = files.read_names(model.path)
    found = files.hashes(model.path, names)
    changed = sorted(name for name in {*found, *model.files} if found.get(name) != model.files.get(name))
    if changed:
        raise GateShut(
            f"The base model {model.name} isn't the one that was registered: {', '.join(changed[:5])} changed.",
            "Put the registered files back, or register the folder under a new name.",
            tuple(changed),
        )


def _compare(manifest: Mapping[str, str], found: Mapping[str, str]) -> None:
    wrong = sorted(name for name, expected in manifest.items() if found.get(name) != expected)
    if wrong:
        raise UnusableInput(f"{wrong[0]} of the model isn't the file that was promised.", "Fetch the model again.")


def _tensors(folder: Path, names: list[str]) -> dict[str, safetensors_file.Entry]:
    shards = [name for name in names if name.endswith(".safetensors")]
    if not shards:
        raise UnusableInput(f"The model folder {folder} holds no safetensors.", "Use the model's safetensors version.")
    if INDEX in names:
        return _indexed_tensors(folder, shards)
    if shards != [SINGLE]:
        raise UnusableInput(f"The model folder {folder} has weights in parts and no {INDEX}.", "Fetch the index.")
    return safetensors_file.read_header(folder / SINGLE)


def _indexed_tensors(folder: Path, shards: list[str]) -> dict[str, safetensors_file.Entry]:
    places = files.read_object(folder / INDEX).get("weight_map")
    if not isinstance(places, dict) or not all(isinstance(place, str) for place in places.values()):
        raise UnusableInput(f"{INDEX} of the model lists no weights.", "Fetch the model again.")
    named = set(places.values())
    if named != set(shards):
        odd = sorted(named.symmetric_difference(shards))[0]
        raise UnusableInput(
            f"{INDEX} of the model and the files beside it disagree about {odd[:80]!r}.", "Fetch the model again."
        )
    tensors: dict[str, safetensors_file.Entry] = {}
    for shard in shards:
        header = safetensors_file.read_header(folder / shard)
        if {name for name, place in places.items() if place == shard} != header.keys():
            raise UnusableInput(f"{shard} of the model doesn't hold what {INDEX} says.", "Fetch the model again.")
        tensors |= header
    return tensors


def _check_tokenizer(folder: Path, shape: llama.Shape) -> None:
    for name in ("tokenizer_config.json", "tokenizer.json"):
        if "auto_map" in files.read_object(folder / name):
            raise UnusableInput(f"{name} of the model asks for code of its own.", "Use a model that needs none.")
    tokenizer = Tokenizer.load(folder)
    if tokenizer.largest_id >= shape.vocabulary:
        raise UnusableInput(
            "The model's tokenizer has tokens that its weights don't know.", "Fetch both from one revision."
        )
    tokenizer.chat_with_mask([{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}])
