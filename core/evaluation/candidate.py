"""An answer put in its place: the function, and the file, with the model's body."""

from espalier.core.evaluation.generation import code_block_is_closed
from espalier.core.evaluation.tasks import EvaluationTask
from espalier.core.examples.prompt import in_file, with_body
from espalier.core.examples.python_source import FunctionSource, functions


def function_in(text: str, task: EvaluationTask) -> FunctionSource:
    """The task's function as its tree has it; the task was mined from this text, so it is there."""
    return next(one for one in functions(text) if one.qualified_name == task.qualified_name)


def body_of(answer: str) -> str:
    """The code of an answer: the inside of a fenced block where there is one, else the body up to where it has ended."""
    lines = answer.strip("\n").split("\n")
    fences = [number for number, line in enumerate(lines) if line.lstrip().startswith("```")]
    if fences:
        return "\n".join(lines[fences[0] + 1 : fences[1] if len(fences) > 1 else len(lines)])
    return "\n".join(lines[: _end_of_body(lines)])


def answer_has_ended(text: str) -> bool:
    """Whether the body is followed by a whole line of something else, or a fenced block was closed.

    A base model goes on for ever; both arms stop by this rule, and by it `body_of` reads them.
    """
    lines = text.strip("\n").split("\n")
    return _end_of_body(lines) < len(lines) - 1 or code_block_is_closed(text)


def _end_of_body(lines: list[str]) -> int:
    """How many lines belong to a body that was begun with indentation: up to the first line without any."""
    if not lines[0][:1].isspace():
        return len(lines)
    return next((number for number, line in enumerate(lines) if line and not line[0].isspace()), len(lines))


def whole_function(text: str, task: EvaluationTask, answer: str) -> str:
    """The function's source with the answer as its body, as if at the top level; an answer may repeat the signature."""
    function = function_in(text, task)
    return with_body(function, _without_signature(body_of(answer), function))


def whole_file(text: str, task: EvaluationTask, answer: str) -> str:
    function = function_in(text, task)
    return in_file(text, function, _without_signature(body_of(answer), function))


def _without_signature(body: str, function: FunctionSource) -> str:
    """A model that answers with the whole function means its body; anything else is taken as it is."""
    repeated = next((one for one in functions(body) if one.name == function.name), None)
    if repeated is None or not body.lstrip().startswith(("def ", "async def ", "@")):
        return body
    return repeated.body or body
