"""One example whole: its text and origin, what people say of it, what it nearly repeats, and in which part it is frozen."""

from dataclasses import dataclass

from espalier.core.examples.example import Example, one_of_build
from espalier.core.examples.reviews import Review, reviews
from espalier.core.examples.units import OVERHEAD
from espalier.core.failures import UnusableInput
from espalier.core.project.file import Project

NEAR = "near-duplicate of "
SHOWN = 12  # of an id, as a reason names it


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """`cap` is in tokens, of the whole conversation. `near` are examples that were dropped because they nearly repeat this one;
    `stands_for_it` the one that was kept in this one's place. `split` is that of the newest snapshot of this build.
    """

    example: Example
    cap: int
    split: str
    near: tuple[str, ...]
    stands_for_it: str
    reviews: tuple[Review, ...]


def whole(project: Project, build: str, name: str) -> Whole:
    """Raises UnusableInput where the build has no such example."""
    found = one_of_build(project, build, name)
    if found is None:
        raise UnusableInput(
            f"The example {name[:SHOWN]} is no longer there.", "The examples were built anew: list them."
        )
    return Whole(
        example=found,
        cap=int(project.value("SELECT cap FROM builds WHERE id = ?", (build,))) + OVERHEAD,
        split=_split(project, build, name),
        near=_named(project, build, "reason = ?", NEAR + name[:SHOWN]),
        stands_for_it=_kept_instead(project, build, found.reason),
        reviews=tuple(reviews(project, name)),
    )


def _kept_instead(project: Project, build: str, reason: str) -> str:
    if not reason.startswith(NEAR):
        return ""
    found = _named(project, build, "substr(id, 1, ?) = ?", SHOWN, reason.removeprefix(NEAR))
    return found[0] if found else ""


def _named(project: Project, build: str, condition: str, *values: object) -> tuple[str, ...]:
    query = f"SELECT id FROM examples INDEXED BY examples_listed WHERE build = ? AND {condition} ORDER BY id"
    return tuple(row["id"] for row in project.rows(query, (build, *values)))


def _split(project: Project, build: str, name: str) -> str:
    found = project.value(
        "SELECT split FROM snapshot_examples WHERE example = ? AND snapshot ="
        " (SELECT hash FROM snapshots WHERE build = ? ORDER BY frozen_at DESC, rowid DESC LIMIT 1)",
        (name, build),
    )
    return str(found or "")
