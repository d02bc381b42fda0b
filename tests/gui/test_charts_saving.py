"""Taking a chart along: its picture, and its figures as text that no spreadsheet runs."""

from pathlib import Path

from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from espalier.gui.charts.saving import Saving


def test_that_picture_and_figures_can_be_saved_and_copied(qtbot: QtBot, tmp_path: Path) -> None:
    chart = QWidget()
    qtbot.addWidget(chart)
    chart.resize(120, 80)
    saving = Saving(chart, "weeks", lambda: [("week", "commits"), ("=1+1", 3), ("-cmd", -2)])
    saving.save_picture(str(tmp_path / "a.png"))
    assert QImage(str(tmp_path / "a.png")).width() == 120
    saving.save_figures(str(tmp_path / "a.csv"))
    told = "week,commits\r\n'=1+1,3\r\n'-cmd,-2\r\n"
    assert (tmp_path / "a.csv").read_bytes().decode() == told
    saving.copy_figures()
    assert QGuiApplication.clipboard().text().replace("\r\n", "\n") == told.replace("\r\n", "\n")
    menu = saving.menu()
    assert [action.text() for action in menu.actions() if action.text()] == [
        "Copy picture", "Copy figures", "Save picture…", "Save figures…"
    ]  # fmt: skip
    menu.close()


def test_that_what_cannot_be_written_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    chart = QWidget()
    qtbot.addWidget(chart)
    saving = Saving(chart, "weeks", lambda: [("a",)])
    for save in (saving.save_figures, saving.save_picture):
        with qtbot.waitSignal(saving.refused) as refused:
            save(str(tmp_path / "none" / "a"))
        assert "could not be written" in refused.args[0]
