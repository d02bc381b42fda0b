"""The roster says whose a key is and when it counts, and refuses a file that could be read in two ways."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from espalier.core.failures import UnusableInput
from espalier.core.project import roster, sshsig

NOW = datetime(2026, 6, 1, tzinfo=UTC)
KEYS = [Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in range(1, 5)]
LINES = [sshsig.public_key(key).line for key in KEYS]
PRINTS = [sshsig.public_key(key).fingerprint for key in KEYS]

TWO_PEOPLE = f"""
format = 1
[[person]]
name = "Ana Moreno"
roles = ["security", "release"]
[[person.key]]
public = "{LINES[0]} ana@laptop"
valid_from = 2026-01-01
valid_until = 2026-12-31
[[person.key]]
public = "{LINES[1]}"
[[person]]
name = "Ben Okafor"
roles = ["builder"]
[[person.key]]
public = "{LINES[2]}"
revoked = true
"""


def parsed(text: str) -> roster.Roster:
    return roster.parse(text.encode(), "roster.toml")


def test_that_two_keys_of_a_person_are_one_person() -> None:
    people = parsed(TWO_PEOPLE)
    ana = roster.who(people, PRINTS[0], NOW)
    assert ana is not None and ana.name == "Ana Moreno" and ana.roles == {"security", "release"}
    assert roster.who(people, PRINTS[1], NOW) == ana


def test_that_nobody_holds_an_unknown_or_a_revoked_key() -> None:
    people = parsed(TWO_PEOPLE)
    assert roster.who(people, PRINTS[3], NOW) is None
    assert roster.who(people, PRINTS[2], NOW) is None
    found = roster.find(people, PRINTS[2])
    assert found is not None and found[1].objection(NOW) == "was revoked"


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        (datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 1, 1, tzinfo=UTC), True),
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), True),
        (datetime(2027, 1, 1, tzinfo=UTC), False),
    ],
)
def test_that_a_key_counts_from_its_first_day_to_the_end_of_its_last(at: datetime, counts: bool) -> None:
    assert (roster.who(parsed(TWO_PEOPLE), PRINTS[0], at) is not None) is counts


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (LINES[2], LINES[0], "the key SHA256"),
        ("Ben Okafor", "ana moreno", "lists ana moreno twice"),
        ("format = 1", "format = 2", "format"),
        ("revoked = true", "revokd = true", "revokd"),
        ("revoked = true", 'revoked = "no"', "revoked"),
        ('"builder"', '"boss"', "roles"),
        (LINES[2], "ssh-ed25519 AAAA", "public"),
        ("valid_until = 2026-12-31", "valid_until = 2026-12-31T00:00:00", "zone"),
        ("Ben Okafor", "Ben\\u001b[2J", "name"),
        ("[[person]]", "[[person", "not TOML"),
    ],
)
def test_that_a_roster_that_can_be_misread_is_refused(old: str, new: str, why: str) -> None:
    with pytest.raises(UnusableInput, match=why):
        parsed(TWO_PEOPLE.replace(old, new, 1) if old != LINES[2] else TWO_PEOPLE.replace(old, new))


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: ("format = 1\n" + text).encode()))
def test_that_no_bytes_crash_the_roster(data: bytes) -> None:
    try:
        roster.parse(data, "roster.toml")
    except UnusableInput:
        return


def test_that_deep_nesting_is_refused_with_a_sentence() -> None:
    with pytest.raises(UnusableInput):
        parsed("x = " + "[" * 100_000)


def test_that_only_the_administrators_signature_counts(tmp_path: Path) -> None:
    path = tmp_path / "roster.toml"
    path.write_text(TWO_PEOPLE)
    admin = sshsig.public_key(KEYS[3])
    with pytest.raises(UnusableInput, match="can't be read"):
        roster.load(path, admin)
    signature = tmp_path / "roster.toml.sig"
    signature.write_text(sshsig.sign(KEYS[0], path.read_bytes(), roster.ROSTER))
    with pytest.raises(UnusableInput, match="is signed by SHA256"):
        roster.load(path, admin)
    signature.write_text(sshsig.sign(KEYS[3], path.read_bytes(), roster.ROSTER))
    assert roster.load(path, admin).admin == admin
    path.write_text(TWO_PEOPLE.replace("revoked = true", "revoked = false"))
    with pytest.raises(UnusableInput, match="not signed"):
        roster.load(path, admin)
    assert roster.load(path).admin is None


def test_that_a_roster_of_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "roster.toml"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(UnusableInput, match="too large"):
        roster.load(path)
