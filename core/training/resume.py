"""A run as a checkpoint, and a checkpoint back into a run."""

from __future__ import annotations

from dataclasses import asdict

from espalier.core.training import optimizer as optimizers
from espalier.core.training.checkpoints import Checkpoint
from espalier.core.training.loop import Progress, Training
from espalier.core.training.noise import Noise


def checkpoint_of(run: Training, owner: str) -> Checkpoint:
    """The run as its last whole step left it, whatever micro-batches have been added up since."""
    progress = run.progress
    tensors, numbers = optimizers.state(run.optimizer)
    return Checkpoint(
        step=progress.step,
        owner=owner,
        adapter=run.masters.tensors(),
        optimizer=tensors,
        random=progress.random,
        state={
            "validated": progress.validated,
            "noise": asdict(progress.noise),
            "overflows": progress.overflows,
            "optimizer": numbers,
            "threads": run.place.threads,
            "device": run.place.name,
        },
    )


def resume(run: Training, saved: Checkpoint) -> None:
    """Put a run that was made in the same way to where the checkpoint is."""
    run.masters.restore(saved.adapter)
    optimizers.restore(run.optimizer, saved.optimizer, saved.state["optimizer"])
    run.progress = Progress(
        step=saved.step,
        validated=saved.state["validated"],
        random=dict(saved.random),
        noise=Noise(**saved.state["noise"]),
        overflows=saved.state["overflows"],
    )
