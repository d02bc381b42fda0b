"""The verbs that decide many findings at once, and mark what a rule missed."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.core.findings.desk import GITHUB, PASSWORD, desk, scanned
from tests.core.repositories.workshop import START, Content

from espalier.core.findings.detection.detect import bundled_digest
from espalier.core.findings.findings import findings
from espalier.core.findings.sampling import draws, reads
from espalier.core.project import identities
from espalier.core.project.file import Project
from espalier.core.repositories import corpus

WORD = "sunflower"
FILES: dict[str, Content] = {
    "a.py": f'password = "{PASSWORD}"\n',
    "ops/deploy.sh": f"export TOKEN={GITHUB}\n",
    "gate.py": f"x = 1\n# say {WORD}\n",
}


def espalier(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "espalier.core.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, env=dict(os.environ), check=False)


def states(project: Project, corpus: str) -> dict[str | None, str]:
    return {one.places[0].path: one.state for one in findings(project, corpus)}


def test_that_many_are_decided_by_filters_and_taken_back(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, _, state):
        identities.add(project, "ann", roles=("security",))
        scanned(project, state)
        done = espalier("findings", "decide-all", project.path, "scrub", "--text", "ops/")
        assert (done.returncode, done.stdout) == (0, "1 findings are now: scrub.\n")
        assert states(project, state) == {"a.py": "open", "ops/deploy.sh": "scrub"}
        assert espalier("findings", "decide-all", project.path, "block").returncode == 0
        assert espalier("findings", "decide-all", project.path, "open", "--state", "block").returncode == 0
        assert states(project, state) == {"a.py": "open", "ops/deploy.sh": "scrub"}
        refused = espalier("findings", "decide-all", project.path, "false-alarm")
        assert refused.returncode == 2 and "needs a reason" in refused.stderr
        assert espalier("findings", "decide-all", project.path, "maybe").returncode == 2


def test_that_a_secret_is_marked_by_line_and_characters(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, made, state):
        identities.add(project, "ann", roles=("security",))
        scanned(project, state)
        assert espalier("findings", "sample", project.path).returncode == 0
        blob = made.oid("HEAD:gate.py")
        assert espalier("findings", "mark", project.path, blob[:9], 2, 7, 99).returncode == 2
        done = espalier("findings", "mark", project.path, blob[:9], 2, 7, 6 + len(WORD))
        assert done.returncode == 0 and WORD not in done.stdout
        assert states(project, state)["gate.py"] == "open"
        name = next(one.fingerprint for one in findings(project, state) if one.rule == "reviewer")
        shown = espalier("findings", "draft", project.path, name)
        assert shown.returncode == 0 and "[[rules]]" in shown.stdout and WORD not in shown.stdout
        file = tmp_path / "draft.toml"
        assert espalier("findings", "draft", project.path, name, "--out", file).returncode == 0
        assert file.read_text() == shown.stdout
        assert espalier("findings", "draft", project.path, name, "--out", file).returncode == 2
        assert espalier("findings", "sample", project.path, "--reviewed", blob, "--missed", 1).returncode == 0
        assert project.value("SELECT SUM(missed) FROM sampled_objects") == 1
        assert espalier("findings", "sample", project.path, "--unread", blob).returncode == 0
        assert project.value("SELECT SUM(missed) FROM sampled_objects") is None


def test_that_a_second_person_reads_blind_and_the_disagreement_is_told(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, _, state):
        for name in ("ann", "ben"):
            identities.add(project, name, roles=("security",))
        scanned(project, state)
        (blob,) = json.loads(espalier("findings", "sample", project.path, "--json").stdout)["waiting"]
        assert espalier("findings", "sample", project.path, "--reviewed", blob, "--as", "ann").returncode == 0
        assert espalier("findings", "second", project.path, "--reviewed", blob, "--as", "ann").returncode == 2
        waiting = json.loads(espalier("findings", "second", project.path, "--as", "ben", "--json").stdout)
        assert waiting == {"waiting": [blob], "files": 0, "agreed": 0, "kappa": None, "disagreements": []}
        assert espalier("findings", "second", project.path, "--read", blob, "--as", "ben").stdout
        assert espalier("findings", "mark", project.path, blob, 2, 7, 6 + len(WORD), "--as", "ben").returncode == 0
        said = espalier("findings", "second", project.path, "--reviewed", blob, "--missed", 1, "--as", "ben").stdout
        assert "ann" in said and "ben" in said
        assert project.value("SELECT missed FROM sampled_objects") == 1
        assert espalier("findings", "second", project.path, "--unread", blob, "--as", "ben").returncode == 0
        assert project.value("SELECT missed FROM sampled_objects") == 0


def test_that_an_approval_is_shown_before_it_is_signed(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, _, state):
        identities.add(project, "ann", roles=("security",))
        scanned(project, state)
        shown = espalier("findings", "approve", project.path, "--dry-run")
        assert shown.returncode == 1 and state in shown.stdout and "2 findings" in shown.stderr
        assert not project.rows("SELECT * FROM approvals")


def test_that_the_difference_to_what_was_approved_is_told(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, made, state):
        identities.add(project, "ann", roles=("security", "builder"))
        assert espalier("findings", "difference", project.path).returncode == 2
        scanned(project, state)
        assert espalier("findings", "decide-all", project.path, "scrub").returncode == 0
        assert "nothing" in espalier("findings", "difference", project.path).stdout
        ann, ruleset = identities.identity(project), bundled_digest()
        number = draws.draw(project, state, ruleset, 30)
        reads.reviewed(project, number, draws.waiting(project, number), missed=0, who=ann)
        assert espalier("findings", "approve", project.path).returncode == 0
        made.commit({"b.py": f'password = "{PASSWORD}x"\n'}, when=START + 60)
        later = corpus.refresh(project).hash
        scanned(project, later)
        told = json.loads(espalier("findings", "difference", project.path, "--json").stdout)
        assert (told["corpus"], told["new"], told["decided"], told["gone"], told["new_rules"]) == (
            state,
            1,
            0,
            0,
            False,
        )
        plain = espalier("findings", "difference", project.path).stdout
        assert told["fingerprints"][0][:12] in plain and "b.py:1" in plain and PASSWORD not in plain
