"""Whether scrubbing broke the syntax of a file: Python, JSON, TOML, YAML and XML parse no worse than before."""

import ast
import json
import re
import tomllib
import warnings
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from xml.parsers import expat

import tree_sitter_python
import yaml
from tree_sitter import Language, Node, Parser

LANGUAGE = Language(tree_sitter_python.language())
DEEPEST = 200  # collections of YAML in each other; a reader takes a time that grows with their number for each word
_SUBSET = re.compile(r"<!DOCTYPE[^>\[]*\[")


def is_broken(path: str, before: str, after: str) -> bool:
    """Whether a file of that name was read before and is not read after; of Python, also one for another Python, in which a parser
    that goes on after an error meets more of them. What has no parser here, and what was not read before, as templates, is broken
    by nothing.
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
        except (yaml.YAMLError, expat.ExpatError):
            return False
    return True


def _parse_yaml(text: str) -> None:
    """Raises ValueError for collections that are too deep to be read in time."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise ValueError


def _parse_xml(text: str) -> None:
    """Raises ValueError for a document with declarations of its own, which may be made to grow without end."""
    if _SUBSET.search(text):
        raise ValueError
    expat.ParserCreate("utf-8").Parse(text.encode("utf-8"), True)  # text by now, whatever encoding it declares


PYTHON = (".py", ".pyi")
_XML = (
    ".xml", ".xsd", ".xsl", ".xslt", ".wsdl", ".svg", ".xhtml", ".pom", ".plist", ".resx", ".xaml", ".fxml", ".nuspec", ".config",
    ".csproj", ".vbproj", ".fsproj", ".props", ".targets",
)  # fmt: skip
_PARSERS: Mapping[str, Callable[[str], object]] = {
    ".py": ast.parse, ".pyi": ast.parse, ".json": json.loads, ".toml": tomllib.loads, ".yaml": _parse_yaml, ".yml": _parse_yaml,
    **dict.fromkeys(_XML, _parse_xml),
}  # fmt: skip
