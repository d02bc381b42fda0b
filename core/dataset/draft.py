"""A draft: what a freeze would give now, with the leaks it would take out and the balance it would draw, and nothing stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from espalier.core.dataset.balance import Share, effective, shares
from espalier.core.dataset.placing import drawn, placed
from espalier.core.dataset.snapshot import Placed
from espalier.core.dataset.split import LEAKS, Cut, Parts, Split, choose_cut, divide
from espalier.core.dataset.wishes import Wishes
from espalier.core.examples.build import newest_finished
from espalier.core.examples.example import Example, of_build
from espalier.core.examples.near_duplicates import Remembered
from espalier.core.examples.reviews import reviews_digest
from espalier.core.failures import UnusableInput
from espalier.core.project.clock import parse
from espalier.core.project.file import Project

SPLITS: tuple[Split, ...] = ("train", "validation", "test")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One split: distinct examples, their tokens, and the first and last moment; empty where there is none."""

    examples: int = 0
    tokens: int = 0
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`cut` is the one that was wished for or chosen; `validation_from` the moment at which validation begins in fact.

    `leaks` are the training examples that were taken out, by reason; None while they were not looked for, and then `train`
    still has them. `drawn` and `effective` are of an epoch. `placed` is what would be frozen.
    """

    corpus: str
    build: str
    tokenizer: str
    judged: str
    wishes: Wishes
    cut: Cut
    first: str
    newest: str
    validation_from: str
    parts: Mapping[Split, Part]
    leaks: Mapping[str, int] | None
    services: tuple[Share, ...]
    languages: tuple[Share, ...]
    drawn: int
    effective: float
    placed: tuple[Placed, ...]

    def differs_from(self, project: Project, snapshot: str) -> int:
        """How many examples of a snapshot and of this draft are not in both, at the same place, shown as often."""
        rows = project.rows("SELECT example, split, repeats FROM snapshot_examples WHERE snapshot = ?", (snapshot,))
        frozen = {(row["example"], row["split"], row["repeats"]) for row in rows}
        now = {(one.id, split, repeats) for one, split, repeats in self.placed}
        return len({name for name, _, _ in frozen ^ now})


class Drafts:
    """Makes drafts one after the other and keeps what does not change between them: the examples, and what leaks are seen by.

    One thread at a time.
    """

    def __init__(self) -> None:
        self._known: tuple[str, str] | None = None
        self._kept: list[Example] = []
        self._remembered = Remembered()

    def draft(self, project: Project, corpus: str, wanted: Wishes, *, leaks: bool = True) -> Draft:
        """Raises UnusableInput where nothing is built, nothing is kept, or the cuts leave nothing to learn or to hold out.

        Without `leaks` they are not looked for: an answer at once, for somebody who is moving a cut.
        """
        build = newest_finished(project, corpus)
        if build is None:
            raise UnusableInput(
                f"No examples are built of the corpus {corpus[:12]}.", "Build them: espalier examples build PROJECT"
            )
        judged = self._take(project, build)
        if not self._kept:
            raise UnusableInput("Every example was dropped.", "See the reasons: espalier examples list PROJECT")
        times = [one.provenance.committed_at for one in self._kept]
        cut = choose_cut(self._kept, parse(max(times)), wanted.test_from, wanted.validation_from)
        parts = divide(self._kept, cut, self._remembered, leaks=leaks)
        _require_both(parts, cut)
        train = drawn(parts, wanted)
        chosen = placed(parts, wanted, train)
        repeats = [number for _, number in train]
        begins = min((one.provenance.committed_at for one in parts.validation), default=cut.test_from)
        return Draft(
            corpus=corpus,
            build=build,
            tokenizer=str(project.value("SELECT tokenizer FROM builds WHERE id = ?", (build,))),
            judged=judged,
            wishes=wanted,
            cut=cut,
            first=min(times),
            newest=max(times),
            validation_from=cut.validation_from or begins,
            parts={split: _part([one for one, where, _ in chosen if where == split]) for split in SPLITS},
            leaks={name: parts.leaks.get(name, 0) for name in LEAKS} if leaks else None,
            services=tuple(shares(parts.train, train, lambda one: one.service, wanted.weights.services)),
            languages=tuple(shares(parts.train, train, lambda one: one.language, wanted.weights.languages)),
            drawn=sum(repeats),
            effective=effective(repeats),
            placed=tuple(chosen),
        )

    def _take(self, project: Project, build: str) -> str:
        """Read the examples again where the build or a verdict is another; returns the digest of the verdicts."""
        judged = reviews_digest(project, build)
        if self._known != (build, judged):
            if self._known is None or self._known[0] != build:
                self._remembered = Remembered()
            self._kept = of_build(project, build)
            self._known = (build, judged)
        return judged


def _require_both(parts: Parts, cut: Cut) -> None:
    if not parts.train or not parts.test:
        side = "before" if not parts.train else "after"
        raise UnusableInput(f"There is nothing to learn from {side} {cut.test_from[:10]}.", "Move the cut.")


def _part(found: Sequence[Example]) -> Part:
    times = [one.provenance.committed_at for one in found]
    return Part(
        examples=len(found),
        tokens=sum(one.tokens for one in found),
        first=min(times, default=""),
        last=max(times, default=""),
    )
