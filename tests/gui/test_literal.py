"""Words from elsewhere are shown letter by letter: no markup, no key, no character that can't be seen."""

import ast
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QKeySequence, QTextDocument
from PySide6.QtGui import Qt as RichOrNot
from PySide6.QtWidgets import QApplication, QMenu, QStyleOptionViewItem, QToolTip, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.conftest import settle

from espalier.gui import literal as module
from espalier.gui.evaluation.code_pane import CodePane
from espalier.gui.findings.file_view import FileView
from espalier.gui.literal import HIDDEN, UNSEEN, literal, menu_words, one_line, set_title, tip
from espalier.gui.parts.button import Button
from espalier.gui.parts.check import Check
from espalier.gui.parts.checklist import Checklist, Item
from espalier.gui.parts.chip import FilterChip, Option
from espalier.gui.parts.choice import Choice
from espalier.gui.parts.legend import Legend
from espalier.gui.parts.text import Text
from espalier.gui.states import TO_DO
from espalier.gui.tables.cells import Cells
from espalier.gui.tables.column import Column, Kind
from espalier.gui.tables.rows import RowsModel
from espalier.gui.tables.table import Table

GUI = Path(module.__file__).parent
MARKUP = "<b>approved</b><img src='file:///etc/passwd'><a href='http://host/'>&amp; signed</a>"
TURNED = "invoice‮gpj.exe"
FILLED = "ok\u3164\u2800\ufe0f.py"  # a filler, a blank and a selector, none of them a control
HOSTILE = (MARKUP, TURNED, "R&D <i>report</i>\x1b[31m", "zero​width﻿", "&Delete", FILLED, "notes\nApproved by ana")
OWN_WORDS = {  # they draw figures, dates, keys and words of ours
    *("overview/newest.py", "overview/pipeline.py", "overview/curve.py", "tables/head.py", "search/button.py"),
    *("evaluation/scale.py", "evaluation/quarters.py", "evaluation/paired_bars.py", "repositories/strip.py"),
    *("examples/quality.py", "findings/reasons.py", "findings/miss_chart.py", "dataset/histogram.py"),
    *("dataset/timeline.py", "parts/key_cap.py", "parts/tabs.py", "parts/segments.py", "parts/state_mark.py"),
    *("parts/stacked_bar.py", "charts/heat_scale.py", "gallery/foundations.py", "sidebar.py"),
}
GIVEN_WORDS = {"code/brush.py", "charts/read_out.py"}  # what they draw was made literal by code.shown and by the plots


@given(st.text(max_size=60))
def test_that_what_is_shown_holds_nothing_that_cannot_be_seen(text: str) -> None:
    shown = literal(text, keep="")
    assert not any(unicodedata.category(one) in HIDDEN or one in UNSEEN for one in shown)
    if text.isprintable() and UNSEEN.isdisjoint(text):
        assert shown == text


@given(st.text(max_size=60))
def test_that_making_a_text_literal_again_changes_nothing(text: str) -> None:
    assert one_line(one_line(text)) == one_line(text)
    assert literal(literal(text)) == literal(text)


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=4))
def test_that_a_tip_says_just_these_letters_in_just_these_lines(lines: list[str]) -> None:
    said = read(tip(*lines)).split("\n")
    assert said == [one_line(one).replace("\xa0", " ") for one in lines]


def read(shown: str) -> str:
    """What Qt draws of a tooltip, without its looks."""
    document = QTextDocument()
    if RichOrNot.mightBeRichText(shown):
        document.setHtml(shown)
    else:
        document.setPlainText(shown)
    return document.toPlainText().replace("\xa0", " ")


@pytest.mark.parametrize("name", HOSTILE)
def test_that_no_part_obeys_a_name(name: str, qtbot: QtBot, qapp: QApplication) -> None:
    chip = FilterChip(name, (Option(name, name),), many=True)
    chip.set_values((name,))
    choice = Choice(name, ((name, name),))
    legend = Legend()
    legend.show_names(((name, 0),))
    text, button, check = Text(name), Button(name), Check("")
    text.setText(name)
    check.show_text(name)
    for part in (chip, choice, legend, text, button, check):
        qtbot.addWidget(part)
        part.show()
        for said in (getattr(part, "text", lambda: "")(), part.accessibleName(), read(part.toolTip())):
            assert said == one_line(said)
        assert "<b>" not in part.toolTip()
        assert "<img" not in part.toolTip()
    assert text.textFormat() == Qt.TextFormat.PlainText
    for part in (chip, choice, button, check):
        assert part.shortcut() == QKeySequence()
        assert part.text() == one_line(name)
    settle(qapp)


@pytest.mark.parametrize("name", HOSTILE)
def test_that_what_views_say_of_a_row_is_no_markup(name: str, qtbot: QtBot) -> None:
    checklist = Checklist("What is left")
    qtbot.addWidget(checklist)
    checklist.show_items([Item(id="1", state=TO_DO, what=name, why=name, note=name, link=name)])
    said = checklist.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert read(said) == ", ".join((TO_DO.word, *4 * (one_line(name),)))
    heard = checklist.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert heard == one_line(heard)


