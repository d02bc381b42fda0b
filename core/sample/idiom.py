"""The company's idiom, recognised in a function and taken out of it.

A whole idiom is: all of the body inside `with waymark("<service>.<function>") as mark`, a `mark.leave(...)` that
names fields, and every way out an `Ok(...)` or an `Err(...)`, at least one of them `Ok`.
"""

import ast
import io
import textwrap
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

SKIPPED = {tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT, tokenize.ENDMARKER}
OPENING, CLOSING = "([{", ")]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdiomUse:
    """Which parts of the idiom a function has."""

    wrapper: bool
    event: bool
    result: bool

    @property
    def whole(self) -> bool:
        return self.wrapper and self.event and self.result


NOT_USED = IdiomUse(wrapper=False, event=False, result=False)


def _parsed(source: str) -> ast.Module | None:
    """The longest run of leading lines that parses: a model may have been stopped in mid-line."""
    lines = textwrap.dedent(source).splitlines()
    for end in range(len(lines), 0, -1):
        try:
            return ast.parse("\n".join(lines[:end]))
        except (SyntaxError, ValueError):
            continue
    return None


def _function(tree: ast.Module | None, name: str) -> ast.FunctionDef | None:
    if tree is None:
        return None
    found = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
    return next(found, None)


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0]
    is_text = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    return body[1:] if is_text else body


def _called(node: ast.expr | None) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def _mark_of(statement: ast.stmt, operation: str) -> str | None:
    """The name that a waymark over the operation is bound to."""
    match statement:
        case ast.With(
            items=[
                ast.withitem(
                    context_expr=ast.Call(func=ast.Name(id="waymark"), args=[ast.Constant(value=value)], keywords=[]),
                    optional_vars=ast.Name(id=mark),
                )
            ]
        ) if value == operation:
            return mark
    return None


def _own(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """All nodes of a body but those of functions inside it."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting += ast.iter_child_nodes(node)


def _leaves(node: ast.AST, mark: str) -> bool:
    match node:
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="leave"), args=[], keywords=[_, *_])
        ):
            return name == mark
    return False


def _results(body: list[ast.stmt]) -> bool:
    ways_out = [_called(node.value) for node in _own(body) if isinstance(node, ast.Return)]
    return "Ok" in ways_out and set(ways_out) <= {"Ok", "Err"}


def uses_idiom(source: str, service: str, function: str) -> IdiomUse:
    """Look for the idiom in a function's source; text that does not parse uses none of it."""
    found = _function(_parsed(source), function)
    body = _without_docstring(found.body) if found else []
    if not body:
        return NOT_USED
    mark = _mark_of(body[0], f"{service}.{function}") if len(body) == 1 else None
    leaves = mark is not None and any(_leaves(node, mark) for node in _own(body))
    return IdiomUse(wrapper=mark is not None, event=leaves, result=_results(body))


def _body_tokens(source: str) -> list[str]:
    """The tokens after signature and docstring.

    Raises SyntaxError when the source is no function.
    """
    tree = ast.parse(textwrap.dedent(source))
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    body = "\n".join(ast.unparse(statement) for statement in _without_docstring(function.body))
    tokens = tokenize.generate_tokens(io.StringIO(body).readline)
    return [token.string for token in tokens if token.type not in SKIPPED]


def _closing(tokens: list[str], opening: int) -> int:
    depth = 0
    for at in range(opening, len(tokens)):
        depth += (tokens[at] in OPENING) - (tokens[at] in CLOSING)
        if depth == 0:
            return at
    return len(tokens) - 1


def _idiom_positions(tokens: list[str]) -> set[int]:
    gone: set[int] = set()
    for at, token in enumerate(tokens):
        if tokens[at : at + 2] == ["with", "waymark"]:
            gone |= set(range(at, tokens.index(":", at) + 1))
        elif tokens[at + 1 : at + 4] == [".", "leave", "("]:
            gone |= {at, at + 1, at + 2, at + 3, _closing(tokens, at + 3)}
        elif token in ("Ok", "Err") and tokens[at + 1 : at + 2] == ["("]:
            gone |= {at, at + 1, _closing(tokens, at + 1)}
    return gone


def mask_idiom(source: str) -> tuple[str, ...]:
    """The tokens of a function's body without the idiom's own; what is logged and returned stays."""
    tokens = _body_tokens(source)
    gone = _idiom_positions(tokens)
    return tuple(token for at, token in enumerate(tokens) if at not in gone)
