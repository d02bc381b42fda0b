"""The rules of a project: those that come along, which always stay, and those of the company's own files that it uses."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import metadata

from espalier.core.findings.detection.detect import bundled_digest, ruleset_digest
from espalier.core.findings.detection.rules import Ruleset, bundled, bundled_says
from espalier.core.findings.own.parse import parse
from espalier.core.project.canonical import digest
from espalier.core.project.file import Project

READING = 1  # of how own files are read: raise it with every change of what they find
_USED = "FROM rule_uses WHERE id IN (SELECT MAX(id) FROM rule_uses GROUP BY name) AND hash IS NOT NULL ORDER BY name"
_TEXTS = f"SELECT hash, text FROM rule_texts WHERE hash IN (SELECT hash {_USED})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A file that the project uses: its name, the SHA-256 of its text, and who said so when."""

    name: str
    hash: str
    identity: str
    decided_at: str


def uses(project: Project) -> list[Use]:
    """By name."""
    rows = project.rows(f"SELECT name, hash, identity, decided_at {_USED}")
    return [Use(**{name: row[name] for name in Use.__slots__}) for row in rows]


def texts(project: Project) -> Mapping[str, str]:
    """What the files in use say, by hash."""
    return {row["hash"]: row["text"] for row in project.rows(_TEXTS)}


def current_ruleset(project: Project) -> str:
    """What a scan under the project's rules is named by."""
    return _named(tuple((one.name, one.hash) for one in uses(project)))


def ruleset_of(project: Project) -> Ruleset:
    """All rules of the project, compiled."""
    used, known = uses(project), texts(project)
    return _compiled(tuple((one.name, one.hash, known[one.hash]) for one in used)) if used else bundled()


@lru_cache(maxsize=16)
def _named(used: tuple[tuple[str, str], ...]) -> str:
    return ruleset_digest(_digest(used)) if used else bundled_digest()


@lru_cache(maxsize=2)
def _compiled(used: tuple[tuple[str, str, str], ...]) -> Ruleset:
    own = tuple(rule for name, _, text in used for rule in parse(name, text).rules)
    return replace(bundled(), digest=_digest(tuple((name, hash) for name, hash, _ in used)), own=own)


def _digest(used: tuple[tuple[str, str], ...]) -> str:
    engine = [READING, metadata.version("google-re2")]
    return digest({"bundled": bundled_says(), "own": [list(one) for one in used], "engine": engine})
