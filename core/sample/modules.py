"""A service module as it stood once: the sections that had entered by then, parted into code and tests.

The text under company/modules holds functions, each followed by its tests, in sections headed `# since KEY`.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

LINE = 88
"""The line length of ruff format, which the company uses as it comes."""


@dataclass(frozen=True, slots=True)
class Section:
    """The functions that one commit brings into a module."""

    key: str
    functions: tuple[str, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModuleText:
    """A module with its tests, before anything is left out."""

    docstring: str
    imports: tuple[ast.Import | ast.ImportFrom, ...]
    sections: tuple[Section, ...]


def name_of(code: str) -> str:
    return code.removeprefix("def ").partition("(")[0]


def _section(part: str) -> Section:
    key, _, code = part.partition("\n")
    pieces = [piece.strip() for piece in re.split(r"\n\n\n(?=def )", code)]
    tests = tuple(piece for piece in pieces if piece.startswith("def test_"))
    return Section(key.strip(), tuple(piece for piece in pieces if piece not in tests), tests)


@lru_cache(maxsize=256)
def read(text: str) -> ModuleText:
    """Part a module's text into its docstring, imports and sections."""
    head, *parts = re.split(r"^# since ", text, flags=re.MULTILINE)
    tree = ast.parse(head)
    imports = tuple(node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom))
    return ModuleText(ast.get_docstring(tree) or "", imports, tuple(map(_section, parts)))


def _names(code: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}


def _import_line(module: str, names: Iterable[str]) -> str:
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= LINE:
        return line
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")"


def _needed(imports: Iterable[ast.Import | ast.ImportFrom], used: set[str]) -> Iterator[tuple[bool, str]]:
    """The import lines that bring in a used name, and whether each is of the company's own code."""
    for node in imports:
        names = [alias.name for alias in node.names if alias.name in used]
        if not names:
            continue
        if isinstance(node, ast.Import):
            yield False, f"import {names[0]}"
        else:
            module = node.module or ""
            yield module.startswith(("services", "tallyfen")), _import_line(module, names)


def _blocks(imports: list[tuple[bool, str]], own: str = "") -> list[str]:
    """Standard imports, then pytest, then the company's: a paragraph each, as ruff sorts them."""
    standard = [line for company, line in imports if not company and line != "import pytest"]
    pytest = [line for _, line in imports if line == "import pytest"]
    company = sorted([line for company, line in imports if company] + [own] * bool(own))
    return ["\n".join(block) for block in (standard, pytest, company) if block]


def _file(top: list[str], code: Iterable[str]) -> str:
    return "\n\n\n".join(["\n\n".join(top), *code]) + "\n"


@lru_cache(maxsize=1024)
def code_of(text: str, keys: frozenset[str]) -> str:
    """The module with the functions of the given sections, and only the imports they use."""
    module = read(text)
    functions = [code for section in module.sections if section.key in keys for code in section.functions]
    used = _names("\n".join(functions))
    return _file([f'"""{module.docstring}"""', *_blocks(list(_needed(module.imports, used)))], functions)


@lru_cache(maxsize=1024)
def tests_of(text: str, keys: frozenset[str], dotted: str) -> str:
    """The tests of the given sections as a file of their own, or nothing."""
    module = read(text)
    tests = [code for section in module.sections if section.key in keys for code in section.tests]
    if not tests:
        return ""
    used = _names("\n".join(tests))
    own = sorted({name_of(code) for section in module.sections for code in section.functions} & used)
    return _file(_blocks(list(_needed(module.imports, used)), _import_line(dotted, own)), tests)


def keys_of(text: str) -> frozenset[str]:
    return frozenset(section.key for section in read(text).sections)
