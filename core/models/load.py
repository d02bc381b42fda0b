"""Base models and adapters into memory, for a worker process: from verified local files, with nothing of theirs run."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from espalier.core.failures import UnusableInput, WorkFailed
from espalier.core.models.base import BaseModel, verify
from espalier.core.models.files import read_object
from espalier.core.models.safetensors_file import read_header

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import BitsAndBytesConfig, PreTrainedModel

Device = Literal["cpu", "cuda"]
Precision = Literal["bfloat16", "float32"]
"""No float16: processors compute it slowly, and training in it needs loss scaling."""
Quantisation = Literal["nf4"]

ADAPTER_CONFIG = "adapter_config.json"
ADAPTER_WEIGHTS = "adapter_model.safetensors"
LINEAR = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
LARGEST_RANK = 1024
# Entries of adapter_config.json that say nothing about what the adapter computes; `megatron_core` and
# `qalora_group_size` are defaults of features whose own switches must be off.
SILENT = {
    "base_model_name_or_path", "init_lora_weights", "inference_mode", "megatron_core", "peft_version",
    "qalora_group_size", "revision", "task_type",
}  # fmt: skip
READ = {"bias", "lora_alpha", "lora_dropout", "peft_type", "r", "target_modules", "use_rslora"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lora:
    """A plain LoRA adapter; the update is scaled by alpha/rank, or alpha/√rank."""

    rank: int
    alpha: float
    targets: tuple[str, ...]
    scaled_by_root: bool


def device_of_this_machine() -> Device:
    """The accelerator where there is one that computes in bfloat16, else the processor."""
    import torch

    return "cuda" if torch.cuda.is_available() and torch.cuda.is_bf16_supported() else "cpu"


def load_base(
    model: BaseModel, *, device: Device, dtype: Precision, quantisation: Quantisation | None = None
) -> "PreTrainedModel":
    """The model in evaluation mode on the device, after hashing its files; raises GateShut where one changed."""
    verify(model)
    go_offline()
    import torch
    from transformers import LlamaForCausalLM

    loaded: PreTrainedModel = LlamaForCausalLM.from_pretrained(
        model.path,
        local_files_only=True,
        use_safetensors=True,
        dtype=getattr(torch, dtype),
        attn_implementation="sdpa",
        device_map={"": device},
        quantization_config=_nf4(dtype) if quantisation == "nf4" else None,
    )
    if quantisation == "nf4":
        keep_weights_unpacked(loaded)
    return loaded


def go_offline() -> None:
    """Before transformers is imported: no network, no telemetry, no progress bars; raises WorkFailed if it comes too late."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    from huggingface_hub import constants
    from transformers.utils import logging

    if not constants.HF_HUB_OFFLINE:
        raise WorkFailed("This process was started without its offline switches.", "Set HF_HUB_OFFLINE=1.")
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # transformers leaves it without types
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # likewise


def _nf4(dtype: Precision) -> "BitsAndBytesConfig":
    import torch
    from transformers import BitsAndBytesConfig

    return BitsAndBytesConfig(  # type: ignore[no-untyped-call]  # transformers leaves it without types
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=getattr(torch, dtype),
    )


def keep_weights_unpacked(model: "PreTrainedModel") -> None:
    """Stop bitsandbytes from repacking 4-bit weights in place on processors with AVX512-BF16.

    Its forward does that in evaluation mode and nothing undoes it for training: the loss stays right and the gradients are
    silently wrong (bitsandbytes 0.50.2, Linear4bit.forward).
    """
    from bitsandbytes.nn.modules import Linear4bit

    for module in model.modules():
        if isinstance(module, Linear4bit):
            module.support_avx512bf16_for_cpu = False


def load_with_adapter(model: "PreTrainedModel", folder: Path) -> "PeftModel":
    """The model with the LoRA adapter of the folder on it, in evaluation mode; the model itself is changed, as PEFT does.

    PEFT's own loader would take a pickle, and a configuration that asks for anything; here both are read and rebuilt.
    Raises UnusableInput for other files, another kind of adapter, or weights that don't fit the model.
    """
    lora = read_adapter_config(folder)
    header = read_header(folder / ADAPTER_WEIGHTS)
    go_offline()
    from peft import LoraConfig, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
    from safetensors.torch import load_file

    config = LoraConfig(
        task_type="CAUSAL_LM",
        inference_mode=True,
        r=lora.rank,
        lora_alpha=lora.alpha,  # type: ignore[arg-type]  # declared int; PEFT divides it, and fractions are in use
        target_modules=list(lora.targets),
        use_rslora=lora.scaled_by_root,
    )
    adapted = get_peft_model(model, config)
    expected = {name: tuple(weights.shape) for name, weights in get_peft_model_state_dict(adapted).items()}
    if expected != {name: entry.shape for name, entry in header.items()}:
        raise UnusableInput("The adapter's weights don't fit this base model.", "Use the model it was trained on.")
    set_peft_model_state_dict(adapted, load_file(folder / ADAPTER_WEIGHTS))
    return adapted.eval()


def read_adapter_config(folder: Path) -> Lora:
    """What the folder's adapter is; raises UnusableInput where the folder holds more than a plain LoRA adapter."""
    names = {entry.name for entry in folder.iterdir()} if folder.is_dir() else set()
    if names != {ADAPTER_CONFIG, ADAPTER_WEIGHTS} or any((folder / name).is_symlink() for name in names):
        raise UnusableInput(
            f"The adapter folder {folder} must hold {ADAPTER_CONFIG} and {ADAPTER_WEIGHTS}, and nothing else.",
            "Remove the other files, or export the adapter again.",
        )
    return _lora(read_object(folder / ADAPTER_CONFIG))


def _lora(config: Mapping[str, object]) -> Lora:
    unknown = sorted(name for name, value in config.items() if value and name not in SILENT | READ)
    if config.get("peft_type") != "LORA" or config.get("bias", "none") != "none" or unknown:
        raise _unusable(unknown[0] if unknown else "peft_type or bias")
    match config:
        case {"r": int(rank), "lora_alpha": int() | float() as alpha, "target_modules": list(targets)}:
            known = bool(targets) and all(target in LINEAR for target in targets)
            if known and 0 < rank <= LARGEST_RANK and 0 < alpha < float("inf"):
                root = config.get("use_rslora") is True
                return Lora(rank=rank, alpha=alpha, targets=tuple(sorted(map(str, targets))), scaled_by_root=root)
    raise _unusable("r, lora_alpha or target_modules")


def _unusable(what: str) -> UnusableInput:
    return UnusableInput(
        f"{ADAPTER_CONFIG} of the adapter says something that a plain LoRA adapter doesn't, in {what[:80]}.",
        "Use an adapter that Espalier trained, or one with PEFT's plain LoRA settings.",
    )
