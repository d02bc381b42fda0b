"""The worker stage `dataset.freeze`: choose the cut, divide, take out leaks, balance, verify, freeze."""

from collections.abc import Sequence

from espalier.core.dataset.gate import require_open
from espalier.core.dataset.placing import placed
from espalier.core.dataset.snapshot import Origin, freeze, settings, shown
from espalier.core.dataset.split import choose_cut, divide
from espalier.core.dataset.wishes import wishes
from espalier.core.examples import reviews
from espalier.core.examples.build import standing
from espalier.core.examples.example import Example, of_build
from espalier.core.examples.verification import verified
from espalier.core.failures import GateShut, WorkFailed
from espalier.core.findings.approval import required_approval
from espalier.core.jobs.context import JobContext
from espalier.core.models import register
from espalier.core.project.clock import parse
from espalier.core.project.file import Project
from espalier.core.scrub.scrubber import project_scrubber

STEPS = 3


def run(context: JobContext) -> dict[str, object]:
    """Args: corpus, approval (the one that stands, so that a new one is new work), model, and those of `Wishes`.

    Raises GateShut while the dataset gate is shut.
    """
    project, wanted, corpus = context.project, wishes(context.args), str(context.args["corpus"])
    tokenizer = register.model(project, str(context.args["model"])).tokenizer_sha256
    approval = required_approval(project, corpus)
    require_open(project, corpus, tokenizer)
    build = standing(project, corpus, tokenizer)
    assert build is not None  # or the gate were shut
    context.progress(0, STEPS, "choosing the cut")
    judged, kept = _kept(project, build)
    if not kept:
        raise WorkFailed("Every example was dropped.", "See the reasons: espalier examples list PROJECT")
    newest = max(parse(one.provenance.committed_at) for one in kept)
    cut = choose_cut(kept, newest, wanted.test_from, wanted.validation_from)
    context.safe_point()
    context.progress(1, STEPS, "looking for leaks across the cut")
    parts = divide(kept, cut)
    if not parts.train or not parts.test:
        side = "before" if not parts.train else "after"
        raise WorkFailed(
            f"There is nothing to learn from {side} {cut.test_from[:10]}.", "Move the cut: --test-from DATE"
        )
    chosen = placed(parts, wanted)
    _require_clean(context, corpus, [example for example, _, _ in chosen])
    origin = Origin(
        corpus=corpus,
        build=build,
        seed=wanted.seed,
        tokenizer=tokenizer,
        approval=approval.id,
        settings=settings(wanted, cut, judged),
    )
    snapshot = freeze(project, chosen, parts, cut, origin, approval.identity)
    context.progress(STEPS, STEPS, "frozen")
    return shown(project, snapshot)


def _kept(project: Project, build: str) -> tuple[str, list[Example]]:
    """What is kept, and the digest of the reviews that it follows: read again where somebody reviews meanwhile."""
    judged = ""
    while (now := reviews.reviews_digest(project, build)) != judged:
        judged, kept = now, of_build(project, build)
    return judged, kept


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
