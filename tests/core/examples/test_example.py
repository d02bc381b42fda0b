"""Examples as rows: one build of a corpus supersedes another, and one corpus takes nothing from another."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from espalier.core.examples.example import Example, Provenance, examples, insert, set_state, supersede
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
        yield made


def _insert(project: Project, corpus: str, build: str, *made: Example) -> None:
    with project.write() as db:
        insert(db, corpus, build, made)


def test_that_the_same_example_stands_in_every_corpus_that_has_it(project: Project) -> None:
    _insert(project, "old", "1", ONE)
    _insert(project, "new", "2", ONE, TWO)
    assert examples(project, "old") == [ONE]
    assert {one.id for one in examples(project, "new")} == {ONE.id, TWO.id}
    set_state(project, "new", [(ONE.id, "dropped", "why")])
    assert examples(project, "old") == [ONE]


def test_that_a_new_build_leaves_nothing_of_the_earlier_one_kept(project: Project) -> None:
    _insert(project, "c", "1", ONE, TWO)
    supersede(project, "c", "2")
    assert examples(project, "c") == []
    _insert(project, "c", "2", TWO)
    assert examples(project, "c") == [TWO]
    assert [one.reason for one in examples(project, "c", "dropped")] == ["of an earlier build"]


def test_that_a_build_that_goes_on_keeps_what_it_decided(project: Project) -> None:
    _insert(project, "c", "1", ONE)
    set_state(project, "c", [(ONE.id, "dropped", "near-duplicate")])
    supersede(project, "c", "1")
    _insert(project, "c", "1", ONE)
    assert [one.reason for one in examples(project, "c", "dropped")] == ["near-duplicate"]
