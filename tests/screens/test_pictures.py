"""Pictures of every page and of the gallery: in the colours of their theme, at their scale."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from espalier.gui.pages import PLACES
from espalier.gui.palette import DARK, LIGHT, Colours
from tests.core.release.finished import finished

PAGES = [place.id for place in PLACES if place.id != "help"]
WIDE, HIGH = 1440, 900
# The clock stands before any page asks for it: what is old is equally old in every picture.
PICTURES = """
import sys
from datetime import datetime
from espalier.core.project import clock
moment = datetime.fromisoformat(sys.argv.pop())
clock.now = lambda: moment
from espalier.gui.picture import main
main()
"""
GALLERY = """
import sys
from PySide6.QtWidgets import QApplication
from espalier.gui.app import Desk
from espalier.gui.gallery.page import HEIGHT, WIDTH, GalleryPage
application = QApplication(sys.argv[:1])
Desk(application, pinned=sys.argv[2])
page = GalleryPage(application)
page.resize(WIDTH, HEIGHT)
page.show()
for _ in range(20):
    application.processEvents()
page.pose()
page.palette_box.field.clearFocus()
page.palette_box.show()
for _ in range(20):
    application.processEvents()
page.grab().save(sys.argv[1])
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with finished(tmp_path_factory.mktemp("screens")).project as made:
        return made.path


def run(command: list[str], scale: str) -> None:
    quiet = {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale, "QT_LOGGING_RULES": "*=false"}
    subprocess.run(command, env=os.environ | quiet, check=True, capture_output=True, timeout=300)


def taken(project: Path, folder: Path, theme: str, scale: str) -> dict[str, QImage]:
    """By fresh processes; the name of a page, or gallery."""
    folder.mkdir()
    options = ["--theme", theme, "--scale", scale]
    moment = datetime.fromtimestamp(project.stat().st_mtime, UTC) + timedelta(minutes=5)
    run([sys.executable, "-c", PICTURES, str(project), str(folder), *options, moment.isoformat()], scale)
    run([sys.executable, "-c", GALLERY, str(folder / "gallery.png"), theme], scale)
    return {name: QImage(str(folder / f"{name}.png")) for name in (*PAGES, "gallery")}


@pytest.mark.slow
@pytest.mark.parametrize("scale", ["1", "1.5"])
@pytest.mark.parametrize(("theme", "colours"), [("light", LIGHT), ("dark", DARK)])
def test_that_a_picture_keeps_to_its_theme_and_scale(
    project: Path, tmp_path: Path, theme: str, colours: Colours, scale: str
) -> None:
    images = taken(project, tmp_path / "pictures", theme, scale)
    factor = float(scale)
    for name, image in images.items():
        assert not image.isNull(), name
        if name == "gallery":
            continue
        assert (image.width(), image.height()) == (WIDE * factor, HIGH * factor)
        side = image.pixelColor(round(4 * factor), round(500 * factor)).name().upper()
        page = image.pixelColor(round(228 * factor), round(500 * factor)).name().upper()
        assert (side, page) == (colours.window, colours.surface), name


def test_that_the_pictures_of_the_readme_are_there_and_of_a_size_to_read() -> None:
    folder = Path(__file__).parents[2] / "resources/help/pictures"
    named = {path.name for path in folder.glob("*.png")}
    assert len(named) == 3
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    for name in named:
        assert f"resources/help/pictures/{name}" in readme
        assert QImage(str(folder / name)).width() == WIDE
