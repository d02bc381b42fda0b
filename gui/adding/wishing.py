"""From what a person typed to what a job is asked: names that differ, globs, and folders with their services."""

import re
from collections.abc import Sequence
from pathlib import Path

from espalier.core.failures import UnusableInput
from espalier.core.repositories import globs

NAME = re.compile(r"[\w.][\w.+ -]{0,99}")
_ODD = re.compile(r"[^\w.+ -]+")


def names(paths: Sequence[Path]) -> list[str]:
    """What each may be called: its folder's name, with the folder above it where two are called the same."""
    plain = [_named(path.name.removesuffix(".git")) for path in paths]
    told: list[str] = []
    for path, name in zip(paths, plain, strict=True):
        wanted = name if plain.count(name) == 1 else _named(f"{path.parent.name}-{name}")
        number = 2
        while wanted in told:
            wanted = f"{name}-{number}"
            number += 1
        told.append(wanted)
    return told


def patterns(text: str) -> tuple[str, ...]:
    """Path patterns, separated by commas or spaces; raises UnusableInput for one that is none."""
    found = tuple(part for part in re.split(r"[,\s]+", text) if part)
    for one in found:
        if not globs.usable(one):
            raise UnusableInput(f"{one[:80]!r} is not a path pattern.", "Use one like src/ or *.py or lib/**/*.py")
    return found


def services(text: str) -> dict[str, str]:
    """`folder=service` pairs, separated by commas; raises UnusableInput for what is no pair."""
    found: dict[str, str] = {}
    for pair in filter(None, map(str.strip, text.split(","))):
        folder, equals, name = (part.strip() for part in pair.partition("="))
        if not equals or not folder or not name:
            raise UnusableInput(f"{pair[:80]!r} gives no folder a service.", "Write it like services/billing=billing")
        found[folder] = name
    return found


def _named(name: str) -> str:
    plain = _ODD.sub("-", name).lstrip("+ -")[:100]
    return plain or "repository"
