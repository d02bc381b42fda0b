"""Reading a run: only what is new, all of it again after a resume, and as many points as a plot can draw."""

from math import exp

import pytest
from tests.gui import made

from espalier.core.jobs.claim import claim
from espalier.core.jobs.life import this_process
from espalier.core.project.file import Project
from espalier.core.training import runs
from espalier.gui.charts.sheet import PATH_POINTS
from espalier.gui.training.marks import Marks
from espalier.gui.training.pictures import laid_over, loss
from espalier.gui.training.reading import POINTS, Training, TrainingReading

NAMES = ("train", "validation", "run {id}")


def losses(training: Training) -> list[int]:
    assert training.selected is not None
    return [step for step, _ in training.selected.curves["loss"].points]


def test_that_without_runs_nothing_is_selected(project: Project) -> None:
    assert TrainingReading()(project) == Training(runs=(), selected=None)


def test_that_new_steps_are_added(project: Project) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job, step=20)
    reading = TrainingReading()
    assert losses(reading(project)) == list(range(1, 21))
    runs.update(project, number, made.metrics(21, 30), step=30)
    assert losses(reading(project)) == list(range(1, 31))


def test_that_old_steps_are_not_read_again(project: Project) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job, step=20)
    reading = TrainingReading()
    first = reading(project)
    assert first.selected is not None
    with project.write() as db:
        db.execute("UPDATE metrics SET value = 99 WHERE name = 'loss' AND step = 3")
    second = reading(project)
    assert second.selected is not None
    assert second.selected.curves["loss"].points == first.selected.curves["loss"].points


def test_that_a_resumed_run_is_read_from_its_start(project: Project) -> None:
    """The trainer forgets what came after its checkpoint and writes it anew."""
    number, job = made.run(project)
    made.at_work(project, number, job, step=20)
    reading = TrainingReading()
    reading(project)
    with project.write() as db:
        db.execute("UPDATE jobs SET state = 'queued'")
    claim(project, "accelerator", this_process())
    runs.forget_after(project, number, 10)
    runs.update(project, number, [("loss", 11, 5.0)], step=11)
    selected = reading(project).selected
    assert selected is not None
    assert selected.curves["loss"].points[-1] == (11, 5.0)
    assert len(selected.curves["loss"].points) == 11


def test_that_a_long_run_comes_in_as_many_points_as_a_plot_draws_and_keeps_its_spike(project: Project) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job, step=10)
    runs.update(project, number, [("loss", step, 1.0) for step in range(11, 20_001)], step=20_000)
    runs.update(project, number, [("loss", 7_777, 9.0)])
    selected = TrainingReading()(project).selected
    assert selected is not None
    curve = selected.curves["loss"]
    assert len(curve.points) <= POINTS + 2
    assert len(curve.smooth) <= POINTS
    assert max(curve.points, key=lambda point: point[1]) == (7_777, 9.0)
    assert (curve.points[0][0], curve.points[-1][0]) == (1, 20_000)
    assert curve.smooth[-1] == (20_000, 1.0)


def test_that_the_smooth_curve_lags_behind_nothing(project: Project) -> None:
    """A centred mean of a straight line is that line."""
    number, job = made.run(project)
    made.at_work(project, number, job, step=1)
    runs.update(project, number, [("loss", step, 1000.0 - step) for step in range(1, 601)], step=600)
    selected = TrainingReading()(project).selected
    assert selected is not None
    for step, value in selected.curves["loss"].smooth:
        assert abs(value - (1000.0 - step)) < 1e-6


def test_that_the_wanted_run_is_selected(project: Project) -> None:
    first, _ = made.run(project)
    second, _ = made.run(project, seed=2)
    reading = TrainingReading()
    newest = reading(project).selected
    assert newest is not None
    assert newest.row.run.id == second
    reading.wanted = first
    older = reading(project).selected
    assert older is not None
    assert older.row.run.id == first


def test_that_what_is_told_and_not_drawn_adds_up_over_readings(project: Project) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job, step=20)
    reading = TrainingReading()
    reading(project)
    runs.update(project, number, [("overflow", 21, 3.0), ("overflow", 22, 2.0)], step=22)
    selected = reading(project).selected
    assert selected is not None
    assert (selected.curves["overflow"].total, selected.curves["overflow"].last) == (5.0, 2.0)
    assert selected.curves["overflow"].points == ((22, 2.0),)
    tokens = sum(value for name, _, value in made.metrics(1, 20) if name == "solution_tokens")
    assert selected.curves["solution_tokens"].total == tokens


def test_that_a_reading_without_news_equals_the_one_before(project: Project) -> None:
    """Or every plot would be drawn anew each time that the project is read."""
    first, earlier = made.run(project)
    made.at_work(project, first, earlier, step=20)
    made.ended(project, first, earlier, "done")
    number, job = made.run(project, seed=2)
    made.at_work(project, number, job, step=20)
    reading = TrainingReading()
    before = reading(project).selected
    after = reading(project).selected
    assert before is not None
    assert after is not None
    assert (before.curves, before.beside) == (after.curves, after.beside)
    assert loss(before, *NAMES) == loss(after, *NAMES)


