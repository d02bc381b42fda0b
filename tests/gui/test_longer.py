"""Every page, the window without a project and the dialogs in a language with longer words: nothing cut, overlapping or untranslated."""

from collections.abc import Container, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot
from tests.core.repositories.workshop import make
from tests.gui import made
from tests.gui.conftest import PATIENCE, Opener, settle
from tests.gui.longer import Longer
from tests.gui.looks import cut, overlapping, settled
from tests.gui.painted import bare, clipped, lost, painted, sideways
from tests.gui.things import Things
from typing_extensions import override

from espalier.core.doctor.finding import limited
from espalier.gui.pages import PLACES
from espalier.gui.parts.text import Text
from espalier.gui.settings import Settings
from espalier.gui.settling import settle as rest
from espalier.gui.start.checking import Checking
from espalier.gui.start.folders import documents
from espalier.gui.start.new_project import NewProject
from espalier.gui.start.sample import SampleFolder
from espalier.gui.start.window import StartWindow
from espalier.gui.theme import Theme
from espalier.gui.window import SMALLEST, Window

SIZES = ((1440, 900), SMALLEST)
PARTS: dict[str, tuple[str, ...]] = {
    "repositories": ("licences",),
    "findings": ("decide", "sampled", "approve"),
    "examples": ("table", "composition", "card"),
    "evaluation": ("tasks", "rubric"),
}

# What opens a dialog, by the page that it belongs to.
DIALOGS: dict[str, tuple[str, str]] = {
    "add": ("repositories", "add repositories"),
    "drop": ("repositories", "drop repository"),
    "new run": ("training", "new run"),
    "copy of a run": ("training", "copy run"),
    "settings of two runs": ("training", "settings diff"),
    "evaluate": ("evaluation", "evaluate"),
    "compare snapshots": ("dataset", "compare snapshots"),
}
SECONDS = 60.0
PROJECT, VERSION = "/projects/payments.espalier", "bubblewrap 0.8.0"
TROUBLE = (f"There is no project at {PROJECT}.", "Make it anew.")  # as core says it


@pytest.fixture(autouse=True)
def longer(qapp: QApplication) -> Iterator[None]:
    translator = Longer()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    with made.project(tmp_path, policy="two-person") as project:
        return project.path


def wrong(window: QWidget, things: Container[str] = ()) -> list[str]:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)  # of what came with the last turn
    words = painted(window)
    found = {
        "cut": cut(window),
        "overlapping": overlapping(window),
        "wider than its place": sideways(window),
        "written into too little room": clipped(words),
        "shortened for good": lost(words),
        "not translated": sorted(rest for rest in bare(window, words) if rest not in things),
    }
    return [f"{what}: {one}" for what, these in found.items() for one in these]


def walked(window: Window) -> Iterator[str]:
    """Every part of every page, each at both sizes."""
    for place in PLACES:
        for part in ("", *PARTS.get(place.id, ())):
            assert settled(window, place.id)
            window.page(place.id).show_detail(part)
            for size in SIZES:
                window.resize(*size)
                assert settled(window, place.id)
                yield f"{place.id} {part} {size[0]}".replace("  ", " ")


def looked_over(window: Window, things: Container[str]) -> dict[str, list[str]]:
    return {where: found for where in walked(window) if (found := wrong(window, things))}


@pytest.mark.slow
def test_that_longer_words_have_room_on_every_page(busy: Path, company: Path, open_window: Opener) -> None:
    assert looked_over(open_window(busy), Things.of(busy, company.parent / "company")) == {}


@pytest.mark.slow
def test_that_longer_words_have_room_on_every_empty_page(empty: Path, open_window: Opener) -> None:
    assert looked_over(open_window(empty), Things.of(empty, empty.parent)) == {}


@pytest.mark.slow
def test_that_longer_words_have_room_in_every_dialog(busy: Path, company: Path, open_window: Opener) -> None:
    window, things = open_window(busy), Things.of(busy, company.parent / "company")
    found = {}
    for name, (page, action) in DIALOGS.items():
        assert settled(window, page)
        assert window.page(page).actions_by_id[action].isEnabled(), name
        window.page(page).actions_by_id[action].trigger()
        found[name] = asked(window, things)
    for name, ask in (("keys", window.show_keys), ("new identity", window.acting.ask_for_new)):
        ask()
        found[name] = asked(window, things)
    window.close()  # a run is at work
    found["leave"] = asked(window, things)
    window.turn_drawer()
    assert rest(window, window.session, lambda: "jobs" in window.shown, SECONDS)
    found["jobs"] = wrong(window, things)
    assert {name: words for name, words in found.items() if words} == {}


def asked(window: Window, things: Container[str]) -> list[str]:
    """What is wrong with the dialog that has opened; it is left."""
    dialog = next(one for one in window.findChildren(QDialog) if one.isVisible())
    assert rest(dialog, window.session, lambda: True, SECONDS)
    found = wrong(dialog, things)
    dialog.reject()
    return found


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> StartWindow:
    """Of a person who has opened projects before; this machine is not looked at, but it was."""
    monkeypatch.setattr(Checking, "start", lambda self: None)
    settings = Settings()
    settings.remember(PROJECT)
    window = StartWindow(qapp, settings, Theme(qapp, "light"))
    qtbot.addWidget(window)
    window.show()
    window.page.machine.add(limited("sandbox", VERSION, "Install it."))
    window.page.machine.end(whole=True)
    window.say(*TROUBLE)
    return window


@pytest.mark.parametrize("size", SIZES)
def test_that_longer_words_have_room_where_no_project_is_open(
    start: StartWindow, size: tuple[int, int], tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    start.resize(*size)
    settle(qapp)
    here = Things([PROJECT, VERSION, *TROUBLE, str(tmp_path), "orders", str(documents()), "projects", "payments"])
    assert wrong(start, here) == []
    make(tmp_path / "orders")
    start.ask_for_new([tmp_path])
    dialog = start.dialog
    assert isinstance(dialog, NewProject)
    qtbot.waitUntil(lambda: bool(dialog.picking.rows) and not dialog.picking.looking, timeout=PATIENCE)
    dialog.picking.rows[0].edit.click()
    settle(qapp)
    assert wrong(dialog, here) == []
    dialog.reject()
    start.ask_for_sample()
    sample = start.dialog
    assert isinstance(sample, SampleFolder)
    settle(qapp)
    assert wrong(sample, here) == []
    sample.reject()
    start.close()


class Slips(QWidget):
    """Writes past the translator, into too little room, and shortened without a tip."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawText(QRect(0, 0, 20, 20), 0, self.tr("Far too long for this"))
        painter.drawText(0, 40, painter.fontMetrics().elidedText(self.tr("Findings"), Qt.TextElideMode.ElideRight, 40))
        painter.drawText(0, 60, "Never asked")


def test_that_the_check_of_words_can_fail(qtbot: QtBot) -> None:
    slips = Slips()
    qtbot.addWidget(slips)
    Text("Bare", parent=slips)
    slips.show()
    found = [one.split(":")[0] for one in wrong(slips)]
    assert found == ["written into too little room", "shortened for good", "not translated", "not translated"]
