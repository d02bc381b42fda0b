"""The interpreter and checking tools that sandboxed programs see: a copy of exactly those, read-only, at one place.

Binding the interpreter from where it lies would not do. It may lie under a home folder that the sandbox account can't
enter, it brings whatever else is installed beside it, and pytest loads every plugin it finds.

    toolchain-KEY/python    the interpreter, its standard library and the shared libraries of its own prefix
    toolchain-KEY/tools     a virtual environment with pytest, ruff, mypy, bandit and what they require
"""

import compileall
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath

import platformdirs
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from espalier.core.evaluation.sandbox.uid import Account, readable
from espalier.core.failures import WorkFailed

LAYOUT = 1  # raise it when what is copied changes
MOUNTED = PurePosixPath("/toolchain")
PYTHON = str(MOUNTED / "tools/bin/python")
SYSTEM_CACHE = Path("/var/cache/espalier")
TOOLS = ("pytest", "ruff", "mypy", "bandit")
UNNEEDED = ("site-packages", "dist-packages", "test", "tests", "idlelib", "tkinter", "turtledemo", "ensurepip")


@dataclass(frozen=True, slots=True, kw_only=True)
class Toolchain:
    folder: Path
    key: str
    versions: dict[str, str]


def toolchain(who: Account) -> Toolchain:
    """The one for this interpreter and these versions, copied first if it is not there yet."""
    needed = required(TOOLS)
    versions = {name: needed[name].version for name in TOOLS} | {"python": sys.version.split()[0]}
    key = key_of(needed)
    folder = cache(who) / f"toolchain-{key}"
    if not folder.is_dir():
        build(folder, list(needed.values()))
    return Toolchain(folder=folder, key=key, versions=versions)


def required(names: tuple[str, ...]) -> dict[str, Distribution]:
    """The distributions `names` and, by name, all they require here."""
    found: dict[str, Distribution] = {}
    waiting = list(names)
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name not in found:
            found[name] = installed(name)
            waiting += requirements(found[name])
    return found


def requirements(package: Distribution) -> Iterator[str]:
    for text in package.requires or ():
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement.name


def installed(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError:
        raise WorkFailed(
            f"'{name}', which checks what a model wrote, is not installed.", f"Install {name} beside Espalier."
        ) from None


def key_of(needed: dict[str, Distribution]) -> str:
    versions = {name: package.version for name, package in needed.items()}
    text = json.dumps([LAYOUT, sys.version, sys.base_prefix, sysconfig.get_platform(), versions], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def cache(who: Account) -> Path:
    """Where copies are kept; when root, a folder that nobody else may write and everybody may enter."""
    if not who.dropped:
        return platformdirs.user_cache_path("espalier", ensure_exists=True)
    folder = SYSTEM_CACHE
    folder.mkdir(exist_ok=True)
    state = folder.lstat()
    if state.st_uid == 0 and stat.S_ISDIR(state.st_mode) and not state.st_mode & 0o022:
        folder.chmod(0o755)  # whatever the umask of the process that made it: a worker's is 077
    if state.st_uid != 0 or state.st_mode & 0o022 or not readable(folder, who):
        raise WorkFailed(
            f"{folder} must belong to root, be writable for nobody else and be readable for all.",
            f"Remove {folder} or correct its owner and mode.",
        )
    return folder


def build(folder: Path, packages: list[Distribution]) -> None:
    """Copy beside `folder` and rename at the end: a copy is whole or not there."""
    unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=folder.parent))
    try:
        copy_interpreter(unfinished / "python")
        copy_tools(unfinished / "tools", packages)
        open_for_reading(unfinished)
        put(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def put(unfinished: Path, folder: Path) -> None:
    try:
        unfinished.rename(folder)
    except OSError:
        if not folder.is_dir():  # another process was quicker, and its copy is the same
            raise


def copy_interpreter(target: Path) -> None:
    base = Path(sys.base_prefix).resolve()
    for source in standard_library():
        shutil.copytree(
            source,
            target / source.relative_to(base),
            ignore=unneeded,
            ignore_dangling_symlinks=True,
            dirs_exist_ok=True,
        )
    (target / "bin").mkdir()
    shutil.copy2(interpreter(), target / "bin" / interpreter().name)
    for library in own_libraries(base):
        copied = target / library.relative_to(base)
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(library, copied)


def standard_library() -> set[Path]:
    """One folder or two: some systems keep compiled modules apart. A virtual environment has none of its own."""
    base = {"installed_base": sys.base_prefix, "base": sys.base_prefix, "platbase": sys.base_exec_prefix}
    return {Path(sysconfig.get_path(name, vars=base)).resolve() for name in ("stdlib", "platstdlib")}


def unneeded(_folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name in UNNEEDED or re.fullmatch(r"config-\d.*", name)}


def interpreter() -> Path:
    """The program itself, behind the links of a virtual environment."""
    return Path(sys.executable).resolve()


def own_libraries(base: Path) -> set[Path]:
    """Shared libraries under the interpreter's own prefix that it or an extension module of its library loads."""
    extensions = sorted(path for folder in standard_library() for path in folder.glob("lib-dynload/*.so"))
    listing = subprocess.run(
        ["ldd", str(interpreter()), *map(str, extensions)], capture_output=True, text=True, check=False
    ).stdout
    named = {Path(os.path.normpath(path)) for path in re.findall(r"=> (/\S+) \(0x", listing)}
    return {path for path in named if path.is_relative_to(base) and not base.is_relative_to("/usr")}


def copy_tools(target: Path, packages: list[Distribution]) -> None:
    """A virtual environment for the place where it will be mounted, without the base's own packages."""
    program = MOUNTED / "python" / "bin" / interpreter().name
    (target / "bin").mkdir(parents=True)
    (target / "bin/python").symlink_to(program)
    (target / "pyvenv.cfg").write_text(f"home = {program.parent}\ninclude-system-site-packages = false\n")
    site = Path("lib") / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    for package in packages:
        copy_package(package, target, site)
    compileall.compile_dir(
        target / site, quiet=2, stripdir=str(target), prependdir=str(MOUNTED / "tools"), legacy=False
    )


def copy_package(package: Distribution, target: Path, site: Path) -> None:
    """The files its record lists: under site-packages, and the programs in bin."""
    for entry in package.files or ():
        inside = Path(os.path.normpath(target / site / entry))
        source = Path(os.fspath(entry.locate()))
        wanted = inside.is_relative_to(target / site) or inside.parent == target / "bin"
        if wanted and source.is_file() and source.suffix != ".pyc":
            inside.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, inside)


def open_for_reading(folder: Path) -> None:
    """For everybody, whatever the umask and the modes of the originals; writable for nobody but the owner."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
