"""A dialog that is gone when the answer to what it asked comes: nobody is told there, and a failure is told elsewhere."""

from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from espalier.gui.parts.dialog import Dialog


def test_that_an_answer_reaches_a_dialog_that_is_there_and_none_that_is_gone(qtbot: QtBot) -> None:
    dialog, heard = Dialog("Ask"), list[tuple[str, ...]]()
    answered = dialog.while_there(
        lambda *said: heard.append(("here", *said)), lambda *said: heard.append(("there", *said))
    )
    quiet = dialog.while_there(lambda *said: heard.append(("here", *said)))
    answered("a", "b")
    dialog.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    answered("late", "c")
    quiet("late")
    assert heard == [("here", "a", "b"), ("there", "late", "c")]
