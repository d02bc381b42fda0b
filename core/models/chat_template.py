"""A model's chat template, which comes with the model and is hostile until read: rendered in a sandbox with a budget.

jinja2's sandbox keeps a template away from Python, not from running for ever or asking for all memory. So loops and macros
count their turns, whatever could multiply text is bounded or left out, and what is put out is added up.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from jinja2 import TemplateError, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from espalier.core.failures import UnusableInput

LARGEST_TEMPLATE = 64 << 10
LARGEST_TEXT = 8 << 20
"""Characters of all messages together, of the output, and of any text on the way there."""
MOST_TURNS = 200_000
MOST_SECONDS = 5.0
"""Of this thread's processor time, for one rendering."""
LONGEST_RANGE = 10_000
LARGEST_NUMBER = 2**53

FILTERS = {
    "abs", "capitalize", "count", "d", "default", "dictsort", "first", "float", "int", "items", "last", "length", "list",
    "lower", "map", "max", "min", "reject", "rejectattr", "reverse", "round", "safe", "select", "selectattr", "sort",
    "title", "trim", "unique", "upper",
}  # fmt: skip
TEXT_METHODS = {
    "capitalize", "count", "endswith", "find", "index", "isalpha", "isdigit", "isspace", "lower", "lstrip", "removeprefix",
    "removesuffix", "replace", "rfind", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "title", "upper",
}  # fmt: skip
# What a template may make Python raise; jinja2's documentation leaves catching them to the caller.
ERRORS = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    RecursionError,
    MemoryError,
)


class ChatTemplate:
    """A compiled template. `source` is its text; belongs to one thread."""

    def __init__(self, source: str, variables: Mapping[str, str]) -> None:
        """`variables` are the control tokens that templates name: bos_token, eos_token. Raises UnusableInput."""
        if len(source) > LARGEST_TEMPLATE:
            raise UnusableInput("The model's chat template is longer than any model's.", "Use another model.")
        self.source = source
        self._environment = _Environment()
        self._variables = dict(variables)
        try:
            tree = self._environment.parse(source)
            _count_turns(tree)
            _replace_concatenations(tree)
            code = self._environment.compile(tree)
            self._template = self._environment.template_class.from_code(
                self._environment, code, self._environment.make_globals(None)
            )
        except ERRORS as error:
            raise UnusableInput(
                f"The model's chat template can't be used: {_first_line(error)}.", "Use another model."
            ) from error

    def render(self, messages: Sequence[Mapping[str, str]], *, add_generation_prompt: bool) -> str:
        """The conversation as the model reads it; raises UnusableInput if the template refuses it or won't end."""
        if sum(len(message["content"]) for message in messages) > LARGEST_TEXT:
            raise UnusableInput("The conversation is too long to render.", "Shorten its messages.")
        self._environment.renew()
        values = {**self._variables, "messages": [dict(message) for message in messages]}
        try:
            return self._template.render(values, add_generation_prompt=add_generation_prompt)
        except ERRORS as error:
            raise UnusableInput(
                f"The model's chat template can't render this conversation: {_first_line(error)}.",
                "Use another model, or messages which its template takes.",
            ) from error


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, with a budget of turns, text and time that `renew` sets back."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.loopcontrols"],
            finalize=self._put_out,
            cache_size=0,
        )
        self.filters = {name: function for name, function in self.filters.items() if name in FILTERS}
        self.filters |= {"tojson": _to_json, "join": _join, "replace": _replace, "string": _text}
        self.globals = {
            "range": _range,
            "namespace": self.globals["namespace"],
            "dict": dict,
            "raise_exception": _raise,
            "_turn": self._turn,
            "_concatenate": _concatenate,
        }
        self.renew()

    def renew(self) -> None:
        self._turns = self._characters = 0
        self._deadline = time.thread_time() + MOST_SECONDS

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        if isinstance(obj, str):
            return attr in TEXT_METHODS
        return super().is_safe_attribute(obj, attr, value)

    def getattr(self, obj: object, attribute: str) -> object:
        if isinstance(obj, str) and attribute == "replace":
            return partial(_replace, obj)
        return super().getattr(obj, attribute)

    def getitem(self, obj: object, argument: object) -> object:
        return self.getattr(obj, argument) if argument == "replace" else super().getitem(obj, argument)

    def wrap_str_format(self, value: object) -> Callable[..., str] | None:
        """No str.format: a width in it asks for any amount of memory."""
        return None

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        if isinstance(left, int | float) and isinstance(right, int | float):
            if operator == "**" or max(abs(left), abs(right)) > LARGEST_NUMBER:
                raise SecurityError("it computes with too large numbers")
        elif operator != "+":
            raise SecurityError(f"it uses {operator!r} on text")
        elif isinstance(left, Sequence) and isinstance(right, Sequence):
            _bounded(len(left) + len(right))
        return super().call_binop(context, operator, left, right)

    def _turn(self) -> str:
        self._turns += 1
        if self._turns > MOST_TURNS or time.thread_time() > self._deadline:
            raise SecurityError("it goes on for too long")
        return ""

    def _put_out(self, value: object) -> object:
        text = _text(value)
        self._characters += len(text)
        _bounded(self._characters)
        self._turn()
        return text


