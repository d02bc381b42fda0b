"""The project's secret key: one random key per project, kept outside the project file, that fingerprints secrets.

The file holds only the key's id. The value lies in the operating system's keyring where that works (it is read back, since
some keyrings accept a write and return nothing), else in a file of mode 0600 in the person's configuration folder.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path

import keyring
import keyring.errors

from espalier.core.failures import UnusableInput, WorkFailed
from espalier.core.project import audit
from espalier.core.project.file import Project
from espalier.core.project.folders import config_folder

SERVICE = "espalier project key"
KEY_BYTES = 32


class ProjectKey:
    """The key in memory. Its representation never shows the value."""

    __slots__ = ("_value", "id")

    def __init__(self, value: bytes) -> None:
        if len(value) != KEY_BYTES:
            raise ValueError("a project key has 32 bytes")
        self._value = value
        self.id = hashlib.sha256(b"espalier-key-id\0" + value).hexdigest()[:32]

    def __repr__(self) -> str:
        return f"ProjectKey(id={self.id})"

    def fingerprint(self, data: bytes) -> str:
        """Hex HMAC-SHA256 of the data: the same secret gives the same fingerprint anywhere this key is held."""
        return hmac.digest(self._value, b"fingerprint\0" + data, "sha256").hex()  # in one call: several times faster

    def placeholder_tag(self, data: bytes) -> str:
        """Eight base32 characters (40 bits) that stand for a secret in scrubbed text."""
        mac = hmac.new(self._value, b"placeholder\0" + data, hashlib.sha256).digest()
        return base64.b32encode(mac[:5]).decode("ascii")

    def drawn(self, data: bytes) -> int:
        """A number of 256 bits, of which the same data gives the same; what stands for a person's number is made of it."""
        return int.from_bytes(hmac.digest(self._value, b"pseudonym\0" + data, "sha256"))

    def rank(self, data: bytes) -> int:
        """Where something stands in a shuffled order, in 63 bits: nobody without the key foresees it, and nobody chooses it."""
        return int.from_bytes(hmac.digest(self._value, b"rank\0" + data, "sha256")[:8]) >> 1

    def _exported(self) -> str:
        return base64.b32encode(self._value).decode("ascii")


def project_key(project: Project) -> ProjectKey:
    """This project's key, made at first use; raises UnusableInput where the file names a key that this person lacks."""
    key_id = project.meta("key_id")
    if not key_id:
        return _make(project)
    stored = _read(key_id)
    if stored is None:
        sentence = f"The secret key of {project.path.name} (id {key_id[:8]}) is not on this machine."
        remedy = "Decisions can be read; to scan, bring the key: espalier project key PROJECT import FILE"
        raise UnusableInput(sentence, remedy)
    return stored


def export_key(project: Project, target: Path) -> Path:
    """Write the key to a new file of mode 0600, for another machine; recorded in the audit chain."""
    key = project_key(project)
    try:
        descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise UnusableInput(f"{target} already exists.", "Name a new file.") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump({"project": project.id, "key_id": key.id, "key": key._exported()}, file)
    with project.write() as db:
        audit.record(db, "local user", "key.exported", key.id)
    return target


def import_key(project: Project, source: Path) -> ProjectKey:
    """Take the key from a file that `export_key` wrote; raises UnusableInput when it is another project's."""
    try:
        content = json.loads(source.read_text(encoding="ascii")[:4096])
        key = ProjectKey(base64.b32decode(content["key"]))
    except (OSError, ValueError, KeyError, TypeError):
        raise UnusableInput(
            f"{source} is not an exported project key.", "Export it again on the other machine."
        ) from None
    if key.id != project.meta("key_id"):
        raise UnusableInput(f"{source} holds the key of another project.", f"Wanted: key id {project.meta('key_id')}.")
    _keep(key)
    with project.write() as db:
        audit.record(db, "local user", "key.imported", key.id)
    return key


def _make(project: Project) -> ProjectKey:
    key = ProjectKey(secrets.token_bytes(KEY_BYTES))
    _keep(key)
    with project.write() as db:
        db.execute("INSERT INTO meta VALUES ('key_id', ?) ON CONFLICT DO NOTHING", (key.id,))
        kept = str(db.execute("SELECT value FROM meta WHERE key = 'key_id'").fetchone()[0])
        if kept == key.id:
            audit.record(db, "local user", "key.made", key.id)
    return key if kept == key.id else project_key(project)


def _keep(key: ProjectKey) -> None:
    if not _keep_in_keyring(key):
        _keep_in_file(key)
    if _read(key.id) is None:
        raise WorkFailed(
            "The project's secret key could not be kept.", "Check the keyring, or the configuration folder."
        )


def _keep_in_keyring(key: ProjectKey) -> bool:
    try:
        keyring.set_password(SERVICE, key.id, key._exported())
        return keyring.get_password(SERVICE, key.id) == key._exported()
    except (keyring.errors.KeyringError, RuntimeError, OSError):
        return False


def _keep_in_file(key: ProjectKey) -> None:
    path = _file_of(key.id)
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key._exported())
        file.flush()
        os.fsync(file.fileno())


def _read(key_id: str) -> ProjectKey | None:
    stored = _read_from_keyring(key_id) or _read_from_file(key_id)
    if stored is None:
        return None
    try:
        key = ProjectKey(base64.b32decode(stored))
    except ValueError:
        return None
    return key if key.id == key_id else None


def _read_from_keyring(key_id: str) -> str | None:
    try:
        return keyring.get_password(SERVICE, key_id)
    except (keyring.errors.KeyringError, RuntimeError, OSError):
        return None


def _read_from_file(key_id: str) -> str | None:
    path = _file_of(key_id)
    return path.read_text(encoding="ascii").strip() if path.is_file() else None


def _file_of(key_id: str) -> Path:
    folder = config_folder() / "keys"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{key_id}.key"
