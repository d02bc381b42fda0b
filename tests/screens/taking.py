"""Pictures of every page and of the gallery by fresh processes, of one project, with clock, keys, fonts and size pinned.

`python -m tests.screens.taking` takes the references anew, after somebody has looked at what has changed.
"""

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from espalier.core.project import clock
from espalier.gui.pages import PLACES
from tests.gui.filled import HOME, filled

PAGES = [place.id for place in PLACES if place.id != "help"]
NAMES = (*PAGES, "gallery")
THEMES, SCALES = ("light", "dark"), ("1", "1.5")
WIDE, HIGH = 1440, 900
REFERENCES = Path(__file__).with_name("references")
MADE, LOOKED = datetime(2026, 10, 1, 8, tzinfo=UTC), datetime(2026, 10, 1, 12, tzinfo=UTC)
SMALLER = 3  # a reference is a third as wide and high, in greys
# The clock stands before any page asks for it, and the fonts are those that every system has.
PINNED = f"""
import sys
from datetime import datetime
from espalier.core.project import clock
from espalier.gui import typeface
moment = datetime.fromisoformat("{LOOKED.isoformat()}")
clock.now = lambda: moment
typeface._families = lambda *, code: [typeface.CODE_FALLBACK if code else typeface.FALLBACK]
"""
PICTURES = f"""{PINNED}
from espalier.gui.picture import main
main()
"""
GALLERY = f"""{PINNED}
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
for _ in range(20):
    application.processEvents()
page.grab().save(sys.argv[1])
"""


def project(folder: Path) -> Path:
    """The path of a project in which something stands on every page; made again it says the same, letter for letter."""
    moments = (MADE + timedelta(seconds=number) for number in range(1_000_000))
    with (
        mock.patch.object(clock, "now", lambda: next(moments)),
        mock.patch("espalier.core.project.key.secrets.token_bytes", bytes),
    ):
        return filled(folder)


def taken(path: Path, folder: Path, theme: str, scale: str) -> dict[str, QImage]:
    """By the name of a page, or gallery; the folder is new."""
    folder.mkdir()
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "QT_SCALE_FACTOR": scale,
        "QT_LOGGING_RULES": "*=false",
        "ESPALIER_HOME": str(path.parent / HOME),
        "TZ": "UTC",
    }
    pages = [PICTURES, str(path), str(folder), "--theme", theme, "--scale", scale]
    for command in (pages, [GALLERY, str(folder / "gallery.png"), theme]):
        subprocess.run([sys.executable, "-c", *command], env=environment, check=True, capture_output=True, timeout=300)
    return {name: QImage(str(folder / f"{name}.png")) for name in NAMES}


def small(image: QImage, scale: str) -> QImage:
    """As references are: the same size and greys, whatever the scale."""
    wide, high = (round(side / float(scale) / SMALLER) for side in (image.width(), image.height()))
    smooth = Qt.TransformationMode.SmoothTransformation
    shrunk = image.scaled(QSize(wide, high), Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    return shrunk.convertToFormat(QImage.Format.Format_Grayscale8)


def reference(theme: str, name: str) -> Path:
    return REFERENCES / f"{theme}-{name}.png"


def main() -> None:
    os.environ |= {"QT_QPA_PLATFORM": "offscreen", "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    REFERENCES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        path = project(Path(folder))
        for theme in THEMES:
            for name, image in taken(path, Path(folder) / theme, theme, "1").items():
                small(image, "1").save(str(reference(theme, name)))
                sys.stdout.write(f"{theme} {name}\n")


if __name__ == "__main__":
    main()
