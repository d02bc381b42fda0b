"""The end of a worker's log."""

from pathlib import Path

from espalier.core.jobs.log import log_file, tail
from espalier.core.project.file import Project


def test_that_a_log_that_nobody_wrote_is_empty(tmp_path: Path) -> None:
    with Project.create(tmp_path / "one") as project:
        assert tail(project, "cpu") == ""


def test_that_only_whole_lines_of_the_end_are_given(tmp_path: Path) -> None:
    with Project.create(tmp_path / "one") as project:
        file = log_file(project, "cpu")
        file.parent.mkdir(parents=True)
        file.write_text("first line\nsecond line\nthird \N{SNOWMAN} line\n", encoding="utf-8")
        assert tail(project, "cpu", 24) == "third \N{SNOWMAN} line"
        assert tail(project, "cpu").startswith("first line")
