"""Completion examples: the functions of the trees at the quarters' ends, each dated by its first appearance in its words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from espalier.core.examples.appearance import Version
from espalier.core.examples.dating import dated
from espalier.core.examples.example import Example, Provenance
from espalier.core.examples.past import Past
from espalier.core.examples.prompt import completion_context, completion_task, solution_of
from espalier.core.examples.python_source import FunctionSource, functions, imports, numbered
from espalier.core.examples.source import Source
from espalier.core.examples.windows import windows
from espalier.core.project.clock import stamp
from espalier.core.repositories.history import TreeEntry

IMPORT_TOKENS = 96
LEAST_LINES = {True: 1, False: 3}  # with a docstring, without one
EMPTY = ("pass", "...", "raise NotImplementedError", "raise NotImplementedError()")
CONSTRAINTS = ("Keep the signature and the docstring.",)
Count = Callable[[str], int]
Tree = tuple[str, Mapping[str, TreeEntry]]  # a commit of the main line and its files


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the length of an example is held to, in tokens; `count` counts a text's."""

    cap: int
    count: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A function as a tree has it: where its words first appear, and what it teaches."""

    text: str
    version: Version
    made: tuple[Example, ...]


def from_path(
    source: Source, past: Past, path: str, trees: Sequence[Tree], service: str, shape: Shape
) -> Iterator[Example]:
    """The completions that one path gives in trees of the main line, oldest first.

    What stands around a function (imports, class) is shown as in the first tree that has it in these words: what was
    written later does not reach an example through its context.
    """
    seen: dict[str, _Seen] = {}
    before = ""
    versions = 0
    for commit, files in trees:
        entry, known = files.get(path), len(past.until(path, commit))
        if (
            entry is not None
            and (entry.oid != before or known != versions)
            and source.learnable(path, entry.oid, entry.mode)
        ):
            for key, one in _of_file(source, past, path, commit, entry.oid, service, shape):
                if key not in seen or (seen[key].text, seen[key].version) != (one.text, one.version):
                    yield from one.made
                seen[key] = one
        before, versions = entry.oid if entry else "", known


def _of_file(
    source: Source, past: Past, path: str, commit: str, blob: str, service: str, shape: Shape
) -> Iterator[tuple[str, _Seen]]:
    raw, text = source.raw(blob), source.scrubbed(blob, path)
    if raw is None or text is None:
        return
    taught = {key: one for key, one in source.functions(blob, path).items() if teaches(one)}
    words = {key: one.text for key, one in numbered(functions(raw)).items() if key in taught}
    above = _cut(imports(text), shape.count)
    for key, version in dated(past, path, commit, words, source.raw).items():
        provenance = provenance_of(source.name, path, taught[key], version)
        made = tuple(_examples(taught[key], above, provenance, service, shape))
        yield key, _Seen(text=taught[key].text, version=version, made=made)


def teaches(function: FunctionSource) -> bool:
    """Whether there is a body worth learning."""
    body = [line.strip() for line in function.body.split("\n") if line.strip() and not line.strip().startswith("#")]
    return len(body) >= LEAST_LINES[bool(function.docstring)] and not (len(body) == 1 and body[0] in EMPTY)


def provenance_of(repository: str, path: str, function: FunctionSource, version: Version) -> Provenance:
    first, last = function.original or (function.first_line, function.last_line)
    return Provenance(
        repository=repository,
        commit=version.commit,
        path=path,
        first_line=first,
        last_line=last,
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


def _cut(lines: str, count: Count) -> str:
    """As many import lines from the top as fit: which ones are shown must not depend on the body that is asked for."""
    kept: list[str] = []
    for line in lines.split("\n"):
        if count("\n".join([*kept, line])) > IMPORT_TOKENS:
            break
        kept.append(line)
    return "\n".join(kept)
