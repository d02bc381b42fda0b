"""What each plot of the training page shows of a run."""

import math
from dataclasses import dataclass

from espalier.core.training.curves import Trace
from espalier.core.training.runs import Run
from espalier.core.training.schedule import learning_rate
from espalier.gui.charts.plot import GREY, Picture, Points, Series, Style
from espalier.gui.charts.sheet import PATH_POINTS
from espalier.gui.figures import count, short
from espalier.gui.training.reading import Beside, Curve, Detail

TRAIN, VALIDATION, NOISE = 0, 1, 2
LATE = 20  # steps without an estimate, after which the last one is old
PLANNED = 120  # points of the planned learning rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture, the current value beside its title, and a note behind the value."""

    picture: Picture
    value: str = ""
    about: str = ""


def loss(detail: Detail, train: str, validation: str, run: str) -> Shown:
    """Raw and smoothed training loss, the validation loss as dots, and below them, dashed, the runs that are laid over."""
    learnt, held = detail.curves.get("loss"), detail.curves.get("validation_loss")
    series = [
        _past(one, name)
        for one, (name, _) in zip(detail.beside, laid_over(detail, train, validation, run), strict=True)
    ]
    if learnt is not None:
        series.append(_series(train, learnt, TRAIN, "raw"))
        series.append(_smooth(train, learnt, TRAIN, "line"))
    if held is not None:
        series.append(_series(validation, held, VALIDATION, "dots"))
    return Shown(picture=Picture(series=tuple(series), steps=_longest(detail)))


def laid_over(detail: Detail, train: str, validation: str, run: str) -> list[tuple[str, int]]:
    """Name and series of each run that is laid over; `run` has a place for its number.

    What is drawn of several is their validation loss, as a rule, and is said only where it is not: names need room.
    """
    several = len(detail.beside) > 1

    def name(one: Beside) -> str:
        number = run.format(id=one.run.id)
        held_out = one.held_out or one.curve is None
        return number if several and held_out else f"{number}, {validation if held_out else train}"

    return [(name(one), one.series) for one in detail.beside]


def _past(one: Beside, name: str) -> Series:
    trace = None if one.curve is None else one.curve.trace
    if trace is None:
        return Series(name=name, points=(), colour=one.series, style="past")
    dashed = Dashed(trace=trace, smooth=not one.held_out)
    return Series(name=name, points=dashed(), within=dashed, colour=one.series, style="past")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashed:
    """A curve in so few points that its dashes are seen: a longer one is drawn piece by piece, and each begins with a dash."""

    trace: Trace
    smooth: bool

    def __call__(self, low: float = -math.inf, high: float = math.inf) -> Points:
        return (self.trace.smoothed if self.smooth else self.trace.points)(low, high, most=PATH_POINTS - 2)


def _longest(detail: Detail) -> int:
    """All steps of the run; where these are not known, or the person chose what is laid over it, of those runs too."""
    steps = _steps(detail.row.run)
    ends = [one.curve.points[-1][0] for one in detail.beside if one.curve is not None]
    unknown = detail.row.run.steps is None
    return max([steps, *ends]) if detail.marks.chosen or unknown else steps


def gradient_norm(detail: Detail, name: str, clip: str) -> Shown:
    limit = detail.row.run.recipe.clip
    series, value = _one(name, detail.curves.get("gradient_norm"))
    # A limit far above the curve would press it flat.
    near = bool(series) and limit <= 4 * max(value for _, value in series[0].points)
    picture = Picture(series=series, steps=_so_far(detail), threshold=limit if near else None, from_zero=True)
    return Shown(picture=picture, value=value, about=f"{clip} {limit:g}")


def rate(detail: Detail, name: str) -> Shown:
    run = detail.row.run
    series, value = _one(name, detail.curves.get("learning_rate"), style="line")
    planned = Series(name=name, points=_planned(run), colour=GREY, style="planned")
    picture = Picture(series=(planned, *series), steps=_steps(run), from_zero=True)
    return Shown(picture=picture, value=value, about=run.recipe.schedule)


def noise(detail: Detail, name: str, batch: str, not_since: str) -> Shown:
    """In solution tokens, against the mean number that a step averages over: below it, more tokens stop helping.

    Its sums can stop telling noise from signal; then the last estimate is not the current one, and is not shown as it.
    """
    series, value = _one(name, detail.curves.get("noise_scale"), NOISE, "line")
    tokens = detail.curves.get("solution_tokens")
    mean = None if tokens is None or not detail.row.run.step else tokens.total / detail.row.run.step
    about = "" if mean is None else f"{batch} {count(round(mean))}"
    picture = Picture(series=series, steps=_so_far(detail), threshold=mean)
    last = series[0].points[-1][0] if series else 0
    if series and tokens is not None and last < tokens.points[-1][0] - LATE:
        return Shown(picture=picture, about=not_since.format(step=count(last)))
    return Shown(picture=picture, value=value, about=about)


def speed(detail: Detail, name: str) -> Shown:
    series, value = _one(name, detail.curves.get("tokens_per_second"))
    return Shown(picture=Picture(series=series, steps=_so_far(detail), from_zero=True), value=value)


def _one(name: str, curve: Curve | None, colour: int = TRAIN, style: Style = "thin") -> tuple[tuple[Series, ...], str]:
    if curve is None:
        return (), ""
    return (_series(name, curve, colour, style),), short(curve.last)


def _series(name: str, curve: Curve, colour: int, style: Style) -> Series:
    closer = None if curve.trace is None else curve.trace.points
    return Series(name=name, points=curve.points, within=closer, colour=colour, style=style)


def _smooth(name: str, curve: Curve, colour: int, style: Style) -> Series:
    closer = None if curve.trace is None else curve.trace.smoothed
    return Series(name=name, points=curve.smooth, within=closer, colour=colour, style=style)


def _steps(run: Run) -> int:
    return run.steps or max(run.step, 1)


def _so_far(detail: Detail) -> int:
    return max(detail.row.run.step, 1)


def _planned(run: Run) -> Points:
    if run.steps is None:
        return ()
    steps = {round(number * (run.steps - 1) / PLANNED) for number in range(PLANNED + 1)} if run.steps > 1 else {0}
    return tuple((step + 1, learning_rate(run.recipe, step, run.steps)) for step in sorted(steps))
