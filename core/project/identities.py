"""Identities: who acts in a project, as a public key mapped to a person and roles; the private key stays with the person."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from espalier.core.failures import UnusableInput
from espalier.core.project import audit, sshsig
from espalier.core.project.canonical import canonical_text
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project, Row
from espalier.core.project.folders import config_folder

ROLES = ("builder", "security", "legal", "ml", "release")
STAND_IN = "demo (automatic)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A name in this project; `automatic` marks the stand-in of the demo policy, behind which there is no person."""

    name: str
    person: str
    fingerprint: str
    public_key: str
    roles: tuple[str, ...]
    automatic: bool


def add(
    project: Project,
    name: str,
    *,
    person: str = "",
    roles: Sequence[str] = (),
    key: Path | None = None,
    automatic: bool = False,
) -> Identity:
    """Add an identity with an existing SSH key (private or public), or with a new Ed25519 key in the configuration folder.

    Raises UnusableInput for an unknown role, a name that is taken and a key that already stands for another name.
    """
    unknown = [role for role in roles if role not in ROLES]
    if unknown:
        raise UnusableInput(f"There is no role {unknown[0]!r}.", f"Known: {', '.join(ROLES)}.")
    if project.value("SELECT 1 FROM identities WHERE name = ?", (name,)):
        raise UnusableInput(f"The identity {name!r} is already in this project.", "Choose another name.")
    public = _public_key_of(name, key)
    taken = project.value("SELECT name FROM identities WHERE fingerprint = ?", (public.fingerprint,))
    if taken is not None:
        raise UnusableInput(f"That key already stands for {taken!r}.", "One key is one identity: use another key.")
    made = Identity(
        name=name,
        person=person or name,
        fingerprint=public.fingerprint,
        public_key=public.line,
        roles=tuple(roles),
        automatic=automatic,
    )
    with project.write() as db:
        row = (name, made.person, made.fingerprint, made.public_key, canonical_text(list(roles)), automatic, utc_now())
        db.execute("INSERT INTO identities VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        detail: dict[str, object] = {"fingerprint": made.fingerprint, "roles": list(roles)}
        audit.record(db, name, "identity.added", f"identity:{name}", detail)
    return made


def identities(project: Project) -> list[Identity]:
    return [_identity(row) for row in project.rows("SELECT * FROM identities ORDER BY added_at, name")]


def identity(project: Project, name: str | None = None) -> Identity:
    """The identity of that name; without one, the only identity whose private key is on this machine."""
    known = identities(project)
    if name is not None:
        for one in known:
            if one.name == name:
                return one
        names = ", ".join(one.name for one in known) or "nobody yet"
        raise UnusableInput(f"There is no identity {name!r} in this project.", f"Known: {names}.")
    mine = [one for one in known if not one.automatic and _key_file(one.fingerprint) is not None]
    if len(mine) == 1:
        return mine[0]
    if mine:
        raise UnusableInput("Several identities of this project are yours.", "Say which: --as NAME")
    raise UnusableInput(
        "You have no identity in this project.", "Make one: espalier identity add PROJECT NAME --role ROLE"
    )


def has_key(who: Identity) -> bool:
    """Whether this person, at this machine, can sign as `who`."""
    return _key_file(who.fingerprint) is not None


def stand_in(project: Project) -> Identity:
    """The demo policy's stand-in, made at first use; it carries every role and stands for nobody."""
    if project.value("SELECT 1 FROM identities WHERE name = ?", (STAND_IN,)):
        return identity(project, STAND_IN)
    return add(project, STAND_IN, person="nobody", roles=ROLES, automatic=True)


def signing_key(project: Project, who: Identity) -> sshsig.PrivateKey:
    """The private key behind an identity; raises UnusableInput when it is not on this machine."""
    path = _key_file(who.fingerprint)
    if path is None:
        sentence = f"The private key of {who.name} ({who.fingerprint}) is not on this machine."
        raise UnusableInput(sentence, "Sign where the key is, or name its file: espalier identity add … --key FILE")
    return sshsig.load_private_key(path)


def _public_key_of(name: str, key: Path | None) -> sshsig.PublicKey:
    if key is None:
        return _make_key(name)
    if key.suffix == ".pub":
        return sshsig.read_public_key(_read_line(key))
    public = sshsig.public_key(sshsig.load_private_key(key))
    _remember(public.fingerprint, key.absolute())
    return public


def _make_key(name: str) -> sshsig.PublicKey:
    folder = config_folder() / "identities"
    folder.mkdir(mode=0o700, exist_ok=True)
    plain = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-") or "identity"
    path = next(path for n in range(10_000) if not (path := folder / f"{plain}{f'-{n}' if n else ''}").exists())
    public = sshsig.public_key(sshsig.write_private_key(path))
    _remember(public.fingerprint, path)
    return public


def _read_line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")[:16384]
    except (OSError, UnicodeDecodeError):
        raise UnusableInput(f"The key {path} can't be read.", "Name a public or private SSH key.") from None


def _remember(fingerprint: str, path: Path) -> None:
    index = _index()
    index[fingerprint] = str(path)
    file = config_folder() / "identities.json"
    unfinished = file.with_suffix(".new")
    unfinished.write_text(canonical_text(index), encoding="utf-8")
    unfinished.replace(file)


def _index() -> dict[str, str]:
    file = config_folder() / "identities.json"
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def _key_file(fingerprint: str) -> Path | None:
    path = _index().get(fingerprint)
    return Path(path) if path is not None and Path(path).is_file() else None


def _identity(row: Row) -> Identity:
    return Identity(
        name=row["name"],
        person=row["person"],
        fingerprint=row["fingerprint"],
        public_key=row["public_key"],
        roles=tuple(json.loads(row["roles"])),
        automatic=bool(row["automatic"]),
    )
