"""Round steps for an axis of counts, and days to name under an axis of time."""

from datetime import date

from PySide6.QtCore import QCoreApplication

STEPS = (1, 2, 5)
MONTHS = (1, 2, 3, 6, 12, 24, 60)


def nice_steps(most: int, lines: int = 4) -> list[int]:
    """Up to so many round values above 0, the last of them no lower than the highest count."""
    size = 1
    while True:
        for step in STEPS:
            if step * size * lines >= most:
                return [step * size * number for number in range(1, lines + 1) if step * size * (number - 1) < most]
        size *= 10


def label_days(first: date, last: date, most: int) -> list[tuple[date, str]]:
    """Firsts of months, evenly apart, as many as fit: Dec 22, Jun 23."""
    months = (last.year - first.year) * 12 + last.month - first.month
    apart = next((one for one in MONTHS if months / one <= most), MONTHS[-1])
    names = QCoreApplication.translate("dataset.scale", "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()
    found = []
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        at = date(number // 12, number % 12 + 1, 1)
        if number % apart == 0 and first <= at <= last:
            found.append((at, f"{names[at.month - 1]} {at.year % 100:02d}"))
    return found
