"""Models and adapters are loaded from what was verified, in the precision that was asked for, and compute what they should."""

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from espalier.core.failures import GateShut, UnusableInput
from espalier.core.models.base import BaseModel, inspect
from espalier.core.models.load import device_of_this_machine, load_base, load_with_adapter, read_adapter_config
from tests.core.models.tiny import build_tiny_model

IDS = torch.arange(3, 67).reshape(2, 32)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> BaseModel:
    return inspect(build_tiny_model(tmp_path_factory.mktemp("models") / "tiny"), "tiny")


def logits(loaded: Any) -> torch.Tensor:
    with torch.no_grad():
        found: torch.Tensor = loaded(input_ids=IDS).logits
    return found


@pytest.mark.parametrize(("dtype", "expected"), [("float32", torch.float32), ("bfloat16", torch.bfloat16)])
def test_that_weights_are_those_of_the_file(model: BaseModel, dtype: Any, expected: torch.dtype) -> None:
    loaded = load_base(model, device="cpu", dtype=dtype)
    assert not loaded.training
    stored = load_file(model.path / "model.safetensors")
    weights = dict(loaded.named_parameters())
    assert weights.keys() == stored.keys()
    assert all(torch.equal(weights[name], stored[name].to(expected)) for name in stored)
    assert loaded.config._attn_implementation == "sdpa"


def test_that_a_changed_file_is_not_loaded(tmp_path: Path) -> None:
    found = inspect(build_tiny_model(tmp_path), "tiny")
    (tmp_path / "config.json").write_text((tmp_path / "config.json").read_text().replace("1e-05", "1e-04"))
    with pytest.raises(GateShut, match=r"config\.json changed"):
        load_base(found, device="cpu", dtype="float32")


def test_that_loading_says_nothing(model: BaseModel, capfd: pytest.CaptureFixture[str]) -> None:
    load_base(model, device="cpu", dtype="bfloat16")
    assert capfd.readouterr() == ("", "")


def test_that_the_device_is_one_that_computes_in_bfloat16() -> None:
    device = device_of_this_machine()
    assert (torch.ones(2, dtype=torch.bfloat16, device=device) * 2).sum().item() == 4


def gradients(loaded: Any) -> torch.Tensor:
    inputs: torch.Tensor = loaded.get_input_embeddings()(IDS).detach().requires_grad_()
    loaded(inputs_embeds=inputs, labels=IDS).loss.backward()
    assert inputs.grad is not None
    return inputs.grad.float()


def test_that_nf4_gradients_survive_an_evaluation(model: BaseModel) -> None:
    loaded: Any = load_base(model, device="cpu", dtype="bfloat16", quantisation="nf4")
    before = gradients(loaded.train())
    logits(loaded.eval())
    after = gradients(loaded.train())
    assert before.norm() > 0
    assert torch.equal(before, after)


def test_that_nf4_is_four_bits_of_every_linear_layer(model: BaseModel) -> None:
    from bitsandbytes.nn.modules import Linear4bit

    loaded: Any = load_base(model, device="cpu", dtype="bfloat16", quantisation="nf4")
    quantised: list[Any] = [module for module in loaded.modules() if isinstance(module, Linear4bit)]
    assert len(quantised) == 2 * 7
    assert {module.weight.quant_state.quant_type for module in quantised} == {"nf4"}
    assert not any(module.support_avx512bf16_for_cpu for module in quantised)


