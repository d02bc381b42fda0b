"""What the evaluation page shows, read off the GUI thread: every evaluation, and of the chosen one its tasks, rates and thresholds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from espalier.core.evaluation.comparison import CheckRates, Compared, Quarter, by_quarter, compared, rates
from espalier.core.evaluation.evaluations import ARMS, Arm, Evaluation, evaluations
from espalier.core.evaluation.outcomes import deciding, loss, not_run, outcomes
from espalier.core.evaluation.rubric_result import Progress, RubricResult, progress, result
from espalier.core.evaluation.statistics import paired
from espalier.core.evaluation.thresholds import Threshold, thresholds
from espalier.core.project.clock import now
from espalier.core.project.file import Project
from espalier.core.project.policy import Policy, project_policy
from espalier.gui.standing import Known, Standing, known


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the person looks at; the newest evaluation where none is named, every origin and the deciding check where empty."""

    evaluation: int | None = None
    origin: str = ""
    check: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An evaluation as a choice."""

    number: int
    run: int
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the checks of an evaluation found; `rows` and what is counted over them are of the wanted origin only.

    `check` is the one that fixed and broken are by, `p` McNemar's over it, `base` and `adapter` the shares that pass it.
    """

    rows: tuple[Compared, ...]
    origins: tuple[str, ...]
    checks: tuple[str, ...]
    lines: tuple[CheckRates, ...]
    quarters: tuple[Quarter, ...]
    check: str
    p: float
    loss: Mapping[Arm, float | None]
    thresholds: tuple[Threshold, ...]
    not_run: Mapping[str, int]

    def changed(self, change: str) -> tuple[Compared, ...]:
        return tuple(row for row in self.rows if row.change == change)

    @property
    def failing(self) -> tuple[Threshold, ...]:
        return tuple(one for one in self.thresholds if not one.passed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """The chosen evaluation; `answered` counts the answers of each arm so far, of `asked` tasks."""

    evaluation: Evaluation
    known: Known | None
    standing: Standing
    asked: int
    answered: Mapping[Arm, int]
    figures: Figures | None
    rubric: Progress | None
    rated: RubricResult | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The page at one moment. `runs` are those that have an adapter, newest first; evaluations too."""

    runs: tuple[int, ...]
    evaluations: tuple[Listed, ...]
    policy: Policy
    chosen: Detail | None


class EvaluationReading:
    """Counts again only what has moved; belongs to the reader's thread, but for `wanted`."""

    def __init__(self) -> None:
        self.wanted = Wanted()
        self._key: tuple[object, ...] = ()
        self._figures: Figures | None = None

    def __call__(self, project: Project) -> Read:
        at, wanted, found = now(), self.wanted, evaluations(project)
        standings = {one.id: _standing(one) for one in found}
        chosen = next((one for one in found if one.id == wanted.evaluation), found[0] if found else None)
        about = None if chosen is None or chosen.job is None else known(chosen.job, at)
        policy = project_policy(project)
        return Read(
            runs=tuple(row["id"] for row in project.rows(_RUNS)),
            evaluations=tuple(Listed(number=one.id, run=one.run, standing=standings[one.id]) for one in found),
            policy=policy,
            chosen=None if chosen is None else self._detail(project, chosen, about, policy, wanted),
        )

    def _detail(self, project: Project, one: Evaluation, about: Known | None, policy: Policy, wanted: Wanted) -> Detail:
        done = one.state == "done"
        counted = {row["arm"]: row["n"] for row in project.rows(_ANSWERED, (one.id,))}
        return Detail(
            evaluation=one,
            known=about,
            standing=_standing(one) if done or about is None else about.standing,
            asked=int(project.value("SELECT count(*) FROM asked WHERE evaluation = ?", (one.id,))),
            answered={arm: counted.get(arm, 0) for arm in ARMS},
            figures=self._counted(project, one, policy, wanted) if done else None,
            rubric=progress(project, one.id) if done else None,
            rated=result(project, one.id) if done else None,
        )

    def _counted(self, project: Project, one: Evaluation, policy: Policy, wanted: Wanted) -> Figures:
        """A finished evaluation stays as it is but for its rubric, which its summary holds."""
        key = (replace(wanted, evaluation=one.id), one.finished_at, str(one.summary.get("rubric")))
        if self._figures is None or key != self._key:
            self._figures = figures(project, one, policy, wanted)
            self._key = key
        return self._figures


_RUNS = "SELECT id FROM runs WHERE adapter IS NOT NULL ORDER BY id DESC"
_ANSWERED = "SELECT arm, count(*) AS n FROM answers WHERE evaluation = ? GROUP BY arm"


def figures(project: Project, one: Evaluation, policy: Policy, wanted: Wanted) -> Figures:
    found = outcomes(project, one.id)
    checks = tuple(line.check for line in rates(compared(project, one.id, found, "")))
    check = wanted.check if wanted.check in checks else deciding(found)
    every = compared(project, one.id, found, check)
    origins = tuple(sorted({row.origin for row in every}))
    rows = tuple(row for row in every if wanted.origin not in origins or row.origin == wanted.origin)
    losses = {arm: loss(project, one.id, arm) for arm in ARMS}
    rated = result(project, one.id)
    change = paired({row.task: row.base.get(check) for row in rows}, {row.task: row.adapter.get(check) for row in rows})
    return Figures(
        rows=rows,
        origins=origins,
        checks=checks,
        lines=rates(rows),
        quarters=by_quarter(rows, check),
        check=check,
        p=change.p,
        loss=losses,
        thresholds=thresholds(found, losses, rated, policy.evaluation),
        not_run=not_run(project, one.id),
    )


def _standing(one: Evaluation) -> Standing:
    return one.state
