"""Canonical JSON (RFC 8785) and its SHA-256: what every hash and signature of Espalier is taken over."""

import hashlib
from collections.abc import Mapping, Sequence

import rfc8785

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]


def canonical(value: object) -> bytes:
    """RFC 8785 bytes of a JSON value; raises ValueError for what JSON can't hold (NaN, integers beyond 2**53, bytes)."""
    return rfc8785.dumps(value)  # type: ignore[arg-type]  # its own JSON type is invariant; it checks at run time


def canonical_text(value: object) -> str:
    return canonical(value).decode()


def digest(value: object) -> str:
    """Lower-case hex SHA-256 of the canonical bytes."""
    return hashlib.sha256(canonical(value)).hexdigest()
