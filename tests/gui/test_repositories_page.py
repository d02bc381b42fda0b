"""The repositories page on real small repositories: adding, what is new, dropping, finding again, licences, by keyboard."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.core.repositories.workshop import DAY, START, make

from espalier.core.jobs.job import jobs
from espalier.core.project.file import Project
from espalier.core.project.identities import add as add_identity
from espalier.core.repositories import corpus, repository
from espalier.core.repositories.corpus import latest
from espalier.core.repositories.licence_decisions import sources
from espalier.core.repositories.stage import Wish
from espalier.core.worker.__main__ import work_off
from espalier.gui.repositories.adding_dialog import AddRepositories
from espalier.gui.repositories.page import RepositoriesPage
from espalier.gui.repositories.reading import read_repositories
from espalier.gui.repositories.table import repositories_model, sources_model
from espalier.gui.session import Session
from espalier.gui.settings import Settings

GPL = "# SPDX-License-Identifier: GPL-3.0-only\n"


@dataclass(frozen=True)
class Shown:
    """A page on a project that a test also holds; `again` reads the file as the window's reader would."""

    page: RepositoriesPage
    session: Session
    project: Project

    def again(self) -> None:
        self.page.take("repositories", read_repositories(self.project))

    def work(self) -> None:
        """Do the jobs that wait, here, as a worker would."""
        work_off(self.project, "cpu", lambda: False)
        self.again()


Show = Callable[..., Shown]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "company") as made:
        add_identity(made, "Ana", roles=("security",))
        yield made


