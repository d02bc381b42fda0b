"""Patterns of others, run by RE2: in time linear in the text, whatever the pattern, and within a bounded size."""

from collections.abc import Iterator

import re2

LARGEST = 20_000  # instructions of one pattern: text is read in time proportional to them where a pattern is contrived
_MEMORY = 8 << 20  # bytes of one pattern and its automata


class Pattern:
    """A compiled pattern in the syntax that Go and RE2 share. Raises ValueError where it does not compile, or is too large."""

    def __init__(self, source: str) -> None:
        options = re2.Options()
        options.max_mem, options.log_errors = _MEMORY, False
        try:
            self._compiled = re2.compile(source, options)
        except (re2.error, UnicodeEncodeError) as error:
            raise ValueError(_words(error)) from None
        self.size = int(self._compiled.programsize)
        self.groups = int(self._compiled.groups)
        if self.size > LARGEST:
            raise ValueError("it is too large")

    def is_in(self, text: str) -> bool:
        return self._compiled.search(_bytes(text)) is not None

    def spans(self, data: bytes) -> Iterator[tuple[tuple[int, int], ...]]:
        """Of each match, in order: where it and its groups begin and end, in bytes; (-1, -1) for a group that took no part."""
        for found in self._compiled.finditer(data):
            yield tuple(found.span(group) for group in range(self.groups + 1))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _words(error: Exception) -> str:
    """What RE2 says, which it says in bytes."""
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else "it is no text"
