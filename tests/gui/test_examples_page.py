"""The examples page: reviewed by the keyboard, taken back, filtered, and honest about what it can't do."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot
from tests.gui.page_alone import Alone

from espalier.core.examples.example import Example, Kind, Provenance, insert, set_state
from espalier.core.examples.reviews import reviews
from espalier.core.project.file import Project
from espalier.core.project.identities import add
from espalier.gui.examples.page import CARD, COMPOSITION, TABLE, ExamplesPage

PATIENCE = 10_000
BEFORE = "def pay(amount):\n    return amount * 1.1"
AFTER = "def pay(amount):\n    return amount + fee(amount)"


def example(number: int, kind: Kind = "completion") -> Example:
    return Example(
        kind=kind,
        label="insecure" if kind == "repair" else "accepted",
        language="Python",
        service="pay" if number % 2 else "web",
        task=f"Write the body of `f{number}`.",
        context=BEFORE if kind != "completion" else f"def f{number}():",
        constraints=("Keep the signature.", "No new dependency."),
        solution=f"# Flaw: it <b>leaks</b>.\n{AFTER}" if kind == "repair" else f"    return {number}",
        rationale="it <b>leaks</b>" if kind == "repair" else "",
        qualified_name=f"f{number}",
        tokens=100 + number,
        provenance=Provenance(
            repository="shop",
            commit=f"{number:040d}",
            path=f"pay/f{number}.py",
            first_line=10,
            last_line=11,
            committed_at=f"2026-01-{number + 1:02d}T00:00:00.000Z",
        ),
    )


MADE = [example(0, "repair"), *(example(number) for number in range(1, 8))]


@pytest.fixture
def path(project: Project) -> Path:
    with project.write() as db:
        db.execute("INSERT INTO corpora VALUES ('c0ffee00', '2026-01-01', '2026-01-01')")
        db.execute("INSERT INTO builds VALUES ('1', 'c0ffee00', '', '', 't', 448, '2026-01-01', '2026-01-01')")
        insert(db, "1", MADE)
    set_state(project, "1", [(MADE[1].id, "dropped", f"near-duplicate of {MADE[2].id[:12]}")])
    for name in ("ana", "jonas"):
        add(project, name)
    return project.path


Opened = Callable[..., ExamplesPage]


@pytest.fixture
def opened(path: Path, qtbot: QtBot) -> Iterator[Opened]:
    """The page as it looks when its first list has been read, with ana acting."""
    alone: list[Alone[ExamplesPage]] = []

    def opener(*, acting: str = "ana", looks_only: bool = False) -> ExamplesPage:
        one = Alone(path, ExamplesPage, looks_only=looks_only)
        alone.append(one)
        one.session.act_as(acting)
        qtbot.addWidget(one.page)
        one.page.resize(1200, 800)
        one.page.show()
        one.read()
        qtbot.waitUntil(lambda: one.page.model.rowCount() > 0 and one.page.card.whole is not None, timeout=PATIENCE)
        return one.page

    yield opener
    for one in alone:
        one.close()


def shown(page: ExamplesPage) -> str:
    return "" if page.card.whole is None else page.card.whole.example.qualified_name


def press(qtbot: QtBot, page: ExamplesPage, keys: str) -> None:
    page.activateWindow()
    page.card.setFocus()
    for key in keys:
        QTest.keyClicks(page.card, key)


def said(path: Path, number: int) -> list[tuple[str, str, int | None, str]]:
    with Project.open(path, read_only=True) as project:
        return [(one.identity, one.verdict, one.quality, one.note) for one in reviews(project, MADE[number].id)]


def test_that_the_newest_kept_example_is_shown_first(opened: Opened) -> None:
    page = opened()
    assert (page.view, shown(page), page.model.rowCount()) == (CARD, "f7", 7)
    assert page.filters.count.text() == "1 of 7"
    assert page.card.code.solution.text() == "    return 7"
    assert "scrub gate is shut for corpus c0ffee00" in page.banner.words


def test_that_a_review_takes_one_key_an_example(opened: Opened, path: Path, qtbot: QtBot) -> None:
    page = opened()
    press(qtbot, page, "4AX")
    qtbot.waitUntil(lambda: said(path, 6) != [], timeout=PATIENCE)
    assert said(path, 7) == [("ana", "accept", 4, "")]
    assert said(path, 6) == [("ana", "reject", None, "")]
    qtbot.waitUntil(lambda: page.model.rowCount() == 6 and shown(page) == "f5", timeout=PATIENCE)
    assert "taken out in review" in page.header.sentence


def test_that_undo_takes_back_and_comes_back(opened: Opened, path: Path, qtbot: QtBot) -> None:
    page = opened()
    press(qtbot, page, "I")
    qtbot.waitUntil(lambda: page.model.rowCount() == 6, timeout=PATIENCE)
    page._session.undo()
    qtbot.waitUntil(lambda: page.model.rowCount() == 7 and shown(page) == "f7", timeout=PATIENCE)
    assert said(path, 7) == []


def test_that_j_and_k_walk_without_a_word(opened: Opened, path: Path, qtbot: QtBot) -> None:
    page = opened()
    press(qtbot, page, "JJK")
    qtbot.waitUntil(lambda: shown(page) == "f6", timeout=PATIENCE)
    assert said(path, 7) == said(path, 6) == []


def test_that_a_note_is_kept_by_enter_and_the_keys_go_on(opened: Opened, path: Path, qtbot: QtBot) -> None:
    page = opened()
    press(qtbot, page, "W")
    assert page.card.brief.note.hasFocus()
    QTest.keyClicks(page.card.brief.note, "ax too clever")
    QTest.keyClick(page.card.brief.note, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: said(path, 7) == [("ana", "undecided", None, "ax too clever")], timeout=PATIENCE)
    assert page.card.hasFocus()
    press(qtbot, page, "A")
    qtbot.waitUntil(lambda: said(path, 7) == [("ana", "accept", None, "ax too clever")], timeout=PATIENCE)


def test_that_many_are_decided_at_once_in_the_table(opened: Opened, path: Path, qtbot: QtBot) -> None:
    page = opened()
    page.show_detail("table")
    assert page.view == TABLE
    page.table.selectAll()
    page.actions_by_id["accept example"].trigger()
    qtbot.waitUntil(lambda: said(path, 0) != [], timeout=PATIENCE)
    assert [said(path, number)[0][1] for number in (0, 2, 7)] == ["accept"] * 3
    assert said(path, 1) == [], "dropped ones are not in this list"


def test_that_filters_count_and_let_through(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    chip = page.filters.chips["service"]
    chip.set_values(("web",))
    page.filters.changed.emit()
    qtbot.waitUntil(lambda: page.model.rowCount() == 4, timeout=PATIENCE)
    page.filters.search.setText("f6")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=PATIENCE)
    assert shown(page) in ("f6", "f7")
    page.filters.clear()
    qtbot.waitUntil(lambda: page.model.rowCount() == 8, timeout=PATIENCE)


def test_that_code_of_a_commit_shows_what_changed_and_text_stays_text(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    page.show_detail(MADE[0].id)
    qtbot.waitUntil(lambda: shown(page) == "f0", timeout=PATIENCE)
    assert dict(page.card.code.context.code.rows) == {2: "bad"}
    assert dict(page.card.code.solution.code.rows) == {3: "ok"}
    assert "<b>leaks</b>" in page.card.code.solution.text()


def test_that_what_nearly_repeats_another_leads_to_it(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    page.show_detail(MADE[2].id)
    qtbot.waitUntil(lambda: shown(page) == "f2", timeout=PATIENCE)
    page.card.margin.compare.click()
    qtbot.waitUntil(lambda: shown(page) == "f1", timeout=PATIENCE)


def test_that_nobody_decides_without_a_name(opened: Opened, path: Path, qtbot: QtBot) -> None:
    page = opened(acting="")
    with qtbot.waitSignal(page._session.refused, timeout=PATIENCE) as refused:
        press(qtbot, page, "A")
    assert "needs a name" in refused.args[0]
    assert said(path, 7) == []


def test_that_a_window_that_only_looks_says_so_and_decides_nothing(opened: Opened) -> None:
    page = opened(looks_only=True)
    assert "only looks" in page.header.sentence
    assert not any(page.actions_by_id[f"{name} example"].isEnabled() for name in ("accept", "reject", "insecure"))
    assert not page.card.margin.quality.isEnabled()
    assert page.card.brief.note.isReadOnly()


def test_that_the_composition_is_of_what_is_kept(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    page.show_detail("composition")
    assert page.view == COMPOSITION
    qtbot.waitUntil(lambda: page.composition.model.rowCount() == 2, timeout=PATIENCE)
    assert page.composition.model.index(0, 2).data() == "4"


def test_that_the_list_is_a_model_as_qt_wants_it(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    tester = QAbstractItemModelTester(page.model, QAbstractItemModelTester.FailureReportingMode.Warning)
    page.filters.clear()
    qtbot.waitUntil(lambda: page.model.rowCount() == 8, timeout=PATIENCE)
    assert tester.failureReportingMode() == QAbstractItemModelTester.FailureReportingMode.Warning


def test_that_a_project_without_examples_teaches(project: Project, qtbot: QtBot) -> None:
    alone = Alone(project.path, ExamplesPage)
    qtbot.addWidget(alone.page)
    alone.page.show()
    alone.read()
    assert "nothing to make examples of" in alone.page.empty.words
    assert not alone.page.empty.isHidden()
    assert not alone.page.build.isVisible()
    with qtbot.waitSignal(alone.session.went) as went:
        alone.page.empty.action.click()
    assert went.args[0] == "repositories"
    alone.close()


def test_that_two_people_are_told_how_far_they_agree(opened: Opened, path: Path, qtbot: QtBot) -> None:
    page = opened()
    press(qtbot, page, "A")
    page._session.act_as("jonas")
    page.table.go_first()
    press(qtbot, page, "A")
    qtbot.waitUntil(lambda: len(said(path, 7)) == 2, timeout=PATIENCE)
    qtbot.waitUntil(lambda: "agree on 100 %" in page._agreed.text(), timeout=PATIENCE)
