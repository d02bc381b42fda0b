"""PySide6 6.12.0 on Python 3.11 loses a reference to None with every void method, and to True with every emission, and aborts in the end."""

import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

TIMES = 1000
SLACK = 100  # what else goes on in the interpreter meanwhile


class Speaker(QObject):
    said = Signal(bool)


def test_that_void_methods_keep_the_references_of_none(qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for _ in range(TIMES):
        label.setText("text")
    assert sys.getrefcount(None) > before - SLACK


def test_that_emissions_keep_the_references_of_what_they_carry(qtbot: QtBot) -> None:
    speaker, heard = Speaker(), []
    speaker.said.connect(lambda value: heard.append(1) if value else None)
    before = sys.getrefcount(True)
    for _ in range(TIMES):
        speaker.said.emit(True)
    assert len(heard) == TIMES
    assert sys.getrefcount(True) > before - SLACK
