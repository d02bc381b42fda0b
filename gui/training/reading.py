"""What the training page shows, read off the GUI thread: every run, and of the selected one its job and its curves."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from espalier.core.jobs.job import Job, jobs
from espalier.core.project.clock import now, parse
from espalier.core.project.file import Project
from espalier.core.training import runs
from espalier.core.training.runs import Run
from espalier.gui.standing import Known, Standing, known

POINTS = 1000  # what a plot is given of a curve at most
DRAWN = ("loss", "validation_loss", "gradient_norm", "learning_rate", "noise_scale", "tokens_per_second")
TOLD = (
    "solution_tokens",
    "overflow",
    "overflow_activations",
    "zero_share",
    "subnormal_share",
)  # by newest value and sum
SMOOTH_SHARE, SMOOTH_LEAST = 20, 2  # the mean is taken over a tenth of the run: half before and half after

Points = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A metric: its points as a plot takes them (of one that is not drawn the newest alone), smoothed, its newest value and sum."""

    points: Points
    smooth: Points
    last: float
    total: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A run with its job; `seconds` is how long it has taken so far."""

    run: Run
    known: Known | None
    standing: Standing
    seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """The selected run; `best` is the lowest validation loss so far. `against` is the run that it is compared with, and what
    of it is drawn beside: its validation losses, or where it has none its training losses.
    """

    row: RunRow
    curves: Mapping[str, Curve]
    best: float | None
    against: Run | None = None
    against_points: Points = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """The page at one moment; runs newest first, `tests` is the share of held-out tests that a run passes, as last evaluated.

    `frozen`: there is a snapshot that a run could be taught.
    """

    runs: tuple[RunRow, ...]
    selected: Detail | None
    frozen: bool = False
    tests: Mapping[int, float] = field(default_factory=dict)


class TrainingReading:
    """Keeps the curves of the selected run and adds what is new; belongs to the reader's thread, but for `wanted`."""

    def __init__(self) -> None:
        self.wanted: int | None = None  # the run that the person looks at; None: the newest
        self.against: int | None = None  # the run that it is compared with; None: the one before it; 0: none
        self._run: tuple[int, int | None] | None = None
        self._step = 0
        self._tracks: dict[str, _Track] = {}
        self._told: dict[str, Curve] = {}

    def __call__(self, project: Project) -> Training:
        by_number = {one.id: one for one in jobs(project)}
        rows = tuple(_row(run, by_number.get(run.job or 0)) for run in runs.runs(project))
        wanted = next((row for row in rows if row.run.id == self.wanted), rows[0] if rows else None)
        return Training(
            runs=rows,
            tests=_tests(project),
            frozen=bool(project.value("SELECT EXISTS (SELECT 1 FROM snapshots)")),
            selected=None if wanted is None else self._detail(project, wanted, [row.run for row in rows]),
        )

    def _detail(self, project: Project, row: RunRow, known: list[Run]) -> Detail:
        run = row.run
        attempt = (run.id, None if row.known is None else row.known.job.attempts)
        if attempt != self._run or run.step < self._step:  # another run, or one that goes on from an earlier checkpoint
            self._tracks = {name: _Track() for name in DRAWN}
            self._told = {}
        self._run, self._step = attempt, run.step
        for name, track in self._tracks.items():
            track.add(_rows_after(project, run.id, name, track.step))
        for name in TOLD:
            if (newer := _told(project, run.id, name, self._told.get(name))) is not None:
                self._told[name] = newer
        curves = {name: track.curve() for name, track in self._tracks.items() if track.points} | self._told
        validation = self._tracks["validation_loss"].points
        against = compared_with(run, known, self.against)
        return Detail(
            row=row,
            curves=curves,
            best=min((value for _, value in validation), default=None),
            against=against,
            against_points=() if against is None else _beside(project, against.id),
        )


