"""Figures as people read them: counts, losses, bytes, durations, small rates, dates and moments."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication

KIB = 1024
ABSENT = "—"


def count(number: int | None) -> str:
    return ABSENT if number is None else f"{number:,}"


def loss(value: float | None) -> str:
    return ABSENT if value is None else f"{value:.3f}"


def short(value: float | None) -> str:
    """Three digits that count, whatever the size: 0.61, 21.4, 3,104, 7.9e-5."""
    if value is None:
        return ABSENT
    size = abs(value)
    if size == 0:
        return "0"
    if size < 0.001:
        return scientific(value)
    if size < 1:
        return f"{value:.3f}"
    return f"{value:.2f}" if size < 10 else f"{value:.1f}" if size < 100 else f"{value:,.0f}"


def scientific(value: float) -> str:
    """7.9e-5, without the zeros that Python pads exponents with."""
    digits, _, power = f"{value:.1e}".partition("e")
    return f"{digits.removesuffix('.0')}e{int(power)}"


def size(number: int | None) -> str:
    if number is None:
        return ABSENT
    amount = float(number)
    for unit in ("B", "KiB", "MiB"):
        if amount < KIB:
            return f"{amount:.0f} {unit}"
        amount /= KIB
    return f"{amount:.1f} GiB"


def span(low: int, high: int) -> str:
    """From one size to another; a unit that both have is said once: 13.1 to 16.0 GiB."""
    first, last = size(low), size(high)
    amount, _, unit = first.rpartition(" ")
    return f"{amount if last.endswith(f' {unit}') else first} to {last}"


def hardware(name: str) -> str:
    """A device without its maker's trimmings: RTX 4090, Intel Xeon Platinum 8481C."""
    for trimming in ("(R)", "(TM)", "NVIDIA ", "GeForce ", " CPU", " Processor"):
        name = name.replace(trimming, "")
    return name.partition(" @ ")[0]


def duration(seconds: float | None) -> str:
    """As a person says it, to the minute from two minutes on: 42 s, 22 min, 2 h 5 min."""
    if seconds is None:
        return ABSENT
    whole = max(0, round(seconds))
    if whole < 120:
        return f"{whole} s"
    minutes = round(whole / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def share(value: float | None) -> str:
    """Of one, as percent; what would round to nothing is not said to be nothing."""
    if value is None:
        return ABSENT
    if 0 < value < 0.00005:
        return "< 0.01 %"
    return f"{100 * value:.2f} %" if 0 < value < 0.01 else f"{100 * value:.1f} %"


def digest(text: str | None) -> str:
    return ABSENT if not text else text[:8]


def day(text: str | None) -> str:
    """A stored moment as a day where this person is: 2 Apr 2021."""
    return ABSENT if not text else _named(_local(text))


def date_of(text: str) -> str:
    """The date that an ISO date or time begins with, wherever this person is: what history and cuts are told by."""
    return _named(datetime.fromisoformat(text[:10]))


def moment(text: str | None) -> str:
    """A stored moment as day and time where this person is: 2 Apr 2021, 14:05."""
    return ABSENT if not text else f"{day(text)}, {_local(text):%H:%M}"


def _named(at: datetime) -> str:
    months = QCoreApplication.translate("figures", "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()
    return f"{at.day} {months[at.month - 1]} {at.year}"


def _local(text: str) -> datetime:
    """Of a time in UTC as the project file writes it, or of a plain date."""
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return at.astimezone() if at.tzinfo is not None else at
