"""Placeholders: what stands in scrubbed text where a secret stood, the same for the same value throughout a project."""

from espalier.core.findings.detection.spans import Kind
from espalier.core.findings.fingerprint import placeholder_tag
from espalier.core.project.key import ProjectKey
from espalier.core.scrub.pseudonyms import pseudonym


def placeholder(key: ProjectKey, value: str, kind: Kind, type: str) -> str:
    """Letters, digits and underscores, or for a person's address or number one that leads to nobody: all fit inside any quotes.

    A tag without a digit is drawn again, so that no name in ordinary code looks like a placeholder.
    """
    if kind == "personal" and (number := pseudonym(key, value, type)):
        return number
    tag = _tag(key, value, kind)
    if kind == "personal" and type == "EMAIL":
        return f"person-{tag.lower()}@example.invalid"
    return f"{'SECRET' if kind == 'secret' else 'PERSON'}_{type}_{tag}"


def _tag(key: ProjectKey, value: str, kind: Kind) -> str:
    tag, again = placeholder_tag(key, value, kind), value
    while tag.isalpha():
        again += "\0"
        tag = placeholder_tag(key, again, kind)
    return tag
