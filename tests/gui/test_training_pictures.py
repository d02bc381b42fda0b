"""What a plot says beside its title: an estimate that can no longer be made is not shown as the current one."""

import pytest
from tests.gui import made

from espalier.core.project.file import Project
from espalier.core.training import runs
from espalier.gui.training.pictures import LATE, noise
from espalier.gui.training.reading import TrainingReading


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
