"""What a repository's .gitattributes say about its files, read by us so that git need not obey them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from espalier.core.repositories.globs import LONGEST_PATH, expression, usable

_MOST = 2000  # rules
LARGEST = 1 << 20  # bytes of a .gitattributes; git reads no more than 100 MB of one, and people write a few lines


@dataclass(frozen=True, slots=True)
class Rule:
    """One line's word about one attribute: `value` is True for `name` or `name=true`, False for `-name` or `name=false`."""

    pattern: re.Pattern[str]
    attribute: str
    value: bool


@dataclass(frozen=True, slots=True)
class Attributes:
    """Rules in the order in which they apply: the last that matches wins."""

    rules: tuple[Rule, ...] = ()

    def says(self, attribute: str, path: str, otherwise: bool) -> bool:
        for rule in reversed(self.rules if len(path) <= LONGEST_PATH else ()):
            if rule.attribute == attribute and rule.pattern.fullmatch(path):
                return rule.value
        return otherwise


NONE = Attributes()


def read(files: Iterable[tuple[str, bytes]], wanted: frozenset[str]) -> Attributes:
    """The rules about `wanted` out of (path, content) of .gitattributes files; a file deeper in the tree has the last word."""
    deepest_last = sorted(files, key=lambda file: (file[0].count("/"), file[0]))
    rules = (rule for path, data in deepest_last for rule in _rules(path, data, wanted))
    return Attributes(tuple(islice(rules, _MOST)))


def _rules(path: str, data: bytes, wanted: frozenset[str]) -> Iterable[Rule]:
    folder = path.removesuffix(".gitattributes")
    for line in data.decode("utf-8", "replace").splitlines():
        words = line.split()
        if len(words) < 2 or words[0].startswith("[attr]") or not usable(words[0]):
            continue
        pattern = re.compile(re.escape(folder) + expression(words[0]), re.DOTALL)
        for name, value in map(_setting, words[1:]):
            if name in wanted:
                yield Rule(pattern, name, value)


def _setting(word: str) -> tuple[str, bool]:
    name, _, value = word.lstrip("-").partition("=")
    return name, not word.startswith("-") and value.lower() not in ("false", "0", "no")
