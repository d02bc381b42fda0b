"""The dataset page: cuts moved by mouse and keys, weights, a freeze by the button, and what it says while the gate is shut."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot
from tests.core.examples.telling import built, commit, function, scanned, told
from tests.core.models.tiny import build_tiny_model
from tests.gui.page_alone import Alone

from espalier.core.dataset.snapshot import read
from espalier.core.examples.example import examples
from espalier.core.examples.reviews import review
from espalier.core.jobs.follow import follow
from espalier.core.jobs.job import jobs
from espalier.core.models import register
from espalier.core.project.file import Project
from espalier.core.project.identities import add
from espalier.core.repositories import repository as repositories
from espalier.gui.dataset.compare_dialog import CompareDialog
from espalier.gui.dataset.page import DatasetPage
from espalier.gui.dataset.tables import DRAFT

PATIENCE = 30_000
WORDS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "mu", "nu")
Opened = Callable[..., DatasetPage]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture
def path(tmp_path: Path, tiny: Path) -> Path:
    """Twelve functions of two services, a month between any two, built under a real approval."""
    repository = told(tmp_path / "shop")
    for number, word in enumerate(WORDS):
        folder = "pay" if number % 3 else "web"
        commit(repository, 30 * number, f"Give the {word}", {f"{folder}/{word}.py": function(word, word)})
    with Project.create(tmp_path / "p", policy="demo") as project:
        register.register(project, tiny, "tiny", actor="test")
        repositories.add(project, repository, services={"pay": "pay", "web": "web"})
        built(project, scanned(project))
        add(project, "ana")
        return project.path


@pytest.fixture
def opened(path: Path, qtbot: QtBot) -> Iterator[Opened]:
    """The page as it looks when its first draft is there."""
    alone: list[Alone[DatasetPage]] = []

    def opener(*, looks_only: bool = False) -> DatasetPage:
        one = Alone(path, DatasetPage, looks_only=looks_only)
        alone.append(one)
        qtbot.addWidget(one.page)
        one.page.resize(1200, 800)
        one.page.show()
        one.read()
        qtbot.waitUntil(lambda: one.page.drafting.answer is not None, timeout=PATIENCE)
        return one.page

    yield opener
    for one in alone:
        one.close()


def at_rest(qtbot: QtBot, page: DatasetPage) -> None:
    """A whole draft of the newest wishes is there."""

    def whole() -> bool:
        answer = page.drafting.answer
        return answer is not None and answer.draft.leaks is not None and answer.draft.wishes == page.drafting.wishes

    qtbot.waitUntil(whole, timeout=PATIENCE)


def held_out(page: DatasetPage) -> int:
    assert page.drafting.answer is not None
    return page.drafting.answer.draft.parts["test"].examples


def drag(page: DatasetPage, weeks: int) -> None:
    """The test cut, to the left."""
    timeline = page.timeline
    page.grab()  # lay out
    at = QPoint(round(timeline.x_of("test")), 60)
    per_week = (timeline.width() - 48) / 55
    QTest.mousePress(timeline, Qt.MouseButton.LeftButton, pos=at)
    for step in range(1, weeks + 1):
        QTest.mouseMove(timeline, at - QPoint(round(step * per_week), 0))
    QTest.mouseRelease(timeline, Qt.MouseButton.LeftButton, pos=at - QPoint(round(weeks * per_week), 0))


def froze(path: Path) -> str:
    """Do what the newest job asks for, in a worker of its own, and return the snapshot's hash."""
    with Project.open(path) as project:
        number = jobs(project)[0].id
        assert list(follow(project, number))[-1].state == "done"
        return str(project.value("SELECT hash FROM snapshots ORDER BY frozen_at DESC LIMIT 1"))