def test_that_a_part_of_a_long_run_comes_step_by_step(project: Project) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job, step=10)
    values = [("loss", step, 1.0 + step % 7) for step in range(11, 50_001)]
    runs.update(project, number, values, step=50_000)
    selected = TrainingReading()(project).selected
    assert selected is not None
    shown = {(one.name, one.style): one for one in loss(selected, *NAMES).picture.series}
    raw, mean = shown["train", "raw"], shown["train", "line"]
    assert raw.within is not None
    assert mean.within is not None
    part = [(step, value) for step, value in raw.within(20_000, 20_099) if 20_000 <= step <= 20_099]
    assert part == [(step, 1.0 + step % 7) for step in range(20_000, 20_100)]
    assert len([step for step, _ in mean.within(20_000, 20_099) if 20_000 <= step <= 20_099]) == 100


def test_that_the_run_beside_is_read_again_after_its_resume(project: Project) -> None:
    first, earlier = made.run(project)
    made.at_work(project, first, earlier, step=20)
    _, later = made.run(project, seed=2)
    reading = TrainingReading()
    assert beside(reading(project)) == {first: 20}
    with project.write() as db:
        db.execute("UPDATE jobs SET state = 'queued' WHERE id = ?", (earlier,))
        db.execute("UPDATE jobs SET state = 'done' WHERE id = ?", (later,))
    claim(project, "accelerator", this_process())
    runs.forget_after(project, first, 10)
    runs.update(project, first, [("validation_loss", 11, 5.0), ("loss", 11, 5.0)], step=11)
    after = reading(project).selected
    assert after is not None
    assert after.beside[0].curve is not None
    assert after.beside[0].curve.points[-1] == (11, 5.0)


def beside(training: Training) -> dict[int, int | None]:
    """The last step of every run that is laid over, by its number."""
    assert training.selected is not None
    found = training.selected.beside
    return {one.run.id: None if one.curve is None else one.curve.points[-1][0] for one in found}


@pytest.fixture
def three(project: Project) -> tuple[int, ...]:
    """Two finished runs of 20 and 120 steps, and one at work."""
    numbers = []
    for seed, step in enumerate((20, 120, 40)):
        number, job = made.run(project, seed=seed)
        made.at_work(project, number, job, step=step)
        if seed < 2:
            made.ended(project, number, job, "done")
        numbers.append(number)
    return tuple(numbers)


def test_that_the_run_before_is_laid_over_until_one_is_marked(project: Project, three: tuple[int, ...]) -> None:
    first, second, third = three
    reading = TrainingReading()
    assert beside(reading(project)) == {second: 100}
    reading.marks = Marks().turned(second).turned(first)
    assert beside(reading(project)) == {second: 100, first: 20}
    reading.wanted = second
    assert beside(reading(project)) == {first: 20}
    reading.marks = reading.marks.turned(third)
    assert beside(reading(project)) == {first: 20, third: 40}
    reading.marks = reading.marks.cleared()
    assert beside(reading(project)) == {}


def test_that_marked_runs_are_drawn_in_their_colours_and_named(project: Project, three: tuple[int, ...]) -> None:
    first, second, _ = three
    reading = TrainingReading()
    reading.marks = Marks().turned(second).turned(first)
    selected = reading(project).selected
    assert selected is not None
    assert selected.against == runs.run(project, first)
    assert laid_over(selected, *NAMES) == [(f"run {second}", 5), (f"run {first}, train", 2)]
    drawn = [one for one in loss(selected, *NAMES).picture.series if one.style == "past"]
    assert [(one.colour, one.points[-1][0]) for one in drawn] == [(5, 100), (2, 20)]
    assert [value for _, value in drawn[0].points] == pytest.approx(
        [0.85 + 1.05 * exp(-step / 70) for step in (50, 100)]
    )


def test_that_a_longer_run_lengthens_the_axis_where_the_person_marked_it(
    project: Project, three: tuple[int, ...]
) -> None:
    reading = TrainingReading()
    runs.update(project, three[2], steps=None)
    queued = reading(project).selected
    assert queued is not None
    assert loss(queued, *NAMES).picture.steps == 100
    runs.update(project, three[2], steps=60)
    unasked = reading(project).selected
    reading.marks = Marks().turned(three[1])
    asked = reading(project).selected
    assert unasked is not None
    assert asked is not None
    assert loss(unasked, *NAMES).picture.steps == 60
    assert loss(asked, *NAMES).picture.steps == 100


def test_that_a_long_run_that_is_laid_over_has_few_enough_points_for_its_dashes(
    project: Project, three: tuple[int, ...]
) -> None:
    rows = [("loss", step, 1.0 + step % 3) for step in range(1, 5001)]
    runs.update(project, three[0], rows, step=5000)
    reading = TrainingReading()
    reading.marks = Marks().turned(three[0])
    selected = reading(project).selected
    assert selected is not None
    past = loss(selected, *NAMES).picture.series[0]
    assert past.style == "past"
    assert (past.points[0][0], past.points[-1][0], len(past.points) <= PATH_POINTS) == (1, 5000, True)
    assert past.within is not None
    assert len(past.within(1000, 2000)) <= PATH_POINTS
    assert loss(selected, *NAMES) == loss(selected, *NAMES)


def test_that_a_marked_run_is_read_on_and_not_again(project: Project, three: tuple[int, ...]) -> None:
    first, _, third = three
    reading = TrainingReading()
    reading.wanted, reading.marks = first, Marks().turned(third)
    reading(project)
    with project.write() as db:
        db.execute("UPDATE metrics SET value = 99 WHERE run = ? AND step <= 40", (third,))
    runs.update(project, third, made.metrics(41, 49), step=49)
    selected = reading(project).selected
    assert selected is not None
    curve = selected.beside[0].curve
    assert curve is not None
    assert (len(curve.points), max(value for _, value in curve.points) < 3) == (49, True)
