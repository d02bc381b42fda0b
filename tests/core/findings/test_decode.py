"""Decoding: one text for the same bytes, and a reason where there is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.core.findings.decode import LIMIT, Decoded, decode


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_that_marked_and_plain_unicode_is_read(encoding: str) -> None:
    assert decode("naïve ☃ 𝒳\r\n".encode(encoding)).text == "naïve ☃ 𝒳\r\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"GIF89a\0\0", "binary"), (b"a" * (LIMIT + 1), "too large"), (b"\xff\xfea", "undecodable")],
)
def test_that_what_is_not_text_says_why(data: bytes, reason: str) -> None:
    assert decode(data) == Decoded(None, reason)


def test_that_a_pointer_to_large_content_is_not_the_content() -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"4d7a" * 16 + b"\nsize 12345\n"
    assert decode(pointer) == Decoded(None, "LFS pointer")
    assert decode(b"Each pointer begins so: version https://git-lfs.github.com/spec/v1\n").text
    assert decode(pointer + b"and much more " * 90).text


@given(st.binary(max_size=200))
def test_that_every_byte_string_is_text_or_has_a_reason(data: bytes) -> None:
    decoded = decode(data)
    assert (decoded.text is None) == bool(decoded.not_scanned)


def test_that_other_bytes_are_latin_1() -> None:
    assert decode(b"caf\xe9").text == "café"
