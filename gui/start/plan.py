"""What a person has decided about a project."""

from dataclasses import dataclass
from pathlib import Path

from espalier.core.repositories.stage import Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`existing` projects get repositories and nothing else."""

    path: Path
    policy: str
    wishes: tuple[Wish, ...]
    existing: bool
