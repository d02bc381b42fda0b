"""What the plots of a run show and say beside their titles: an old estimate is no current one, and no overflow is said to be none."""

import pytest
from pytestqt.qtbot import QtBot
from tests.gui import made
from tests.gui.conftest import PATIENCE, Opener, training

from espalier.core.project.file import Project
from espalier.core.training import overflow, runs
from espalier.core.training.overflow import Lost
from espalier.gui.states import Shown
from espalier.gui.training.overflow import heat, mark, round_up, sentence, totals
from espalier.gui.training.pictures import LATE, noise
from espalier.gui.training.reading import Detail, TrainingReading


@pytest.mark.parametrize(("after", "told"), [(LATE, ""), (LATE + 1, "not since step 20")])
def test_that_an_old_noise_scale_is_told_as_old(project: Project, after: int, told: str) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job, step=20)
    rows = [("solution_tokens", step, 1500.0) for step in range(21, 21 + after)]
    runs.update(project, number, rows, step=20 + after)
    detail = TrainingReading()(project).selected
    assert detail is not None
    shown = noise(detail, "value", "batch is", "not since step {step}")
    assert bool(shown.value) == (not told)
    assert shown.about.startswith(told or "batch is")


def lost(step: int, **shares: float) -> list[tuple[str, int, float]]:
    """What a trainer writes of a step in which modules overflowed."""
    by_module = {f"{module}_proj": Lost(count=round(1000 * share), of=1000) for module, share in shares.items()}
    outputs = sum(one.count for one in by_module.values())
    rows = [(name, step, value) for name, value in overflow.rows(by_module).items()]
    return [*rows, ("overflow_activations", step, float(outputs))]


def read(project: Project) -> Detail:
    found = TrainingReading()(project).selected
    assert found is not None
    return found


def test_that_overflow_is_shown_by_module_where_there_was_any(project: Project) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job, step=25)
    runs.update(project, number, [*lost(10, q=0.001), *lost(20, down=0.004, q=0.001)])
    detail = read(project)
    assert detail.heat is not None
    shown = heat(detail.heat)
    assert shown.names == ("q", "k", "v", "o", "gate", "up", "down")
    assert (shown.steps, shown.top, shown.ends(1)) == (30, 0.005, (10, 20))
    assert shown.values[0] == (0.001, 0.001, 0.0)
    assert shown.values[6] == (0.0, 0.004, 0.0)
    assert mark(detail) == Shown("limited", "warn", "some overflow")
    runs.update(project, number, lost(22, down=0.009))
    assert mark(read(project)) == Shown("limited", "warn", "overflow in down rises")
    assert totals(read(project)) == "0 gradients, 15 outputs"


def test_that_a_run_without_overflow_says_for_how_many_steps(project: Project) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job, step=1234)
    detail = read(project)
    assert detail.heat is None
    assert sentence(detail) == "No overflow in 1,234 steps."
    assert mark(detail) == Shown("done", "ok", "no overflow")


def test_that_a_run_from_before_modules_were_recorded_says_what_it_knows(project: Project) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job, step=20)
    runs.update(project, number, [("overflow", 7, 12.0)])
    assert sentence(read(project)) == "12 gradients, 0 outputs. By module it was not recorded."


@pytest.mark.parametrize(("value", "top"), [(0.0, 0.01), (1e-6, 1e-6), (0.0021, 0.005), (0.6, 1.0), (0.01, 0.01)])
def test_that_the_scale_of_heat_ends_at_a_round_share(value: float, top: float) -> None:
    assert round_up(value) == pytest.approx(top)


def test_that_the_page_turns_from_the_sentence_to_the_map(
    project: Project, open_training: Opener, qtbot: QtBot
) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job, step=40)
    page = training(open_training(project.path))
    assert page.plots.heat.sentence.isVisible()
    assert page.plots.heat.sentence.text() == "No overflow in 40 steps."
    assert page.run_part.monitors.text() == "no overflow"
    assert not page.plots.heat.scale.isVisible()
    runs.update(project, number, lost(40, v=0.02))
    qtbot.waitUntil(page.plots.heat.map.isVisible, timeout=PATIENCE)
    assert not page.plots.heat.sentence.isVisible()
    assert page.plots.heat.scale.accessibleName() == "0 to 2 %"
    assert page.plots.heat.saving.text().splitlines()[3] == "q,20,30,0.0"
    assert "v,30,40,0.02" in page.plots.heat.saving.text()
    assert page.run_part.monitors.text() == "overflow in v rises"
