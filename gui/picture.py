"""Pictures of a project's pages, drawn without a display: python -m espalier.gui.picture PROJECT FOLDER."""

import argparse
import os
import sys
from functools import partial
from pathlib import Path

from espalier.core.failures import EspalierError, WorkFailed

WAIT_SECONDS = 30.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="espalier.gui.picture")
    parser.add_argument("project", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--scale", choices=("1", "1.5", "2"), default="1")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = options.scale
    os.environ["QT_LOGGING_RULES"] = "*.warning=false;*.info=false;*.debug=false"
    try:
        take(options.project, options.folder, options.theme)
    except EspalierError as error:
        sys.stderr.write(f"{error.sentence}\n  → {error.remedy}\n")
        sys.exit(error.exit_status)


def take(project: Path, folder: Path, theme: str) -> None:
    """Write a picture of each page, when the page has shown what was read."""
    from PySide6.QtWidgets import QApplication

    from espalier.gui.app import Desk
    from espalier.gui.pages import PLACES
    from espalier.gui.settling import settle
    from espalier.gui.window import HEIGHT, WIDTH, Window

    application = QApplication(sys.argv[:1])
    desk = Desk(application, pinned="dark" if theme == "dark" else "light", looks_only=True)
    window = desk.open(project)
    assert isinstance(window, Window)
    window.resize(WIDTH, HEIGHT)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for page in (place.id for place in PLACES if place.id != "help"):
            window.go_to(page)
            wanted = {"live", "flow", *window.page(page).readings}
            if not settle(window, window.session, partial(wanted.issubset, window.shown), WAIT_SECONDS):
                raise WorkFailed("The project was not read in time.", "Close what else has it open, or try again.")
            if not window.grab().save(str(folder / f"{page}.png")):
                raise WorkFailed(f"{folder / page}.png could not be written.", "Check the folder and the disk.")
    finally:
        window.leave()


if __name__ == "__main__":
    main()
