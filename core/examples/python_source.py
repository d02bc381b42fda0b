"""The functions of a Python file as tree-sitter sees them: signature, docstring, body, class and lines."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import tree_sitter_python
from tree_sitter import Language, Node, Parser

LANGUAGE = Language(tree_sitter_python.language())


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionSource:
    """One function or method, each part as it stands in the file.

    `text` runs from the first decorator to the last line; `header` from there through the signature's colon; `body` is what
    follows the docstring, its first line's indentation included. Lines count from 1, both ends included; `original` are those of
    the file before it was scrubbed.
    """

    name: str
    qualified_name: str
    class_header: str
    indent: int
    header: str
    docstring: str
    body: str
    text: str
    first_line: int
    last_line: int
    original: tuple[int, int] | None = None


def functions(source: str) -> list[FunctionSource]:
    """Every function and method at module or class level, in file order; those that do not parse are left out."""
    data = source.encode()
    root = Parser(LANGUAGE).parse(data).root_node
    return list(_functions_in(root, data, ()))


def numbered(found: Iterable[FunctionSource]) -> dict[str, FunctionSource]:
    """Keyed by qualified name; a name that is defined again (overloads, properties) is told apart by its order."""
    seen: Counter[str] = Counter()
    keyed = {}
    for function in found:
        keyed[f"{function.qualified_name}#{seen[function.qualified_name]}"] = function
        seen[function.qualified_name] += 1
    return keyed


def imports(source: str) -> str:
    """The import statements at the top level of a file, one per line, in file order."""
    data = source.encode()
    root = Parser(LANGUAGE).parse(data).root_node
    kinds = ("import_statement", "import_from_statement", "future_import_statement")
    return "\n".join(_text(child, data) for child in root.children if child.type in kinds)


def _functions_in(parent: Node, data: bytes, classes: tuple[Node, ...]) -> Iterator[FunctionSource]:
    for outer in parent.children:
        inner = _definition(outer)
        if inner is None:
            continue
        if inner.type == "class_definition":
            block = inner.child_by_field_name("body")
            if block is not None:
                yield from _functions_in(block, data, (*classes, inner))
        elif not outer.has_error:
            made = _function(outer, inner, data, classes)
            if made is not None:
                yield made


def _definition(node: Node) -> Node | None:
    if node.type == "decorated_definition":
        node = node.child_by_field_name("definition") or node
    return node if node.type in ("class_definition", "function_definition") else None


def _function(outer: Node, inner: Node, data: bytes, classes: tuple[Node, ...]) -> FunctionSource | None:
    name, block = inner.child_by_field_name("name"), inner.child_by_field_name("body")
    if name is None or block is None or not block.named_children:
        return None
    docstring = _docstring(block)
    statements = [child for child in block.named_children if child is not docstring and child.type != "comment"]
    if docstring is not None:
        statements = [child for child in statements if child.start_byte >= docstring.end_byte]
    body_start = docstring.end_byte if docstring is not None else _header_end(inner, block, data)
    owner = classes[-1] if classes else None
    return FunctionSource(
        name=_text(name, data),
        qualified_name=".".join([*(_class_name(one, data) for one in classes), _text(name, data)]),
        class_header=_class_header(owner, data) if owner is not None else "",
        indent=_indent(outer, data),
        header=data[outer.start_byte : _header_end(inner, block, data)].decode(errors="replace").rstrip(),
        docstring=_text(docstring, data) if docstring is not None else "",
        body=data[body_start : block.end_byte].decode(errors="replace").strip("\n").rstrip() if statements else "",
        text=data[outer.start_byte : block.end_byte].decode(errors="replace").rstrip(),
        first_line=outer.start_point[0] + 1,
        last_line=block.end_point[0] + 1,
    )


def _docstring(block: Node) -> Node | None:
    first = next((child for child in block.named_children if child.type != "comment"), None)
    if first is not None and first.type == "expression_statement" and first.named_children:
        literal = first.named_children[0]
        if literal.type == "string" and len(first.named_children) == 1:
            return first
    return None


def _header_end(inner: Node, block: Node, data: bytes) -> int:
    """The byte after the signature's colon; comments between it and the body belong to the body."""
    colon = next((child for child in inner.children if child.type == ":" and child.end_byte <= block.start_byte), None)
    return colon.end_byte if colon is not None else block.start_byte


def _class_header(node: Node, data: bytes) -> str:
    block = node.child_by_field_name("body")
    end = block.start_byte if block is not None else node.end_byte
    return data[node.start_byte : end].decode(errors="replace").strip().split("\n")[0]


def _class_name(node: Node, data: bytes) -> str:
    name = node.child_by_field_name("name")
    return _text(name, data) if name is not None else "?"


def _indent(node: Node, data: bytes) -> int:
    line_start = data.rfind(b"\n", 0, node.start_byte) + 1
    return node.start_byte - line_start


def _text(node: Node, data: bytes) -> str:
    return data[node.start_byte : node.end_byte].decode(errors="replace")
