"""Looking over a window: what is cut, what overlaps, and what has no name for those who can't see it."""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QWidget,
)
from tests.gui.longer import BEGIN, END, Longer

from espalier.gui.pages import PLACES
from espalier.gui.parts.button import Button
from espalier.gui.parts.check import Check
from espalier.gui.parts.chip import FilterChip
from espalier.gui.parts.key_cap import Keys
from espalier.gui.parts.segments import Segment
from espalier.gui.parts.state_mark import StateMark
from espalier.gui.parts.text import Text
from espalier.gui.settling import settle
from espalier.gui.window import Window

Kind = TypeVar("Kind", bound=QWidget)
MARKS = {BEGIN, END}
CONTROLS = (QAbstractButton, QAbstractItemView, QLineEdit, QProgressBar, QAbstractScrollArea, QPlainTextEdit)
RIGID: tuple[type[QWidget], ...] = (StateMark, Button, FilterChip, Check, Segment)


def shown(window: QWidget, kind: type[Kind]) -> list[Kind]:
    return [one for one in window.findChildren(kind) if one.isVisibleTo(window) and one.visibleRegion()]


def cut(window: QWidget) -> list[str]:
    """Texts, states, buttons and other parts of one line that have less room than they need."""
    texts = [one.text() for one in shown(window, Text) if one.is_cut()]
    texts += [one.text() for one in shown(window, Keys) if one.is_cut()]
    rigid = [one for kind in RIGID for one in shown(window, kind) if one.width() < one.sizeHint().width()]
    return texts + [_words(one) for one in rigid]


def overlapping(window: QWidget) -> list[str]:
    """Pairs of texts, states and things to press that lie on each other."""
    kinds: tuple[type[QWidget], ...] = (Text, Keys, *RIGID)
    parts = [one for kind in kinds for one in shown(window, kind)]
    places = [(one, _seen(window, one)) for one in parts]
    return [
        f"{_words(one)!r} on {_words(other)!r}"
        for number, (one, here) in enumerate(places)
        for other, there in places[number + 1 :]
        if here.intersects(there) and not one.isAncestorOf(other) and not other.isAncestorOf(one)
    ]


def _seen(window: QWidget, part: QWidget) -> QRect:
    """Where it is seen: what is scrolled out of its place lies on nothing."""
    seen = part.visibleRegion().boundingRect()
    return QRect(part.mapTo(window, seen.topLeft()), seen.size())


def nameless(window: QWidget) -> list[str]:
    """Controls whose accessible interface has no name."""
    found = []
    for kind in CONTROLS:
        for one in shown(window, kind):
            interface = QAccessible.queryAccessibleInterface(one)
            if not interface.text(QAccessible.Text.Name):
                found.append(f"{type(one).__name__} in {type(one.parentWidget()).__name__}")
    return found


def _words(one: QWidget) -> str:
    return str(getattr(one, "text", lambda: "")())


def settled(window: Window, page: str, seconds: float = 60.0) -> bool:
    """Go to a page and wait until all that it reads has been shown and laid out."""
    window.go_to(page)
    wanted = {"live", "flow", *window.page(page).readings}
    return settle(window, window.session, lambda: wanted <= window.shown, seconds)


def looked_at(window: Window) -> dict[str, Any]:
    """What is wrong, page by page."""
    found: dict[str, Any] = {"ratio": window.devicePixelRatioF()}
    for place in PLACES:
        read = settled(window, place.id)
        found[place.id] = {
            "read": read,
            "cut": cut(window),
            "overlapping": overlapping(window),
            "nameless": nameless(window),
            "texts": len(shown(window, Text)),
            "scrolls": window.frame.scrolls(place.id),
            "ours": [words for words in told(window) if MARKS.isdisjoint(words)],
        }
    return found


def told(window: QWidget) -> list[str]:
    """Every word that can be seen or heard, but those of tables: heads, what parts say, their names and tips."""
    found: list[str] = []
    for one in shown(window, QWidget):
        found += [one.accessibleName(), one.accessibleDescription(), re.sub("<[^>]*>", "", one.toolTip())]
        if isinstance(one, QLabel | QAbstractButton):
            found.append(one.text())
        if isinstance(one, QLineEdit):
            found.append(one.placeholderText())
        if isinstance(one, QAbstractItemView):
            heads = (column.title for column in getattr(one.model(), "columns", ()))
            found += heads
    return sorted({words for words in found if re.search("[A-Za-z]{2}", words)})


def main() -> None:
    """For another scale or language than this process has: open PROJECT in a THEME at WIDExHIGH and print what is wrong."""
    from espalier.gui.app import Desk

    application, longer = QApplication(sys.argv[:1]), Longer()
    if sys.argv[3:] == ["longer"]:
        application.installTranslator(longer)
    desk = Desk(application, pinned="dark" if sys.argv[2] == "dark" else "light", looks_only=True)
    window = desk.open(Path(sys.argv[1]))
    assert isinstance(window, Window)
    wide, high = os.environ.get("SIZE", "1440x900").split("x")
    window.resize(int(wide), int(high))
    found = looked_at(window)
    window.leave()
    sys.stdout.write(json.dumps(found))
