"""Examples in words: kinds, labels, reasons, splits and days as a person reads them."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

# fmt: off
KINDS = {
    "completion": str(QT_TRANSLATE_NOOP("examples.words", "completion")),
    "change": str(QT_TRANSLATE_NOOP("examples.words", "change")),
    "repair": str(QT_TRANSLATE_NOOP("examples.words", "repair")),
    "refactor": str(QT_TRANSLATE_NOOP("examples.words", "refactoring")),
    "test": str(QT_TRANSLATE_NOOP("examples.words", "test")),
    "explain": str(QT_TRANSLATE_NOOP("examples.words", "explanation")),
    "review": str(QT_TRANSLATE_NOOP("examples.words", "review")),
}
LABELS = {
    "accepted": str(QT_TRANSLATE_NOOP("examples.words", "accepted")),
    "rejected": str(QT_TRANSLATE_NOOP("examples.words", "rejected")),
    "insecure": str(QT_TRANSLATE_NOOP("examples.words", "insecure")),
}
REASONS = {
    "": str(QT_TRANSLATE_NOOP("examples.words", "passed every check")),
    "near-duplicate": str(QT_TRANSLATE_NOOP("examples.words", "near-duplicate of another")),
    "licence": str(QT_TRANSLATE_NOOP("examples.words", "licence not allowed")),
    "verification": str(QT_TRANSLATE_NOOP("examples.words", "a detector still flags it")),
    "review: reject": str(QT_TRANSLATE_NOOP("examples.words", "rejected in review")),
    "review: insecure": str(QT_TRANSLATE_NOOP("examples.words", "insecure, in review")),
}
SPLITS = {
    "train": str(QT_TRANSLATE_NOOP("examples.words", "train")),
    "validation": str(QT_TRANSLATE_NOOP("examples.words", "validation")),
    "test": str(QT_TRANSLATE_NOOP("examples.words", "test, held out")),
}
# fmt: on


def tr(text: str) -> str:
    return QCoreApplication.translate("examples.words", text)


def word(of: dict[str, str], key: str) -> str:
    return tr(of[key]) if key in of else key


def kind_word(kind: str, label: str) -> str:
    """With the label where it is not the usual one: repair, insecure."""
    return word(KINDS, kind) if label == "accepted" else f"{word(KINDS, kind)}, {word(LABELS, label)}"


def reason_word(reason: str) -> str:
    """What a reason says, in words; one that names a rule or another example keeps what it names to itself."""
    return word(REASONS, next((key for key in REASONS if key and reason.startswith(key)), reason))
