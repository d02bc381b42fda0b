"""Overflow by module as it is read: shares by stretch of steps, the module that leads, and what the command line says."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.training.made import project_with_run, recipe, snapshot

from espalier.core.project.file import Project
from espalier.core.training import overflow, runs
from espalier.core.training.curves import Pyramid, Trace, follow
from espalier.core.training.overflow import COLUMNS, MODULES, SHARE, Heat, Lost, heat


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[Project, int]]:
    project, number = project_with_run(tmp_path, recipe(), snapshot())
    with project:
        yield project, number


def write(project: Project, number: int, lost: dict[int, dict[str, Lost]], step: int) -> None:
    metrics = [(name, at, value) for at, some in lost.items() for name, value in overflow.rows(some).items()]
    runs.update(project, number, metrics, step=step)


def curves(project: Project, number: int) -> dict[str, Trace]:
    pyramids = {f"{SHARE}{module}": Pyramid() for module in MODULES}
    return {name: one.trace() for name, one in pyramids.items() if follow(project, number, name, one)}


def shown(project: Project, number: int) -> Heat:
    found = heat(runs.run(project, number), curves(project, number))
    assert found is not None
    return found


def test_that_a_column_holds_the_largest_share_of_its_steps(made: tuple[Project, int]) -> None:
    project, number = made
    lost = {
        1: {"q_proj": Lost(count=1, of=8)},
        2: {"q_proj": Lost(count=4, of=8)},
        5: {"down_proj": Lost(count=1, of=4)},
    }
    write(project, number, lost, step=7)
    found = shown(project, number)
    assert (found.width, found.columns, found.most) == (2, 4, 0.5)
    rows = dict(zip(found.modules, found.shares, strict=True))
    assert rows.pop("q_proj") == (0.5, 0.0, 0.0, 0.0)
    assert rows.pop("down_proj") == (0.0, 0.0, 0.25, 0.0)
    assert set(rows.values()) == {(0.0, 0.0, 0.0, 0.0)}


def test_that_columns_stay_few_and_keep_their_place_while_the_run_goes_on(made: tuple[Project, int]) -> None:
    project, number = made
    write(project, number, {129: {"v_proj": Lost(count=1, of=2)}}, step=130)
    places = []
    for step in (200, 254, 255, 256):
        runs.update(project, number, step=step)
        found = shown(project, number)
        assert found.columns <= COLUMNS
        places.append((found.width, found.shares[MODULES.index("v_proj")].index(0.5)))
    assert places == [(4, 32), (4, 32), (4, 32), (4, 32)]
    runs.update(project, number, step=100_000)
    assert shown(project, number).columns in range(COLUMNS // 2, COLUMNS + 1)


def test_that_the_module_that_lost_most_of_late_leads(made: tuple[Project, int]) -> None:
    project, number = made
    lost = {step: {"down_proj": Lost(count=step, of=1000)} for step in range(2, 21, 2)}
    lost[4]["q_proj"] = Lost(count=900, of=1000)
    write(project, number, lost, step=20)
    found = shown(project, number)
    assert found.leading == "down_proj"
    assert found.rises("down_proj")
    assert not found.rises("q_proj")
    runs.update(project, number, step=80)
    assert shown(project, number).leading is None


def test_that_a_run_without_overflow_has_no_heat_and_says_so(made: tuple[Project, int]) -> None:
    project, number = made
    runs.update(project, number, [("overflow", 1, 0.0), ("overflow_activations", 2, 0.0)], step=6)
    assert heat(runs.run(project, number), curves(project, number)) is None
    told = overflow.told(project, number)
    assert told == {"gradients": 0, "outputs": 0, "modules": {}}
    assert overflow.sentence(told, 6) == "none in 6 steps"


def test_that_an_earlier_run_says_what_it_knows(made: tuple[Project, int]) -> None:
    project, number = made
    runs.update(project, number, [("overflow", 1, 3.0), ("overflow_activations", 2, 4.0)], step=6)
    said = overflow.sentence(overflow.told(project, number), 6)
    assert said == "3 gradients and 4 outputs; not recorded by module"


def test_that_what_was_lost_is_told_by_module(made: tuple[Project, int]) -> None:
    project, number = made
    lost = {2: {"k_proj": Lost(count=5, of=1000)}, 4: {"k_proj": Lost(count=1, of=1000), "o_proj": Lost(count=1, of=1)}}
    write(project, number, lost, step=6)
    runs.update(project, number, [("overflow_activations", 2, 5.0), ("overflow_activations", 4, 2.0)])
    told = overflow.told(project, number)
    assert told["outputs"] == 7
    assert told["modules"] == {
        "k_proj": {"steps": 2, "count": 6, "share": 0.005, "last_step": 4},
        "o_proj": {"steps": 1, "count": 1, "share": 1.0, "last_step": 4},
    }
    assert overflow.sentence(told, 6).startswith("k_proj in 2 steps, last at 4, up to 0.5 % of its values; o_proj")


def test_that_a_resumed_run_forgets_what_it_will_lose_again(made: tuple[Project, int]) -> None:
    project, number = made
    write(project, number, {2: {"k_proj": Lost(count=5, of=10)}, 4: {"k_proj": Lost(count=1, of=10)}}, step=6)
    runs.forget_after(project, number, 3)
    assert overflow.told(project, number)["modules"]["k_proj"]["steps"] == 1
