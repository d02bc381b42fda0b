"""The verb that takes another scanner's report: what it says, what it asks for, and what it refuses."""

import json
from pathlib import Path

import pytest
from tests.core.cli.test_findings_verbs import espalier
from tests.core.findings.desk import PASSWORD, desk, scanned
from tests.core.findings.reports.written import baseline, leak, leaks
from tests.core.repositories.workshop import Content

from espalier.core.findings.findings import findings
from espalier.core.project import audit, identities

VALUE = "tangerine-77-harbour"
FILES: dict[str, Content] = {"a.py": f'password = "{PASSWORD}"\n', "gate.py": f"say('{VALUE}')\n"}


def test_that_a_report_is_imported_and_what_came_of_it_is_told(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, made, state):
        identities.add(project, "ann", roles=("security",))
        scanned(project, state)
        file, commit = tmp_path / "leaks.json", made.oid("HEAD")
        file.write_text(leaks(leak("gate.py", commit, VALUE, 1), leak("gone\x1b.py", commit, VALUE, 1)))
        done = espalier("findings", "import", project.path, file)
        assert done.returncode == 0 and VALUE not in done.stdout + done.stderr
        assert "gitleaks, guessed" in done.stdout and "1, 1 new findings" in done.stdout
        assert '· entry 2, "gone\\033.py":1: not in the history' in done.stderr
        assert {one.rule for one in findings(project, state)} == {"password-assignment", "gitleaks:generic-api-key"}
        again = json.loads(espalier("findings", "import", project.path, file, "--json", "--as", "ann").stdout)
        assert (again["known"], again["placed"], again["findings"]) == (1, 0, [])


def test_that_verdicts_are_shown_and_taken_over_only_with_both_words(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, _, state):
        identities.add(project, "ann", roles=("security",))
        scanned(project, state)
        file = tmp_path / ".secrets.baseline"
        file.write_text(baseline("a.py", PASSWORD, 1, is_secret=False))
        (name,) = [one.fingerprint for one in findings(project, state)]
        shown = espalier("findings", "import", project.path, file)
        assert f"proposed as a false alarm: {name[:12]}" in shown.stderr
        for words in (("--accept-verdicts",), ("--reason", "said so")):
            refused = espalier("findings", "import", project.path, file, *words)
            assert refused.returncode == 2 and "for a reason" in refused.stderr
        assert [one.state for one in findings(project, state)] == ["open"]
        done = espalier("findings", "import", project.path, file, "--accept-verdicts", "--reason", "a test's own")
        assert done.returncode == 0 and "1 decided so now" in done.stdout
        assert [one.state for one in findings(project, state)] == ["false-alarm"]


@pytest.mark.parametrize(
    ("content", "words", "sentence"),
    [
        (b"[{]", (), "in no format that is known here"),
        (b'[{"RuleID": 1}]', (), "none of gitleaks"),
        (b'[{"RuleID": "x", "File": "../a", "StartLine": 1}]', (), "leads out of the repository"),
        (b"\xff\xfe\x00\xd8", (), "neither in UTF-8 nor in UTF-16"),
        (b"[]", ("--format", "xml"), "no format 'xml'"),
        (b'[{"RuleID": "x", "File": "a", "StartLine": 1}]', ("--repository", "bank"), "no repository 'bank'"),
        (b"[]", ("--as", "bob"), "no identity 'bob'"),
    ],
)
def test_that_what_can_not_be_used_is_a_2_and_leaves_no_trace(
    tmp_path: Path, content: bytes, words: tuple[str, ...], sentence: str
) -> None:
    with desk(tmp_path, FILES) as (project, _, state):
        identities.add(project, "ann", roles=("security",))
        scanned(project, state)
        before = audit.length(project)
        (tmp_path / "report").write_bytes(content)
        refused = espalier("findings", "import", project.path, tmp_path / "report", *words)
        assert refused.returncode == 2 and sentence in refused.stderr and "Traceback" not in refused.stderr
        assert audit.length(project) == before
