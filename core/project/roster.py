"""The roster: which keys belong to which person, in which roles, and from when until when.

    format = 1

    [[person]]
    name = "Ana Moreno"
    roles = ["security", "release"]

    [[person.key]]
    public = "ssh-ed25519 AAAA… ana@laptop"
    valid_from = 2026-01-01      # a date holds from its first to its last moment in UTC
    valid_until = 2026-12-31
    revoked = false              # true: never, not even for what it signed while it was valid

A person may hold several keys and stays one person, which is what the two-person rule counts. An administrator may sign
the file beside it, as ROSTER.sig (`ssh-keygen -Y sign -n espalier-roster ROSTER`).
"""

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from espalier.core.failures import EspalierError, GateShut, UnusableInput
from espalier.core.project.policy import Role
from espalier.core.project.sshsig import PublicKey, read_public_key, verify

ROSTER: Final = "espalier-roster"
_MAX_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A public key and the stretch of time in which its signatures count; `valid_until` is exclusive."""

    public: PublicKey
    valid_from: datetime | None
    valid_until: datetime | None
    revoked: bool

    def objection(self, at: datetime) -> str | None:
        """Why a signature by this key doesn't count at that time; None where it does."""
        if self.revoked:
            return "was revoked"
        if self.valid_from and at < self.valid_from:
            return f"is valid only from {self.valid_from:%Y-%m-%d}"
        if self.valid_until and at >= self.valid_until:
            return f"expired, valid until {self.valid_until:%Y-%m-%d %H:%M} UTC"
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    name: str
    roles: frozenset[Role]
    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """`admin` is the key that signed the file, None where its signature wasn't asked for."""

    people: tuple[Person, ...]
    admin: PublicKey | None = None


def load(path: Path, admin: PublicKey | None = None) -> Roster:
    """Reads a roster; with `admin`, only if that key signed it (PATH.sig). Raises UnusableInput."""
    data = _read(path)
    roster = parse(data, str(path))
    if admin is None:
        return roster
    signature = _read(path.with_name(path.name + ".sig")).decode("utf-8", "replace")
    try:
        signer = verify(signature, data, ROSTER)
    except EspalierError as error:
        raise UnusableInput(f"The roster {path} is not signed: {error.sentence}", "Ask its administrator.") from error
    if signer != admin:
        raise UnusableInput(f"The roster {path} is signed by {signer.fingerprint}.", "Ask its administrator.")
    return replace(roster, admin=signer)


def parse(data: bytes, name: str) -> Roster:
    """The roster in these bytes; `name` is for messages. Raises UnusableInput."""
    try:
        document = _File.model_validate(tomllib.loads(data.decode("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnusableInput(f"The roster {name} is not TOML.", "Mend it; its form is in the help.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UnusableInput(f"The roster {name} has an entry {where}: {first['msg']}.", "Mend that entry.") from error
    people = tuple(_person(entry) for entry in document.person)
    _refuse_doubles(people, name)
    return Roster(people=people)


def find(roster: Roster, fingerprint: str) -> tuple[Person, Key] | None:
    """Whose key it is, whether or not it counts at any time."""
    return next(((person, key) for person, key in _keys(roster.people) if key.public.fingerprint == fingerprint), None)


def who(roster: Roster, fingerprint: str, at: datetime) -> Person | None:
    """The person whose key it is, if the key counts at that time (an aware datetime)."""
    found = find(roster, fingerprint)
    return found[0] if found and found[1].objection(at) is None else None


def trusted(trust: Roster, fingerprint: str, *moments: datetime) -> Person:
    """The person whose key it is; raises GateShut unless the key counts at every one of these times."""
    found = find(trust, fingerprint)
    if found is None:
        raise GateShut(f"{fingerprint} is not in the roster.")
    person, key = found
    if objection := _objection(key, moments):
        raise GateShut(f"{fingerprint} of {person.name} {objection}.")
    return person


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise UnusableInput(f"The roster file {path} can't be read: {error.strerror}.", "Give its path.") from error
    if len(data) > _MAX_BYTES:
        raise UnusableInput(f"{path} is too large to be a roster.", "Give the roster's path.")
    return data


def _keys(people: tuple[Person, ...]) -> Iterator[tuple[Person, Key]]:
    return ((person, key) for person in people for key in person.keys)


def _objection(key: Key, moments: tuple[datetime, ...]) -> str | None:
    return next((why for moment in moments if (why := key.objection(moment))), None)


def _refuse_doubles(people: tuple[Person, ...], name: str) -> None:
    if doubled := _doubled(person.name.casefold() for person in people):
        raise UnusableInput(f"The roster {name} lists {doubled} twice.", "Give one person one entry with all keys.")
    if doubled := _doubled(key.public.fingerprint for _, key in _keys(people)):
        raise UnusableInput(f"The roster {name} lists the key {doubled} twice.", "Give a key to one person, once.")


def _doubled(items: Iterator[str]) -> str | None:
    return next((item for item, count in Counter(items).items() if count > 1), None)


def _person(entry: "_Person") -> Person:
    keys = tuple(
        Key(
            public=read_public_key(key.public),
            valid_from=_moment(key.valid_from, timedelta(0)),
            valid_until=_moment(key.valid_until, timedelta(days=1)),
            revoked=key.revoked,
        )
        for key in entry.key
    )
    return Person(name=entry.name, roles=frozenset(entry.roles), keys=keys)


def _moment(value: datetime | date | None, whole_day: timedelta) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    return datetime.combine(value, time(), UTC) + whole_day


def _with_zone(value: datetime | date) -> datetime | date:
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError("a time needs its zone, as in 2026-01-01T09:00:00Z")
    return value


def _usable_key(line: str) -> str:
    try:
        return read_public_key(line).line
    except UnusableInput as error:
        raise ValueError(error.sentence) from error


_Moment = Annotated[datetime | date, AfterValidator(_with_zone)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _Key(_Strict):
    public: Annotated[str, AfterValidator(_usable_key)]
    valid_from: _Moment | None = None
    valid_until: _Moment | None = None
    revoked: bool = False


class _Person(_Strict):
    name: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
    roles: list[Role] = []
    key: Annotated[list[_Key], Field(min_length=1)]


class _File(_Strict):
    format: Literal[1]
    person: list[_Person] = []
