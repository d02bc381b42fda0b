"""Fingerprints: the keyed name of a secret's value, the same wherever the value stands."""

import re

from espalier.core.findings.detection.spans import Kind
from espalier.core.project.key import ProjectKey

REMEMBERED = 20_000  # values
_LAYOUT = re.compile(r"\\+[nrt]|[\s\"'`#*+,\\]|//")


def normalised(value: str, kind: Kind) -> str:
    """One text for the forms of one value: a key block loses its line breaks, escapes and quotes; an address its case."""
    if kind == "personal":
        return value.casefold()
    return _LAYOUT.sub("", value) if "-----BEGIN" in value else value


def fingerprint(key: ProjectKey, value: str, kind: Kind) -> str:
    """Hex HMAC-SHA256 under the project's key."""
    return key.fingerprint(_named(value, kind))


class Fingerprints:
    """The fingerprints under one key. It remembers values, in memory only: versions of a file share nearly all of theirs."""

    def __init__(self, key: ProjectKey) -> None:
        self._key = key
        self._known: dict[tuple[str, Kind], str] = {}

    def __repr__(self) -> str:
        return f"Fingerprints({len(self._known)} remembered)"

    def of(self, value: str, kind: Kind) -> str:
        known = self._known.get((value, kind))
        if known is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            known = self._known[value, kind] = fingerprint(self._key, value, kind)
        return known


def placeholder_tag(key: ProjectKey, value: str, kind: Kind) -> str:
    """Eight base32 characters that stand for the value in scrubbed text."""
    return key.placeholder_tag(_named(value, kind))


def _named(value: str, kind: Kind) -> bytes:
    return f"{kind}\0{normalised(value, kind)}".encode("utf-8", "surrogatepass")
