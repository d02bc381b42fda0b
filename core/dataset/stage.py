"""The worker stage `dataset.freeze`: choose the cut, divide, take out leaks, balance, freeze."""

from dataclasses import dataclass

from espalier.core.dataset.balance import balance
from espalier.core.dataset.gate import require_open
from espalier.core.dataset.snapshot import Origin, Placed, freeze, shown
from espalier.core.dataset.split import choose_cut, divide
from espalier.core.examples.example import Example, examples
from espalier.core.failures import WorkFailed
from espalier.core.findings.approval import required_approval
from espalier.core.jobs.context import JobContext
from espalier.core.models import register
from espalier.core.project.clock import parse

STEPS = 4


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
    """Args: corpus, approval (the one that stands, so that a new one is new work), model, seed, test_from, train_limit, test_limit. Raises GateShut while the dataset gate is shut."""
    project, wishes = context.project, _Wishes(**context.args)  # type: ignore[arg-type]  # written by our own verbs
    require_open(project, wishes.corpus)
    context.progress(0, STEPS, "choosing the cut")
    kept = examples(project, wishes.corpus)
    newest = max(parse(one.provenance.committed_at) for one in kept)
    cut = choose_cut(kept, newest, wishes.test_from)
    context.safe_point()
    context.progress(1, STEPS, "looking for leaks across the cut")
    parts = divide(kept, cut)
    if not parts.train or not parts.test:
        side = "before" if not parts.train else "after"
        raise WorkFailed(
            f"There is nothing to learn from {side} {cut.test_from[:10]}.", "Move the cut: --test-from DATE"
        )
    context.safe_point()
    context.progress(2, STEPS, "balancing services")
    placed: list[Placed] = [
        (one, "train", repeats) for one, repeats in balance(parts.train, wishes.train_limit, wishes.seed)
    ]
    placed += [(one, "validation", 1) for one in parts.validation]
    placed += [(one, "test", 1) for one in _sampled(list(parts.test), wishes.test_limit, wishes.seed)]
    context.progress(3, STEPS, "freezing")
    approval = required_approval(project, wishes.corpus)
    settings: dict[str, object] = {
        "test_from": cut.test_from,
        "train_limit": wishes.train_limit,
        "test_limit": wishes.test_limit,
    }
    tokenizer = register.model(project, wishes.model).tokenizer_sha256
    origin = Origin(
        corpus=wishes.corpus, seed=wishes.seed, tokenizer=tokenizer, approval=approval.id, settings=settings
    )
    snapshot = freeze(project, placed, parts, cut, origin, approval.identity)
    context.progress(STEPS, STEPS, "frozen")
    return shown(project, snapshot)


def _sampled(test: list[Example], limit: int | None, seed: int) -> list[Example]:
    """All that is held out, or a balanced draw of it: a held-out part larger than can be evaluated is no use."""
    if limit is None or len(test) <= limit:
        return test
    return [one for one, _ in balance(test, limit, seed)]
