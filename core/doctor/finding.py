"""One thing that was looked at on this machine."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "limited", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`limited`: Espalier works, with less. `missing`: what needs it is refused. `remedy` is empty where all is well."""

    name: str
    state: State
    found: str
    remedy: str = ""


def ok(name: str, found: str) -> Finding:
    return Finding(name=name, state="ok", found=found)


def limited(name: str, found: str, remedy: str) -> Finding:
    return Finding(name=name, state="limited", found=found, remedy=remedy)


def missing(name: str, found: str, remedy: str) -> Finding:
    return Finding(name=name, state="missing", found=found, remedy=remedy)
