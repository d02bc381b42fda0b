"""How rules did: by what people decided, not by what a stand-in did nor by what was taken back."""

from pathlib import Path

import pytest
from tests.core.cli.test_findings_verbs import espalier
from tests.core.findings.desk import GITHUB, KEY, PASSWORD, desk, scanned

from espalier.core.findings import decisions, index
from espalier.core.findings.detection.rules import DETECTORS, bundled
from espalier.core.findings.findings import findings
from espalier.core.findings.precision import records, so_far
from espalier.core.findings.ruleset import current_ruleset
from espalier.core.project import identities

FILES = {
    "a.py": f'password = "{PASSWORD}"\n',
    "b.py": f'password = "{PASSWORD[::-1]}"\n',
    "c.py": f'token = "{GITHUB}"\n',
    "d.pem": KEY + "\n",
}


def test_that_only_decisions_of_people_count(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, _, state):
        ann = identities.add(project, "ann", roles=("security",))
        scanned(project, state)
        found = {(one.rule, one.places[0].path): one.fingerprint for one in findings(project, state)}
        assert {one.precision for one in records(project, state)} == {None}

        def decide(rule: str, path: str, what: decisions.State) -> None:
            decisions.decide(project, state, found[rule, path], what, who=ann, reason="looked at")

        decide("password-assignment", "a.py", "scrub")
        decide("password-assignment", "b.py", "false-alarm")
        decide("github-token", "c.py", "block")
        decide("private-key", "d.pem", "false-alarm")
        decide("private-key", "d.pem", "open")
        told = {one.rule: (one.findings, one.kept, one.false_alarms, one.precision) for one in records(project, state)}
        assert told == {
            "password-assignment": (2, 1, 1, 0.5),
            "github-token": (1, 1, 0, 1.0),
            "private-key": (1, 0, 0, None),
        }
        said = espalier("findings", "rules", project.path).stdout.splitlines()
        assert said[1].split()[:5] == ["password-assignment", "2", "1", "1", "50%"]


def test_that_a_stand_in_says_nothing_of_a_rule(tmp_path: Path) -> None:
    with desk(tmp_path, FILES, policy="demo") as (project, _, state):
        scanned(project, state)
        decisions.automatic_decisions(project, state)
        assert {(one.kept, one.false_alarms, one.precision) for one in records(project, state)} == {(0, 0, None)}


@pytest.mark.parametrize("detector", DETECTORS)
def test_that_no_pattern_has_the_name_of_another_detector(detector: str) -> None:
    assert detector not in {rule.id for rule in bundled().rules}


def test_that_one_rule_alone_is_told_as_it_is_among_all(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, _, state):
        ann = identities.add(project, "ann", roles=("security",))
        scanned(project, state)
        for number, one in enumerate(findings(project, state)):
            what: decisions.State = "false-alarm" if number % 2 else "block"
            decisions.decide(project, state, one.fingerprint, what, who=ann, reason="looked at")
        listed = index.list_of(project, state, current_ruleset(project))
        assert listed is not None
        for among in records(project, state):
            alone = so_far(project, listed, among.rule)
            assert (alone.kept, alone.false_alarms, alone.muted) == (among.kept, among.false_alarms, among.muted)
            assert alone.precision == among.precision is not None
