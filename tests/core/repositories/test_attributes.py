import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.core.repositories.workshop import Made, make

from espalier.core.repositories import globs
from espalier.core.repositories.attributes import NONE, read

GENERATED = "linguist-generated"
WANTED = frozenset((GENERATED,))
PIECES = st.sampled_from(["a", "b", "*", "?", "/", "**/", "/**", "[ab]", "[!a]", "[a-b]", ".py"])
PATTERNS = (
    st.lists(PIECES, min_size=1, max_size=5)
    .map("".join)
    .filter(lambda text: globs.usable(text) and not text.endswith("/"))
)
PATHS = st.lists(st.sampled_from(["a", "b", "ab", "a.py", "b.py", "[ab]"]), min_size=1, max_size=4).map("/".join)


def says(line: str, path: str, otherwise: bool = False, file: str = ".gitattributes") -> bool:
    return read([(file, line.encode())], WANTED).says(GENERATED, path, otherwise)


@pytest.mark.slow
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pattern=PATTERNS, paths=st.lists(PATHS, min_size=1, max_size=6))
def test_that_patterns_mean_what_git_says_they_mean(tmp_path: Path, pattern: str, paths: list[str]) -> None:
    repository = Made(tmp_path / "repository")
    if not repository.path.exists():
        make(repository.path)
    line = f"{pattern} {GENERATED}"
    (repository.path / ".gitattributes").write_text(line, encoding="utf-8")
    told = repository.run("check-attr", "-z", "--stdin", GENERATED, input="\0".join(paths).encode()).split("\0")
    assert [says(line, path) for path in paths] == [value == "set" for value in told[2::3]]


def test_that_the_last_line_wins_and_the_deeper_file_before_it() -> None:
    files = [("lib/.gitattributes", b"keep.py -linguist-generated"), (".gitattributes", b"*.py linguist-generated")]
    rules = read(files, WANTED)
    assert rules.says(GENERATED, "lib/other.py", False)
    assert not rules.says(GENERATED, "lib/keep.py", True)
    assert rules.says(GENERATED, "keep.py", False)


@pytest.mark.parametrize(
    ("word", "value"),
    [("linguist-generated=true", True), ("linguist-generated=false", False), ("-linguist-generated", False)],
)
def test_that_a_value_is_read_in_every_spelling(word: str, value: bool) -> None:
    assert says(f"*.py {word}", "a.py", otherwise=not value) is value


def test_that_other_attributes_and_comments_say_nothing() -> None:
    assert not says("# *.py linguist-generated\n*.py text eol=lf filter=lfs", "a.py")
    assert NONE.says(GENERATED, "a.py", True)


@given(st.binary(max_size=300), PATHS)
def test_that_any_bytes_are_read(data: bytes, path: str) -> None:
    read([(".gitattributes", data)], WANTED).says(GENERATED, path, False)


@given(st.text(max_size=60), PATHS)
def test_that_any_usable_glob_compiles(pattern: str, path: str) -> None:
    if globs.usable(pattern):
        globs.matches(path, [globs.below(pattern)])


def test_that_a_pattern_made_to_keep_the_matcher_busy_does_not() -> None:
    """Without the nearest fit this takes longer than the universe has; with it, milliseconds."""
    evil = "*a" * 150 + "b"
    before = time.process_time()
    assert not says(f"{evil} linguist-generated", "a" * 1000)
    assert time.process_time() - before < 30


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("src/", "src/a/b.py", True), ("src", "src/a/b.py", True), ("src/", "lib/src/a.py", True), ("*.py", "a/b.py", True),
        ("/src", "lib/src/a.py", False), ("src/**/*.py", "src/a.py", True), ("src/**/*.py", "src/a/b.py", True),
        ("src/*.py", "src/a/b.py", False), ("*.py", "a.pyc", False),
    ],
)  # fmt: skip
def test_that_a_glob_takes_in_what_lies_below(pattern: str, path: str, expected: bool) -> None:
    assert globs.matches(path, [globs.below(pattern)]) is expected
