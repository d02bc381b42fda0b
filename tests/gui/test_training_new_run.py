"""A new run by keyboard on a real frozen snapshot: what is offered, looked at before, queued, copied and made again."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.core.examples.telling import built, commit, context_of, function, scanned, told
from tests.core.models.tiny import build_tiny_model
from tests.gui.page_alone import Alone

from espalier.core.dataset import stage
from espalier.core.dataset.wishes import Wishes
from espalier.core.findings.approval import required_approval
from espalier.core.models import register
from espalier.core.project.file import Project
from espalier.core.repositories import repository as repositories
from espalier.core.training import recipe as recipes
from espalier.core.training import runs
from espalier.core.training.runs import Run
from espalier.gui.states import FAILS, HOLDS, LIMITED
from espalier.gui.training.new_run import NewRun
from espalier.gui.training.page import TrainingPage
from espalier.gui.training.planning import ROOM, Plan, offered, plan

PATIENCE = 30_000
WORDS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "mu", "nu")
WANTED = Wishes(test_from="2025-10-01T00:00:00.000Z", validation_from="2025-08-01T00:00:00.000Z")


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    with Project.create(tmp_path / "p", policy="demo") as project:
        register.register(project, build_tiny_model(tmp_path / "tiny"), "tiny", actor="test")
        return project.path


@pytest.fixture
def path(empty: Path, tmp_path: Path) -> Path:
    """Twelve functions, a month between any two, frozen under a real approval."""
    repository = told(tmp_path / "shop")
    for number, word in enumerate(WORDS):
        commit(repository, 30 * number, f"Give the {word}", {f"{word}.py": function(word, word)})
    with Project.open(empty) as project:
        repositories.add(project, repository)
        corpus = scanned(project)
        built(project, corpus)
        args = {"corpus": corpus, "approval": required_approval(project, corpus).id, "model": "tiny", **WANTED.args()}
        stage.run(context_of(project, "dataset.freeze", args))
    return empty


@pytest.fixture
def page(path: Path, qtbot: QtBot) -> Iterator[TrainingPage]:
    yield from _shown(path, qtbot)


def _shown(path: Path, qtbot: QtBot) -> Iterator[TrainingPage]:
    alone = Alone(path, TrainingPage)
    qtbot.addWidget(alone.page)
    alone.page.resize(1200, 800)
    alone.page.show()
    alone.read()
    yield alone.page
    alone.close()


def newest(path: Path) -> Run:
    with Project.open(path, read_only=True) as project:
        return runs.runs(project)[0]


def asked(page: TrainingPage, qtbot: QtBot) -> NewRun:
    """The dialog, when it has told what the run would take."""
    page.actions_by_id["new run"].trigger()
    assert page.dialog is not None
    planned(page.dialog, qtbot)
    return page.dialog


def planned(dialog: NewRun, qtbot: QtBot) -> Plan:
    qtbot.waitUntil(lambda: dialog.planned is not None, timeout=PATIENCE)
    assert dialog.planned is not None
    return dialog.planned


def queue(page: TrainingPage, path: Path) -> Run:
    """A run that waits, as `train start` leaves it: no worker is started."""
    with Project.open(path) as project:
        snapshot = offered(project).snapshots[0][0]
        made = runs.start(project, snapshot=snapshot, model="tiny", recipe=recipes.load("careful"), seed=5)
    page._session.written.emit()
    return made


def test_that_without_a_snapshot_the_page_leads_to_the_dataset(empty: Path, qtbot: QtBot) -> None:
    for page in _shown(empty, qtbot):
        assert "There is no snapshot yet." in page.empty.words
        with qtbot.waitSignal(page._session.went) as went:
            page.empty.action.click()
        assert went.args == ["dataset", ""]


def test_that_with_a_snapshot_the_page_leads_to_a_run(page: TrainingPage) -> None:
    assert "There is no run yet." in page.empty.words
    page.empty.action.click()
    assert page.dialog is not None
    page.dialog.reject()


def test_that_what_there_is_is_offered_and_what_it_takes_is_told(page: TrainingPage, path: Path, qtbot: QtBot) -> None:
    dialog = asked(page, qtbot)
    with Project.open(path, read_only=True) as project:
        (snapshot, _), *_ = offered(project).snapshots
        found = plan(project, snapshot, "tiny", recipes.load("careful"))
    assert (dialog.model.key, dialog.snapshot.key, dialog.recipe.key) == ("tiny", snapshot, "careful")
    assert found.found is not None
    assert dialog.planned is not None
    assert dialog.planned.found is not None
    assert (dialog.planned.found.steps, dialog.planned.found.parts) == (found.found.steps, found.found.parts)
    assert [item.state for item in dialog.checks.items] == [HOLDS] * 5
    assert dialog.ok.isEnabled()
    assert dialog.ok.text() == "Start"
    dialog.reject()


def test_that_a_setting_changes_what_is_told(page: TrainingPage, qtbot: QtBot) -> None:
    dialog = asked(page, qtbot)
    before = planned(dialog, qtbot).found
    row = next(row for row in dialog.rows if row.setting.field == "rank")
    row.field.setFocus()
    QTest.keyClick(row.field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(row.field, "64")
    QTest.keyClick(row.field, Qt.Key.Key_Tab)
    assert dialog.chosen_recipe().rank == 64
    dialog.planned = None
    after = planned(dialog, qtbot).found
    assert before is not None
    assert after is not None
    assert after.parts["adapter"] == 4 * before.parts["adapter"]
    dialog.reject()


CASES: dict[str, tuple[Callable[[Plan], Plan], int, object, bool]] = {
    "no room": (lambda found: replace(found, disk_free=ROOM - 1), 3, FAILS, False),
    "just room": (lambda found: replace(found, disk_free=ROOM), 3, HOLDS, True),
    "others first": (lambda found: replace(found, ahead=2), 4, LIMITED, True),
    "decided anew": (lambda found: replace(found, approved=False), 1, LIMITED, True),
    "model not ready": (lambda found: replace(found, model_ready=False), 0, LIMITED, True),
    "no estimate": (lambda found: replace(found, found=None, why="The model is not here."), 2, LIMITED, True),
}


@pytest.mark.parametrize("case", CASES)
def test_that_what_stands_in_the_way_is_said(page: TrainingPage, qtbot: QtBot, case: str) -> None:
    change, item, state, may_start = CASES[case]
    dialog = asked(page, qtbot)
    found = change(replace(planned(dialog, qtbot), disk_free=2 * ROOM))
    dialog._show_plan(found)
    assert [one.state for one in dialog.checks.items] == [state if n == item else HOLDS for n in range(5)]
    assert dialog.ok.isEnabled() == may_start
    assert dialog.ok.text() == ("Queue" if found.ahead else "Start")
    dialog.reject()


def test_that_a_memory_that_does_not_fit_is_said(page: TrainingPage, qtbot: QtBot) -> None:
    dialog = asked(page, qtbot)
    found = planned(dialog, qtbot)
    assert found.found is not None
    dialog._show_plan(replace(found, found=replace(found.found, fits="no")))
    assert dialog.checks.items[2].state == FAILS
    dialog.reject()


def test_that_a_run_begins_from_the_inputs_of_another(page: TrainingPage, path: Path, qtbot: QtBot) -> None:
    run = queue(page, path)
    page.actions_by_id["copy run"].trigger()
    assert page.dialog is not None
    planned(page.dialog, qtbot)
    dialog = page.dialog
    assert (dialog.model.key, dialog.snapshot.key, round(dialog.seed.value)) == (run.model, run.snapshot, run.seed)
    assert dialog.chosen_recipe() == run.recipe
    assert dialog.ok.text() == "Queue"  # the other one waits
    dialog.reject()
