"""Whether scrubbing broke the syntax of a file: Python, JSON and TOML parse no worse than before."""

import ast
import json
import tomllib
import warnings
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

import tree_sitter_python
from tree_sitter import Language, Node, Parser

LANGUAGE = Language(tree_sitter_python.language())


def is_broken(path: str, before: str, after: str) -> bool:
    """Whether a file of that name was read before and is not read after; of Python, also one for another Python, in which a parser
    that goes on after an error meets more of them. What has no parser here is broken by nothing.
    """
    suffix = PurePosixPath(path).suffix.lower()
    parse = _PARSERS.get(suffix)
    if parse is not None and _parses(parse, before) and not _parses(parse, after):
        return True
    return suffix in PYTHON and errors(after) > errors(before)


def errors(text: str) -> int:
    """Stretches that are no Python, and what is missing in it."""
    waiting, found = [Parser(LANGUAGE).parse(text.encode("utf-8", "replace")).root_node], 0
    while waiting:
        node: Node = waiting.pop()
        found += node.is_error or node.is_missing
        waiting += [child for child in node.children if child.has_error or child.is_missing]
    return found


def _parses(parse: Callable[[str], object], text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):  # of JSON and TOML, errors are of value
            return False
    return True


PYTHON = (".py", ".pyi")
_PARSERS: Mapping[str, Callable[[str], object]] = {
    ".py": ast.parse, ".pyi": ast.parse, ".json": json.loads, ".toml": tomllib.loads
}  # fmt: skip
