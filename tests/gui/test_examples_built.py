"""Examples built by the window's own button, under a real approval, and what the page says before, while and after."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.core.examples.telling import commit, function, scanned, told
from tests.core.models.tiny import build_tiny_model
from tests.gui.page_alone import Alone

from espalier.core.jobs.follow import follow
from espalier.core.jobs.job import jobs
from espalier.core.models import register
from espalier.core.models.tokenizer import Tokenizer
from espalier.core.project.file import Project
from espalier.core.repositories import corpus as corpora
from espalier.core.repositories import repository as repositories
from espalier.gui.examples.page import ExamplesPage

PATIENCE = 30_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A repository that is scanned and approved, and of which nothing is built."""
    repository = told(tmp_path / "shop")
    commit(
        repository, 1, "Start", {"pay/alpha.py": function("alpha", "alpha"), "web/beta.py": function("beta", "beta")}
    )
    with Project.create(tmp_path / "p", policy="demo") as project:
        repositories.add(project, repository)
        scanned(project)
        tiny = build_tiny_model(tmp_path / "tiny")
        register.register(project, tiny, "tiny", actor="test")
        tokenizer = register.model(project, "tiny").tokenizer_sha256
        assert Tokenizer.load(tiny).count("one") > 0
        with (
            project.write() as db
        ):  # a build of before, so that the page takes its model and cap and not the large default's
            db.execute("INSERT INTO corpora VALUES ('before', '2020-01-01', '2020-01-01')")
            db.execute("INSERT INTO builds VALUES ('0', 'before', '', '', ?, 448, '2020-01-01', NULL)", (tokenizer,))
        return project.path


@pytest.fixture
def alone(path: Path, qtbot: QtBot) -> Iterator[Alone[ExamplesPage]]:
    one = Alone(path, ExamplesPage)
    qtbot.addWidget(one.page)
    one.page.resize(1200, 800)
    one.page.show()
    yield one
    one.close()


@pytest.mark.slow
def test_that_one_press_builds_and_a_new_corpus_makes_it_out_of_date(
    alone: Alone[ExamplesPage], path: Path, qtbot: QtBot
) -> None:
    page = alone.page
    alone.read()
    assert "No examples have been built" in page.header.sentence
    assert page.empty.action.isVisible()
    with qtbot.waitSignal(page._session.written, timeout=PATIENCE):
        page.empty.action.click()
    alone.read()
    assert "wait for their turn" in page.header.sentence
    assert not page.empty.isVisible()
    with Project.open(path) as project:
        job = jobs(project)[0]
        assert (job.kind, job.args["model"], job.args["cap"]) == ("examples.build", "tiny", 512)
        assert list(follow(project, job.id))[-1].state == "done"
    alone.read()
    qtbot.waitUntil(lambda: page.model.rowCount() == 2, timeout=PATIENCE)
    assert (page.banner.words, page.build.isVisible()) == ("", False)
    _moves_on(path)
    alone.read()
    assert "scrub gate is shut" in page.banner.words
    assert "What was built before stays" in page.banner.words
    assert page.build.shut
    assert page.model.rowCount() == 2


def _moves_on(path: Path) -> None:
    """A commit that nobody has scanned."""
    commit(path.parent / "shop", 3, "More", {"pay/gamma.py": function("gamma", "gamma")})
    with Project.open(path) as project:
        corpora.refresh(project)


def test_that_a_shut_gate_is_told_and_led_to(alone: Alone[ExamplesPage], path: Path, qtbot: QtBot) -> None:
    with Project.open(path) as project, project.write() as db:
        db.execute("UPDATE approvals SET decisions_hash = 'another'")
    alone.read()
    page = alone.page
    assert "The scrub gate is shut" in page.banner.words
    assert "espalier findings" not in page.banner.words, "a window names no command"
    assert page.build.shut
    assert not page.empty.action.isVisible()
    with qtbot.waitSignal(page._session.went, timeout=PATIENCE) as went:
        page.build.click()
    assert went.args[0] == "findings"
