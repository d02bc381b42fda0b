"""The model card: the manifest's facts in sentences, for whoever opens the folder first."""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from espalier.core.release.manifest import Facts, Rate
from espalier.core.release.words import counted, plain


def card(facts: Facts) -> str:
    """Markdown. The same facts give the same text."""
    return "\n".join([*_head(facts), *_made(facts), *_checked(facts), *_rights(facts), *_not_done(facts)])


def _head(facts: Facts) -> Iterator[str]:
    yield from (f"# {_plain(facts.bundle.name)}, release {facts.bundle.version}", "")
    notice = facts.notice[0].upper() + facts.notice[1:]
    yield from (f"**{notice}.** {facts.policy.sentence.removeprefix(f'{notice}: ')}", "")
    yield from (f"- Bundle {facts.bundle.id}, made {facts.bundle.created_at} by Espalier {facts.bundle.espalier}.", "")
    base, adapter = facts.base, facts.adapter
    yield (
        f"A LoRA adapter of rank {adapter.rank} (alpha {adapter.alpha:g}) on {', '.join(adapter.targets)}, for "
        f"{_plain(base.name)} at revision {_plain(base.revision)} and no other. The manifest names every file of that "
        "base model and of its tokenizer by its SHA-256; compare them before serving."
    )
    if adapter.whole:
        yield f"These modules were trained whole and are in the adapter: {', '.join(adapter.whole)}."
    yield ""


def _made(facts: Facts) -> Iterator[str]:
    training, dataset = facts.training, facts.dataset
    yield from ("## How it was made", "")
    splits = ", ".join(
        f"{name} {counted(one.examples, 'example')} ({counted(one.tokens, 'token')})"
        for name, one in dataset.splits.items()
    )
    yield f"- Snapshot {dataset.hash[:16]} of corpus {dataset.corpus[:16]}, frozen {dataset.frozen_at}: {splits}."
    for repository in dataset.repositories:
        yield f"- Repository {_plain(repository.name)} at {(repository.head or 'no commit')[:16]}."
    yield (
        f"- Run {training.run}, seed {training.seed}: {training.steps} steps of {training.batch}, learning rate "
        f"{training.learning_rate:g}, {training.schedule}; {facts.precision.dtype}, quantisation "
        f"{facts.precision.quantisation}; on {_plain(training.device)}."
    )
    if training.loss is not None:
        validation = "" if training.validation_loss is None else f", on validation {training.validation_loss:.4f}"
        yield f"- Loss at the last step {training.loss:.4f} nats a solution token{validation}."
    yield from (f"- {training.determinism}", "")


def _checked(facts: Facts) -> Iterator[str]:
    yield from ("## What was checked", "")
    approval = facts.scrub.approval
    stand_in = ", a stand-in and no person" if approval.automatic else f" ({_plain(approval.person)})"
    yield f"- The scrub was approved by {_plain(approval.identity)}{stand_in}; ruleset {facts.scrub.ruleset[:16]}."
    yield from _decisions(approval.statement)
    yield f"- Evaluation {facts.evaluation.id}, suite {_plain(facts.evaluation.suite)}, {counted(facts.evaluation.tasks, 'task')}."
    for arm, checks in sorted(facts.evaluation.arms.items()):
        yield from (f"- {_plain(arm)}, {_plain(check)}: {_rate(rate)}." for check, rate in sorted(checks.items()))
    yield from (
        f"- Not run: {_plain(why)} ({counted(count, 'time')})."
        for why, count in sorted(facts.evaluation.not_run.items())
    )
    if (rubric := facts.evaluation.rubric) is not None:
        yield (
            f"- Rated blind by {counted(rubric.raters, 'rater')} on {counted(rubric.tasks, 'task')}, from 1 to 5: "
            f"base {rubric.base.mean:.2f}, adapter {rubric.adapter.mean:.2f}."
        )
    for gate in facts.evaluation.gates:
        yield f"- Gate {_plain(gate.name)}: {'passed' if gate.passed else 'NOT PASSED'}. {_plain(gate.why)}"
    for one in facts.sign_offs:
        yield f"- Signed in the role {one.role} by {_plain(one.identity)}{' (a stand-in)' if one.automatic else ''}."
    yield ""


def _decisions(statement: Mapping[str, JsonValue]) -> Iterator[str]:
    counts, review = statement.get("findings"), statement.get("sampled_review")
    if isinstance(counts, dict):
        yield f"- Findings: {', '.join(f'{count} {_plain(state)}' for state, count in sorted(counts.items()))}."
    if isinstance(review, dict) and review.get("reviewed"):
        yield from _sampled(review)


def _sampled(review: Mapping[str, JsonValue]) -> Iterator[str]:
    """An approval of before something was said of it has not got it."""
    said = f"- Sampled review: {review['reviewed']} of {review.get('population')} files read, {review.get('missed')} misses"
    match review:
        case {"bound": float() | int() as bound, "confidence": float() as sure}:
            said += f"; at most {bound:.2%} of those in which nothing was found hold one ({100 * sure:.4g} % sure)"
    yield f"{said}."
    match review:
        case {"by_two": {"files": int() as files, "agreed": int() as agreed, "kappa": kappa}} if files:
            beyond = f", Cohen's kappa {kappa:.2f}" if isinstance(kappa, int | float) else ""
            yield f"- Read by two people, blind: {counted(files, 'file')}; they agreed on {agreed}{beyond}."


def _rate(rate: Rate) -> str:
    if rate.low is None or rate.high is None:
        return "not run"
    return f"{rate.passed} of {rate.ran} passed (95 % interval {rate.low:.0%} to {rate.high:.0%})"


def _rights(facts: Facts) -> Iterator[str]:
    yield from ("## Rights", "")
    yield f"- Export class: {facts.licences.export}, the most restrictive among the sources."
    for source in facts.licences.sources:
        yield (
            f"- {counted(source.examples, 'example')} from {_plain(source.repository)} under {_plain(source.licence) or 'no licence'}: "
            f"{source.export}."
        )
    yield f"- Base model: {facts.licences.base}; its terms are in LICENSES."
    for notice in facts.licences.notices:
        yield f"- {notice}"
    yield ""


def _not_done(facts: Facts) -> Iterator[str]:
    yield from ("## What was not done", "")
    yield from (f"- {what}." for what in facts.not_done)
    if not facts.not_done:
        yield "- Everything that this form asks for was done."
    yield ""


def _plain(text: str) -> str:
    """Names come from people and repositories: no markup of their own."""
    return "".join(f"\\{letter}" if letter in "\\`*[]<>#|" else letter for letter in plain(text))