def test_that_the_weeks_the_parts_and_the_draft_are_shown(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    at_rest(qtbot, page)
    assert "Nothing is frozen yet" in page.header.sentence
    assert page._weeks.about.startswith("12 commits, 30 Dec 2024 to")
    assert "Train: " in page.timeline.accessibleDescription()
    assert [page.leaks_model.index(row, 2).data() for row in range(3)] == ["clean"] * 3
    assert page.snapshots_model.index(0, 0).data() == "draft"
    assert page.snapshots_model.index(0, 4).data() == "not frozen"
    assert set(page.balance.sliders) == {"pay", "web"}


def test_that_dragging_a_cut_moves_examples_to_the_other_side(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    before = held_out(page)
    drag(page, 12)
    qtbot.waitUntil(lambda: held_out(page) > before, timeout=PATIENCE)
    at_rest(qtbot, page)
    wanted = page.drafting.wishes.test_from
    assert wanted is not None
    assert page.timeline.cuts["test"].isoformat() == wanted[:10]
    assert page.timeline.cuts["test"].weekday() == 0
    assert page.anew.isVisible()
    page.actions_by_id["begin draft anew"].trigger()
    qtbot.waitUntil(lambda: held_out(page) == before, timeout=PATIENCE)


def test_that_keys_move_the_cut_by_a_week(opened: Opened) -> None:
    page = opened()
    start = page.timeline.cuts["test"]
    page.timeline.setFocus()
    QTest.keyClicks(page.timeline, "[[]")
    assert 0 < (start - page.timeline.cuts["test"]).days <= 10
    QTest.keyClick(page.timeline, Qt.Key.Key_Backslash)
    assert page.timeline.active == "validation"
    validation = page.timeline.cuts["validation"]
    QTest.keyClick(page.timeline, Qt.Key.Key_Left)
    assert page.timeline.cuts["validation"] < validation
    assert page.drafting.wishes.validation_from is not None


def test_that_cuts_never_cross(opened: Opened) -> None:
    page = opened()
    page.timeline.other()
    for _ in range(80):
        page.timeline.step(1)
    assert page.timeline.cuts["validation"] < page.timeline.cuts["test"]
    page.timeline.other()
    for _ in range(80):
        page.timeline.step(-1)
    assert page.timeline.cuts["validation"] < page.timeline.cuts["test"]


def test_that_a_weight_is_drawn_at_once(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    slider = page.balance.sliders["pay"]
    slider.setValue(-20)
    assert page.drafting.wishes.weights.services == {"pay": 0.5}
    at_rest(qtbot, page)
    assert page.drafting.answer is not None
    share = next(one for one in page.drafting.answer.draft.services if one.name == "pay")
    assert share.drawn < share.examples
    QTest.keyClick(slider, Qt.Key.Key_Home)
    assert page.drafting.wishes.weights.services == {}


@pytest.mark.slow
def test_that_the_button_freezes_what_the_draft_shows_and_no_more(opened: Opened, path: Path, qtbot: QtBot) -> None:
    with Project.open(path) as project:
        rejected = examples(project)[0].id
        review(project, [rejected], "reject", who=add(project, "jonas"))
    page = opened()
    drag(page, 8)
    page.balance.sliders["pay"].setValue(-20)
    at_rest(qtbot, page)
    assert page.drafting.answer is not None
    shown = {(one.id, split, repeats) for one, split, repeats in page.drafting.answer.draft.placed}
    with qtbot.waitSignal(page._session.written, timeout=PATIENCE):
        page.freeze.click()
    snapshot = froze(path)
    page._session.written.emit()
    qtbot.waitUntil(lambda: page.chosen is not None, timeout=PATIENCE)
    assert page.chosen is not None
    assert (page.chosen.hash, page.snapshots.current_id) == (snapshot, 1)
    with Project.open(path, read_only=True) as project:
        frozen = {(line["id"], line["split"], line["repeats"]) for line in read(project, snapshot)}
    assert frozen == shown
    assert rejected not in {name for name, _, _ in frozen}
    at_rest(qtbot, page)
    qtbot.waitUntil(lambda: page.snapshots_model.index(0, 4).data() == "same as 1", timeout=PATIENCE)
    _compares_and_exports(page, path, qtbot)


def _compares_and_exports(page: DatasetPage, path: Path, qtbot: QtBot) -> None:
    page.balance.sliders["pay"].setValue(0)
    at_rest(qtbot, page)
    page.actions_by_id["compare snapshots"].trigger()
    dialog = page.findChild(CompareDialog)
    assert isinstance(dialog, CompareDialog)
    qtbot.waitUntil(lambda: dialog.settings_model.rowCount() > 0, timeout=PATIENCE)
    names = [dialog.settings_model.index(row, 0).data() for row in range(dialog.settings_model.rowCount())]
    assert names == ["weights"]
    assert dialog.only_model.rowCount() > 0
    dialog.reject()
    target = path.parent / "out.jsonl"
    with qtbot.waitSignal(page._session.did, timeout=PATIENCE):
        page._export_file(str(target))
    with Project.open(path, read_only=True) as project:
        assert project.value("SELECT count(*) FROM audit WHERE action = 'dataset.exported'") == 1
    assert target.read_bytes().count(b"\n") > 5


def test_that_a_shut_gate_says_what_shuts_it_and_leads_there(opened: Opened, path: Path, qtbot: QtBot) -> None:
    with Project.open(path) as project, project.write() as db:
        db.execute("UPDATE approvals SET decisions_hash = 'another'")
    page = opened()
    assert "No approval covers this corpus" in page.banner.words
    assert page.freeze.shut
    assert page.freeze.isEnabled()
    with qtbot.waitSignal(page._session.went, timeout=PATIENCE) as went:
        page.banner.button.click()
    assert went.args == ["findings", ""]
    with qtbot.waitSignal(page._session.went, timeout=PATIENCE):
        page.freeze.click()
    with Project.open(path, read_only=True) as project:
        assert not any(one.kind == "dataset.freeze" for one in jobs(project))


def test_that_a_window_that_only_looks_moves_nothing(opened: Opened) -> None:
    page = opened(looks_only=True)
    before = page.timeline.cuts
    drag(page, 8)
    page.timeline.step(-3)
    assert page.timeline.cuts == before
    assert not page.freeze.isEnabled()
    assert not any(slider.isEnabled() for slider in page.balance.sliders.values())
    assert "only looks" in page.header.sentence


def test_that_the_tables_are_models_as_qt_wants_them(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    mode = QAbstractItemModelTester.FailureReportingMode.Warning
    testers = [QAbstractItemModelTester(model, mode) for model in (page.leaks_model, page.snapshots_model)]
    at_rest(qtbot, page)
    page.show_detail(str(DRAFT))
    assert len(testers) == 2


def test_that_a_project_without_examples_teaches(project: Project, qtbot: QtBot) -> None:
    alone = Alone(project.path, DatasetPage)
    qtbot.addWidget(alone.page)
    alone.page.show()
    alone.read()
    assert "nothing to divide" in alone.page.empty.words
    assert not alone.page.freeze.isVisible()
    assert not alone.page.compare.isVisible()
    with qtbot.waitSignal(alone.session.went) as went:
        alone.page.empty.action.click()
    assert went.args[0] == "repositories"
    alone.close()
