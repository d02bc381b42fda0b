"""Pictures of a project's pages, drawn without a display: python -m espalier.gui.picture PROJECT FOLDER."""

import argparse
import os
import sys
import time
from pathlib import Path

from espalier.core.failures import EspalierError, WorkFailed

WAIT_SECONDS = 30.0
SETTLING = 5  # a layout in a layout in a page: each learns of new sizes one event later


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
            shown = window.page(page)
            _wait(window.shown, {"live", "flow", *shown.readings})
            _settle(shown)
            if not window.grab().save(str(folder / f"{page}.png")):
                raise WorkFailed(f"{folder / page}.png could not be written.", "Check the folder and the disk.")
    finally:
        window.leave()


def _settle(page: object) -> None:
    """Wait for what a page reads after its readings, where it says of itself whether it is `settled`."""
    from PySide6.QtCore import QCoreApplication

    deadline = time.monotonic() + WAIT_SECONDS
    while not getattr(page, "settled", True) and time.monotonic() < deadline:
        QCoreApplication.processEvents()
        time.sleep(0.01)
    for _ in range(SETTLING):
        QCoreApplication.processEvents()


def _wait(shown: set[str], wanted: set[str]) -> None:
    from PySide6.QtCore import QCoreApplication

    deadline = time.monotonic() + WAIT_SECONDS
    while not wanted <= shown:
        if time.monotonic() > deadline:
            raise WorkFailed("The project was not read in time.", "Close what else has it open, or try again.")
        QCoreApplication.processEvents()
        time.sleep(0.01)
    for _ in range(SETTLING):
        QCoreApplication.processEvents()


if __name__ == "__main__":
    main()
