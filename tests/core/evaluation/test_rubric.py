"""Rating blind: sheets are shuffled and tell no arm, results wait for everybody, and then open the gate or shut it."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from tests.core.evaluation.evaluated import Asked, evaluated, tasks
from tests.core.release.finished import GATE, finished

from espalier.core.evaluation import evaluations
from espalier.core.evaluation.evaluations import ARMS
from espalier.core.evaluation.rating import Said, rate, take_back
from espalier.core.evaluation.rubric import SIDES, arm, begin, lay_out, sheet
from espalier.core.evaluation.rubric_result import progress, result
from espalier.core.evaluation.tasks import pin
from espalier.core.failures import UnusableInput
from espalier.core.findings.detection.specimens import specimen
from espalier.core.project import audit, identities
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity
from espalier.core.release.checklist import check
from espalier.core.release.gather import evaluation as released
from espalier.core.release.gather import not_done
from espalier.core.release.inputs import inputs


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    monkeypatch.setenv("ESPALIER_HOME", str(tmp_path / "home"))
    with Project.create(tmp_path / "p", policy="two-person") as made:
        yield made


def person(project: Project, name: str, human: str = "") -> Identity:
    return identities.add(project, name, person=human, roles=("ml",))


def rate_all(project: Project, number: int, who: Identity, base: int, adapter: int) -> None:
    for pair in begin(project, number, who).pairs:
        for side in SIDES:
            mark = base if arm(project, number, who.name, pair.task, side) == "base" else adapter
            rate(project, number, who, pair.task, side, readability=mark, api_use=mark)


def gate(project: Project, number: int) -> dict[str, object]:
    gates = evaluations.evaluation(project, number).summary["gates"]
    assert isinstance(gates, list)
    return next(one for one in gates if one["name"] == "rubric")


def test_that_a_sheet_samples_tasks_and_shuffles_them_for_each_rater(project: Project) -> None:
    number = evaluated(project)
    ana, ben = person(project, "ana"), person(project, "ben")
    first, second = begin(project, number, ana), begin(project, number, ben)
    assert len(first.pairs) == 20
    assert {pair.task for pair in first.pairs} == {pair.task for pair in second.pairs}
    assert [pair.task for pair in first.pairs] != [pair.task for pair in second.pairs]
    sides = [arm(project, number, "ana", pair.task, "a") for pair in first.pairs]
    assert set(sides) == {"base", "adapter"}
    assert sides != [arm(project, number, "ben", pair.task, "a") for pair in first.pairs]


def test_that_a_sheet_stays_as_it_was_dealt(project: Project) -> None:
    number = evaluated(project)
    ana = person(project, "ana")
    assert begin(project, number, ana) == begin(project, number, ana) == sheet(project, number, "ana")


def test_that_nothing_of_a_sheet_tells_the_arm(project: Project) -> None:
    number = evaluated(project)
    told = json.dumps(asdict(begin(project, number, person(project, "ana"))))
    assert "adapter" not in told
    assert '"base"' not in told


def test_that_a_rating_is_kept_scale_by_scale(project: Project) -> None:
    number = evaluated(project)
    ana = person(project, "ana")
    task = begin(project, number, ana).pairs[0].task
    rate(project, number, ana, task, "a", readability=4)
    rate(project, number, ana, task, "a", note="terse")
    shown = sheet(project, number, "ana").pairs[0].a
    assert (shown.readability, shown.api_use, shown.note, shown.rated) == (4, None, "terse", False)
    rate(project, number, ana, task, "a", api_use=2)
    assert sheet(project, number, "ana").pairs[0].a.rated
    rate(project, number, ana, task, "a", note="")
    assert sheet(project, number, "ana").pairs[0].a.note == ""


@pytest.mark.parametrize("value", [0, 6, -1])
def test_that_a_number_off_the_scale_is_refused(project: Project, value: int) -> None:
    number = evaluated(project)
    ana = person(project, "ana")
    task = begin(project, number, ana).pairs[0].task
    with pytest.raises(UnusableInput, match="not on the scale"):
        rate(project, number, ana, task, "a", readability=value)


def test_that_who_was_not_asked_rates_nothing(project: Project) -> None:
    number = evaluated(project)
    ana, ben = person(project, "ana"), person(project, "ben")
    task = begin(project, number, ana).pairs[0].task
    with pytest.raises(UnusableInput, match="has not begun"):
        rate(project, number, ben, task, "a", readability=3)
    with pytest.raises(UnusableInput, match="not among the tasks"):
        rate(project, number, ana, "0" * 40, "a", readability=3)
    with pytest.raises(UnusableInput, match="stand-in"):
        begin(project, number, identities.stand_in(project))


def test_that_nothing_is_told_before_both_have_rated_everything(project: Project) -> None:
    number = evaluated(project)
    ana, ben = person(project, "ana"), person(project, "ben")
    assert gate(project, number)["passed"] is False
    rate_all(project, number, ana, 2, 4)
    assert result(project, number) is None
    assert evaluations.evaluation(project, number).summary["rubric"] is None
    begin(project, number, ben)
    assert progress(project, number).rated == {"ana": 20, "ben": 0}
    rate_all(project, number, ben, 3, 4)
    found = result(project, number)
    assert found is not None
    assert (found.raters, found.tasks, found.base.mean, found.adapter.mean) == (2, 20, 2.5, 4.0)
    assert found.difference.mean == 1.5
    assert found.agreement["readability"] == pytest.approx(1 - 79 * 16_000 / 5_760_000)
    assert gate(project, number)["passed"] is True


def test_that_one_person_under_two_names_is_one(project: Project) -> None:
    number = evaluated(project)
    rate_all(project, number, person(project, "ana", "Ana"), 2, 4)
    rate_all(project, number, person(project, "ana-2", "ANA"), 2, 4)
    assert result(project, number) is None


def test_that_a_mean_below_the_policys_shuts_the_gate_with_the_number(project: Project) -> None:
    number = evaluated(project)
    for name in ("ana", "ben"):
        rate_all(project, number, person(project, name), 2, 3)
    assert gate(project, number) == {
        "name": "rubric",
        "passed": False,
        "why": "2 people rate the adapter 3.00 of 5 in the mean, at least 3.5 is asked",
    }


def test_that_the_result_reaches_the_release_and_the_audit(project: Project) -> None:
    number = evaluated(project)
    row = "SELECT * FROM evaluations WHERE id = ?"
    before = project.row(row, (number,))
    assert before is not None
    assert released(before).rubric is None
    for name in ("ana", "ben"):
        rate_all(project, number, person(project, name), 2, 4)
    after = project.row(row, (number,))
    assert after is not None
    rated = released(after).rubric
    assert rated is not None
    assert (rated.raters, rated.adapter.mean) == (2, 4.0)
    assert [entry.action for entry in audit.entries(project) if entry.action.startswith("rubric")] == [
        "rubric.begun",
        "rubric.begun",
        "rubric.result",
    ]


def test_that_few_tasks_are_all_asked_about(project: Project) -> None:
    number = evaluated(project, Asked(tasks=3))
    assert len(begin(project, number, person(project, "ana")).pairs) == 3


def test_that_two_raters_bring_a_run_under_two_people_past_the_evaluation_gate(tmp_path: Path) -> None:
    """From `not done` to a gate that is open, and a release that says so."""
    shut = {"name": "rubric", "passed": False, "why": "not done"}
    made = finished(tmp_path, "two-person", gates=(GATE, shut))
    with made.project as project:
        asked = tasks(4)
        with project.write() as db:
            pin(db, 1, asked)
            rows = [(1, task.id, arm, "return 1", 3, "stop") for task in asked for arm in ARMS]
            db.executemany("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?)", rows)
        lay_out(project, 1, asked)
        before = {one.name: one for one in check(project, made.run).checks}
        assert not before["evaluation"].passed
        assert any(one.startswith("Rubric") for one in not_done(project, inputs(project, made.run)))
        for name in ("rita", "ben"):
            rate_all(project, 1, person(project, name), 2, 4)
        after = {one.name: one for one in check(project, made.run).checks}
        assert after["evaluation"].passed
        assert not any(one.startswith("Rubric") for one in not_done(project, inputs(project, made.run)))


def test_that_a_rating_taken_back_takes_its_result_back_too(project: Project) -> None:
    number = evaluated(project)
    ana, ben = person(project, "ana"), person(project, "ben")
    before = evaluations.evaluation(project, number).summary
    rate_all(project, number, ana, base=2, adapter=5)
    rate_all(project, number, ben, base=2, adapter=5)
    assert gate(project, number)["passed"]
    task = sheet(project, number, "ben").pairs[3].task
    said = rate(project, number, ben, task, "a", readability=1, note="worse")
    take_back(project, number, ben, task, "a", said)
    pair = sheet(project, number, "ben").pairs[3]
    assert (pair.a.readability, pair.a.api_use, pair.a.note) == (said.readability, said.api_use, "")
    assert gate(project, number)["passed"]
    take_back(project, number, ben, task, "a", Said())
    assert not gate(project, number)["passed"]
    assert evaluations.evaluation(project, number).summary == before


def test_that_a_note_with_a_secret_in_it_is_not_stored(project: Project) -> None:
    number, ana = evaluated(project), person(project, "ana")
    task = begin(project, number, ana).pairs[0].task
    token = specimen("ghp_{alnum:36}", "note")
    with pytest.raises(UnusableInput) as refused:
        rate(project, number, ana, task, "a", note=f"it prints {token}")
    assert token not in str(refused.value)
    assert sheet(project, number, "ana").pairs[0].a.note == ""
    rate(project, number, ana, task, "a", note="asks for the password twice; tell Ben (ben@example.com)")
