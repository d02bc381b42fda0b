"""The console script `espalier`: a project or nothing opens the window, everything else is the command line's."""

import sys
from pathlib import Path

from espalier.core.doctor.window import has_display
from espalier.core.failures import EspalierError
from espalier.core.project.file import SUFFIX

USAGE = 2
GALLERY = "--gallery"
NO_DISPLAY = (
    "There is no display to open a window on.\n"
    "  → Everything works without one: espalier --help. See the whole path on a sample: espalier demo.\n"
)


def main() -> None:
    arguments = sys.argv[1:]
    sys.exit(_window(arguments) if wants_window(arguments) else _command(arguments))


def wants_window(arguments: list[str]) -> bool:
    """No arguments, or one that is a project: a file, or a name that ends as projects do; or the gallery of parts."""
    if not arguments or arguments == [GALLERY]:
        return True
    return len(arguments) == 1 and not arguments[0].startswith("-") and _is_project(Path(arguments[0]))


def _is_project(path: Path) -> bool:
    return path.suffix == SUFFIX or path.is_file()


def _window(arguments: list[str]) -> int:
    if not has_display():
        sys.stderr.write(NO_DISPLAY)
        return USAGE
    from espalier.gui.app import open_gallery, open_window

    if arguments == [GALLERY]:
        return open_gallery()
    try:
        return open_window(Path(arguments[0]) if arguments else None)
    except EspalierError as error:
        sys.stderr.write(f"{error.sentence}\n  → {error.remedy}\n")
        return error.exit_status


def _command(arguments: list[str]) -> int:
    from espalier.core.cli.__main__ import main as command_line

    return command_line(arguments)


if __name__ == "__main__":
    main()
