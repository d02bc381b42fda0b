"""Programs and libraries of the operating system: which are missing, and the one command that installs them."""

import ctypes
import os
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import notices

APT_LISTS = Path("/var/lib/apt/lists")
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")


@dataclass(frozen=True, slots=True)
class Need:
    """Something that Espalier uses; `vital` where nothing at all can be done without it."""

    name: str
    package: str
    present: Callable[[], bool]
    vital: bool = False


def loads(library: str) -> bool:
    """Whether the loader finds a shared library, with all that it needs in turn."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_venv() -> bool:
    try:
        import ensurepip
        import venv
    except ImportError:
        return False
    return bool(ensurepip.version() and venv)


def has_font() -> bool:
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    return any(any(folder.rglob("*.[ot]tf")) for folder in folders if folder.is_dir())


def has_face(start: str) -> bool:
    """Whether a font's file of that name is installed; the window takes it where it is, and looks well without it."""
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    return any(any(folder.rglob(f"{start}*.[ot]tf")) for folder in folders if folder.is_dir())


def program(name: str, package: str, vital: bool = False) -> Need:
    return Need(name, package, lambda: shutil.which(name) is not None, vital)


def library(name: str, package: str) -> Need:
    return Need(name, package, lambda: loads(name))


def needs(*, display: bool, tests: bool) -> Iterable[Need]:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    yield Need("Python's venv", f"python{version}-venv", has_venv, vital=True)
    yield program("git", "git", vital=True)
    if sys.platform != "linux":
        return
    yield program("bwrap", "bubblewrap")
    yield program("prlimit", "util-linux")
    yield Need("certificates", "ca-certificates", Path("/etc/ssl/certs/ca-certificates.crt").is_file)
    yield library("libglib-2.0.so.0", "libglib2.0-0")
    yield library("libGL.so.1", "libgl1")
    yield library("libEGL.so.1", "libegl1")
    yield library("libxkbcommon.so.0", "libxkbcommon0")
    yield library("libdbus-1.so.3", "libdbus-1-3")
    yield library("libfontconfig.so.1", "libfontconfig1")
    yield Need("a font", "fonts-dejavu-core", has_font)
    if display:
        yield library("libxcb-cursor.so.0", "libxcb-cursor0")
        yield library("libxcb-icccm.so.4", "libxcb-icccm4")
        yield library("libxcb-keysyms.so.1", "libxcb-keysyms1")
        yield library("libxcb-shape.so.0", "libxcb-shape0")
        yield library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0")
        yield Need("Inter", "fonts-inter", lambda: has_face("Inter"))
        yield Need("JetBrains Mono", "fonts-jetbrains-mono", lambda: has_face("JetBrainsMono"))
    if tests:
        yield program("ssh-keygen", "openssh-client")
        yield program("ip", "iproute2")


def install_command(packages: list[str]) -> str:
    return f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(packages)}"


def apt(*arguments: str) -> tuple[int, str]:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    return notices.quiet(["apt-get", "-o", "DPkg::Lock::Timeout=120", *arguments], env)


def has_package_lists() -> bool:
    return any(APT_LISTS.glob("*_Packages*"))


def install(packages: list[str]) -> None:
    """Installs with apt-get, refreshing its lists when they are empty or too old to serve."""
    if not has_package_lists():
        apt("update")
    arguments = ("install", "-y", "--no-install-recommends", *packages)
    status, output = apt(*arguments)
    if status:
        apt("update")
        status, output = apt(*arguments)
    if status:
        raise notices.Trouble(
            f"apt-get could not install {' '.join(packages)}.",
            f"Mend what it says above, or run this yourself: {install_command(packages)}",
            notices.last_lines(output),
        )


def complete(*, display: bool, tests: bool) -> None:
    """Installs what is missing, or says how to; raises Trouble when there is no going on without it."""
    missing = [need for need in needs(display=display, tests=tests) if not need.present()]
    if not missing:
        return
    packages = [need.package for need in missing]
    if shutil.which("apt-get") and os.geteuid() == 0:
        notices.say(f"Installing system packages: {' '.join(packages)}")
        install(packages)
        missing = [need for need in missing if not need.present()]
    if missing:
        report(missing, stop=tests)


def report(missing: list[Need], *, stop: bool) -> None:
    names = ", ".join(need.name for need in missing)
    sentence = f"This machine lacks {names}."
    if shutil.which("apt-get"):
        remedy = f"Install it and run this again: {install_command([need.package for need in missing])}"
    else:
        remedy = "Install it with the system's package manager and run this again."
    if stop or any(need.vital for need in missing):
        raise notices.Trouble(sentence, remedy)
    notices.say(f"{sentence} Some things will not work; `espalier doctor` says which. {remedy}")
