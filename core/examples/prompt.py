"""How an example is said to a model: one format for training and for evaluation, so that both see the same prompt."""

import textwrap
from collections.abc import Sequence

from espalier.core.examples.python_source import FunctionSource

SYSTEM = "You write code in this company's own style."
Message = dict[str, str]


def messages(task: str, context: str, constraints: Sequence[str], solution: str | None = None) -> list[Message]:
    """System, user and, with a solution, assistant; without one, what a model is asked at evaluation."""
    parts = [task]
    if context:
        parts.append(f"```python\n{context}\n```")
    parts.extend(constraints)
    said = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": "\n".join(parts)}]
    return said if solution is None else [*said, {"role": "assistant", "content": solution}]


def completion_task(path: str, function: FunctionSource) -> str:
    return f"Write the body of `{function.qualified_name}` in `{path}`."


def completion_context(import_lines: str, function: FunctionSource) -> str:
    """What a person would see above the empty body: imports, class, signature and docstring; never anything of the body."""
    shown = [import_lines] if import_lines else []
    inner = function.header if not function.class_header else textwrap.indent(dedented_header(function), " " * 4)
    if function.class_header:
        shown.append(function.class_header)
    shown.append(inner)
    if function.docstring:
        docstring = textwrap.dedent(" " * (function.indent + 4) + function.docstring)
        shown.append(textwrap.indent(docstring, " " * (8 if function.class_header else 4)))
    return "\n".join(shown)


def dedented_header(function: FunctionSource) -> str:
    return textwrap.dedent(" " * function.indent + function.header)


def solution_of(function: FunctionSource) -> str:
    """The body as if the function stood at the top level: its statements indented by four columns."""
    first = function.body.split("\n", 1)[0]
    body = function.body if first[:1].isspace() else " " * (function.indent + 4) + function.body
    return textwrap.indent(textwrap.dedent(body), " " * 4)


def with_body(function: FunctionSource, body: str) -> str:
    """The whole function with another body, indented as it stands in its file; the inverse of `solution_of`."""
    placed = textwrap.indent(textwrap.dedent(body.strip("\n")), " " * (function.indent + 4))
    docstring = " " * (function.indent + 4) + function.docstring + "\n" if function.docstring else ""
    return f"{function.header}\n{docstring}{placed}"


def in_file(source: str, function: FunctionSource, body: str) -> str:
    """The file with this function's body replaced."""
    lines = source.split("\n")
    start = lines[function.first_line - 1][: function.indent]
    replaced = (start + with_body(function, body)).split("\n")
    return "\n".join([*lines[: function.first_line - 1], *replaced, *lines[function.last_line :]])
