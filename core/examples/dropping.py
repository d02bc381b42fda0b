"""What a whole build drops once every source is in: code that was taken back or repaired later, and near-duplicates.

Both can be done again at any moment and come to the same: what is dropped never decides about anything else.
"""

from collections import defaultdict
from collections.abc import Callable

from espalier.core.examples.example import Example, of_build, set_state
from espalier.core.examples.near_duplicates import TOKEN, representatives
from espalier.core.project.file import Project

SIMILARITY = 0.8  # exact Jaccard of 5-token shingles, from which two examples of a kind count as one


def drop_what_was_taken_back(project: Project, build: str) -> None:
    """Completions and changes that answer with code which a review or a repair shows as not acceptable."""
    refused: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    kept = of_build(project, build)
    for one in of_build(project, build, None):
        if one.label != "accepted":
            refused[_function(one)].append(_tokens(one.context))
    taken_back = [
        one.id
        for one in kept
        if one.label == "accepted" and any(_tokens(one.solution) in code for code in refused.get(_function(one), ()))
    ]
    set_state(project, build, [(name, "dropped", "taken back or repaired later") for name in taken_back])


def drop_repeats(project: Project, build: str, safe_point: Callable[[], None]) -> None:
    """Keep the newest of nearly equal solutions of one kind."""
    by_kind: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for example in reversed(of_build(project, build)):
        by_kind[f"{example.kind}/{example.label}"].append((example.id, example.solution))
    for items in by_kind.values():
        safe_point()
        dropped = representatives(items, SIMILARITY)
        set_state(project, build, [(key, "dropped", f"near-duplicate of {kept[:12]}") for key, kept in dropped.items()])


def _function(example: Example) -> tuple[str, str, str]:
    return example.provenance.repository, example.provenance.path, example.qualified_name


def _tokens(code: str) -> str:
    return f" {' '.join(TOKEN.findall(code))} "
