"""Tokens a second of our loop against the HF Trainer, on the same examples and the same machine, round by round in turn.

    python -m tests.benchmarks.training [--tiny] [--examples N] [--rounds N] [--threads N]

Counted are tokens that are not padding; with --threads=1, per second of the processor's time, which other work on the machine changes less. The Trainer runs twice: with its padding collator, and with the flattening one, which packs.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

os.environ |= {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "TOKENIZERS_PARALLELISM": "false"}

from espalier.core.models import embedded
from espalier.core.models.base import BaseModel
from espalier.core.models.load import load_base
from espalier.core.models.tokenizer import Tokenizer
from espalier.core.training import device
from espalier.core.training.data import Sample, samples
from espalier.core.training.loop import Stepped, train, training
from espalier.core.training.lora import attach
from espalier.core.training.packing import fill
from espalier.core.training.recipe import Recipe
from tests.core.training.made import snapshot, tiny

ROWS_AT_ONCE = 2
CLOCK = time.process_time if "--threads=1" in sys.argv else time.perf_counter


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.training")
    parser.add_argument("--tiny", action="store_true", help="a model of 0.15 M parameters in place of the embedded one")
    parser.add_argument("--examples", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        base = tiny(Path(folder)) if options.tiny else embedded.ensure(lambda done, total, message: None)
        compare(base, options.examples, options.rounds, options.threads, Path(folder))


def compare(base: BaseModel, count: int, rounds: int, threads: int, folder: Path) -> None:
    recipe = Recipe(
        name="benchmark", epochs=1, row_tokens=512, rows_per_micro=ROWS_AT_ONCE, accumulation=1, threads=threads
    )
    place = device.prepare(recipe)
    learnt = samples(snapshot(count, 0), "train", Tokenizer.load(base.path), recipe.row_tokens)
    entrants: dict[str, Callable[[], float]] = {
        "espalier": lambda: _ours(base, recipe, place, learnt),
        "trainer, padded": lambda: _trainer(base, recipe, place, learnt, folder, flat=False),
        "trainer, flattened": lambda: _trainer(base, recipe, place, learnt, folder, flat=True),
    }
    speeds: dict[str, list[float]] = {name: [] for name in entrants}
    for _ in range(rounds + 1):
        for name, entrant in entrants.items():
            speeds[name].append(entrant())
    _print(
        f"{base.name} on {place.name}, {place.dtype}, {place.threads} threads, {len(learnt)} examples, rank {recipe.rank}"
    )
    ours = statistics.median(speeds["espalier"][1:])  # the first round warms caches and allocators up
    for name, found in speeds.items():
        speed = statistics.median(found[1:])
        _print(f"{name:20} {speed:8.1f} tokens/s   espalier is {ours / speed:4.2f} times as fast")


def _ours(base: BaseModel, recipe: Recipe, place: device.Place, learnt: Sequence[Sample]) -> float:
    run = training(_model(base, recipe, place), recipe, place, learnt, [], 0)
    _print(f"rows are {fill(run.plan.rows, learnt, recipe.row_tokens):.0%} full")
    started = CLOCK()
    tokens = sum(event.measures.tokens for event in train(run) if isinstance(event, Stepped))
    return tokens / (CLOCK() - started)


def _trainer(
    base: BaseModel, recipe: Recipe, place: device.Place, learnt: Sequence[Sample], folder: Path, *, flat: bool
) -> float:
    """The same examples, adapter, optimizer and precision; as many examples at once as our rows hold on average."""
    transformers: Any = import_module("transformers")  # published without types
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_file=str(base.path / "tokenizer.json"), pad_token="<|im_end|>"
    )
    collator = transformers.DataCollatorWithFlattening() if flat else transformers.DataCollatorForSeq2Seq(tokenizer)
    average = sum(map(len, learnt)) / len(learnt)
    arguments = transformers.TrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=max(1, round(ROWS_AT_ONCE * recipe.row_tokens / average)),
        num_train_epochs=1,
        learning_rate=recipe.learning_rate,
        lr_scheduler_type="cosine",
        save_strategy="no",
        report_to=[],
        disable_tqdm=True,
        use_cpu=place.device.type == "cpu",
        dataloader_pin_memory=False,
    )
    model = _model(base, recipe, place)
    model.get_base_model().set_attn_implementation("sdpa")
    trainer = transformers.Trainer(
        model=model,
        args=arguments,
        train_dataset=[_labelled(one) for one in learnt],
        data_collator=collator,
    )
    started = CLOCK()
    trainer.train()
    return sum(map(len, learnt)) / (CLOCK() - started)


def _labelled(sample: Sample) -> dict[str, list[int]]:
    labels = [token if learn else -100 for token, learn in zip(sample.ids, sample.learn, strict=True)]
    return {"input_ids": list(sample.ids), "labels": labels}


def _model(base: BaseModel, recipe: Recipe, place: device.Place) -> Any:
    loaded = load_base(
        base,
        device="cuda" if place.device.type == "cuda" else "cpu",
        dtype="float32" if str(place.dtype) == "torch.float32" else "bfloat16",
    )
    return attach(loaded, recipe, name=base.name, revision=base.revision)


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
