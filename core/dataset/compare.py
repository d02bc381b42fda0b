"""Two snapshots beside each other: what was chosen, how large their parts are, and which examples only one of them has."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from espalier.core.dataset.draft import Draft
from espalier.core.dataset.snapshot import settings, shown
from espalier.core.project.file import Project

SETTINGS = ("corpus", "approval", "tokenizer", "seed")
NAMED = 200  # of the examples that differ, as many are named on each side


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A snapshot, or a draft, whose `hash` is empty. `places` says of each example its split and repeats."""

    hash: str
    settings: Mapping[str, object]
    parts: Mapping[str, tuple[int, int]]
    places: Mapping[str, tuple[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One line of a comparison: of what, and what each side says; None where a side has no such thing."""

    name: str
    left: object
    right: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """An example that one side alone has; `label` is its function or path, for a person."""

    id: str
    split: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """`moved` counts examples by the parts they stand in left and right; `only_left` and `only_right` name the first ones."""

    settings: tuple[Difference, ...]
    examples: tuple[Difference, ...]
    tokens: tuple[Difference, ...]
    common: int
    moved: Mapping[tuple[str, str], int]
    drawn_otherwise: int
    left_only: int
    right_only: int
    only_left: tuple[Only, ...]
    only_right: tuple[Only, ...]


def side(project: Project, snapshot: str) -> Side:
    """Raises UnusableInput where there is no such snapshot."""
    said = shown(project, snapshot)
    rows = project.rows("SELECT example, split, repeats FROM snapshot_examples WHERE snapshot = ?", (snapshot,))
    splits = said["splits"]
    assert isinstance(splits, Mapping)
    chosen = said["settings"]
    assert isinstance(chosen, Mapping)
    return Side(
        hash=snapshot,
        settings={**{name: said[name] for name in SETTINGS}, **chosen},
        parts={split: (int(part["examples"]), int(part["tokens"])) for split, part in splits.items()},
        places={row["example"]: (row["split"], row["repeats"]) for row in rows},
    )


def draft_side(draft: Draft) -> Side:
    """With the settings that a snapshot of this draft would record."""
    return Side(
        hash="",
        settings={
            **{name: getattr(draft, name) for name in ("corpus", "tokenizer")},
            "seed": draft.wishes.seed,
            **settings(draft.wishes, draft.cut, draft.judged),
        },
        parts={split: (part.examples, part.tokens) for split, part in draft.parts.items() if part.examples},
        places={one.id: (split, repeats) for one, split, repeats in draft.placed},
    )


def compare(project: Project, left: Side, right: Side) -> Comparison:
    """Settings that are the same on both sides are left out; the parts are told whole."""
    both = left.places.keys() & right.places.keys()
    moved = Counter(
        (left.places[one][0], right.places[one][0]) for one in both if left.places[one][0] != right.places[one][0]
    )
    gone, come = left.places.keys() - both, right.places.keys() - both
    return Comparison(
        settings=tuple(_differing(left.settings, right.settings)),
        examples=tuple(_of_parts(left, right, 0)),
        tokens=tuple(_of_parts(left, right, 1)),
        common=len(both),
        moved=dict(sorted(moved.items())),
        drawn_otherwise=sum(left.places[one][1] != right.places[one][1] for one in both),
        left_only=len(gone),
        right_only=len(come),
        only_left=_named(project, sorted(gone)[:NAMED], left),
        only_right=_named(project, sorted(come)[:NAMED], right),
    )


def as_json(found: Comparison) -> dict[str, object]:
    """What `dataset compare --json` prints."""

    def lines(of: Sequence[Difference]) -> dict[str, object]:
        return {one.name: {"left": one.left, "right": one.right} for one in of}

    def named(of: Sequence[Only]) -> list[dict[str, object]]:
        return [{"id": one.id, "split": one.split, "label": one.label} for one in of]

    return {
        "settings": lines(found.settings),
        "examples": lines(found.examples),
        "tokens": lines(found.tokens),
        "common": found.common,
        "moved": [{"from": old, "to": new, "examples": number} for (old, new), number in found.moved.items()],
        "drawn_otherwise": found.drawn_otherwise,
        "left_only": found.left_only,
        "right_only": found.right_only,
        "only_left": named(found.only_left),
        "only_right": named(found.only_right),
    }


def _differing(left: Mapping[str, object], right: Mapping[str, object]) -> list[Difference]:
    names = dict.fromkeys(name for name in (*left, *right) if name != "approval" or (name in left and name in right))
    told = [Difference(name=name, left=left.get(name), right=right.get(name)) for name in names]
    return [one for one in told if one.left != one.right]


def _of_parts(left: Side, right: Side, at: int) -> list[Difference]:
    names = [name for name in ("train", "validation", "test") if name in left.parts or name in right.parts]
    return [
        Difference(name=name, left=left.parts.get(name, (0, 0))[at], right=right.parts.get(name, (0, 0))[at])
        for name in names
    ]


def _named(project: Project, ids: Sequence[str], of: Side) -> tuple[Only, ...]:
    query = "SELECT path, qualified_name FROM examples WHERE build IN (SELECT id FROM builds) AND id = ? LIMIT 1"
    found = [(name, project.row(query, (name,))) for name in ids]
    return tuple(
        Only(id=name, split=of.places[name][0], label=f"{row['path']} · {row['qualified_name']}" if row else name[:12])
        for name, row in found
    )
