"""The worker stage `dataset.freeze`: choose the cut, divide, take out leaks, balance, verify, freeze."""

from collections.abc import Sequence
from dataclasses import dataclass

from espalier.core.dataset.balance import balance
from espalier.core.dataset.gate import require_open
from espalier.core.dataset.snapshot import Origin, Placed, freeze, shown
from espalier.core.dataset.split import Parts, choose_cut, divide
from espalier.core.examples.build import standing
from espalier.core.examples.example import Example, of_build
from espalier.core.examples.verification import verified
from espalier.core.failures import GateShut, WorkFailed
from espalier.core.findings.approval import required_approval
from espalier.core.jobs.context import JobContext
from espalier.core.models import register
from espalier.core.project.clock import parse
from espalier.core.scrub.scrubber import project_scrubber

STEPS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wishes:
    """The arguments of the job; limits are numbers of examples, None for no limit."""

    corpus: str
    approval: int
    model: str
    seed: int
    test_from: str | None
    train_limit: int | None
    test_limit: int | None


def run(context: JobContext) -> dict[str, object]:
    """Args: corpus, approval (the one that stands, so that a new one is new work), model, seed, test_from, train_limit, test_limit.

    Raises GateShut while the dataset gate is shut.
    """
    project, wishes = context.project, _Wishes(**context.args)  # type: ignore[arg-type]  # written by our own verbs
    tokenizer = register.model(project, wishes.model).tokenizer_sha256
    approval = required_approval(project, wishes.corpus)
    require_open(project, wishes.corpus, tokenizer)
    build = standing(project, wishes.corpus, tokenizer)
    assert build is not None  # or the gate were shut
    context.progress(0, STEPS, "choosing the cut")
    kept = of_build(project, build)
    if not kept:
        raise WorkFailed("Every example was dropped.", "See the reasons: espalier examples list PROJECT")
    cut = choose_cut(kept, max(parse(one.provenance.committed_at) for one in kept), wishes.test_from)
    context.safe_point()
    context.progress(1, STEPS, "looking for leaks across the cut")
    parts = divide(kept, cut)
    if not parts.train or not parts.test:
        side = "before" if not parts.train else "after"
        raise WorkFailed(
            f"There is nothing to learn from {side} {cut.test_from[:10]}.", "Move the cut: --test-from DATE"
        )
    placed = _placed(parts, wishes)
    _require_clean(context, wishes.corpus, [example for example, _, _ in placed])
    origin = Origin(
        corpus=wishes.corpus,
        build=build,
        seed=wishes.seed,
        tokenizer=tokenizer,
        approval=approval.id,
        settings={"test_from": cut.test_from, "train_limit": wishes.train_limit, "test_limit": wishes.test_limit},
    )
    snapshot = freeze(project, placed, parts, cut, origin, approval.identity)
    context.progress(STEPS, STEPS, "frozen")
    return shown(project, snapshot)


def _placed(parts: Parts, wishes: _Wishes) -> list[Placed]:
    train = balance(parts.train, wishes.train_limit, wishes.seed)
    placed: list[Placed] = [(one, "train", repeats) for one, repeats in train]
    placed += [(one, "validation", 1) for one in parts.validation]
    return [*placed, *((one, "test", 1) for one in _sampled(list(parts.test), wishes.test_limit, wishes.seed))]


def _sampled(test: list[Example], limit: int | None, seed: int) -> list[Example]:
    """All that is held out, or a balanced draw of it: a held-out part larger than can be evaluated is no use."""
    if limit is None or len(test) <= limit:
        return test
    return [one for one, _ in balance(test, limit, seed)]


def _require_clean(context: JobContext, corpus: str, chosen: Sequence[Example]) -> None:
    """Scan once more what is about to be frozen: the trainer opens these bytes and asks nobody."""
    scrubber = project_scrubber(context.project, corpus)
    for number, example in enumerate(chosen):
        context.safe_point()
        context.progress(STEPS - 1, STEPS, f"verifying example {number + 1} of {len(chosen)}")
        now = verified(example, scrubber)
        if now.state != "kept":
            sentence = f"The example {example.id[:12]} does not pass its verification ({now.reason})."
            raise GateShut(sentence, "Build the examples again: espalier examples build PROJECT", (sentence,))
