"""Examples from commits: changes, refactorings with their rationale, rejected code from reverts, flaws with their repair."""

import textwrap
from collections.abc import Iterator, Mapping

from espalier.core.examples.appearance import Version
from espalier.core.examples.completions import Shape, provenance_of
from espalier.core.examples.example import Example, Kind, Label
from espalier.core.examples.message import Intent, read
from espalier.core.examples.python_source import FunctionSource, functions
from espalier.core.examples.source import Source, is_test
from espalier.core.repositories.classify import language
from espalier.core.repositories.history import Change, Commit

MOST_FILES = 3
MOST_FUNCTIONS = 2
REASON_TOKENS = 60
CONSTRAINTS = ("Answer with the whole function.",)


def from_commit(
    source: Source, commit: Commit, by_oid: Mapping[str, Commit], service_of: Mapping[str, str], shape: Shape
) -> Iterator[Example]:
    """What one commit gives, nothing for merges and for messages that say nothing."""
    if len(commit.parents) != 1:
        return
    intent = read(source.scrubbed_message(commit))
    if intent.reverted is not None:
        yield from _rejected(source, commit, intent, by_oid, service_of, shape)
    elif intent.usable:
        for change in _code_changes(source, commit):
            yield from _changed(source, commit, intent, change, service_of.get(change.path, source.name), shape)


def _code_changes(source: Source, commit: Commit) -> list[Change]:
    """The hand-written Python files that a commit modifies, none where it touches too many to be one thought."""
    touched = [change for change in source.changes.get(commit.oid, []) if language(change.path) == "Python"]
    code = [change for change in touched if not is_test(change.path)]
    modified = [change for change in code if change.status == "M" and change.old_blob and change.new_blob]
    return modified if len(code) <= MOST_FILES else []


def _changed(
    source: Source, commit: Commit, intent: Intent, change: Change, service: str, shape: Shape
) -> Iterator[Example]:
    pairs = _changed_functions(source, change)
    if not 1 <= len(pairs) <= MOST_FUNCTIONS:
        return
    kind, label = _kind(intent)
    reason = _reason(intent, shape)
    for before, after in pairs:
        yield _example(source, commit, change.path, service, kind, label, intent.task, reason, before, after, shape)


def _rejected(
    source: Source,
    revert: Commit,
    intent: Intent,
    by_oid: Mapping[str, Commit],
    service_of: Mapping[str, str],
    shape: Shape,
) -> Iterator[Example]:
    """A revert says that what it takes back was not acceptable, and what was instead."""
    assert intent.reverted is not None
    taken_back = next((oid for oid in by_oid if oid.startswith(intent.reverted)), None)
    for change in _code_changes(source, revert) if taken_back else []:
        for flawed, accepted in _changed_functions(source, change)[:MOST_FUNCTIONS]:
            reason = _reason(intent, shape) or f"It was taken back: {intent.task}"
            service = service_of.get(change.path, source.name)
            yield _example(
                source, revert, change.path, service, "review", "rejected", intent.task, reason, flawed, accepted, shape
            )


def _example(
    source: Source,
    commit: Commit,
    path: str,
    service: str,
    kind: Kind,
    label: Label,
    task: str,
    reason: str,
    before: FunctionSource,
    after: FunctionSource,
    shape: Shape,
) -> Example:
    version = Version(commit=commit.oid, committed_at=commit.committed_at, blob="")
    made = Example(
        kind=kind,
        label=label,
        language="Python",
        service=service,
        task=_task(kind, task, path, after),
        context=textwrap.dedent(" " * before.indent + before.text),
        constraints=CONSTRAINTS,
        solution=_answer(kind, reason, textwrap.dedent(" " * after.indent + after.text)),
        provenance=provenance_of(source.name, path, after, version),
        qualified_name=after.qualified_name,
        rationale=reason,
    )
    if shape.count(made.task + made.context) + shape.count(made.solution) > shape.cap:
        return made.dropped("longer than the cap")
    return made


def _task(kind: Kind, task: str, path: str, function: FunctionSource) -> str:
    where = f"`{function.qualified_name}` in `{path}`"
    if kind == "review":
        return f"Review this version of {where}: is it acceptable? If it is not, say why and write the accepted one."
    if kind == "repair":
        return f"This version of {where} is insecure. Name the flaw and repair it."
    return f"{task.rstrip('.')}. Change {where}."


def _answer(kind: Kind, reason: str, code: str) -> str:
    """The label is part of what is learnt: rejected and insecure code only ever stands in a prompt, never as an answer."""
    heading = {"review": "Rejected: ", "repair": "Flaw: ", "refactor": "Why: "}.get(kind)
    if heading is None or not reason:
        return code
    said = textwrap.fill(heading + " ".join(reason.split()), 88, initial_indent="# ", subsequent_indent="# ")
    return f"{said}\n{code}"


def _kind(intent: Intent) -> tuple[Kind, Label]:
    if intent.repairs_flaw:
        return "repair", "insecure"
    if intent.refactors and intent.reasons:
        return "refactor", "accepted"
    return "change", "accepted"


def _reason(intent: Intent, shape: Shape) -> str:
    """The first sentences of the reasons that fit, or the subject where there are none."""
    kept = ""
    for sentence in (intent.reasons or intent.task).replace("\n", " ").split(". "):
        longer = f"{kept}. {sentence}" if kept else sentence
        if shape.count(longer) > REASON_TOKENS:
            break
        kept = longer
    return kept


def _changed_functions(source: Source, change: Change) -> list[tuple[FunctionSource, FunctionSource]]:
    """Functions that both versions have under the same name with other code, scrubbed."""
    if change.old_blob is None or change.new_blob is None:
        return []
    old, new = source.scrubbed(change.old_blob, change.path), source.scrubbed(change.new_blob, change.path)
    if old is None or new is None:
        return []
    before = {one.qualified_name: one for one in functions(old)}
    return [
        (before[one.qualified_name], one)
        for one in functions(new)
        if one.qualified_name in before and _code(before[one.qualified_name]) != _code(one)
    ]


def _code(function: FunctionSource) -> str:
    """What a change of layout leaves the same."""
    return "".join((function.header + function.body).split())