@pytest.fixture(scope="module")
def adapter(model: BaseModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved adapter whose B matrices aren't zero, as PEFT writes it."""
    from peft import LoraConfig, get_peft_model

    folder = tmp_path_factory.mktemp("adapter")
    adapted = get_peft_model(
        load_base(model, device="cpu", dtype="float32"),
        LoraConfig(r=4, target_modules=["q_proj", "down_proj"], task_type="CAUSAL_LM"),
    )
    torch.manual_seed(0)
    for name, weights in adapted.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(weights, std=0.1)
    adapted.save_pretrained(str(folder))
    (folder / "README.md").unlink()
    return folder


@pytest.fixture
def copy(adapter: Path, tmp_path: Path) -> Path:
    for name in ("adapter_config.json", "adapter_model.safetensors"):
        (tmp_path / name).write_bytes((adapter / name).read_bytes())
    return tmp_path


def test_that_an_adapter_computes_what_pefts_own_loader_computes(model: BaseModel, adapter: Path) -> None:
    from peft import PeftModel

    plain = logits(load_base(model, device="cpu", dtype="float32"))
    ours = load_with_adapter(load_base(model, device="cpu", dtype="float32"), adapter)
    theirs = PeftModel.from_pretrained(load_base(model, device="cpu", dtype="float32"), str(adapter))
    assert torch.equal(logits(ours), logits(theirs))
    assert not torch.allclose(logits(ours), plain)
    assert not ours.training
    assert not any(weights.requires_grad for weights in ours.parameters())


def test_that_an_adapter_goes_onto_a_quantised_model(model: BaseModel, adapter: Path) -> None:
    quantised = logits(load_base(model, device="cpu", dtype="bfloat16", quantisation="nf4"))
    adapted = load_with_adapter(load_base(model, device="cpu", dtype="bfloat16", quantisation="nf4"), adapter)
    assert not torch.allclose(logits(adapted), quantised)


@pytest.mark.parametrize("name", ["adapter_model.bin", "adapter_model.pt", "README.md", "custom.py"])
def test_that_an_adapter_folder_with_another_file_is_refused(copy: Path, name: str) -> None:
    (copy / name).write_bytes(pickle.dumps({}))
    with pytest.raises(UnusableInput, match=r"and nothing else"):
        read_adapter_config(copy)


def test_that_a_pickle_instead_of_safetensors_is_refused(copy: Path) -> None:
    (copy / "adapter_model.safetensors").rename(copy / "adapter_model.bin")
    with pytest.raises(UnusableInput, match=r"and nothing else"):
        read_adapter_config(copy)


def test_that_a_linked_adapter_file_is_refused(copy: Path, tmp_path: Path) -> None:
    (copy / "adapter_model.safetensors").rename(tmp_path.parent / "elsewhere.safetensors")
    (copy / "adapter_model.safetensors").symlink_to(tmp_path.parent / "elsewhere.safetensors")
    with pytest.raises(UnusableInput, match=r"and nothing else"):
        read_adapter_config(copy)


@pytest.mark.parametrize(
    "change",
    [
        {"peft_type": "PREFIX_TUNING"},
        {"auto_mapping": {"base_model_class": "X", "parent_library": "os"}},
        {"use_dora": True},
        {"bias": "all"},
        {"modules_to_save": ["lm_head"]},
        {"rank_pattern": {"q_proj": 8}},
        {"layer_replication": [[0, 10**9]]},
        {"megatron_config": {"a": 1}},
        {"target_modules": "(a+)+$"},
        {"target_modules": []},
        {"target_modules": ["q_proj", "embed_tokens"]},
        {"r": 10**9},
        {"r": "4"},
        {"lora_alpha": None},
        {"lora_alpha": -1},
        {"something_new": 1},
    ],
)
def test_that_an_adapter_which_is_not_plain_lora_is_refused(copy: Path, change: dict[str, object]) -> None:
    config = json.loads((copy / "adapter_config.json").read_text())
    (copy / "adapter_config.json").write_text(json.dumps(config | change))
    with pytest.raises(UnusableInput, match=r"a plain LoRA adapter doesn't"):
        read_adapter_config(copy)


def test_that_adapter_weights_of_another_shape_are_refused(model: BaseModel, copy: Path) -> None:
    config = json.loads((copy / "adapter_config.json").read_text())
    (copy / "adapter_config.json").write_text(json.dumps(config | {"r": 8}))
    with pytest.raises(UnusableInput, match=r"don't fit this base model"):
        load_with_adapter(load_base(model, device="cpu", dtype="float32"), copy)


def test_that_an_adapter_with_one_tensor_too_many_is_refused(model: BaseModel, copy: Path) -> None:
    weights = load_file(copy / "adapter_model.safetensors")
    save_file(weights | {"base_model.model.lm_head.weight": torch.zeros(1024, 64)}, copy / "adapter_model.safetensors")
    with pytest.raises(UnusableInput, match=r"don't fit this base model"):
        load_with_adapter(load_base(model, device="cpu", dtype="float32"), copy)