@pytest.mark.parametrize("kind", ["path", "code", "text"])
@pytest.mark.parametrize("name", HOSTILE)
def test_that_a_cell_is_measured_and_told_as_it_is_drawn(
    kind: Kind, name: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    column: Column[str] = Column(title="Path", text=lambda row: row, width=40, kind=kind)
    model = RowsModel((column,), hash)
    model.show_rows([name])
    table = Table(model, "Paths")
    qtbot.addWidget(table)
    cells = table.itemDelegate()
    assert isinstance(cells, Cells)
    plain: Column[str] = Column(title="Path", text=one_line if kind != "text" else _run_on, width=40, kind=column.kind)
    assert cells.needed(column, name) == cells.needed(plain, name)
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _at, text, _part: said.append(text))
    option = QStyleOptionViewItem()
    option.rect = table.visualRect(model.index(0, 0))
    option.rect.setWidth(30)
    cells.helpEvent(QHelpEvent(QEvent.Type.ToolTip, QPoint(), QPoint()), table, option, model.index(0, 0))
    lines = [name] if kind != "text" else name.splitlines()
    assert list(map(read, said)) == ["\n".join(map(one_line, lines))]


def _run_on(name: str) -> str:
    return one_line(" ".join(name.split()))


@pytest.mark.parametrize("name", HOSTILE)
def test_that_a_title_is_whole(name: str, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    set_title(window, f"{name}[*].espalier")
    assert window.windowTitle() == f"{one_line(name)}[*][*].espalier"  # which Qt shows as [*]


def test_that_long_texts_are_shown_letter_by_letter(qtbot: QtBot) -> None:
    said = f"{MARKUP}\n\tif ok:{TURNED}\n"
    pane, view = CodePane("Answer"), FileView("File")
    for part in (pane, view):
        qtbot.addWidget(part)
    pane.show_text(said)
    assert pane.toPlainText() == literal(said)
    view.show_file(said, "a.py")
    assert view.toPlainText() == said.replace("\u202e", "▯")
    view.selectAll()
    assert view.marked == (0, len(said))


@pytest.mark.parametrize("name", HOSTILE)
def test_that_a_menu_shows_an_ampersand_and_makes_it_no_key(
    name: str, qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMenu, "popup", lambda *_: None)  # it can't grab the keyboard here
    chip = FilterChip("Repository", (Option(name, name, 3),))
    qtbot.addWidget(chip)
    chip.show()
    chip.open_menu()
    (menu,) = chip.findChildren(QMenu)
    (action,) = menu.actions()
    words, _, number = action.text().partition("\t")
    assert number == "3"
    assert words == menu_words(name)
    assert words.replace("&&", "").count("&") == 0
    menu.deleteLater()
    settle(qapp)


def calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    """Where the window's code calls one of these, as a method or by its name."""
    for path in sorted(GUI.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in names:
                yield path.relative_to(GUI).as_posix(), node


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _passes(node: ast.AST, *names: str) -> bool:
    return any(isinstance(one, ast.Call) and _name(one.func) in names for one in ast.walk(node))


def test_that_tooltips_and_titles_are_given_in_one_place_only() -> None:
    """A part that gives itself one lets Qt guess whether a file's name is markup."""
    given = calls("setToolTip", "showText", "setWhatsThis", "setStatusTip", "setWindowTitle")
    assert {where for where, _ in given} == {"literal.py", "actions.py"}  # the words of actions are our own
    roles = [path for path in GUI.rglob("*.py") if "ToolTipRole" in path.read_text(encoding="utf-8")]
    assert roles
    assert [path.name for path in roles if " tip(" not in path.read_text(encoding="utf-8")] == []


def test_that_entries_of_menus_are_words_of_ours_or_made_literal() -> None:
    """An action is made by its table, by `menu_words`, or of a sentence of ours that no name was put into."""
    found = []
    for where, call in calls("addAction", "QAction", "addMenu", "setTitle", "insertMenu", "addSection"):
        words = call.args[0]
        ours = isinstance(words, ast.Name | ast.Subscript) or _passes(words, "menu_words", "translate")
        if not ours and not (isinstance(words, ast.Call) and _name(words.func) == "tr"):
            found.append(f"{where}:{call.lineno}")
    assert found == []


def test_that_long_texts_go_to_qt_only_when_they_are_literal() -> None:
    found = [where for where, call in calls("setPlainText") if not _passes(call, "literal")]
    assert found == ["findings/file_view.py"]  # which keeps every letter in its place


def test_that_who_draws_words_makes_them_literal_or_draws_words_of_ours() -> None:
    """Whoever draws text is to say which it is."""
    drawn = {where for where, _ in calls("drawText")}
    made = {where for where in drawn if "literal import" in (GUI / where).read_text(encoding="utf-8")}
    assert sorted(drawn - made - OWN_WORDS - GIVEN_WORDS) == []
    assert sorted((OWN_WORDS | GIVEN_WORDS) - drawn) == []


def test_that_no_label_of_qt_is_used_for_words() -> None:
    """It would take a name for markup; parts that draw their own words are made from it."""
    allowed = {"text.py", "state_mark.py", "key_cap.py"}
    found = [
        str(path.relative_to(GUI))
        for path in GUI.rglob("*.py")
        if path.name not in allowed and "QLabel" in path.read_text(encoding="utf-8")
    ]
    assert found == []
