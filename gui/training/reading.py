"""What the training page shows, read off the GUI thread: every run, and of the selected one its job and its curves."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from espalier.core.jobs.job import Job, jobs
from espalier.core.project.clock import now, parse
from espalier.core.project.file import Project
from espalier.core.training import runs
from espalier.core.training.curves import Pyramid, Trace, follow
from espalier.core.training.memory import DEVICE, NOW, Expected, Memory, expected
from espalier.core.training.overflow import MODULES, SHARE, Heat, heat
from espalier.core.training.runs import Run
from espalier.gui.standing import Known, Standing, known
from espalier.gui.training.marks import Marks

POINTS = 1000  # what a plot is given of a curve at most
DRAWN = ("loss", "validation_loss", "gradient_norm", "learning_rate", "noise_scale", "tokens_per_second")
HEAT = tuple(f"{SHARE}{module}" for module in MODULES)
TOLD = (
    "solution_tokens",
    "overflow",
    "overflow_activations",
    NOW,
    DEVICE,
    "zero_share",
    "subnormal_share",
)  # by newest value and sum
BESIDE = ("validation_loss", "loss")  # of a run that is laid over: the first that it has

Points = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A metric: its points as a plot takes them (of one that is not drawn the newest alone), smoothed, its newest value and sum.

    `trace` has more points of any stretch; None for what is not drawn.
    """

    points: Points
    smooth: Points
    last: float
    total: float
    trace: Trace | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A run with its job; `seconds` is how long it has taken so far."""

    run: Run
    known: Known | None
    standing: Standing
    seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A run that is laid over the one that is looked at, in the colour of its series.

    `curve` is its validation losses, and else, not `held_out`, its training losses; None before it has any.
    """

    run: Run
    series: int
    curve: Curve | None
    held_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """The selected run; `best` is the lowest validation loss so far, `heat` its overflow by module, if any.

    `beside` are the marked runs but itself, the newest mark last.
    """

    row: RunRow
    curves: Mapping[str, Curve]
    best: float | None
    memory: Memory
    heat: Heat | None = None
    marks: Marks = field(default_factory=Marks)
    beside: tuple[Beside, ...] = ()

    @property
    def against(self) -> Run | None:
        """The run that its settings are compared with."""
        return self.beside[-1].run if self.beside else None


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
    """Keeps the curves of the selected run and of those that are laid over it, and adds what is new.

    It belongs to the reader's thread, but for `wanted` and `marks`.
    """

    def __init__(self) -> None:
        self.wanted: int | None = None  # the run that the person looks at; None: the newest
        self.marks: Marks | None = None  # what the person marked; None: nothing yet
        self._selected, self._beside = _Followed(DRAWN + HEAT), dict[int, _Followed]()
        self._told: dict[str, Curve] = {}
        self._expected: tuple[tuple[int, object], Expected | None] | None = None

    def __call__(self, project: Project) -> Training:
        by_number = {one.id: one for one in jobs(project)}
        rows = tuple(_row(run, by_number.get(run.job or 0)) for run in runs.runs(project))
        wanted = next((row for row in rows if row.run.id == self.wanted), rows[0] if rows else None)
        return Training(
            runs=rows,
            tests=_tests(project),
            frozen=bool(project.value("SELECT EXISTS (SELECT 1 FROM snapshots)")),
            selected=None if wanted is None else self._detail(project, wanted, rows),
        )

    def _detail(self, project: Project, row: RunRow, rows: tuple[RunRow, ...]) -> Detail:
        if self._selected.read(project, row):
            self._told = {}
        for name in TOLD:
            if (newer := _told(project, row.run.id, name, self._told.get(name))) is not None:
                self._told[name] = newer
        validation = self._selected.curves.get("validation_loss")
        marks = self.marks or Marks.before(row.run.id, tuple(one.run.id for one in rows))
        traces = {name: one.trace for name, one in self._selected.curves.items() if one.trace is not None}
        return Detail(
            row=row,
            curves=self._selected.curves | self._told,
            memory=self._memory(project, row.run),
            heat=heat(row.run, traces),
            best=None if validation is None or validation.trace is None else validation.trace.lowest,
            marks=marks,
            beside=self._read_beside(project, marks, row, rows),
        )

    def _memory(self, project: Project, run: Run) -> Memory:
        """What is expected of a run reads the model's files, and stays what it is once the precision is known."""
        key = (run.id, run.versions.get("precision"))
        if self._expected is None or self._expected[0] != key:
            self._expected = (key, expected(project, run))
        now, device = (None if (one := self._told.get(name)) is None else int(one.last) for name in (NOW, DEVICE))
        return Memory(now=now, peak=run.peak_memory, total=device, expected=self._expected[1])

    def _read_beside(
        self, project: Project, marks: Marks, selected: RunRow, rows: tuple[RunRow, ...]
    ) -> tuple[Beside, ...]:
        """Curves of a run that is no longer marked are let go."""
        self._beside = {run: self._beside.get(run) or _Followed(BESIDE) for run in marks.runs}
        by_number = {row.run.id: row for row in rows}
        return tuple(
            self._laid(project, by_number[run], marks.series[run])
            for run in marks.runs
            if run in by_number and run != selected.run.id
        )

    def _laid(self, project: Project, row: RunRow, series: int) -> Beside:
        followed = self._beside[row.run.id]
        followed.read(project, row)
        curves = [name for name in BESIDE if name in followed.curves]
        # One point is no curve, as long as there is another metric with more.
        name = next((one for one in curves if len(followed.curves[one].points) > 1), curves[0] if curves else "")
        return Beside(run=row.run, series=series, curve=followed.curves.get(name), held_out=name == BESIDE[0])


class _Followed:
    """The metrics of one run at a time, as far as they have been read."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._run: tuple[int, int | None] | None = None
        self._step = 0
        self._pyramids: dict[str, Pyramid] = {}
        self.curves: dict[str, Curve] = {}

    def read(self, project: Project, row: RunRow) -> bool:
        """Add what is new. True: all was read again, of another run or of one that goes on from an earlier checkpoint."""
        attempt = (row.run.id, None if row.known is None else row.known.job.attempts)
        again = attempt != self._run or row.run.step < self._step
        if again:
            self._pyramids = {name: Pyramid() for name in self._names}
            self.curves = {}
        self._run, self._step = attempt, row.run.step
        for name, pyramid in self._pyramids.items():
            if follow(project, row.run.id, name, pyramid):
                self.curves[name] = _curve(pyramid.trace())
        return again


def _curve(trace: Trace) -> Curve:
    return Curve(
        points=trace.points(most=POINTS),
        smooth=trace.smoothed(most=POINTS),
        last=trace.last,
        total=trace.total,
        trace=trace,
    )


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
