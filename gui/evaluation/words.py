"""What checks, origins, outcomes and thresholds are called, and figures of this page as people read them."""

from datetime import datetime

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from espalier.core.evaluation.comparison import Compared
from espalier.core.evaluation.statistics import Difference, Rate
from espalier.core.evaluation.thresholds import LOSS, RUBRIC, SECURITY, Threshold
from espalier.core.project.clock import parse
from espalier.gui.figures import ABSENT

CHECKS = {
    "parse": str(QT_TRANSLATE_NOOP("evaluation", "Parses")),
    "format": str(QT_TRANSLATE_NOOP("evaluation", "Formats")),
    "lint": str(QT_TRANSLATE_NOOP("evaluation", "Lints")),
    "types": str(QT_TRANSLATE_NOOP("evaluation", "Types")),
    "tests": str(QT_TRANSLATE_NOOP("evaluation", "Tests")),
    "security": str(QT_TRANSLATE_NOOP("evaluation", "Security")),
    "idiom": str(QT_TRANSLATE_NOOP("evaluation", "Idiom, whole")),
}
ORIGINS = {
    "completion": str(QT_TRANSLATE_NOOP("evaluation", "completion")),
    "ticket": str(QT_TRANSLATE_NOOP("evaluation", "ticket")),
    "incident": str(QT_TRANSLATE_NOOP("evaluation", "incident")),
    "refactor": str(QT_TRANSLATE_NOOP("evaluation", "refactor")),
}
OUTCOMES = {
    "fixed": str(QT_TRANSLATE_NOOP("evaluation", "fixed")),
    "broken": str(QT_TRANSLATE_NOOP("evaluation", "broken")),
    "same": str(QT_TRANSLATE_NOOP("evaluation", "the same")),
    "not compared": str(QT_TRANSLATE_NOOP("evaluation", "not compared")),
}
THRESHOLDS = {
    LOSS: str(QT_TRANSLATE_NOOP("evaluation", "Held-out loss, ratio")),
    SECURITY: str(QT_TRANSLATE_NOOP("evaluation", "New security findings")),
    RUBRIC: str(QT_TRANSLATE_NOOP("evaluation", "Rubric, mean of 5")),
}
MINUS, DASH = "−", "–"
DAYS_A_MONTH, DAYS_A_YEAR = 30.44, 365.25


def tr(text: str) -> str:
    return QCoreApplication.translate("evaluation", text)


def check_word(check: str) -> str:
    """A part of an idiom goes by the name that its author gave it."""
    if check in CHECKS:
        return tr(CHECKS[check])
    return tr("Idiom: {part}").format(part=check.removeprefix("idiom: ")) if check.startswith("idiom: ") else check


def origin_word(origin: str) -> str:
    return tr(ORIGINS.get(origin, origin))


def outcome_word(change: str) -> str:
    return tr(OUTCOMES[change])


def threshold_word(one: Threshold) -> str:
    return tr(THRESHOLDS.get(one.name, one.name))


def asked_of(one: Threshold) -> str:
    return (tr("at least {bound}") if one.least else tr("at most {bound}")).format(bound=f"{one.asked:g}")


def found_of(one: Threshold) -> str:
    if one.found is None:
        return ABSENT
    return f"{one.found:.0f}" if one.name == SECURITY else f"{one.found:.2f}" if one.least else f"{one.found:.3f}"


def share(rate: Rate) -> str:
    return ABSENT if not rate.ran else f"{100 * rate.passed / rate.ran:.1f} %"


def points(value: float) -> str:
    """Percentage points with their sign: +17.7, −4.1, 0.0."""
    text = f"{100 * value:+.1f}"
    return "0.0" if text in ("+0.0", "-0.0") else text.replace("-", MINUS)


def change(found: Difference | None) -> str:
    return ABSENT if found is None else points(found.value)


def interval(found: Difference | None) -> str:
    return "" if found is None else tr("{low} to {high}").format(low=points(found.low), high=points(found.high))


def age(written_at: str | None, at: datetime) -> str:
    """In the largest unit that says something: 12 d, 4 mo, 2 y."""
    if written_at is None:
        return ABSENT
    days = max(0, (at - parse(written_at)).days)
    if days < DAYS_A_MONTH:
        return tr("{number} d").format(number=days)
    if days < 2 * DAYS_A_YEAR:
        return tr("{number} mo").format(number=round(days / DAYS_A_MONTH))
    return tr("{number} y").format(number=int(days / DAYS_A_YEAR))


def name_of(row: Compared) -> str:
    """The title without what stands in the column beside it."""
    if row.origin == "completion":
        return row.qualified_name
    number = reference_of(row)
    return row.title.removeprefix(number).strip() or row.title


def reference_of(row: Compared) -> str:
    """A ticket's number, which its title begins with; of other tasks the file."""
    if row.origin == "completion":
        return row.path.rpartition("/")[2]
    return row.title.split(" ", 1)[0]
