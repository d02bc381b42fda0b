"""Licences, and how far what is learnt may travel, in words."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from espalier.core.repositories.licence_decisions import ExportClass

CLASSES: tuple[tuple[ExportClass, str, str], ...] = (
    (
        "internal",
        str(QT_TRANSLATE_NOOP("rights", "internal")),
        str(QT_TRANSLATE_NOOP("rights", "What is learnt stays inside the company.")),
    ),
    (
        "contractors",
        str(QT_TRANSLATE_NOOP("rights", "contractors")),
        str(QT_TRANSLATE_NOOP("rights", "People under contract may use it too.")),
    ),
    (
        "cloud",
        str(QT_TRANSLATE_NOOP("rights", "cloud")),
        str(QT_TRANSLATE_NOOP("rights", "It may run on machines of others.")),
    ),
)
OWN = {
    "LicenseRef-own": str(QT_TRANSLATE_NOOP("rights", "the company's own")),
    "LicenseRef-unknown": str(QT_TRANSLATE_NOOP("rights", "unknown words")),
}


def tr(text: str) -> str:
    return QCoreApplication.translate("rights", text)


def licence(expression: str) -> str:
    return tr(OWN[expression]) if expression in OWN else expression


def class_word(name: str) -> str:
    return next((tr(word) for known, word, _ in CLASSES if known == name), name)


def class_about(number: int) -> str:
    return tr(CLASSES[number][2])
