"""Calendar quarters: what splits in time are cut at."""

from datetime import UTC, datetime, timedelta

SETTLED = timedelta(days=60)  # a quarter younger than this has too little in it to be held out


def quarter_start(moment: datetime) -> datetime:
    return datetime(moment.year, 3 * ((moment.month - 1) // 3) + 1, 1, tzinfo=UTC)


def quarter_starts(newest: datetime, number: int) -> list[datetime]:
    """The starts of the last quarters, newest first, beginning with the one at least sixty days before the newest commit."""
    start = quarter_start(newest)
    if newest - start < SETTLED:
        start = quarter_start(start - timedelta(days=1))
    starts = []
    for _ in range(number):
        starts.append(start)
        start = quarter_start(start - timedelta(days=1))
    return starts
