"""Where projects go unless a person says otherwise."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths

DEMONSTRATION = "espalier-demo"


def documents() -> Path:
    """The person's documents, or the home folder where there are none."""
    found = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return found if found.is_dir() else Path.home()


def demonstration() -> Path:
    return documents() / DEMONSTRATION
