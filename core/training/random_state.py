"""Torch's random state, which the loop draws its dropout from; it draws from no other."""

from __future__ import annotations

from collections.abc import Mapping

import torch


def random_state() -> dict[str, torch.Tensor]:
    """Of the CPU and of every GPU."""
    states = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        states |= {f"cuda.{number}": state for number, state in enumerate(torch.cuda.get_rng_state_all())}
    return states


def set_random_state(states: Mapping[str, torch.Tensor]) -> None:
    torch.set_rng_state(states["cpu"])
    for number in range(torch.cuda.device_count()):
        if f"cuda.{number}" in states:
            torch.cuda.set_rng_state(states[f"cuda.{number}"], number)
