"""A project's own rules: they take part in scans from when they are added until they are removed, and both end an approval."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.cli.test_findings_verbs import espalier
from tests.core.findings.desk import GITHUB, desk, scanned

from espalier.core.failures import UnusableInput
from espalier.core.findings import decisions, muting
from espalier.core.findings.approval import approve, standing_approval
from espalier.core.findings.export import rows
from espalier.core.findings.findings import findings
from espalier.core.findings.own import files
from espalier.core.findings.precision import records
from espalier.core.findings.ruleset import current_ruleset, ruleset_of, uses
from espalier.core.findings.sampling.draws import draw, waiting
from espalier.core.findings.sampling.reads import reviewed
from espalier.core.project import audit, identities
from espalier.core.project.file import Project
from espalier.core.project.sqlite import sqlite
from espalier.core.scrub.scrubber import project_scrubber
from espalier.core.scrub.values import blocked_blobs

SECRET = "QX-zz81kq02mm7"
RULES = """[[rules]]
id = "shop"
regex = '''QX-[a-z0-9]{11}'''
keywords = ["qx-"]
[[rules]]
id = "vault"
path = '''\\.vault$'''
"""
FILES = {"a.py": f"note({SECRET})\n", "b.vault": "x = 1\n", "c.py": "y = 2\n"}
Given = tuple[Project, str, Path]


@pytest.fixture
def given(tmp_path: Path) -> Iterator[Given]:
    """Scanned under the rules that come along, which find nothing, with rules in a file beside it."""
    path = tmp_path / ".gitleaks.toml"
    path.write_text(RULES, encoding="utf-8")
    with desk(tmp_path, FILES) as (project, _, corpus):
        identities.add(project, "ann", person="Ann Lee", roles=("security",))
        scanned(project, corpus)
        assert findings(project, corpus) == []
        yield project, corpus, path


def used(project: Project, path: Path) -> bool:
    return files.add(project, files.read(path), identities.identity(project, "ann"))


def test_that_own_rules_take_part_in_scans_exports_precision_and_mutes(given: Given) -> None:
    project, corpus, path = given
    used(project, path)
    assert scanned(project, corpus)["not_scanned"] == {"named by the rule gitleaks/vault": 1}
    (one,) = findings(project, corpus)
    assert (one.rule, one.confidence, one.places[0].path) == ("gitleaks/shop", "medium", "a.py")
    assert [row.rule for row in rows(project, corpus)] == ["gitleaks/shop"]
    assert [(record.rule, record.description) for record in records(project, corpus)] == [
        ("gitleaks/shop", "Found by shop of the rules gitleaks")
    ]
    assert muting.mute(project, corpus, "gitleaks/shop", "only labels", identities.identity(project, "ann")) == 1


def test_that_what_they_find_is_scrubbed_and_what_they_name_is_never_learnt(given: Given) -> None:
    project, corpus, path = given
    used(project, path)
    scanned(project, corpus)
    (one,) = findings(project, corpus)
    decisions.decide(project, corpus, one.fingerprint, "scrub", who=identities.identity(project, "ann"))
    scrubber = project_scrubber(project, corpus)
    assert SECRET not in scrubber.scrub(FILES["a.py"], "a.py").text
    assert f"{SECRET[:-1]}8" not in scrubber.scrub(f"new({SECRET[:-1]}8)\n", "new.py").text
    assert list(blocked_blobs(project, corpus, current_ruleset(project)).values()) == [
        "named by the rule gitleaks/vault"
    ]


def test_that_adding_and_removing_end_an_approval_and_the_same_rules_bring_it_back(given: Given) -> None:
    project, corpus, path = given
    ann, before = identities.identity(project, "ann"), current_ruleset(project)
    sample = draw(project, corpus, before, 3)
    reviewed(project, sample, waiting(project, sample), missed=0, who=ann)
    approve(project, corpus, ann)
    assert used(project, path) is False
    assert current_ruleset(project) != before and standing_approval(project, corpus) is None
    files.remove(project, "gitleaks", ann)
    assert current_ruleset(project) == before and standing_approval(project, corpus) is not None
    assert ruleset_of(project).own == ()


def test_that_a_file_of_the_same_name_takes_the_place_of_the_other_and_all_is_on_record(given: Given) -> None:
    project, _, path = given
    assert used(project, path) is False and used(project, path) is True
    first = current_ruleset(project)
    path.write_text(RULES + "# changed\n", encoding="utf-8")
    assert used(project, path) is True
    assert len(uses(project)) == 1 and current_ruleset(project) != first
    files.remove(project, "gitleaks", identities.identity(project, "ann"))
    kinds = [one.action for one in audit.entries(project) if "rules_" in one.action]
    assert kinds == ["findings.rules_added", "findings.rules_added", "findings.rules_removed"]
    for table in ("rule_texts", "rule_uses"):
        with pytest.raises(sqlite.DatabaseError), project.write() as db:
            db.execute(f"DELETE FROM {table}")


def test_that_what_is_not_used_can_not_be_removed_and_a_name_must_be_one(given: Given) -> None:
    project, _, path = given
    with pytest.raises(UnusableInput):
        files.remove(project, "other", identities.identity(project, "ann"))
    with pytest.raises(UnusableInput):
        files.read(path, "a/b")
    with pytest.raises(UnusableInput):
        files.read(path.with_name("missing.toml"))


def test_that_the_verbs_add_list_check_and_remove(given: Given) -> None:
    project, _, path = given
    checked = json.loads(espalier("findings", "ruleset", "add", project.path, path, "--check", "--json").stdout)
    assert (checked["rules"], checked["added"]) == (2, False) and uses(project) == []
    added = espalier("findings", "ruleset", "add", project.path, path, "--name", "shop", "--json")
    assert json.loads(added.stdout)["ruleset"] == current_ruleset(project)
    assert "vault" in added.stderr
    (one,) = json.loads(espalier("findings", "ruleset", "list", project.path, "--json").stdout)
    assert (one["name"], one["rules"], one["identity"]) == ("shop", 2, "ann")
    path.write_text("[[rules]]\nid = 'bad'\nregex = '('\n", encoding="utf-8")
    refused = espalier("findings", "ruleset", "add", project.path, path)
    assert refused.returncode == 2 and "bad" in refused.stderr
    assert espalier("findings", "ruleset", "remove", project.path, "shop").stdout.startswith("shop is not used")
    assert espalier("findings", "ruleset", "remove", project.path, "shop").returncode == 2


def test_that_a_file_that_spells_out_a_secret_is_refused_without_the_value(given: Given) -> None:
    _, _, path = given
    path.write_text(f"{RULES}[allowlist]\nregexes = ['{GITHUB}']\n", encoding="utf-8")
    with pytest.raises(UnusableInput, match=r"Line 9 of the rule file .*\(github-token\)") as refused:
        files.read(path)
    assert GITHUB not in f"{refused.value}{refused.value.remedy}"