@pytest.fixture
def show(qtbot: QtBot, project: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[Show]:
    sessions: list[Session] = []

    def shower(*, looks_only: bool = False) -> Shown:
        session = Session(project.path, Settings(), looks_only=looks_only)
        monkeypatch.setattr(session.commands, "want", lambda job: None)  # jobs are done by hand
        session.act_as("Ana")
        sessions.append(session)
        page = RepositoriesPage(session)
        qtbot.addWidget(page)
        page.resize(1200, 800)
        page.show()
        shown = Shown(page, session, project)
        shown.again()
        return shown

    yield shower
    for session in sessions:
        session.close()


def _repository(folder: Path, name: str) -> Path:
    made = make(folder / name)
    made.commit({"src/a.py": f"name = {name!r}\n", "lib/gpl.py": GPL, "vendor/x.py": "y\n"})
    made.commit({"src/a.py": "x = 2\n"}, when=START + 40 * DAY, author=b"Bo <bo@example.org>")
    return made.path


def _added(shown: Shown, qtbot: QtBot, *paths: Path) -> None:
    shown.page.add(tuple(Wish(path=str(path)) for path in paths))
    qtbot.waitUntil(lambda: any(one.state == "queued" for one in jobs(shown.project)))
    shown.work()


def test_that_tables_keep_qts_rules(project: Project, tmp_path: Path) -> None:
    repository.add(project, _repository(tmp_path, "shop"))
    corpus.refresh(project)
    read = read_repositories(project)
    rows, held = repositories_model(), sources_model()
    for model in (rows, held):
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    rows.show_rows(read.rows)
    rows.sort_by("Repository", descending=True)
    held.show_rows(tuple(enumerate(read.sources)))
    held.sort_by("Decision", descending=True)
    assert (rows.rowCount(), held.rowCount()) == (1, 2)


def test_that_an_empty_project_teaches_and_offers(show: Show, qtbot: QtBot) -> None:
    page = show().page
    assert page.empty.isVisible()
    assert "everything starts at a git repository" in page.header.sentence
    QTest.mouseClick(page.empty.action, Qt.MouseButton.LeftButton)
    assert page.dialog is not None
    assert not page.dialog.ok.isEnabled()
    page.dialog.reject()


def test_that_what_is_dropped_is_found_checked_and_added_as_a_job(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    for name in ("shop", "web"):
        _repository(tmp_path / "code", name)
    shown = show()
    shown.page.ask_to_add([tmp_path / "code"])
    dialog = shown.page.dialog
    assert isinstance(dialog, AddRepositories)
    picking = dialog.picking
    qtbot.waitUntil(lambda: len(picking.rows) == 2 and not picking.looking)
    assert picking.sentence == "2 of 2 chosen"
    picking.rows[1].check.setChecked(False)
    picking.rows[0].edit.click()
    picking.rows[0].name.setText("store")
    picking.rows[0].include.setText("src/, *.md")
    picking.rows[0].services.setText("src=front")
    QTest.keyClick(dialog.ok, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(jobs(shown.project)) == 1)
    assert jobs(shown.project)[0].kind == "repositories.add"
    shown.again()
    assert not shown.page.actions_by_id["add repositories"].isEnabled()
    shown.work()
    (added,) = repository.repositories(shown.project)
    assert (added.name, added.include, added.services) == ("store", ("src/", "*.md"), {"src": "front"})
    assert "1 repository, 2 commits" in shown.page.header.sentence
    assert shown.project.value("SELECT actor FROM audit WHERE action = 'repository.added'") == "Ana"


@pytest.mark.parametrize(
    ("field", "text", "wrong"),
    [
        ("name", "a/b", "letters"),
        ("include", "!x", "not a path pattern"),
        ("services", "billing", "no folder a service"),
    ],
)
def test_that_what_is_typed_wrong_can_t_be_added(
    show: Show, qtbot: QtBot, tmp_path: Path, field: str, text: str, wrong: str
) -> None:
    shown = show()
    shown.page.ask_to_add([_repository(tmp_path, "shop")])
    dialog = shown.page.dialog
    assert isinstance(dialog, AddRepositories)
    picking = dialog.picking
    qtbot.waitUntil(lambda: len(picking.rows) == 1 and not picking.looking)
    getattr(picking.rows[0], field).setText(text)
    assert wrong in picking.trouble
    assert not dialog.ok.isEnabled()
    dialog.reject()


def test_that_one_that_could_not_be_added_is_told_on_the_page(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    make(tmp_path / "bare")
    shown = show()
    _added(shown, qtbot, tmp_path / "bare", _repository(tmp_path, "shop"))
    assert "1 could not be added" in shown.page.banner.words
    assert "no commits" in shown.page.banner.words


def test_that_a_refresh_says_what_is_new(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    path = _repository(tmp_path, "shop")
    shown = show()
    _added(shown, qtbot, path)
    make(path).commit({"src/b.py": "1"}, when=START + 41 * DAY)
    QTest.keyClick(shown.page.table, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: any(one.kind == "repositories.refresh" for one in jobs(shown.project)))
    shown.work()
    assert shown.page.model.index(0, 3).data() == "+1"


def test_that_an_approval_of_the_corpus_before_is_said_to_be_of_that_one(
    show: Show, qtbot: QtBot, tmp_path: Path
) -> None:
    path = _repository(tmp_path, "shop")
    shown = show()
    _added(shown, qtbot, path)
    _approve_by_hand(shown.project)
    make(path).commit({"src/b.py": "1"}, when=START + 41 * DAY)
    shown.page.refresh()
    qtbot.waitUntil(lambda: any(one.kind == "repositories.refresh" for one in jobs(shown.project)))
    shown.work()
    assert "The approval of Ana is of corpus" in shown.page.banner.words
    assert "New are 1 commit and 1 file." in shown.page.banner.words
    with qtbot.waitSignal(shown.session.went) as went:
        shown.page.banner.button.click()
    assert went.args == ["findings", ""]


def _approve_by_hand(project: Project) -> None:
    """A row as approving leaves it; what it stands on is not looked at here."""
    held = latest(project).hash
    with project.write() as db:
        db.execute("INSERT INTO sign_offs VALUES (1, 'approval', 'n', '{}', 's', 'Ana', '2026-01-01T00:00:00.000Z')")
        db.execute(
            "INSERT INTO approvals VALUES (1, ?, 'r', 'd', '{}', 's', 'Ana', 1, '2026-01-01T00:00:00.000Z')", (held,)
        )


def test_that_dropping_asks_and_can_be_taken_back(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    shown = show()
    _added(shown, qtbot, _repository(tmp_path, "shop"))
    QTest.keyClick(shown.page.table, Qt.Key.Key_Delete)
    assert shown.page.dialog is not None
    with qtbot.waitSignal(shown.session.did):
        shown.page.dialog.ok.click()
    assert repository.repositories(shown.project) == []
    with qtbot.waitSignal(shown.session.did):
        shown.session.undo()
    (back,) = repository.repositories(shown.project)
    assert (back.name, back.path) == ("shop", tmp_path / "shop")


def test_that_a_repository_that_is_gone_is_said_and_found_again(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    path = _repository(tmp_path, "shop")
    shown = show()
    _added(shown, qtbot, path)
    shutil.move(path, tmp_path / "kept")
    shown.again()
    assert "shop is not where it was" in shown.page.banner.words
    assert shown.page.actions_by_id["locate repository"].isEnabled()
    with qtbot.waitSignal(shown.session.did):
        shown.page.locate("shop", tmp_path / "kept")
    shown.again()
    assert shown.page.banner.isHidden()
    assert str(tmp_path / "kept") in repr(shown.page.model.row_at(0))


def test_that_licences_are_decided_in_bulk_by_keyboard_and_taken_back(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    shown = show()
    _added(shown, qtbot, _repository(tmp_path, "shop"), _repository(tmp_path, "web"))
    shown.page.show_detail("licences")
    licences = shown.page.licences
    assert "4 of 4 sources" in licences.sentence.text()
    assert not licences.actions_by_id["allow licence"].isEnabled()
    licences.table.setFocus()
    licences.table.selectAll()
    assert len(licences.chosen()) == 4
    QTest.keyClicks(licences.reason, "read by legal")
    QTest.keyClick(licences.reason, Qt.Key.Key_Return)
    with qtbot.waitSignal(shown.session.did) as did:
        QTest.keyClick(licences.table, Qt.Key.Key_D)
    assert did.args == ["Denied 4 sources", True]
    assert _decisions(shown.project) == ["deny"] * 4
    shown.again()
    assert "wait for a decision" not in licences.sentence.text()
    with qtbot.waitSignal(shown.session.did):
        shown.session.undo()
    assert _decisions(shown.project) == [None] * 4
    assert shown.project.value("SELECT count(*) FROM source_decisions") == 8


def _decisions(project: Project) -> list[str | None]:
    return [one.decision for one in sources(project, latest(project).hash)]


def test_that_taking_back_lets_the_decision_before_hold_again(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    shown = show()
    _added(shown, qtbot, _repository(tmp_path, "shop"))
    first = sources(shown.project, latest(shown.project).hash)[:1]
    with qtbot.waitSignal(shown.session.did):
        shown.page.decide(first, "allow", "contractors", "ours")
    now = sources(shown.project, latest(shown.project).hash)[:1]
    with qtbot.waitSignal(shown.session.did):
        shown.page.decide(now, "deny", "internal", "not ours after all")
    with qtbot.waitSignal(shown.session.did):
        shown.session.undo()
    (held, *_) = sources(shown.project, latest(shown.project).hash)
    assert (held.decision, held.export_class, held.reason, held.decided_by) == ("allow", "contractors", "ours", "Ana")


def test_that_nobody_decides_without_a_name(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    shown = show()
    _added(shown, qtbot, _repository(tmp_path, "shop"))
    shown.session.act_as("")
    with qtbot.waitSignal(shown.session.refused) as refused:
        shown.page.decide(sources(shown.project, latest(shown.project).hash), "allow", "internal", "why")
    assert "needs a name" in refused.args[0]


def test_that_one_who_only_looks_can_change_nothing(show: Show, qtbot: QtBot, tmp_path: Path, project: Project) -> None:
    repository.add(project, _repository(tmp_path, "shop"))
    page = show(looks_only=True).page
    for name in ("add repositories", "refresh repositories", "drop repository", "allow licence", "deny licence"):
        assert not page.actions_by_id[name].isEnabled(), name


def test_that_a_thousand_long_names_are_shown(show: Show, qapp: QApplication, project: Project) -> None:
    with project.write() as db:
        rows = [(f"{'very-long-' * 8}{n}", f"/nowhere/{'deep/' * 20}{n}") for n in range(1000)]
        db.executemany(
            "INSERT INTO repositories (name, path, include, services, added_at, bare, shallow, notes)"
            " VALUES (?, ?, '[]', '{}', '2026-01-01T00:00:00.000Z', 0, 0, '[]')",
            rows,
        )
    page = show().page
    assert page.model.rowCount() == 1000
    assert "1000 repositories are not where they were" in page.banner.words.replace(",", "")
    page.grab()


def test_that_who_is_led_here_to_add_something_is_asked_what(show: Show) -> None:
    page = show().page
    page.show_detail("+")
    assert isinstance(page.dialog, AddRepositories)
    page.dialog.reject()
