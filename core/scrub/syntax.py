"""Whether scrubbing broke the syntax of a Python file: it parses no worse than before, whatever Python it was written for."""

import ast
import warnings

import tree_sitter_python
from tree_sitter import Language, Node, Parser

LANGUAGE = Language(tree_sitter_python.language())


def is_broken(before: str, after: str) -> bool:
    """Where Python itself read it before, it must read it after; and a parser that goes on after an error must meet no more."""
    return (_parses(before) and not _parses(after)) or errors(after) > errors(before)


def errors(text: str) -> int:
    """Stretches that are no Python, and what is missing in it."""
    waiting, found = [Parser(LANGUAGE).parse(text.encode("utf-8", "replace")).root_node], 0
    while waiting:
        node: Node = waiting.pop()
        found += node.is_error or node.is_missing
        waiting += [child for child in node.children if child.has_error or child.is_missing]
    return found


def _parses(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True
