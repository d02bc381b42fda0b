"""Dates: code is as old as the main line knows it, wherever it stood, and no clock makes it older than its parents."""

from pathlib import Path

from tests.core.examples.telling import DAY, START, commit, function, git, told

from espalier.core.examples.dating import dated
from espalier.core.examples.past import Past, past
from espalier.core.findings.decode import decode
from espalier.core.repositories.git import ObjectReader

F, G = function("f", "fold"), function("g", "gauge")


def _day(repository: Path, path: str, text: str) -> int | None:
    history = past(repository, git(repository, "rev-parse", "HEAD"))
    with ObjectReader(repository) as reader:
        found = dated(history, path, history.line[-1].oid, {"f": text}, lambda blob: decode(reader.read(blob)).text)
    return (found["f"].committed_at - START) // DAY if found else None


def _past(repository: Path) -> Past:
    return past(repository, git(repository, "rev-parse", "HEAD"))


def test_that_moved_code_is_as_old_as_where_it_stood(tmp_path: Path) -> None:
    repository = told(tmp_path / "r")
    commit(repository, 1, "Fold", {"a.py": F})
    commit(repository, 5, "Gauge", {"a.py": F + G})
    commit(repository, 9, "Move folding", {"a.py": G, "b/c.py": "import os\n\n" + F})
    commit(repository, 12, "Rename gauging", {"a.py": None, "d.py": G})
    assert _day(repository, "b/c.py", F.rstrip()) == 1
    assert _day(repository, "d.py", G.rstrip()) == 5


def test_that_code_which_came_back_counts_from_its_return(tmp_path: Path) -> None:
    repository = told(tmp_path / "r")
    for day, text in ((1, F), (3, G), (8, F + G)):
        commit(repository, day, "Change", {"a.py": text})
    assert _day(repository, "a.py", F.rstrip()) == 8


def test_that_a_file_which_was_away_breaks_the_run(tmp_path: Path) -> None:
    repository = told(tmp_path / "r")
    commit(repository, 1, "Fold", {"a.py": F, "z.py": G})
    commit(repository, 2, "Drop", {"a.py": None})
    commit(repository, 3, "Fold again", {"a.py": F})
    assert _day(repository, "a.py", F.rstrip()) == 3


def test_that_the_code_of_a_branch_counts_from_its_merge(tmp_path: Path) -> None:
    repository = told(tmp_path / "r")
    commit(repository, 1, "Gauge", {"a.py": G})
    git(repository, "checkout", "-q", "-b", "side")
    commit(repository, 2, "Fold", {"a.py": G + F})
    git(repository, "checkout", "-q", "main")
    commit(repository, 4, "Something else", {"z.py": G})
    git(repository, "merge", "-q", "--no-ff", "side", "-m", "Merge side", day=6)
    assert _day(repository, "a.py", F.rstrip()) == 6
    assert _day(repository, "a.py", G.rstrip()) == 1


def test_that_an_unmerged_branch_is_no_past_of_head(tmp_path: Path) -> None:
    repository = told(tmp_path / "r")
    kept = commit(repository, 1, "Gauge", {"a.py": G})
    git(repository, "checkout", "-q", "-b", "side")
    commit(repository, 2, "Fold", {"a.py": G + F})
    git(repository, "checkout", "-q", "main")
    assert [one.oid for one in _past(repository).commits] == [kept]


def test_that_a_commit_is_never_older_than_its_parents(tmp_path: Path) -> None:
    repository = told(tmp_path / "r")
    commit(repository, 9, "Gauge", {"a.py": G})
    commit(repository, 2, "Fold, by a clock that lies", {"a.py": G + F})
    assert _day(repository, "a.py", F.rstrip()) == 9
