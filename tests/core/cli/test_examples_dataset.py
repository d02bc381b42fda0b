"""The verbs of examples and dataset: reviews by hand, and one clear sentence for what can't be meant."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.core.examples.test_example import ONE as ANY

from espalier.core.cli.__main__ import main
from espalier.core.examples.example import insert
from espalier.core.examples.reviews import reviews
from espalier.core.project.file import Project

ONE = replace(ANY, provenance=replace(ANY.provenance, committed_at="2026-01-01T00:00:00.000Z"))


@pytest.fixture
def path(tmp_path: Path) -> Iterator[str]:
    with Project.create(tmp_path / "p") as made, made.write() as db:
        db.execute("INSERT INTO corpora VALUES ('c', '2026-01-01', '2026-01-01')")
        db.execute("INSERT INTO builds VALUES ('1', 'c', '', '', 't', 448, '2026-01-01', '2026-01-01')")
        insert(db, "1", [ONE])
    file = str(tmp_path / "p.espalier")
    assert main(["identity", "add", file, "ana", "--role", "builder"]) == 0
    yield file


def test_that_a_review_is_kept_and_shown(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = ["examples", "review", path, ONE.id[:8], "reject", "--quality", "2", "--note", "Too clever."]
    assert main(said) == 0
    assert "removed-in-review" in capsys.readouterr().out
    with Project.open(Path(path), read_only=True) as project:
        assert [(one.identity, one.verdict, one.quality) for one in reviews(project, ONE.id)] == [("ana", "reject", 2)]
    assert main(["examples", "show", path, ONE.id[:8]]) == 0
    assert "ana: reject, 2 of 5" in capsys.readouterr().out
    assert main(["examples", "review", path, ONE.id[:8], "undecided"]) == 0
    assert "kept" in capsys.readouterr().out


def test_that_an_export_never_overwrites(path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = str(tmp_path / "out.jsonl")
    assert main(["examples", "export", path, target]) == 0
    assert "Wrote 1 example" in capsys.readouterr().out
    assert main(["examples", "export", path, target]) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("examples", "review", "{}", ONE.id, "perhaps"), "There is no verdict 'perhaps'"),
        (("examples", "review", "{}", "ffff", "accept"), "0 examples begin with 'ffff'"),
        (("dataset", "draft", "{}", "--weight", "pay"), "'pay' is no weight"),
        (("dataset", "draft", "{}", "--weight", "pay=9"), "9 is no weight for 'pay'"),
        (("dataset", "balance", "{}", "--test-from", "soon"), "soon is no date"),
        (("dataset", "draft", "{}"), "nothing to learn from"),
        (("dataset", "compare", "{}", "a", "b"), "no snapshot 'a'"),
    ],
)
def test_that_what_cannot_be_meant_gets_a_sentence(
    path: str, arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([one.format(path) for one in arguments]) == 2
    assert said.lower() in capsys.readouterr().err.lower()
