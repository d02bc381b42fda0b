"""One automaton over many expressions (hyperscan): a single pass over bytes tells where each of them matches.

Making it takes half a second, so it is kept in the person's cache, under a name that tells what it is made of and for which
processor; one that does not fit is made again. One over people's names is not kept. Where hyperscan has no build for the machine, there is no automaton.
"""

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from espalier.core.findings.detection.weakened import Weakened
from espalier.core.project.canonical import digest
from espalier.core.project.folders import cache_folder

try:
    import hyperscan
except ImportError:
    hyperscan = None  # type: ignore[assignment]  # a module or nothing

KEPT = 16  # automata in the cache; older ones were for other rules
Hit = tuple[int, int]  # where a match ends, in bytes, and which expression it is of


def is_to_be_had() -> bool:
    return hyperscan is not None


@dataclass(frozen=True, slots=True)
class Expression:
    """A weakened pattern; of one that is told `once`, only that it matches a text, not everywhere where it does."""

    weak: Weakened
    once: bool = False


class Automaton:
    """Belongs to one thread. Raises ValueError where one of the expressions is nothing for it."""

    def __init__(self, expressions: Sequence[Expression]) -> None:
        self._database = _kept(expressions) or _made(expressions)
        self._database.scratch = hyperscan.Scratch(self._database)

    def hits(self, data: bytes) -> list[Hit]:
        """All matches, in no order; one that has ended may go on and end again."""
        found: list[Hit] = []
        self._database.scan(data, match_event_handler=_note, context=found)
        return found


class Words:
    """The same over plain words, in letters of either case; it is kept in no file. Raises ValueError where they are too many."""

    def __init__(self, words: Sequence[str]) -> None:
        self._database: Any = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        expressions = [word.encode("utf-8", "surrogatepass") for word in words]
        flags = [hyperscan.HS_FLAG_CASELESS] * len(words)
        try:
            self._database.compile(expressions=expressions, ids=list(range(len(words))), flags=flags, literal=True)
        except hyperscan.error as error:
            raise ValueError(str(error)) from None
        self._database.scratch = hyperscan.Scratch(self._database)

    def ends(self, data: bytes) -> set[int]:
        """Where, in bytes, a word ends."""
        found: list[Hit] = []
        self._database.scan(data, match_event_handler=_note, context=found)
        return {end for end, _ in found}


def can_run(weak: Weakened) -> bool:
    try:
        _compiled([Expression(weak)])
    except ValueError:
        return False
    return True


def _note(expression: int, start: int, end: int, flags: int, found: list[Hit]) -> None:
    found.append((end, expression))


def _compiled(expressions: Sequence[Expression]) -> Any:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    texts = [one.weak.expression.encode() for one in expressions]
    try:
        database.compile(expressions=texts, ids=list(range(len(texts))), flags=list(map(_flags, expressions)))
    except hyperscan.error as error:
        raise ValueError(str(error)) from None
    return database


def _flags(one: Expression) -> int:
    caseless = hyperscan.HS_FLAG_CASELESS if one.weak.caseless else 0
    return int(caseless | (hyperscan.HS_FLAG_SINGLEMATCH if one.once else 0))


def _made(expressions: Sequence[Expression]) -> Any:
    database = _compiled(expressions)
    path = _path(expressions)
    unfinished = path.with_suffix(f".{os.getpid()}")
    with contextlib.suppress(OSError):  # it can be made again
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished.write_bytes(hyperscan.dumpb(database))
        unfinished.chmod(0o600)
        unfinished.replace(path)
        _forget_others(path.parent)
    return database


def _kept(expressions: Sequence[Expression]) -> Any:
    try:
        data = _path(expressions).read_bytes()
        return hyperscan.loadb(data, hyperscan.HS_MODE_BLOCK)
    except (OSError, hyperscan.error):
        return None


def _path(expressions: Sequence[Expression]) -> Path:
    signs = [[one.weak.expression, one.weak.caseless, one.once] for one in expressions]
    named = digest({"hyperscan": metadata.version("hyperscan"), "signs": signs})
    return cache_folder() / "automata" / f"{named}.hs"


def _forget_others(folder: Path) -> None:
    made = sorted(folder.glob("*.hs"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in made[KEPT:]:
        path.unlink(missing_ok=True)
