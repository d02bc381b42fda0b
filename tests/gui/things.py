"""What a project calls its things: words that no translator knows, and that are shown as they are."""

import json
import re
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Self

from espalier.core.project.file import Project
from espalier.core.project.policy import named_policy, policy_names
from espalier.core.training import recipe as recipes
from espalier.core.training.device import cpu_name
from espalier.gui.figures import hardware

# Columns with codes, which the window has words for; everything else in a project file is somebody's own.
CODES = frozenset(
    (
        *("arm", "category", "check", "confidence", "decision", "ended_by", "export_class", "finished", "kind"),
        *("label", "lane", "level", "origin", "policy", "role", "rule", "schedule", "severity", "source"),
        *("split", "state", "tier", "verdict"),
    )
)
SHORT = 12  # letters: what is shorter must be a whole name, or any word would do
CUT = "…"
# Dates, sizes and times; hashes; and codes where they are shown as codes.
FIGURES = re.compile(
    r"[‹›~]*(\d[\d,.:]*|[A-Z][a-z]{2}|[KMG]?i?B|%|min|h|s|·|[‹›~,\s]+)+|[0-9a-f]{16,64}|[a-z-]+\.[a-z-]+"
)
SHARE = re.compile(r" [\d.]+ %$")
# What core says in sentences of its own: evidence of gates, and what licences ask for.
CORE = re.compile(
    r"(\w+: )?(dataset|evaluation|licence|policy|rights|run|scrub|security|sign-offs): .*|The adapter changes the .*|The model .* is not on this machine yet\.|Line \d+ of the snapshot .*",
    re.I,
)
METHODS = ("LoRA", "QLoRA")
KEYS = frozenset(("Esc", "Tab", "Ctrl", "Shift", "Space"))


class Things:
    """`in` says whether a word, or what is left of it, is a thing's name."""

    def __init__(self, values: Iterable[str]) -> None:
        told = [named_policy(name).sentence for name in policy_names()]
        told += [recipes.load(name).description for name in recipes.recipe_names()]
        known = {cpu_name(), *values, *told, *policy_names(), *recipes.recipe_names(), *METHODS}
        self._names = frozenset(part for value in known for part in _parts(value))
        self._all = "\n".join(known)

    @classmethod
    def of(cls, path: Path, folder: Path) -> Self:
        """A project's, and those of the repository in the folder that it learns from."""
        read = {text for file in folder.rglob("*.*") if ".git" not in file.parts for text in _read(file)}
        return cls({str(path), path.name, *_values(path), *read, *_authors(folder)})

    def __contains__(self, word: object) -> bool:
        text = str(word).strip()
        if text in KEYS or FIGURES.fullmatch(text) or CORE.fullmatch(text):
            return True
        if len(text) >= SHORT and text in self._all:
            return True
        pieces = [one.strip(" ,·.") for one in re.split(rf"{CUT}|/| · |, |:|\. ", text)]
        return all(self._known(one, cut=CUT in text) for one in pieces if one)

    def _known(self, piece: str, *, cut: bool) -> bool:
        if piece in self._names or SHARE.sub("", piece) in self._names or FIGURES.fullmatch(piece):
            return True
        return (cut or len(piece) >= SHORT) and piece in self._all


def _values(path: Path) -> Iterator[str]:
    with Project.open(path, read_only=True) as project:
        for table in project.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'meta'"):
            for row in project.rows(f'SELECT * FROM "{table["name"]}"'):
                yield from (str(row[name]) for name in row.keys() if name not in CODES and row[name] is not None)  # noqa: SIM118


def _within(value: object) -> Iterator[str]:
    """Names and words of a table, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for one in value:
            yield from _within(one)
        for one in value.values() if isinstance(value, dict) else ():
            yield from _within(one)


def _authors(folder: Path) -> set[str]:
    command = ["git", "-C", str(folder), "log", "--all", "--format=%an"]
    return set(subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines())


def _read(file: Path) -> list[str]:
    try:
        return [file.read_text(encoding="utf-8")] if file.is_file() else []
    except UnicodeDecodeError:
        return []


def _parts(value: str) -> Iterator[str]:
    """Itself, and of a path its folders and names; of a code its beginning; of a device its short name; of a table what
    stands in it.
    """
    if value[:1] in ("{", "["):
        with suppress(ValueError):
            yield from _within(json.loads(value))
    if len(value) < 200:
        yield value
        yield hardware(value)
        yield from re.split(r"[/:]", value)
        yield from (value[:length] for length in (7, 8, 12, 16))
