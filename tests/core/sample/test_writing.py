"""The sample's repository: the same everywhere, and with the history that it promises."""

import ast
import csv
import os
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from espalier.core.failures import UnusableInput
from espalier.core.sample import Sample, write
from espalier.core.sample.history import planned

HEAD = "f5052699a24f056bc0ceed9c3dcfc14aba88ce2c"


def git(sample: Sample, *arguments: str) -> str:
    command = ["git", "-C", str(sample.path), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def lines(sample: Sample, *arguments: str) -> list[str]:
    return git(sample, *arguments).splitlines()


def test_that_the_head_has_the_same_id_on_every_machine(sample: Sample) -> None:
    assert sample.head == HEAD
    assert git(sample, "rev-parse", "main").strip() == HEAD


def test_that_a_persons_git_settings_have_no_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tmp_path / "gitconfig"
    settings.write_text("[user]\nname = Somebody\n[core]\nautocrlf = true\n[init]\ndefaultBranch = other\n")
    for name, value in {
        "GIT_CONFIG_GLOBAL": str(settings),
        "GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z",
        "GIT_COMMITTER_NAME": "Somebody",
        "GIT_DIR": str(tmp_path / "elsewhere"),
        "GIT_DEFAULT_HASH": "sha256",
        "TZ": "Pacific/Auckland",
    }.items():
        monkeypatch.setenv(name, value)
    written = write(tmp_path / "sample")
    assert written.head == HEAD
    assert b"\r" not in (written.path / "README.md").read_bytes()
    assert not (tmp_path / "elsewhere").exists()


def test_that_the_checkout_is_what_was_committed(sample: Sample) -> None:
    assert git(sample, "status", "--porcelain") == ""
    assert git(sample, "fsck", "--strict", "--no-progress") == ""


def test_that_a_folder_with_anything_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("keep")
    with pytest.raises(UnusableInput, match="is not empty"):
        write(tmp_path)
    assert os.listdir(tmp_path) == ["mine"]  # noqa: PTH208


def test_that_five_people_and_a_bot_worked_for_almost_five_years(sample: Sample) -> None:
    people = Counter(lines(sample, "log", "--format=%ae"))
    assert len(people) == 6
    assert all(address.endswith("@tallyfen.example") for address in people)
    assert people["dependency-bot@tallyfen.example"] == 3
    days = lines(sample, "log", "--format=%cs")
    assert (min(days)[:7], max(days)[:7]) == ("2022-01", "2026-09")
    assert 90 <= len(days) <= 150


def test_that_commits_follow_their_parents_in_time(sample: Sample) -> None:
    times = {commit.key: commit.at for commit in planned()}
    assert all(times[parent] < commit.at for commit in planned() for parent in commit.parents)


def test_that_there_are_tags_and_one_merge_of_two_lines(sample: Sample) -> None:
    assert lines(sample, "tag") == ["v1.0", "v2.0", "v2.4"]
    assert git(sample, "cat-file", "-t", "v2.0").strip() == "tag"
    (merge,) = lines(sample, "rev-list", "--merges", "main")
    assert merge == sample.commits["merge-statements"]
    changed = lines(sample, "diff", "--name-only", f"{merge}^1", merge)
    assert changed == ["services/ledger/statements.py", "tests/ledger/test_statements.py"]


def test_that_messages_are_imperative_and_their_lines_short(sample: Sample) -> None:
    for commit in planned():
        subject, *body = commit.message.splitlines()
        assert subject[0].isupper(), subject
        assert not subject.endswith("."), subject
        assert len(subject) <= 72, subject
        assert not body or body[0] == ""
        assert all(len(line) <= 100 for line in body)


@pytest.mark.parametrize(
    ("flawed", "revert"), [("duplicates-by-amount", "revert-duplicates"), ("consent-longer", "revert-consent")]
)
def test_that_a_revert_names_its_commit_and_brings_the_code_back(sample: Sample, flawed: str, revert: str) -> None:
    message = git(sample, "log", "-1", "--format=%B", sample.commits[revert])
    assert message.startswith('Revert "')
    assert f"This reverts commit {sample.commits[flawed]}." in message
    before, after = f"{sample.commits[flawed]}^", sample.commits[revert]
    (changed,) = lines(sample, "diff", "--name-only", f"{before}", sample.commits[flawed])
    functions = {name: body for name, body in defined(git(sample, "show", f"{before}:{changed}")).items()}
    assert functions.items() <= defined(git(sample, "show", f"{after}:{changed}")).items()


def defined(source: str) -> dict[str, str]:
    return {node.name: ast.dump(node) for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}


def test_that_the_format_commit_changes_no_code(sample: Sample) -> None:
    commit = sample.commits["format-legacy"]
    assert lines(sample, "diff", "--name-only", f"{commit}^", commit) == ["legacy/billing.py"]
    before, after = (git(sample, "show", f"{at}:legacy/billing.py") for at in (f"{commit}^", commit))
    assert before != after
    assert ast.dump(ast.parse(before)) == ast.dump(ast.parse(after))


def test_that_generated_and_vendored_files_say_so(sample: Sample) -> None:
    generated = (sample.path / "services/payments/generated_codes.py").read_text()
    assert "DO NOT EDIT" in generated.splitlines()[0]
    assert (sample.path / "vendor/slugline/LICENSE").read_text().startswith("MIT License")
    assert "PROPRIETARY" in (sample.path / "LICENSE").read_text()


def test_that_tickets_are_about_held_out_functions_and_their_tests(sample: Sample) -> None:
    with sample.tickets.open(newline="", encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    held_out = {(function.path, function.name): function.tests for function in sample.held_out}
    assert len(rows) == 12
    assert {row["kind"] for row in rows} == {"ticket", "incident", "refactor"}
    for row in rows:
        tests = [test.rpartition("::")[2] for test in held_out[row["path"], row["function"]]]
        assert row["tests"].split() == tests


def test_that_held_out_functions_entered_in_the_last_quarter(sample: Sample) -> None:
    assert len(sample.training) >= 230
    assert len(sample.held_out) >= 48
    assert {function.service for function in sample.held_out} == {"payments", "ledger", "notify"}
    before = git(sample, "rev-list", "-1", f"--before={sample.split_at}T00:00:00Z", "main").strip()
    for function in sample.functions:
        shown = subprocess.run(
            ["git", "-C", str(sample.path), "show", f"{before}:{function.path}"], capture_output=True, text=True
        )
        known = shown.returncode == 0 and f"def {function.name}(" in shown.stdout
        assert known == (function in sample.training), function.name
        assert function.source in (sample.path / function.path).read_text("utf-8")


def test_that_training_functions_stay_as_they_are_in_the_last_quarter(sample: Sample) -> None:
    recent = [commit for commit in planned() if commit.at.isoformat() >= sample.split_at]
    assert not [edit.path for commit in recent for edit in commit.edits if edit.path.startswith("services/")]
