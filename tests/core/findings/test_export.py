"""Findings for others: complete, in the shape that readers of the format expect, and without a secret in them."""

import csv
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from tests.core.cli.test_findings_verbs import espalier
from tests.core.findings.desk import GITHUB, KEY, PASSWORD, desk, scanned
from tests.core.repositories.workshop import START, Content

from espalier.core.failures import UnusableInput, WorkFailed
from espalier.core.findings import decisions
from espalier.core.findings.export import COLUMNS, export
from espalier.core.findings.findings import findings
from espalier.core.project import identities
from espalier.core.project.file import Project
from espalier.core.repositories import corpus

SHORT = GITHUB[:4] + GITHUB[4:][::-1]  # another token
FILES: dict[str, Content] = {
    "a b/conf#1.py": f'password = "{PASSWORD}"\nother = 1\npassword = "{PASSWORD}"\n',
    f"{SHORT}.txt": f"token {GITHUB}\n",
    "=cmd.pem": KEY + "\n",
}


def written(project: Project, state: str, target: Path, format: Any) -> str:
    number = export(project, state, target, format)
    text = target.read_text(encoding="utf-8")
    assert number == sum(len(one.places) for one in findings(project, state))
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    for secret in (PASSWORD, GITHUB, SHORT, *KEY.splitlines()[1:-1]):
        assert secret not in text
    return text


def test_that_sarif_has_a_result_for_every_place_and_a_word_on_every_rule(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, made, _):
        made.commit({}, f"Rotate\n\nwas {GITHUB}\n", when=START + 9)
        ann = identities.add(project, "ann", roles=("security",))
        state = corpus.refresh(project).hash
        scanned(project, state)
        password = next(one for one in findings(project, state) if one.type == "PASSWORD")
        decisions.decide(project, state, password.fingerprint, "false-alarm", who=ann, reason="made up for a test")
        told = json.loads(written(project, state, tmp_path / "out.sarif", "sarif"))
    assert told["version"] == "2.1.0"
    (run,) = told["runs"]
    named = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert named == {result["ruleId"] for result in run["results"]}
    assert all(rule["shortDescription"]["text"] != rule["id"] for rule in run["tool"]["driver"]["rules"])
    files = [
        (place["artifactLocation"]["uri"], place["region"]["startLine"])
        for result in run["results"]
        if (place := result["locations"][0].get("physicalLocation"))
    ]
    assert {("a%20b/conf%231.py", 1), ("a%20b/conf%231.py", 3)} <= set(files)
    logical = [result["locations"][0] for result in run["results"] if "logicalLocations" in result["locations"][0]]
    assert [one["logicalLocations"][0]["fullyQualifiedName"].endswith("message, line 3") for one in logical] == [True]
    let_go = [result for result in run["results"] if "suppressions" in result]
    assert {one["partialFingerprints"]["espalier/v1"] for one in let_go} == {password.fingerprint}
    assert let_go[0]["suppressions"][0]["justification"] == "made up for a test"


def test_that_a_table_has_a_row_for_every_place_and_no_formula(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, _, state):
        scanned(project, state)
        head, *rows = csv.reader(written(project, state, tmp_path / "out.csv", "csv").splitlines())
    assert tuple(head) == COLUMNS
    assert {row[COLUMNS.index("path")] for row in rows} == {"a b/conf#1.py", f"{'•' * len(SHORT)}.txt", "'=cmd.pem"}
    assert {row[COLUMNS.index("state")] for row in rows} == {"open"}


def test_that_the_command_line_writes_it_and_says_what_is_wrong(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, _, state):
        refused = espalier("findings", "export", project.path, tmp_path / "a.csv")
        assert refused.returncode == 2 and "not scanned" in refused.stderr
        scanned(project, state)
        done = espalier("findings", "export", project.path, tmp_path / "a.csv")
        assert (done.returncode, done.stdout) == (0, f"4 places in {tmp_path / 'a.csv'}\n")
        again = espalier("findings", "export", project.path, tmp_path / "a.csv")
        assert again.returncode == 2 and "there already" in again.stderr
        other = espalier("findings", "export", project.path, tmp_path / "a.xlsx")
        assert other.returncode == 2 and ".sarif" in other.stderr


def test_that_a_file_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with desk(tmp_path, FILES) as (project, _, state):
        with pytest.raises(UnusableInput):
            export(project, state, tmp_path / "a.csv", "csv")
        scanned(project, state)
        monkeypatch.setattr("espalier.core.findings.export.write_csv", full)
        with pytest.raises(WorkFailed, match="No space left"):
            export(project, state, tmp_path / "a.csv", "csv")
    assert not [one for one in tmp_path.iterdir() if "a.csv" in one.name]
