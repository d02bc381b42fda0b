"""The roles that people sign in, in words."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

WORDS: Mapping[str, str] = {
    "builder": str(QT_TRANSLATE_NOOP("roles", "builder")),
    "security": str(QT_TRANSLATE_NOOP("roles", "security")),
    "legal": str(QT_TRANSLATE_NOOP("roles", "legal")),
    "ml": str(QT_TRANSLATE_NOOP("roles", "ml")),
    "release": str(QT_TRANSLATE_NOOP("roles", "release")),
}


def role_word(role: str) -> str:
    """Within a sentence; an identity may have a role that no policy knows."""
    return QCoreApplication.translate("roles", WORDS[role]) if role in WORDS else role


def role_title(role: str) -> str:
    """At the beginning of one."""
    word = role_word(role)
    return word[:1].upper() + word[1:]


def role_words(roles: Iterable[str]) -> str:
    return ", ".join(map(role_word, roles))
