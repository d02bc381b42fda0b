"""A page that nobody touches and nothing changes does nothing: no layout that asks for the next, no drawing over and over."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.conftest import Opener
from tests.gui.looks import settled
from typing_extensions import override

from espalier.gui.pages import PLACES

WATCHED = 400  # milliseconds, in which a layout that asks for the next asks for thousands
MOST = 40  # readings come meanwhile
COUNTED = (QEvent.Type.LayoutRequest, QEvent.Type.Paint, QEvent.Type.Resize)


class Counter(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.counted: dict[str, int] = {}

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in COUNTED:
            name = f"{event.type().name} of {type(watched).__name__}"
            self.counted[name] = self.counted.get(name, 0) + 1
        return False


@pytest.mark.parametrize("size", [(1440, 900), (1024, 700)])
def test_that_a_page_comes_to_rest(
    busy: Path, open_window: Opener, qapp: QApplication, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window = open_window(busy)
    window.resize(*size)
    for place in PLACES:
        assert settled(window, place.id), place.id
        counter = Counter()
        qapp.installEventFilter(counter)
        qtbot.wait(WATCHED)
        qapp.removeEventFilter(counter)
        restless = {name: number for name, number in counter.counted.items() if number > MOST}
        assert restless == {}, place.id
