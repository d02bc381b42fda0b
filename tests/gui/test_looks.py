"""What a person would see at a glance: nothing is cut, nothing overlaps, everything has a name, in light and dark, at 1x and 1.5x."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from tests.gui import made
from tests.gui.conftest import Opener, settle, training
from tests.gui.looks import cut, nameless, overlapping

from espalier.core.project.file import Project

LOOK = "from tests.gui.looks import main; main()"
FAILURE = (
    '{"kind":"WorkFailed","remedy":"Use shorter rows.","sentence":"Memory ran out with 1 x 2048 tokens at a time."}'
)


@pytest.fixture
def busy(tmp_path: Path) -> Project:
    """A project under the demo policy with a run that failed and one at work."""
    with made.project(tmp_path, policy="demo") as project:
        number, job = made.run(project)
        made.at_work(project, number, job, step=90)
        made.ended(project, number, job, "failed", FAILURE)
        number, job = made.run(project, seed=2)
        made.at_work(project, number, job)
    return project


def looked_over(project: Project, theme: str, scale: str, wide: int = 1440) -> dict[str, Any]:
    environment = os.environ | {"QT_SCALE_FACTOR": scale, "QT_QPA_PLATFORM": "offscreen", "WIDE": str(wide)}
    told = subprocess.run(
        [sys.executable, "-c", LOOK, str(project.path), theme],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
        cwd=Path(__file__).parents[2],
        timeout=120,
    )
    found: dict[str, Any] = json.loads(told.stdout)
    return found


@pytest.fixture
def failed(busy: Project) -> Project:
    """The same, and the newest run failed."""
    with Project.open(busy.path) as project:
        made.ended(project, 2, 2, "failed", FAILURE)
    return busy


@pytest.mark.parametrize("newest", ["busy", "failed"])
@pytest.mark.parametrize("scale", ["1", "1.5"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_that_nothing_is_cut_overlaps_or_scrolls(
    request: pytest.FixtureRequest, newest: str, theme: str, scale: str
) -> None:
    found = looked_over(request.getfixturevalue(newest), theme, scale)
    assert found["ratio"] == float(scale)
    assert (found["overview scrolls"], found["training scrolls"]) == (0, 0)
    for page in ("overview", "training"):
        assert found[page]["texts"] > 20, page
        assert found[page]["cut"] == [], page
        assert found[page]["overlapping"] == [], page


def test_that_a_narrow_window_cuts_no_word(busy: Project) -> None:
    found = looked_over(busy, "light", "1", wide=1280)
    for page in ("overview", "training"):
        assert found[page]["cut"] == [], page
        assert found[page]["overlapping"] == [], page


def test_that_every_control_has_a_name(busy: Project, open_training: Opener) -> None:
    window = open_training(busy.path)
    assert nameless(window) == []
    window.go_to("overview")
    assert nameless(window) == []


def test_that_the_check_of_names_can_fail(busy: Project, open_training: Opener) -> None:
    window = open_training(busy.path)
    window.frame.top_bar.theme.setAccessibleName("")
    assert len(nameless(window)) == 1


def test_that_everything_that_acts_is_reached_by_the_tab_key(busy: Project, open_training: Opener, qapp: Any) -> None:
    window = open_training(busy.path)
    window.activateWindow()
    settle(qapp)
    reached: set[QWidget] = set()
    for _ in range(30):
        window.focusNextChild()
        focused = window.focusWidget()
        assert focused is not None
        reached.add(focused)
    page = training(window)
    wanted = {page.pause, page.stop, page.table, page.charts.more, window.frame.sidebar, window.frame.top_bar.theme}
    assert wanted <= reached


def test_that_the_theme_reaches_every_pixel_of_the_ground(busy: Project, open_training: Opener, qapp: Any) -> None:
    """Plots do not follow the palette by themselves."""
    window = open_training(busy.path)
    for theme, ground in (("dark", "#1a1d22"), ("light", "#ffffff")):
        while window.theme.choice != theme:
            window.turn_theme()
        settle(qapp)
        plot = training(window).charts.loss.plot
        image: QImage = plot.grab().toImage()
        assert image.pixelColor(2, 2).name() == ground, theme


def test_that_pictures_are_taken_without_a_display(busy: Project, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "espalier.gui.picture", str(busy.path), str(tmp_path / "pictures")]
    without = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "QT_QPA_PLATFORM")}
    for theme in ("light", "dark"):
        told = subprocess.run(
            [*command, "--theme", theme], capture_output=True, text=True, env=without, check=False, timeout=120
        )
        assert (told.returncode, told.stderr) == (0, "")
        for page in ("overview", "training"):
            image = QImage(str(tmp_path / "pictures" / f"{page}.png"))
            assert (image.width(), image.height()) == (1440, 900)
            assert image.pixelColor(250, 860).lightness() > 200 or theme == "dark"


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


def test_that_the_check_of_room_can_fail(busy: Project, open_training: Opener, qapp: Any) -> None:
    window = open_training(busy.path)
    settle(qapp)
    assert cut(window) == []
    training(window).pause.setFixedWidth(20)
    assert cut(window) == [training(window).pause.text()]
    training(window).stop.move(training(window).pause.pos())
    assert overlapping(window)
