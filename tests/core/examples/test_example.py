"""Examples as rows: each build has its own, and none takes anything from another."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from espalier.core.examples.example import Example, Provenance, examples, insert, listed, of_build, set_state
from espalier.core.project.file import Project

ONE = Example(
    kind="completion", label="accepted", language="Python", service="pay", task="t", context="c", constraints=("k",),
    solution="    return 1", qualified_name="f", tokens=9,
    provenance=Provenance(repository="r", commit="c", path="a.py", first_line=1, last_line=2, committed_at="2026-01-01"),
)  # fmt: skip
TWO = replace(ONE, solution="    return 2")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "a") as made:
        with made.write() as db:
            for build, corpus, day in (("1", "old", "2026-01-01"), ("2", "new", "2026-01-02")):
                db.execute("INSERT INTO builds VALUES (?, ?, '', '', 't', 512, ?, NULL)", (build, corpus, day))
        yield made


def _insert(project: Project, build: str, *made: Example) -> None:
    with project.write() as db:
        insert(db, build, made)


def test_that_the_same_example_stands_in_every_build_that_has_it(project: Project) -> None:
    _insert(project, "1", ONE)
    _insert(project, "2", ONE, TWO)
    set_state(project, "2", [(ONE.id, "dropped", "why")])
    assert examples(project, "old") == of_build(project, "1") == [ONE]
    assert examples(project, "new") == examples(project) == [TWO]
    assert [one["id"] for one in listed(project, "new", "dropped")] == [ONE.id]


def test_that_a_build_that_goes_on_keeps_what_it_decided(project: Project) -> None:
    _insert(project, "1", ONE)
    set_state(project, "1", [(ONE.id, "dropped", "near-duplicate")])
    _insert(project, "1", ONE)
    assert [one.reason for one in of_build(project, "1", "dropped")] == ["near-duplicate"]


def test_that_a_withheld_example_says_nothing_but_where_it_was() -> None:
    shell = replace(ONE, rationale="because").withheld("verification: rule", path="a.py")
    assert (shell.state, shell.reason, shell.provenance.path) == ("dropped", "verification: rule", "a.py")
    assert not any((shell.context, shell.solution, shell.rationale, shell.qualified_name, shell.service))
    assert shell.id != replace(TWO, rationale="because").withheld("verification: rule", path="a.py").id
