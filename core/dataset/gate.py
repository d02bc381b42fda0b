"""The dataset gate: the approval matches the corpus, the licences are decided, and every example passed verification."""

from espalier.core.examples.build import standing
from espalier.core.failures import GateShut
from espalier.core.findings.approval import standing_approval
from espalier.core.project.file import Project
from espalier.core.repositories.licence_decisions import undecided


def shut_by(project: Project, corpus: str, tokenizer: str | None = None) -> tuple[str, ...]:
    """A sentence for each item that keeps the gate shut; empty when it is open. `tokenizer`: who counted the examples."""
    items = []
    if standing_approval(project, corpus) is None:
        items.append(f"No approval covers the corpus {corpus[:12]}: espalier findings approve PROJECT")
    sources = undecided(project, corpus)
    if sources:
        items.append(
            f"{len(sources)} licences are undecided, first {sources[0].repository}/{sources[0].prefix} ({sources[0].expression}): espalier repo licence PROJECT"
        )
    if standing(project, corpus, tokenizer) is None:
        items.append(
            f"No examples are built of the corpus {corpus[:12]} as it is decided now: espalier examples build PROJECT"
        )
    return tuple(items)


def require_open(project: Project, corpus: str, tokenizer: str | None = None) -> None:
    """Raise GateShut with every item that shuts it."""
    items = shut_by(project, corpus, tokenizer)
    if items:
        raise GateShut(f"The dataset gate is shut for the corpus {corpus[:12]}.", items[0], items)
