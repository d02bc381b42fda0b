"""Examples from commits: changes, refactorings with their rationale, rejected code from reverts, flaws with their repair."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from espalier.core.examples.appearance import Version
from espalier.core.examples.completions import Shape, provenance_of
from espalier.core.examples.example import Example, Kind, Label
from espalier.core.examples.message import Intent, read, reverted_commit
from espalier.core.examples.past import Past
from espalier.core.examples.python_source import FunctionSource
from espalier.core.examples.source import Source, is_test
from espalier.core.repositories.history import Change, Commit

MOST_FILES = 3
MOST_FUNCTIONS = 2
REASON_TOKENS = 60
CONSTRAINTS = ("Answer with the whole function.",)
LABELS: dict[Kind, Label] = {"review": "rejected", "repair": "insecure"}
Pair = tuple[FunctionSource, FunctionSource]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edit:
    """What a commit did to the functions of one file: pairs of before and after."""

    commit: Commit
    path: str
    service: str
    pairs: tuple[Pair, ...]
    keeps_interface: bool


def taken_back(past: Past) -> dict[str, str]:
    """Commits that a later one reverted, and by which; a revert that was itself reverted takes nothing back."""
    found: dict[str, str] = {}
    known = {commit.oid for commit in past.commits}
    for commit in reversed(past.commits):
        named = reverted_commit(commit.message)
        if named is not None and commit.oid not in found:
            found |= {oid: commit.oid for oid in ([named] if named in known else _beginning(known, named))}
    return found


def from_commit(
    source: Source,
    past: Past,
    commit: Commit,
    withdrawn: Mapping[str, str],
    service_of: Mapping[str, str],
    shape: Shape,
) -> Iterator[Example]:
    """What one commit gives; nothing for merges, for messages that say nothing and for what was taken back later."""
    if len(commit.parents) != 1 or commit.oid in withdrawn:
        return
    intent = read(source.scrubbed_message(commit))
    reverts = commit.oid in withdrawn.values()
    if not reverts and (intent.reverts or not intent.usable):
        return
    for edit in _edits(source, past, commit, service_of):
        if 1 <= len(edit.pairs) <= MOST_FUNCTIONS:
            kind: Kind = "review" if reverts else _kind(intent, edit)
            yield from (_example(source, edit, kind, intent, pair, shape) for pair in edit.pairs)


def _beginning(known: set[str], prefix: str) -> list[str]:
    found = [oid for oid in known if oid.startswith(prefix)]
    return found if len(found) == 1 else []


def _edits(source: Source, past: Past, commit: Commit, service_of: Mapping[str, str]) -> Iterator[_Edit]:
    """The hand-written Python files that a commit modifies, none where it touches too many to be one thought."""
    touched = past.changes.get(commit.oid, [])
    code = [change for change in touched if not is_test(change.path)]
    for change in code if len(code) <= MOST_FILES else ():
        if change.status == "M" and change.path in service_of:
            edit = _edit(source, commit, change, service_of[change.path], tests_too=len(code) < len(touched))
            if edit is not None:
                yield edit


def _edit(source: Source, commit: Commit, change: Change, service: str, *, tests_too: bool) -> _Edit | None:
    if (
        change.old_blob is None
        or change.new_blob is None
        or not source.learnable(change.path, change.new_blob, change.mode)
    ):
        return None
    before, after = source.functions(change.old_blob, change.path), source.functions(change.new_blob, change.path)
    pairs = tuple(
        (before[key], one) for key, one in after.items() if key in before and _code(before[key]) != _code(one)
    )
    return _Edit(
        commit=commit,
        path=change.path,
        service=service,
        pairs=pairs,
        keeps_interface=not tests_too and _interface(after.values()) == _interface(before.values()),
    )


def _interface(found: Iterable[FunctionSource]) -> set[str]:
    """The public functions with their signatures: what a refactoring leaves as it is."""
    return {f"{one.qualified_name} {''.join(one.header.split())}" for one in found if _is_public(one.qualified_name)}


def _is_public(qualified_name: str) -> bool:
    return not any(part.startswith("_") and not part.endswith("__") for part in qualified_name.split("."))


def _kind(intent: Intent, edit: _Edit) -> Kind:
    """A refactoring says so and why, keeps every public signature, and needs no change of a test."""
    if intent.repairs_flaw:
        return "repair"
    if intent.refactors and intent.reasons and not intent.fixes and edit.keeps_interface:
        return "refactor"
    return "change"


def _example(source: Source, edit: _Edit, kind: Kind, intent: Intent, pair: Pair, shape: Shape) -> Example:
    before, after = pair
    version = Version(commit=edit.commit.oid, committed_at=edit.commit.committed_at, blob=None)
    reason = _reason(kind, intent, shape)
    made = Example(
        kind=kind,
        label=LABELS.get(kind, "accepted"),
        language="Python",
        service=edit.service,
        task=_task(kind, intent.task, edit.path, after),
        context=textwrap.dedent(" " * before.indent + before.text),
        constraints=CONSTRAINTS,
        solution=_answer(kind, reason, textwrap.dedent(" " * after.indent + after.text)),
        provenance=provenance_of(source.name, edit.path, after, version),
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
    said = textwrap.fill(f"{heading}{' '.join(reason.split())}.", 88, initial_indent="# ", subsequent_indent="# ")
    return f"{said}\n{code}"


def _reason(kind: Kind, intent: Intent, shape: Shape) -> str:
    """The first sentences of the reasons that fit; the subject where there are none, or none that fits."""
    kept = ""
    for sentence in intent.reasons.replace("\n", " ").split(". "):
        longer = f"{kept}. {sentence}" if kept else sentence
        if shape.count(longer) > REASON_TOKENS:
            break
        kept = longer
    return kept or (f"It was taken back: {intent.task}" if kind == "review" else intent.task)


def _code(function: FunctionSource) -> str:
    """What a change of layout leaves the same."""
    return "".join((function.header + function.body).split())
