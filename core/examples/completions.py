"""Completion examples: the functions of the trees at the quarters' ends, each dated by its first appearance in its words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from espalier.core.examples.appearance import Version, appearances
from espalier.core.examples.example import Example, Provenance
from espalier.core.examples.prompt import completion_context, completion_task, solution_of
from espalier.core.examples.python_source import FunctionSource, functions, imports
from espalier.core.examples.source import Source
from espalier.core.examples.windows import windows
from espalier.core.project.clock import stamp
from espalier.core.repositories.history import TreeEntry

IMPORT_TOKENS = 96
LEAST_LINES = {True: 1, False: 3}  # with a docstring, without one
EMPTY = ("pass", "...", "raise NotImplementedError", "raise NotImplementedError()")
CONSTRAINTS = ("Keep the signature and the docstring.",)
Count = Callable[[str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the length of an example is held to, in tokens; `count` counts a text's."""

    cap: int
    count: Count


def from_file(
    source: Source, path: str, entry: TreeEntry, moment: int, service: str, shape: Shape
) -> Iterator[Example]:
    """The completions that one file of a tree gives; `moment` is the time of that tree's commit (Unix seconds)."""
    raw, text = source.raw(entry.oid), source.scrubbed(entry.oid, path)
    if raw is None or text is None:
        return
    taught = dict(_numbered(functions(text)))
    words = {key: one.text for key, one in _numbered(functions(raw)) if key in taught}
    dated = appearances(words, source.versions_until(path, moment), source.raw)
    above = _cut(imports(text), shape.count)
    for key, function in taught.items():
        if key in dated and teaches(function):
            provenance = provenance_of(source.name, path, function, dated[key])
            yield from _examples(function, above, provenance, service, shape)


def teaches(function: FunctionSource) -> bool:
    """Whether there is a body worth learning."""
    body = [line.strip() for line in function.body.split("\n") if line.strip() and not line.strip().startswith("#")]
    return len(body) >= LEAST_LINES[bool(function.docstring)] and not (len(body) == 1 and body[0] in EMPTY)


def provenance_of(repository: str, path: str, function: FunctionSource, version: Version) -> Provenance:
    return Provenance(
        repository=repository,
        commit=version.commit,
        path=path,
        first_line=function.first_line,
        last_line=function.last_line,
        committed_at=stamp(datetime.fromtimestamp(version.committed_at, UTC)),
    )


def _examples(
    function: FunctionSource, above: str, provenance: Provenance, service: str, shape: Shape
) -> Iterator[Example]:
    whole = Example(
        kind="completion",
        label="accepted",
        language="Python",
        service=service,
        task=completion_task(provenance.path, function),
        context=completion_context(above, function),
        constraints=CONSTRAINTS,
        solution=solution_of(function),
        provenance=provenance,
        qualified_name=function.qualified_name,
    )
    used = shape.count(whole.context) + shape.count(whole.task)
    if used + shape.count(whole.solution) <= shape.cap:
        yield whole
        return
    budget = shape.cap - used - shape.cap // 4
    if budget < shape.cap // 4:
        yield whole.dropped("context longer than the cap")
        return
    cut = windows(whole.solution, budget, shape.count)
    if not cut:
        yield whole.dropped("a statement longer than the cap")
    for number, (before, piece) in enumerate(cut):
        context = f"{whole.context}\n    # …\n{before}" if before else whole.context
        task = (
            whole.task if number == 0 else f"Go on with the body of `{function.qualified_name}` in `{provenance.path}`."
        )
        yield replace(whole, task=task, context=context, solution=piece)


def _numbered(found: list[FunctionSource]) -> Iterator[tuple[str, FunctionSource]]:
    """Keyed by qualified name; a name that is defined again (overloads, properties) is told apart by its order."""
    seen: dict[str, int] = {}
    for function in found:
        number = seen[function.qualified_name] = seen.get(function.qualified_name, -1) + 1
        yield f"{function.qualified_name}#{number}", function


def _cut(lines: str, count: Count) -> str:
    """As many import lines from the top as fit: which ones are shown must not depend on the body that is asked for."""
    kept: list[str] = []
    for line in lines.split("\n"):
        if count("\n".join([*kept, line])) > IMPORT_TOKENS:
            break
        kept.append(line)
    return "\n".join(kept)
