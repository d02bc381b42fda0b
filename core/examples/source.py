"""One repository of a corpus as examples and evaluations read it: trees, and blobs as scrubbed text."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path, PurePosixPath

from espalier.core.examples.python_source import FunctionSource, functions, numbered
from espalier.core.findings.decode import decode
from espalier.core.repositories import attributes, history
from espalier.core.repositories.attributes import Attributes
from espalier.core.repositories.classify import HEAD, exclusion, language
from espalier.core.repositories.corpus import CorpusRepository
from espalier.core.repositories.git import LargeObject, ObjectReader
from espalier.core.repositories.history import Commit, TreeEntry
from espalier.core.scrub.edits import Scrubbed
from espalier.core.scrub.scrubber import Blocked, Scrubber

MESSAGE_PATH = "COMMIT_EDITMSG"  # what git calls a message while it is written; no language's own rules apply to it
NAMES_PATH = "names.txt"
TEST_FOLDERS = frozenset({"test", "tests", "testing"})
REMEMBERED = 256  # texts: versions of a file are read one after the other, and then again for its next state


class Source:
    """A repository held open. Raw text never leaves memory; everything that is kept comes from `scrubbed`."""

    def __init__(self, name: str, path: Path, scrubber: Scrubber, reader: ObjectReader, rules: Attributes) -> None:
        self.name = name
        self._path = path
        self._scrubber = scrubber
        self._reader = reader
        self._rules = rules
        self.raw = lru_cache(REMEMBERED)(self._read)
        self._scrubbed = lru_cache(REMEMBERED)(self._scrub)
        self.functions = lru_cache(REMEMBERED)(self._functions)

    def _read(self, blob: str) -> str | None:
        """The text of a blob, None for what has none (binary, too large, undecodable) or was not scanned: what a partial clone
        lacks is not asked for.
        """
        if self._scrubber.is_blocked(blob):
            return None
        try:
            return decode(self._reader.read(blob)).text
        except LargeObject:
            return None

    def _scrub(self, blob: str, path: str) -> Scrubbed | None:
        text = self.raw(blob)
        try:
            return None if text is None else self._scrubber.scrub_blob(blob, text, path)
        except Blocked:
            return None

    def scrubbed(self, blob: str, path: str) -> str | None:
        """What may be learnt of a blob; None where it has no text or is blocked from training."""
        scrubbed = self._scrubbed(blob, path)
        return None if scrubbed is None else scrubbed.text

    def _functions(self, blob: str, path: str) -> Mapping[str, FunctionSource]:
        """What may be learnt of a blob's functions, keyed as `numbered` does, with the lines that they have in the blob itself."""
        scrubbed = self._scrubbed(blob, path)
        if scrubbed is None:
            return {}
        found = numbered(functions(scrubbed.text))
        return {key: replace(one, original=_original(scrubbed, one)) for key, one in found.items()}

    def scrubbed_message(self, commit: Commit) -> str:
        """What may be learnt of a message; nothing where a decision blocks it."""
        try:
            return self._scrubber.scrub(commit.message, MESSAGE_PATH).text
        except Blocked:
            return ""

    def may_be_named(self, name: str) -> bool:
        """Whether a path, or a part of one, holds nothing that would be scrubbed from a text."""
        return not self._scrubber.verify(name, NAMES_PATH)

    def learnable(self, path: str, blob: str, mode: str) -> bool:
        """Whether a file is the company's own Python, written by hand, and no test."""
        if language(path) != "Python" or is_test(path):
            return False
        text = self.raw(blob)
        if text is None:
            return False
        data = text.encode(errors="replace")
        return exclusion(path, data[:HEAD], len(data), mode, self._rules) is None

    def tree(self, commit: str) -> dict[str, TreeEntry]:
        return history.tree(self._path, commit)


def _original(scrubbed: Scrubbed, one: FunctionSource) -> tuple[int, int]:
    """A last line that came out of several stands for the last of them."""
    return scrubbed.original_line(one.first_line), scrubbed.original_line(one.last_line + 1) - 1


def is_test(path: str) -> bool:
    *folders, name = PurePosixPath(path).parts
    named = name.startswith("test_") or name.endswith("_test.py") or name in ("conftest.py", "tests.py")
    return named or not TEST_FOLDERS.isdisjoint(folders)


@contextmanager
def opened(repository: CorpusRepository, scrubber: Scrubber) -> Iterator[Source]:
    """The .gitattributes of head hold for all revisions: a file marked late was no more ours before."""
    files = history.tree(repository.path, repository.head) if repository.head is not None else {}
    with ObjectReader(repository.path) as reader:
        yield Source(repository.name, repository.path, scrubber, reader, _attributes(reader, files))


def _attributes(reader: ObjectReader, files: Mapping[str, TreeEntry]) -> Attributes:
    named = {
        path: entry.oid
        for path, entry in files.items()
        if PurePosixPath(path).name == ".gitattributes"
        and entry.mode not in (history.SUBMODULE, history.SYMLINK)
        and (entry.size or 0) <= attributes.LARGEST
    }
    contents = [(path, reader.read(oid)) for path, oid in named.items()]
    return attributes.read(contents, frozenset(("linguist-generated", "linguist-vendored")))
