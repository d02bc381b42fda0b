"""Words from elsewhere are shown letter by letter: no markup, no key, no character that can't be seen."""

import ast
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QTextDocument
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from tests.gui.conftest import settle

from espalier.gui import literal as module
from espalier.gui.literal import HIDDEN, literal, menu_words, tip
from espalier.gui.parts.button import Button
from espalier.gui.parts.chip import FilterChip, Option
from espalier.gui.parts.choice import Choice
from espalier.gui.parts.legend import Legend
from espalier.gui.parts.text import Text

GUI = Path(module.__file__).parent
MARKUP = "<b>approved</b><img src='file:///etc/passwd'><a href='http://host/'>&amp; signed</a>"
TURNED = "invoice‮gpj.exe"
HOSTILE = (MARKUP, TURNED, "R&D <i>report</i>\x1b[31m", "zero​width﻿", "&Delete")


@given(st.text(max_size=60))
def test_that_what_is_shown_holds_nothing_that_cannot_be_seen(text: str) -> None:
    shown = literal(text, keep="")
    assert not any(unicodedata.category(one) in HIDDEN for one in shown)
    if text.isprintable():
        assert shown == text


@given(st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")), min_size=1, max_size=60))
def test_that_a_tip_says_just_these_letters(text: str) -> None:
    document = QTextDocument()
    document.setHtml(tip(text))
    assert document.toPlainText().replace("\xa0", " ") == text.replace("\xa0", " ")


@pytest.mark.parametrize("name", HOSTILE)
def test_that_no_part_obeys_a_name(name: str, qtbot: QtBot, qapp: QApplication) -> None:
    chip = FilterChip(name, (Option(name, name),), many=True)
    chip.set_values((name,))
    choice = Choice(name, ((name, name),))
    legend = Legend()
    legend.show_names(((name, 0),))
    text, button = Text(name), Button(name)
    text.setText(name)
    for part in (chip, choice, legend, text, button):
        qtbot.addWidget(part)
        part.show()
        said = getattr(part, "text", lambda: "")()
        assert not any(unicodedata.category(one) in HIDDEN for one in said)
        assert "<b>" not in part.toolTip()
        assert "<img" not in part.toolTip()
    assert text.textFormat() == Qt.TextFormat.PlainText
    for part in (chip, choice, button):
        assert part.shortcut() == QKeySequence()
        assert part.text() == literal(name)
    settle(qapp)


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


def test_that_tooltips_are_given_in_one_place_only() -> None:
    """A part that gives itself one lets Qt guess whether a file's name is markup."""
    found = []
    for path in GUI.rglob("*.py"):
        if path.name in ("literal.py", "actions.py"):  # the words of actions are our own
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("setToolTip", "showText", "setWhatsThis"):
                found.append(f"{path.relative_to(GUI)}:{node.lineno}")
    assert found == []


def test_that_no_label_of_qt_is_used_for_words() -> None:
    """It would take a name for markup; parts that draw their own words are made from it."""
    allowed = {"text.py", "state_mark.py", "key_cap.py"}
    found = [
        str(path.relative_to(GUI))
        for path in GUI.rglob("*.py")
        if path.name not in allowed and "QLabel" in path.read_text(encoding="utf-8")
    ]
    assert found == []
