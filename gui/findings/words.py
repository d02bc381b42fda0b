"""What core's codes are called on the findings page: rules, states, severities, reasons."""

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from espalier.core.findings.precision import Record
from espalier.gui.figures import count
from espalier.gui.states import Shown

# fmt: off
STATES: Mapping[str, Shown] = {
    "open": Shown("person", "warn", str(QT_TRANSLATE_NOOP("states", "to decide"))),
    "scrub": Shown("done", "ok", str(QT_TRANSLATE_NOOP("states", "scrubbed"))),
    "false-alarm": Shown("done", "ok", str(QT_TRANSLATE_NOOP("states", "false alarm"))),
    "block": Shown("done", "ok", str(QT_TRANSLATE_NOOP("states", "file blocked"))),
}
SEVERITIES: Mapping[str, str] = {
    "critical": str(QT_TRANSLATE_NOOP("findings.words", "critical")),
    "high": str(QT_TRANSLATE_NOOP("findings.words", "high")),
    "medium": str(QT_TRANSLATE_NOOP("findings.words", "medium")),
    "low": str(QT_TRANSLATE_NOOP("findings.words", "low")),
}
KINDS: Mapping[str, str] = {
    "secret": str(QT_TRANSLATE_NOOP("findings.words", "secret")),
    "personal": str(QT_TRANSLATE_NOOP("findings.words", "personal")),
}
SOURCES: Mapping[str, str] = {
    "message": str(QT_TRANSLATE_NOOP("findings.words", "commit message")),
    "tag": str(QT_TRANSLATE_NOOP("findings.words", "tag message")),
    "author": str(QT_TRANSLATE_NOOP("findings.words", "author line")),
    "import": str(QT_TRANSLATE_NOOP("findings.words", "import")),
    "file": str(QT_TRANSLATE_NOOP("findings.words", "file")),
    "unreachable": str(QT_TRANSLATE_NOOP("findings.words", "object that no ref leads to")),
}
REASONS: Mapping[str, tuple[str, str, str]] = {
    "scrub": (
        str(QT_TRANSLATE_NOOP("findings.words", "real secret")),
        str(QT_TRANSLATE_NOOP("findings.words", "was rotated")),
        str(QT_TRANSLATE_NOOP("findings.words", "personal data")),
    ),
    "false-alarm": (
        str(QT_TRANSLATE_NOOP("findings.words", "test value")),
        str(QT_TRANSLATE_NOOP("findings.words", "public example")),
        str(QT_TRANSLATE_NOOP("findings.words", "no secret")),
    ),
}
# fmt: on
SPELT = {
    "aws": "AWS",
    "api": "API",
    "github": "GitHub",
    "gitlab": "GitLab",
    "url": "URL",
    "jwt": "JWT",
    "pem": "PEM",
    "ssh": "SSH",
    "iban": "IBAN",
    "xml": "XML",
    "yaml": "YAML",
    "json": "JSON",
    "npm": "npm",
    "pypi": "PyPI",
    "openai": "OpenAI",
    "id": "id",
    "gcp": "GCP",
    "oauth": "OAuth",
    "sas": "SAS",
    "ip": "IP",
    "http": "HTTP",
    "e": "e",
    "hf": "HF",
    "db": "DB",
}  # fmt: skip
REVIEWER = "reviewer"
TITLES = {
    "email": str(QT_TRANSLATE_NOOP("findings.words", "E-mail address")),
    REVIEWER: str(QT_TRANSLATE_NOOP("findings.words", "Seen by a reviewer")),
}


def tr(text: str) -> str:
    return QCoreApplication.translate("findings.words", text)


def rule_title(rule: str) -> str:
    """A rule's id as words: aws-access-key-id → AWS access key id."""
    if rule in TITLES:
        return tr(TITLES[rule])
    words = [SPELT.get(word, word) for word in rule.split("-")]
    title = " ".join(words)
    title = title[:1].upper() + title[1:] if words[0] == words[0].lower() and words[0] not in ("npm",) else title
    return QCoreApplication.translate("findings.rules", title)


def rule_about(description: str) -> str:
    """What the rule itself says that it looks for."""
    return QCoreApplication.translate("findings.rules", description)


def so_far(one: Record) -> str:
    """How much of what people decided of a rule was worth it, and whether it is muted."""
    if one.precision is None:
        words = tr("nobody decided anything of it yet")
    else:
        words = tr("{share}: {kept} kept, {false_alarms} false alarms").format(
            share=tr("{n} %").format(n=round(100 * one.precision)),
            kept=count(one.kept),
            false_alarms=count(one.false_alarms),
        )
    return words if one.mute is None else f"{words} · {tr('muted by {who}').format(who=one.mute.identity)}"


def for_the_window(remedy: str) -> str:
    """What to do, unless it is said for the command line only."""
    for_the_line = "espalier " in remedy or "--" in remedy
    return "" if for_the_line else remedy


def severity_word(severity: str, kind: str) -> str:
    """Personal data is told apart by its kind, which says more than a rank."""
    return tr(KINDS["personal"]) if kind == "personal" else tr(SEVERITIES.get(severity, severity))


def reasons(state: str) -> tuple[str, ...]:
    return REASONS["false-alarm" if state == "false-alarm" else "scrub"]


def place_words(source: str, repository: str, path: str | None) -> str:
    """Where a place is: the repository and the path in it, or what it is instead of a file."""
    return f"{repository}/{path}" if path else f"{repository}/{tr(SOURCES.get(source, source))}"
