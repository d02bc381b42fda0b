"""Rules prove themselves on their examples; a broken one is named."""

import re
from pathlib import Path

import pytest

from espalier.core.failures import UnusableInput
from espalier.core.findings.detection.rules import bundled, bundled_files, load, ruleset
from espalier.core.findings.detection.specimens import specimen

RULE = """
[[rules]]
id = "acme-token"
description = "Acme token"
type = "ACME"
regex = '''(?<![a-z])(acme_[a-z0-9]{12})(?![a-z0-9])'''
keywords = ["acme_"]
secretGroup = 1
severity = "high"
confidence = "high"
positives = ["acme_{lower:12}"]
negatives = ["acme_{lower:20}"]
"""


def test_that_every_bundled_rule_proves_itself() -> None:
    assert ruleset(bundled_files()).digest == bundled().digest
    assert len(bundled().rules) >= 45
    assert len({rule.id for rule in bundled().rules}) == len(bundled().rules)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{12})(?!", "{12}(?!", "acme-token does not compile"),
        ('positives = ["acme_{lower:12}"]', 'positives = ["acme-{lower:12}"]', "acme-token misses its positive"),
        ('negatives = ["acme_{lower:20}"]', 'negatives = ["acme_{lower:12}"]', "acme-token takes its negative"),
        ('keywords = ["acme_"]', 'keywords = ["ACME_"]', "acme-token has a keyword"),
        ('keywords = ["acme_"]', 'keywords = ["other"]', "acme-token misses its positive"),
        ("secretGroup = 1", "secretGroup = 2", "acme-token names group 2"),
        ('confidence = "high"', 'confidence = "sure"', "acme-token in x.toml has a wrong confidence"),
        ('severity = "high"', 'severity = "high"\nsurprise = 1', "acme-token in x.toml has a wrong surprise"),
        ('positives = ["acme_{lower:12}"]', "positives = []", "acme-token in x.toml has a wrong positives"),
        ("[[rules]]", "[[rules]", "x.toml can't be read"),
    ],
)
def test_that_a_broken_rule_is_named(old: str, new: str, said: str) -> None:
    assert old in RULE
    with pytest.raises(UnusableInput, match=re.escape(said)):
        ruleset([("x.toml", RULE.replace(old, new))])


def test_that_two_rules_of_one_name_are_refused() -> None:
    with pytest.raises(UnusableInput, match="Two rules are named acme-token"):
        ruleset([("x.toml", RULE), ("y.toml", RULE)])


def test_that_the_digest_follows_the_rules_and_not_their_files(tmp_path: Path) -> None:
    (tmp_path / "z.toml").write_text(RULE)
    assert load(tmp_path).digest == ruleset([("a.toml", RULE)]).digest
    assert ruleset([("a.toml", RULE.replace("{12}", "{12,12}"))]).digest != load(tmp_path).digest


def test_that_specimens_are_the_same_on_any_machine() -> None:
    assert specimen("x-{hex:8}-{digits:3}-{uuid:36}", "seed") == "x-a3421627-841-88573a45-03b2-28c8-6fa0-1e967e3d710d"
    assert specimen("{alnum:40}", "a") != specimen("{alnum:40}", "b")


def test_that_no_rule_file_looks_like_it_holds_a_secret() -> None:
    folder = Path(__file__).parents[4] / "resources" / "rules"
    for source in folder.glob("*.toml"):
        body = re.sub(r"^regex = '''.*'''$", "", source.read_text(), flags=re.MULTILINE)
        for rule in bundled().rules:
            if rule.kind == "secret" and rule.confidence == "high" and rule.demand == "any":
                assert not any(rule.judge(found, frozenset()) for found in rule.pattern.finditer(body)), (
                    source.name,
                    rule.id,
                )
