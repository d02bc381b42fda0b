"""The release page: what shuts the gate, signing, the bundle, and verifying one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.core.release.finished import Finished, finished
from tests.gui.conftest import PATIENCE
from tests.gui.page_alone import Alone

from espalier.core.project.file import Project
from espalier.core.release.verify import verify
from espalier.gui.release.page import ReleasePage

Page = Alone[ReleasePage]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Finished]:
    found = finished(tmp_path)
    yield found
    found.project.close()


@pytest.fixture
def alone(made: Finished, qtbot: QtBot) -> Iterator[Page]:
    one = Alone(made.project.path, ReleasePage)
    qtbot.addWidget(one.page)
    one.session.act_as("ana")
    one.page.show()
    one.read()
    yield one
    one.close()


def test_that_a_missing_sign_off_shuts_the_gate_and_says_so(alone: Page) -> None:
    page = alone.page
    assert "1 sign-offs" not in page.banner.words
    assert "The release gate is shut for run 1." in page.banner.words
    assert "sign-off in the role release" in page.banner.words
    assert page.create_bundle.shut
    assert "0 of 1 sign-offs" in page.header.sentence


def test_that_signing_opens_the_gate_and_the_bundle_verifies(alone: Page, qtbot: QtBot, tmp_path: Path) -> None:
    page = alone.page
    page.sign_as("release")
    qtbot.waitUntil(lambda: not page.create_bundle.shut, timeout=PATIENCE)
    assert not page.banner.isVisible()
    page.create_in(tmp_path / "bundle")
    qtbot.waitUntil(lambda: page.verifying is not None and page.verifying.found is not None, timeout=PATIENCE)
    assert page.verifying is not None
    assert page.verifying.found == verify(tmp_path / "bundle")
    assert page.verifying.found.approved
    assert "approved" in page.verifying.banner.words
    page.verifying.reject()


def test_that_nobody_signs_without_an_identity(alone: Page, qtbot: QtBot) -> None:
    told: list[str] = []
    alone.session.refused.connect(lambda sentence, _remedy: told.append(sentence))
    alone.session.act_as("")
    alone.page.sign_as("release")
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE)
    assert "Nobody acts in this window yet" in told[0]
    assert alone.page.create_bundle.shut


def test_that_a_changed_bundle_is_told_from_a_whole_one(alone: Page, qtbot: QtBot, tmp_path: Path) -> None:
    page = alone.page
    page.sign_as("release")
    qtbot.waitUntil(lambda: not page.create_bundle.shut, timeout=PATIENCE)
    page.create_in(tmp_path / "bundle")
    qtbot.waitUntil(lambda: page.verifying is not None and page.verifying.found is not None, timeout=PATIENCE)
    assert page.verifying is not None
    page.verifying.reject()
    card = tmp_path / "bundle" / "MODEL_CARD.md"
    card.write_text(card.read_text() + "and more")
    page.verify_bundle(tmp_path / "bundle")
    qtbot.waitUntil(lambda: page.verifying is not None and page.verifying.found is not None, timeout=PATIENCE)
    assert "does not verify" in page.verifying.banner.words
    page.verifying.reject()


def test_that_the_preview_marks_the_line_that_waits(alone: Page) -> None:
    code = alone.page.manifest.code
    (row,) = code.rows
    assert '"sign_offs": []' in code.lines[row - 1]


def test_that_a_project_without_an_evaluated_run_teaches(tmp_path: Path, qtbot: QtBot) -> None:
    with Project.create(tmp_path / "new") as project:
        path = project.path
    one = Alone(path, ReleasePage)
    qtbot.addWidget(one.page)
    one.page.show()
    one.read()
    assert one.page.empty.isVisible()
    assert not one.page.actions_by_id["sign"].isEnabled()
    one.close()


def test_that_a_window_that_only_looks_can_sign_nothing(made: Finished, qtbot: QtBot) -> None:
    one = Alone(made.project.path, ReleasePage, looks_only=True)
    qtbot.addWidget(one.page)
    one.read()
    assert not one.page.actions_by_id["sign"].isEnabled()
    assert not one.page.actions_by_id["bundle"].isEnabled()
    one.close()
