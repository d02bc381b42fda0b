"""What a person would see at a glance on every page: nothing is cut, nothing overlaps, everything has a name."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from tests.gui import made
from tests.gui.conftest import Opener, settle, training
from tests.gui.keyboard import blind, said, walked
from tests.gui.looks import cut, nameless, overlapping, settled

from espalier.gui.pages import PLACES

ROOT = Path(__file__).parents[2]
LOOK = "from tests.gui.looks import main; main()"
SIZES = ("1440x900", "1024x700", "2560x1440")


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    with made.project(tmp_path, policy="two-person") as project:
        return project.path


def looked_over(path: Path, theme: str, scale: str, size: str = "1440x900", *, longer: bool = False) -> dict[str, Any]:
    environment = os.environ | {"QT_SCALE_FACTOR": scale, "QT_QPA_PLATFORM": "offscreen", "SIZE": size}
    command = [sys.executable, "-c", LOOK, str(path), theme, *(["longer"] if longer else [])]
    told = subprocess.run(command, capture_output=True, text=True, env=environment, check=True, cwd=ROOT, timeout=300)
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def wrong(found: dict[str, Any]) -> dict[str, list[str]]:
    """By page and kind, what there should be none of."""
    kinds = ("cut", "overlapping", "nameless")
    said = {f"{place.id} {kind}": found[place.id][kind] for place in PLACES for kind in kinds}
    return {name: words for name, words in said.items() if words}


def too_wide(found: dict[str, Any]) -> dict[str, int]:
    """By how many pixels a page must be moved to and fro to be read."""
    return {place.id: wide for place in PLACES if (wide := found[place.id]["scrolls"][0])}


@pytest.mark.parametrize(
    ("theme", "scale"),
    [
        ("light", "1"),
        *(pytest.param(*more, marks=pytest.mark.slow) for more in (("light", "1.5"), ("dark", "1"), ("dark", "1.5"))),
    ],
)
def test_that_nothing_is_cut_or_overlaps_on_any_page(busy: Path, theme: str, scale: str) -> None:
    found = looked_over(busy, theme, scale)
    assert found["ratio"] == float(scale)
    assert [place.id for place in PLACES if not found[place.id]["read"]] == []
    assert wrong(found) == {}
    assert all(found[place.id]["texts"] > 2 for place in PLACES)


@pytest.mark.parametrize("size", [SIZES[1], pytest.param(SIZES[2], marks=pytest.mark.slow)])
def test_that_small_and_large_windows_cut_no_word_and_no_page(busy: Path, size: str) -> None:
    found = looked_over(busy, "light", "1", size)
    assert wrong(found) == {}
    assert too_wide(found) == {}


@pytest.mark.parametrize("size", SIZES[:2])
def test_that_empty_pages_teach_and_cut_no_word(empty: Path, size: str) -> None:
    found = looked_over(empty, "light", "1", size)
    assert wrong(found) == {}
    assert too_wide(found) == {}


def test_that_longer_words_of_another_language_have_room_on_every_page(busy: Path) -> None:
    assert wrong(looked_over(busy, "light", "1", "1024x700", longer=True)) == {}
    found = looked_over(busy, "light", "1", "1280x800", longer=True)
    assert wrong(found) == {}
    assert too_wide(found) == {}


@pytest.mark.parametrize("size", SIZES[:2])
def test_that_every_word_of_an_empty_project_goes_through_the_translator(empty: Path, size: str) -> None:
    found = looked_over(empty, "light", "1", size, longer=True)
    assert wrong(found) == {}
    names = {"payments.espalier", str(empty)}
    slips = {place.id: set(found[place.id]["ours"]) - names for place in PLACES if place.id != "help"}
    assert {page: words for page, words in slips.items() if words} == {}


def test_that_the_check_of_names_can_fail(busy: Path, open_training: Opener) -> None:
    window = open_training(busy)
    window.frame.top_bar.theme.setAccessibleName("")
    assert len(nameless(window)) == 1


def test_that_everything_that_acts_is_reached_by_the_tab_key(busy: Path, open_training: Opener, qapp: Any) -> None:
    window = open_training(busy)
    window.activateWindow()
    settle(qapp)
    reached: set[QWidget] = set()
    for _ in range(80):
        window.focusNextChild()
        focused = window.focusWidget()
        assert focused is not None
        reached.add(focused)
    page, bar = training(window), window.frame.top_bar
    wanted = {page.pause, page.stop, page.table, window.frame.sidebar.stages, bar.theme, bar.search, bar.acting}
    assert wanted <= reached


def test_that_the_theme_reaches_every_pixel_of_the_ground(busy: Path, open_training: Opener, qapp: Any) -> None:
    """Plots do not follow the palette by themselves."""
    window = open_training(busy)
    for theme, ground in (("dark", "#1a1d22"), ("light", "#ffffff")):
        while window.theme.choice != theme:
            window.turn_theme()
        settle(qapp)
        plot = training(window).plots.loss.plot
        image: QImage = plot.grab().toImage()
        assert image.pixelColor(2, 2).name() == ground, theme


def test_that_pictures_are_taken_without_a_display(busy: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "espalier.gui.picture", str(busy), str(tmp_path / "pictures")]
    without = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "QT_QPA_PLATFORM")}
    told = subprocess.run(command, capture_output=True, text=True, env=without, check=False, timeout=120)
    assert (told.returncode, told.stderr) == (0, "")
    for place in PLACES:
        if place.id != "help":
            image = QImage(str(tmp_path / "pictures" / f"{place.id}.png"))
            assert (image.width(), image.height()) == (1440, 900)
            assert image.pixelColor(5, 600).lightness() > 200


def test_that_taking_a_picture_changes_nothing(tmp_path: Path) -> None:
    """Not even the job of a dead worker, which a window brings back."""
    with made.project(tmp_path) as project:
        number, job = made.run(project)
        made.at_work(project, number, job)
        with project.write() as db:
            db.execute("UPDATE jobs SET pid = ?, process_started = 1.0", (2**22 - 1,))
        command = [sys.executable, "-m", "espalier.gui.picture", str(project.path), str(tmp_path / "pictures")]
        before = project.data_version()
        subprocess.run(command, check=True, timeout=120)
        assert project.data_version() == before
        assert project.value("SELECT state FROM jobs") == "running"


def test_that_a_picture_of_what_is_no_project_is_refused_in_a_sentence(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "espalier.gui.picture", str(tmp_path / "none.espalier"), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert told.returncode == 2
    assert "There is no project" in told.stderr
    assert "Traceback" not in told.stderr


def test_that_the_check_of_room_can_fail(busy: Path, open_training: Opener, qapp: Any) -> None:
    window = open_training(busy)
    settled(window, "training")
    assert cut(window) == []
    page = training(window)
    page.pause.setFixedWidth(20)
    assert cut(window) == [page.pause.text()]
    page.stop.move(page.pause.pos())
    assert overlapping(window)


@pytest.mark.slow
def test_that_the_keyboard_is_seen_on_every_page(idle: Path, open_window: Opener, qapp: QApplication) -> None:
    window = open_window(idle)
    for place in PLACES:
        assert settled(window, place.id)
        window.activateWindow()
        settle(qapp)
        parts = [(part, blind(window, part, qapp)) for part in walked(window, qapp)]
        assert parts, place.id
        assert [said(part) for part, unseen in parts if unseen] == [], place.id
