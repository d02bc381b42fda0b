"""An adapter as an artifact: PEFT's two files in a tar whose bytes depend on nothing but their content.

Reading one back trusts nothing: two names are allowed, the configuration's keys are checked, and the weights are safetensors.
"""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from espalier.core.failures import UnusableInput
from espalier.core.project import artifacts
from espalier.core.project.file import Project

if TYPE_CHECKING:
    from collections.abc import Mapping

    from espalier.core.training.masters import Masters

CONFIGURATION = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"
MEDIA_TYPE = "application/vnd.espalier.adapter+tar"
LARGEST = {CONFIGURATION: 1 << 20, WEIGHTS: 64 << 30}
FORBIDDEN = ("auto_mapping", "megatron_config", "eva_config", "corda_config", "arrow_config")  # they name code or files


def adapter_bytes(model: Any, masters: Masters) -> bytes:
    """The tar of a model's adapter, its weights the fp32 masters and not the rounded copies that the model computes with."""
    return archive({CONFIGURATION: configuration(model), WEIGHTS: weights(model, masters)})


def configuration(model: Any) -> bytes:
    """PEFT's configuration with sorted keys and lists, and without anything that names this machine."""
    config = {key: _plain(value) for key, value in model.peft_config["default"].to_dict().items()}
    config["inference_mode"] = True
    return json.dumps(config, indent=2, sort_keys=True).encode() + b"\n"


def weights(model: Any, masters: Masters) -> bytes:
    """PEFT says which tensors make the adapter, the tied ones under both names; where one is trained its master is taken."""
    from peft import get_peft_model_state_dict
    from safetensors.torch import save

    by_copy = {slot.copy.data_ptr(): slot.weight for slot in masters.slots}
    all_tensors = {name: by_copy.get(tensor.data_ptr(), tensor) for name, tensor in model.state_dict().items()}
    state = get_peft_model_state_dict(model, state_dict=all_tensors, save_embedding_layers=False)
    tensors = {name: state[name].detach().cpu().contiguous().clone() for name in sorted(state)}
    return save(tensors, metadata={"format": "pt"})


def archive(files: Mapping[str, bytes]) -> bytes:
    """Sorted names, no times, owners or modes of this machine: the same content has the same address."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), 0o644
            tar.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def unpack(project: Project, sha256: str, folder: Path) -> Path:
    """Write an adapter of the project as a folder that PEFT and serving engines read; raises UnusableInput."""
    return write(read(artifacts.read(project, sha256)), folder)


def read(data: bytes) -> dict[str, bytes]:
    """The two files of an adapter's tar; raises UnusableInput for any other entry, size, kind or key."""
    files: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as tar:
            for entry in tar:
                if entry.name not in LARGEST or entry.name in files or not entry.isreg():
                    raise _unusable("it holds something else than an adapter's two files")
                if entry.size > LARGEST[entry.name]:
                    raise _unusable(f"its {entry.name} is too large")
                content = tar.extractfile(entry)
                files[entry.name] = content.read() if content else b""
    except tarfile.TarError:
        raise _unusable("it is no tar archive") from None
    if files.keys() != LARGEST.keys():
        raise _unusable("a file is missing")
    _check_configuration(files[CONFIGURATION])
    _check_weights(files[WEIGHTS])
    return files


def write(files: Mapping[str, bytes], folder: Path) -> Path:
    """Into a folder that is empty or not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise UnusableInput(f"The folder {folder} is not empty.", "Name a new one.")
    for name, data in files.items():
        with (folder / name).open("xb") as file:
            file.write(data)
    return folder


def _check_configuration(data: bytes) -> None:
    try:
        config = json.loads(data)
    except (ValueError, RecursionError):
        raise _unusable(f"its {CONFIGURATION} is not JSON") from None
    if not isinstance(config, dict) or config.get("peft_type") != "LORA":
        raise _unusable(f"its {CONFIGURATION} describes no LoRA adapter")
    named = [key for key in FORBIDDEN if config.get(key)]
    if named:
        raise _unusable(f"its {CONFIGURATION} asks for {named[0]}")


def _check_weights(data: bytes) -> None:
    from safetensors import SafetensorError, deserialize

    try:
        deserialize(data)  # type: ignore[no-untyped-call]  # the library annotates its loaders and not this
    except SafetensorError:
        raise _unusable(f"its {WEIGHTS} is damaged") from None


def _unusable(why: str) -> UnusableInput:
    return UnusableInput(f"This adapter can't be used: {why}.", "Take it again from the project that trained it.")


def _plain(value: Any) -> Any:
    """Sets become sorted lists and enumerations their values, so that the bytes are the same each time."""
    if isinstance(value, set | frozenset | list | tuple):
        return sorted((_plain(item) for item in value), key=str)
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in sorted(value.items(), key=lambda pair: str(pair[0]))}
    return getattr(value, "value", value)
