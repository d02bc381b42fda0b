"""Whether Qt starts here, and where it would draw: asked of a process of its own, since a Qt that lacks a library aborts."""

import os
import subprocess
import sys
from pathlib import Path

from espalier.core.doctor import probe
from espalier.core.doctor.finding import Finding, limited, missing, ok

START = """
import json, PySide6.QtCore
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
print(json.dumps({"version": PySide6.QtCore.qVersion(), "platform": app.platformName()}))
"""
WHERE = """
import json, PySide6
print(json.dumps({"folder": PySide6.__path__[0]}))
"""
NAME = "Qt"
DRAWN_NOWHERE = ("offscreen", "minimal")


def qt() -> Finding:
    """With a display on the screen, without one into pictures; a display that fails is told with what it lacks."""
    shown = has_display()
    try:
        found = probe.answer(START, os.environ if shown else offscreen())
    except probe.Failed as trouble:
        return failed(str(trouble), shown)
    said = f"{found['version']} on {found['platform']}"
    if found["platform"] in DRAWN_NOWHERE:
        remedy = "Start it in a desktop session to see the window; everything else works without."
        return limited(NAME, f"{said}: no display", remedy)
    return ok(NAME, said)


def has_display() -> bool:
    return sys.platform != "linux" or bool({"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"} & os.environ.keys())


def offscreen() -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen"}


def failed(trouble: str, shown: bool) -> Finding:
    lacking = libraries_not_found()
    if lacking:
        found = f"does not start: {', '.join(lacking)} not found"
        return missing(NAME, found, "Install these libraries; on Debian, packaging/bootstrap.py run does.")
    where = "on this display" if shown else "even without a display"
    return missing(NAME, f"does not start {where} ({trouble})", "Set QT_QPA_PLATFORM=offscreen to do without a window.")


def libraries_not_found() -> list[str]:
    """What the loader misses: Qt's own message names xcb-cursor whichever library it is."""
    try:
        folder = Path(probe.answer(WHERE)["folder"])
    except probe.Failed:
        return []
    plugins = folder / "Qt" / "plugins" / "platforms"
    objects = [*folder.glob("QtGui*.so"), plugins / "libqoffscreen.so", plugins / "libqxcb.so"]
    return sorted({name for one in objects if one.exists() for name in not_found(one)})


def not_found(shared_object: Path) -> list[str]:
    """Of our own wheel's files: ldd may run what it is asked about."""
    try:
        told = subprocess.run(
            ["ldd", str(shared_object)], capture_output=True, text=True, timeout=20, check=False
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    return [line.split()[0] for line in told.splitlines() if line.endswith("=> not found")]
