"""What the raters found, arm by arm: told only when as many people as the policy asks for have rated every sampled task."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from espalier.core.evaluation.agreement import ordinal_alpha
from espalier.core.evaluation.rubric import sampled
from espalier.core.evaluation.statistics import Mean, mean
from espalier.core.project.file import Project, Row
from espalier.core.project.identities import identities
from espalier.core.project.policy import project_policy

SCALES = ("readability", "api_use")


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricResult:
    """Means over tasks, each first averaged over raters and, but in `scales` (scale → arm), over both scales.

    `agreement` is Krippendorff's ordinal alpha by scale, None where one person rated or ratings do not vary.
    """

    raters: int
    tasks: int
    base: Mean
    adapter: Mean
    difference: Mean
    scales: Mapping[str, Mapping[str, Mean]]
    agreement: Mapping[str, float | None]

    def shown(self) -> dict[str, object]:
        """As the summary holds it: numbers only, no names and no notes."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the raters are: tasks rated whole by each, of how many, and how many people are asked for."""

    tasks: int
    asked: int
    rated: Mapping[str, int]

    @property
    def complete(self) -> tuple[str, ...]:
        return tuple(name for name, done in self.rated.items() if self.tasks and done >= self.tasks)


def progress(project: Project, number: int) -> Progress:
    tasks = sampled(project, number)
    asked = project_policy(project).evaluation.raters
    rated = {row["rater"]: 0 for row in project.rows(_SHEETS, (number,))}
    for (rater, task), arms in _by_pair(_rows(project, number)).items():
        rated[rater] += task in tasks and arms == 2
    return Progress(tasks=len(tasks), asked=asked, rated=rated)


def result(project: Project, number: int) -> RubricResult | None:
    """Nothing while fewer people than are asked for have rated every task; one person under two names is one."""
    far = progress(project, number)
    people = {one.name: one.person.casefold() for one in identities(project)}
    counted = {people.get(name, name): name for name in far.complete}
    if len(counted) < far.asked:
        return None
    names, tasks = set(counted.values()), set(sampled(project, number))
    rows = [row for row in _rows(project, number) if row["rater"] in names and row["task"] in tasks]
    whole = {arm: _by_task(rows, arm, SCALES) for arm in ("base", "adapter")}
    changes = [whole["adapter"][task] - whole["base"][task] for task in sorted(tasks)]
    return RubricResult(
        raters=len(names),
        tasks=len(tasks),
        base=mean(whole["base"].values()),
        adapter=mean(whole["adapter"].values()),
        difference=mean(changes),
        scales={
            scale: {arm: mean(_by_task(rows, arm, (scale,)).values()) for arm in ("base", "adapter")}
            for scale in SCALES
        },
        agreement={scale: ordinal_alpha(_units(rows, scale)) for scale in SCALES},
    )


_SHEETS = "SELECT rater FROM rubric_sheets WHERE evaluation = ? ORDER BY begun_at, rater"


def _rows(project: Project, number: int) -> list[Row]:
    """Ratings with both scales filled in."""
    query = (
        "SELECT task, arm, rater, readability, api_use FROM rubric_ratings WHERE evaluation = ?"
        " AND readability IS NOT NULL AND api_use IS NOT NULL ORDER BY task, arm, rater"
    )
    return project.rows(query, (number,))


def _by_pair(rows: Iterable[Row]) -> dict[tuple[str, str], int]:
    """How many of the two answers of a task a rater has rated."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        found[row["rater"], row["task"]] += 1
    return found


def _by_task(rows: Iterable[Row], arm: str, scales: Sequence[str]) -> dict[str, float]:
    said: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row["arm"] == arm:
            said[row["task"]] += [row[scale] for scale in scales]
    return {task: sum(values) / len(values) for task, values in said.items()}


def _units(rows: Iterable[Row], scale: str) -> list[list[int]]:
    said: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in rows:
        said[row["task"], row["arm"]].append(row[scale])
    return list(said.values())