def compared_with(run: Run, known: list[Run], wanted: int | None) -> Run | None:
    """The wanted run, else the one that was made before this."""
    if wanted is not None:
        return next((one for one in known if one.id == wanted and one.id != run.id), None)
    return max((one for one in known if one.id < run.id), key=lambda one: one.id, default=None)


class _Track:
    """One metric as far as it has been read."""

    def __init__(self) -> None:
        self.points: list[tuple[int, float]] = []
        self._sums = [0.0]  # of the values before each place
        self._curve: Curve | None = None

    @property
    def step(self) -> int:
        return self.points[-1][0] if self.points else -1

    def add(self, rows: list[tuple[int, float]]) -> None:
        for step, value in rows:
            self.points.append((step, value))
            self._sums.append(self._sums[-1] + value)
        if rows:
            self._curve = None

    def curve(self) -> Curve:
        if self._curve is None:
            self._curve = Curve(
                points=tuple(runs.decimate(self.points, POINTS)),
                smooth=self._smooth(),
                last=self.points[-1][1],
                total=self._sums[-1],
            )
        return self._curve

    def _smooth(self) -> Points:
        """A centred mean, which lags behind nothing; at both ends it shrinks evenly, down to the value itself."""
        number = len(self.points)
        most = max(SMOOTH_LEAST, number // SMOOTH_SHARE)
        places = (
            range(number) if number <= POINTS else [place * (number - 1) // (POINTS - 1) for place in range(POINTS)]
        )
        return tuple(
            (self.points[place][0], self._mean(place, min(most, place, number - 1 - place))) for place in places
        )

    def _mean(self, place: int, half: int) -> float:
        return (self._sums[place + half + 1] - self._sums[place - half]) / (2 * half + 1)


def _beside(project: Project, run: int) -> Points:
    for name in ("validation_loss", "loss"):
        if found := runs.curve(project, run, name, POINTS):
            return tuple(found)
    return ()


def _tests(project: Project) -> dict[int, float]:
    rows = project.rows(
        "SELECT run, json_extract(summary, '$.arms.adapter.tests.passed') AS passed,"
        " json_extract(summary, '$.arms.adapter.tests.ran') AS ran FROM evaluations WHERE state = 'done' ORDER BY id"
    )
    return {row["run"]: row["passed"] / row["ran"] for row in rows if row["ran"]}


def _told(project: Project, run: int, name: str, before: Curve | None) -> Curve | None:
    """The metric as its newest point and its sum, from what came after `before`; SQLite adds up, so a long run costs little."""
    after, total = (-1, 0.0) if before is None else (before.points[-1][0], before.total)
    # With max(), SQLite takes the other columns from the row that has it.
    query = (
        "SELECT max(step) AS step, value, total(value) AS added FROM metrics WHERE run = ? AND name = ? AND step > ?"
    )
    row = project.row(query, (run, name, after))
    if row is None or row["step"] is None:
        return None
    newest = ((int(row["step"]), float(row["value"])),)
    return Curve(points=newest, smooth=newest, last=newest[0][1], total=total + float(row["added"]))


def _rows_after(project: Project, run: int, name: str, step: int) -> list[tuple[int, float]]:
    query = "SELECT step, value FROM metrics WHERE run = ? AND name = ? AND step > ? ORDER BY step"
    return [(row["step"], row["value"]) for row in project.rows(query, (run, name, step))]


def _row(run: Run, job: Job | None) -> RunRow:
    at = now()
    found = None if job is None else known(job, at)
    active = found is not None and job is not None and not job.ended
    ended = None if run.finished_at is None else parse(run.finished_at)
    seconds = None if run.started_at is None else ((ended or at) - parse(run.started_at)).total_seconds()
    ticking = ended is not None or (found is not None and found.living)
    return RunRow(
        run=run,
        known=found,
        standing=found.standing if found is not None and active else run.state,
        seconds=float(round(seconds)) if seconds is not None and ticking else None,
    )
