"""Builds the source distribution and from it the wheel, installs that in a clean environment and uses it there.

The dependencies are those of the environment that runs this, so that it needs no network and takes seconds.
"""

import os
import subprocess
import sys
import sysconfig
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("core", "gui", "resources")
PROOF = """
import importlib.resources, pathlib, sys
import espalier.core, espalier.gui, espalier.gui.__main__
assert pathlib.Path(espalier.core.__file__).is_relative_to(sys.prefix), espalier.core.__file__
assert importlib.resources.files("espalier.resources").joinpath("help/index.md").read_text(encoding="utf-8")
"""


def run(*command: str, folder: Path) -> None:
    """Runs it, and ends this process when it fails, with all that it said."""
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}\nfailed: {' '.join(command)}")


def build(folder: Path) -> Path:
    """The wheel, by way of the source distribution, as a person who downloads that would make it."""
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT), folder=folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


def tracked() -> set[str]:
    """The files that belong to the packages, as git knows them."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *PACKAGES]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {f"espalier/{name}" for name in names.split("\0") if name and (ROOT / name).exists()}


def check_contents(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    if absent := sorted(tracked() - held):
        sys.exit(f"not in the wheel: {', '.join(absent)}")
    if strange := sorted(held - tracked()):
        sys.exit(f"in the wheel, but not of the packages: {', '.join(strange)}")


def install(wheel: Path, folder: Path) -> Path:
    """Its Python, in a new environment that sees the present one's dependencies but not its Espalier."""
    venv.create(folder, symlinks=os.name != "nt")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--no-index",
        "--no-deps",
        str(wheel),
        folder=folder,
    )
    here = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    (here / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    return python


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="espalier-distribution-") as name:
        folder = Path(name)
        wheel = build(folder)
        check_contents(wheel)
        python = install(wheel, folder / "clean")
        run(str(python), "-I", "-c", PROOF, folder=folder)
        run(str(python), "-I", str(python.parent / "espalier"), "--help", folder=folder)
    sys.stdout.write(f"{wheel.name}: built, complete, installed and started\n")


if __name__ == "__main__":
    main()
