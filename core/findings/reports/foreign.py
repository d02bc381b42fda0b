"""Words of a report that are kept or shown: rules and tools by plain names, paths masked. No secret may hide in them."""

import re

from espalier.core.findings.detection.detect import MESSAGE, Detector
from espalier.core.findings.findings import hidden
from espalier.core.findings.reports.reported import Reported
from espalier.core.repositories.pathname import shown

UNNAMED = "imported"  # the rule of what has no name that can be kept
_OTHER = re.compile(r"[^a-z0-9._-]+")
_LONGEST, _WIDEST = 60, 300


def tool(name: str, words: Detector) -> str:
    """A scanner's name in lower case; `unnamed` where it has none that can be kept."""
    return _plain(name, words) or "unnamed"


def rule(one: Reported, value: str, words: Detector) -> str:
    """The tool's rule as `tool:rule`, or `imported` where one of both words can't be kept, as where it holds the value."""
    theirs, whose = _plain(one.rule, words), _plain(one.tool, words)
    told = _flat(one.tool + one.rule)
    return f"{whose}:{theirs}" if theirs and whose and _flat(value) not in told else UNNAMED


def path(one: Reported, detector: Detector) -> str | None:
    """The path as it is told, letter by letter, with what looks like a secret in it masked, and the value where it is told."""
    if one.path is None:
        return None
    told = one.path.replace(one.value, "•" * len(one.value)) if one.value else one.path
    spans = detector.spans(told, "")
    return shown(hidden(told, [(span.start, span.end) for span in spans]).encode("utf-8", "surrogatepass"))[:_WIDEST]


def _plain(word: str, words: Detector) -> str:
    """Empty for what looks like a secret."""
    told = _OTHER.sub("-", word.lower()).strip("-.")
    return "" if len(told) > _LONGEST or words.spans(word, MESSAGE) else told


def _flat(text: str) -> str:
    return _OTHER.sub("", text.lower())
