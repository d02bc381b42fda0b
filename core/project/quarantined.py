"""What is quarantined: named by kind and name, and refused wherever somebody would use it."""

from typing import Literal

from espalier.core.failures import UnusableInput
from espalier.core.project.file import Project

Kind = Literal["example", "snapshot", "run", "adapter"]
WORD = "quarantined"  # the reason of an example, and how an answer ended, whose text is gone
ERASED = f"({WORD})"  # what stands where text was

_BY = (
    "SELECT fingerprint FROM quarantined JOIN quarantines ON quarantines.id = quarantine"
    " WHERE kind = ? AND name = ? ORDER BY quarantine LIMIT 1"
)


def why(project: Project, kind: Kind, name: str) -> str | None:
    """A sentence where this is quarantined, None where it is not."""
    finding = project.value(_BY, (kind, name))
    if finding is None:
        return None
    held = "learnt from" if kind in ("run", "adapter") else "held"
    shown = f"Run {name}" if kind == "run" else f"The {kind} {name[:12]}"
    return f"{shown} is quarantined: it {held} what the finding {finding[:12]} stands for."


def refuse(project: Project, kind: Kind, name: str) -> None:
    """Raises UnusableInput where this is quarantined."""
    if (sentence := why(project, kind, name)) is not None:
        raise UnusableInput(sentence, "Build, freeze and train again without it.")
