"""The files of a model folder: the few names that may be there, read with bounds, hashed."""

import hashlib
import json
import re
import stat
from collections.abc import Iterable
from pathlib import Path

from espalier.core.failures import UnusableInput

LARGEST_JSON = 64 << 20
"""Bytes. Llama 3's tokenizer.json is 9 MB."""
MOST_ENTRIES = 2000

READ = re.compile(
    r"config\.json|generation_config\.json|tokenizer\.json|tokenizer_config\.json|special_tokens_map\.json|added_tokens\.json"
    r"|vocab\.json|merges\.txt|tokenizer\.model|chat_template\.jinja|model\.safetensors|model\.safetensors\.index\.json"
    r"|model-\d{5}-of-\d{5}\.safetensors"
)
"""What loading may open: these are hashed, and nothing else may lie beside them but the next."""
DOCUMENTS = re.compile(r"(?i)(licen[cs]e|notice|readme|use_policy|copying)[\w.-]*|\.gitattributes|\.gitignore")
PICKLES = {".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib", ".npy", ".npz", ".msgpack", ".h5"}
CODE = {".py", ".pyc", ".so", ".pyd", ".dll", ".dylib", ".sh", ".ipynb"}


def read_names(folder: Path) -> list[str]:
    """The names of the files that loading may open, sorted; raises UnusableInput if anything else lies in the folder."""
    if not folder.is_dir():
        raise UnusableInput(f"There is no model folder at {folder}.", "Give the folder which holds config.json.")
    entries = sorted(folder.iterdir())
    if len(entries) > MOST_ENTRIES:
        raise UnusableInput(
            f"{folder} holds {len(entries)} files, which no model does.", "Give the model's own folder."
        )
    kept = [entry for entry in entries if not _hidden_folder(entry)]
    for entry in kept:
        _check(entry, folder)
    return [entry.name for entry in kept if READ.fullmatch(entry.name)]


def _hidden_folder(entry: Path) -> bool:
    """.git, or the .cache that a download leaves: never opened by loading."""
    return entry.name.startswith(".") and entry.is_dir() and not entry.is_symlink()


def _check(entry: Path, folder: Path) -> None:
    if not entry.resolve().is_relative_to(folder.resolve()):
        raise UnusableInput(
            f"{entry.name} in the model folder is a link to somewhere outside of it.",
            "Copy the model with its links followed (cp -rL) and give the copy.",
        )
    suffix = entry.suffix.lower()
    if suffix in PICKLES:
        raise UnusableInput(
            f"{entry.name} in the model folder holds weights in a format that can run code when it is opened.",
            "Use the model's safetensors files, and remove this one.",
        )
    if suffix in CODE:
        raise UnusableInput(
            f"{entry.name} in the model folder is code, and a model that needs its own code isn't loaded.",
            "Use a plain Llama-architecture model, or remove the file if the model loads without it.",
        )
    regular = entry.exists() and stat.S_ISREG(entry.stat().st_mode)
    if not regular or not (READ.fullmatch(entry.name) or DOCUMENTS.fullmatch(entry.name)):
        raise UnusableInput(
            f"{entry.name} in the model folder isn't a file that a Llama model needs.",
            "Remove it, or copy config.json, the tokenizer's files and the safetensors to a folder of their own.",
        )


def hashes(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """name → SHA-256 in lower hex."""
    return {name: sha256(folder / name) for name in names}


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_object(path: Path) -> dict[str, object]:
    """The JSON object in the file; raises UnusableInput if it is too large, too deep or something else."""
    if path.stat().st_size > LARGEST_JSON:
        raise UnusableInput(f"{path.name} of the model is larger than any model's.", "Fetch the model again.")
    try:
        found = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise UnusableInput(f"{path.name} of the model isn't readable JSON.", "Fetch the model again.") from error
    if not isinstance(found, dict):
        raise UnusableInput(f"{path.name} of the model isn't a JSON object.", "Fetch the model again.")
    return found
