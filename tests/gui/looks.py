"""Looking over a window: what is cut, what overlaps, and what has no name for those who can't see it."""

import json
import os
import sys
import time
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLineEdit, QProgressBar, QWidget

from espalier.gui.parts.button import Button
from espalier.gui.parts.state_mark import StateMark
from espalier.gui.parts.text import Text
from espalier.gui.window import Window

Kind = TypeVar("Kind", bound=QWidget)
CONTROLS = (QAbstractButton, QAbstractItemView, QLineEdit, QProgressBar)


def shown(window: QWidget, kind: type[Kind]) -> list[Kind]:
    return [one for one in window.findChildren(kind) if one.isVisibleTo(window) and one.visibleRegion()]


def cut(window: QWidget) -> list[str]:
    """Texts, states and buttons that have less room than they need."""
    texts = [one.text() for one in shown(window, Text) if one.is_cut()]
    marks = [one.text() for one in shown(window, StateMark) if one.width() < one.sizeHint().width()]
    buttons = [one.text() for one in shown(window, Button) if one.width() < one.sizeHint().width()]
    return texts + marks + buttons


def overlapping(window: QWidget) -> list[str]:
    """Pairs of texts and buttons that lie on each other."""
    parts: list[QWidget] = [*shown(window, Text), *shown(window, StateMark), *shown(window, Button)]
    places = [(one, QRect(one.mapTo(window, one.rect().topLeft()), one.size())) for one in parts]
    return [
        f"{_words(one)!r} on {_words(other)!r}"
        for number, (one, here) in enumerate(places)
        for other, there in places[number + 1 :]
        if here.intersects(there)
    ]


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


def main() -> None:
    """For another scale than this process has: open PROJECT in a THEME and print what is wrong, page by page."""
    from espalier.gui.app import Desk

    application = QApplication(sys.argv[:1])
    desk = Desk(application, pinned="dark" if sys.argv[2] == "dark" else "light")
    window = desk.open(Path(sys.argv[1]))
    assert isinstance(window, Window)
    window.resize(int(os.environ.get("WIDE", "1440")), 900)
    found: dict[str, object] = {"ratio": window.devicePixelRatioF()}
    deadline = time.monotonic() + 30
    for page in ("overview", "training"):
        window.go_to(page)
        while not {"live", page} <= window.shown and time.monotonic() < deadline:
            application.processEvents()
            time.sleep(0.01)
        for _ in range(10):
            application.processEvents()
        found[page] = {"cut": cut(window), "overlapping": overlapping(window), "texts": len(shown(window, Text))}
        found[f"{page} scrolls"] = window.scrolls(page)
    window.leave()
    sys.stdout.write(json.dumps(found))