def _count_turns(tree: nodes.Template) -> None:
    """Every turn of a loop and call of a macro begins with a call of `_turn`."""
    bodies = [
        *(loop.body for loop in tree.find_all(nodes.For)),
        *(macro.body for macro in tree.find_all(nodes.Macro)),
        *(block.body for block in tree.find_all(nodes.CallBlock)),
    ]
    for body in bodies:
        turn = nodes.Call(nodes.Name("_turn", "load"), [], [], None, None)
        body.insert(0, nodes.ExprStmt(turn).set_lineno(1))


def _replace_concatenations(node: nodes.Node) -> None:
    """`a ~ b` becomes a call of `_concatenate`, which has a bound."""
    for name, value in list(node.iter_fields()):
        children = value if isinstance(value, list) else [value]
        for position, child in enumerate(children):
            if not isinstance(child, nodes.Node):
                continue
            _replace_concatenations(child)
            if isinstance(child, nodes.Concat):
                call = nodes.Call(nodes.Name("_concatenate", "load"), child.nodes, [], None, None)
                call.set_lineno(child.lineno)
                if isinstance(value, list):
                    value[position] = call
                else:
                    setattr(node, name, call)


def _bounded(length: int) -> None:
    if length > LARGEST_TEXT:
        raise SecurityError("it makes too much text")


def _text(value: object) -> str:
    """Text of a scalar: str() of nested lists could be of any size."""
    if isinstance(value, Undefined):
        return str(value)
    if not isinstance(value, str | int | float | bool | None):
        raise SecurityError(f"it writes a {type(value).__name__} as text")
    return str(value)


def _concatenate(*values: object) -> str:
    texts = [_text(value) for value in values]
    _bounded(sum(map(len, texts)))
    return "".join(texts)


def _join(values: Sequence[object], separator: str = "", attribute: str | None = None) -> str:
    if attribute is not None:
        raise SecurityError("it joins attributes")
    texts = [_text(value) for value in values]
    _bounded(sum(map(len, texts)) + len(separator) * len(texts))
    return separator.join(texts)


def _replace(text: str, old: str, new: str, count: int = -1) -> str:
    _bounded(len(text) + text.count(old) * len(new))
    return text.replace(old, new, count)


def _to_json(value: object, indent: int | None = None, ensure_ascii: bool = False, sort_keys: bool = False) -> str:
    """JSON without jinja2's HTML escapes, as transformers renders templates."""
    if indent is not None and indent > 8:
        raise SecurityError("it indents too far")
    pieces: list[str] = []
    size = 0
    for piece in json.JSONEncoder(ensure_ascii=ensure_ascii, indent=indent, sort_keys=sort_keys).iterencode(value):
        size += len(piece)
        _bounded(size)
        pieces.append(piece)
        if len(pieces) > MOST_TURNS:
            raise SecurityError("it makes too much JSON")
    return "".join(pieces)


def _range(*bounds: int) -> range:
    found = range(*bounds)
    if len(found) > LONGEST_RANGE:
        raise SecurityError("it counts too far")
    return found


def _raise(message: str) -> None:
    raise TemplateError(_text(message)[:200])


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200].rstrip(".")
