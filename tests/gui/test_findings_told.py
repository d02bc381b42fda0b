"""What a reading thread says: told on the thread of the window, and no more once nobody listens."""

import threading

import pytest
from pytestqt.qtbot import QtBot

from espalier.core.failures import WorkFailed
from espalier.gui.findings.told import Told


def said_by_a_thread(told: Told, sentence: str) -> None:
    thread = threading.Thread(target=told.say, args=(sentence,))
    thread.start()
    thread.join()


def test_that_a_sentence_comes_from_another_thread(qtbot: QtBot) -> None:
    told, heard = Told(), list[str]()
    told.sentence.connect(heard.append)
    said_by_a_thread(told, "half of it")
    qtbot.waitUntil(lambda: heard == ["half of it"])


def test_that_what_is_on_its_way_is_not_told_after_the_end(qtbot: QtBot) -> None:
    told, heard = Told(), list[str]()
    told.sentence.connect(heard.append)
    said_by_a_thread(told, "half of it")
    told.stop()
    qtbot.wait(20)
    assert heard == []
    with pytest.raises(WorkFailed):
        told.say("all of it")
