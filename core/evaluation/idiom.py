"""Idiom use: whether a function has the company's idiom, each part told as a small pattern of Python code.

A pattern is a statement. In it `_` stands for any expression or name and `...` for any arguments or statements; `{service}`
and `{function}` are filled in. A part is present when any statement of the function, at any depth, matches its pattern.
"""

import ast
import tomllib
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from espalier.core.failures import UnusableInput

ANY = "_"


class Part(BaseModel):
    """One part of an idiom: its name in reports and the pattern that shows it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    pattern: str


class Idiom(BaseModel):
    """An idiom counts as whole when every part is present."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    part: Annotated[tuple[Part, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        if len({part.name for part in self.part}) < len(self.part):
            raise ValueError("two parts have the same name")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Which parts a function has, and whether that is all of them."""

    parts: dict[str, bool]

    @property
    def whole(self) -> bool:
        return all(self.parts.values())


def read_idiom(text: str) -> Idiom:
    """From TOML: a name and parts of name and pattern; raises UnusableInput for what is not, and for bad patterns."""
    try:
        idiom = Idiom.model_validate(tomllib.loads(text))
        for part in idiom.part:
            _pattern(part, "service", "function")
    except (tomllib.TOMLDecodeError, ValidationError, SyntaxError, ValueError) as error:
        raise UnusableInput("The idiom can't be read.", f"See the help on idioms. ({type(error).__name__})") from None
    return idiom


def use(idiom: Idiom, source: str, service: str, function: str) -> Use:
    """What the function's source (whole, at any indentation) has of the idiom; code that does not parse has nothing."""
    try:
        statements = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        statements = []
    wanted = {part.name: _pattern(part, service, function) for part in idiom.part}
    return Use(parts={name: any(_same(pattern, one) for one in statements) for name, pattern in wanted.items()})


def _pattern(part: Part, service: str, function: str) -> ast.stmt:
    filled = part.pattern.replace("{service}", service).replace("{function}", function)
    statements = ast.parse(filled).body
    if len(statements) != 1:
        raise ValueError("a pattern is one statement")
    return statements[0]


def _same(pattern: object, found: object) -> bool:
    if isinstance(pattern, ast.Name) and pattern.id == ANY:
        return isinstance(found, ast.expr)
    if isinstance(pattern, ast.AST):
        if type(pattern) is not type(found):
            return False
        return all(
            _same(value, getattr(found, name, None)) for name, value in ast.iter_fields(pattern) if name != "ctx"
        )
    if isinstance(pattern, list):
        return isinstance(found, list) and _same_items(pattern, found)
    return pattern in (found, ANY)


def _same_items(pattern: list[object], found: list[object]) -> bool:
    """Items in order, where `...` as argument or statement stands for any number of them, keywords included."""
    if pattern and all(_is_gap(one) for one in pattern):
        return True
    if not pattern:
        return not found or all(isinstance(one, ast.keyword) for one in found)
    return len(pattern) == len(found) and all(_same(one, other) for one, other in zip(pattern, found, strict=True))


def _is_gap(node: object) -> bool:
    node = node.value if isinstance(node, ast.Expr) else node
    return isinstance(node, ast.Constant) and node.value is ...
