"""Everything that `espalier doctor` looks at, one after another."""

from collections.abc import Callable, Iterator

from espalier.core.doctor.finding import Finding
from espalier.core.doctor.machine import disk, gpu, memory
from espalier.core.doctor.sandbox import sandbox
from espalier.core.doctor.software import database, git, key_store, model, python, quantisation
from espalier.core.doctor.window import qt

CHECKS: tuple[Callable[[], Finding], ...] = (
    *(python, git, database, memory, disk, gpu),
    *(qt, key_store, quantisation, sandbox, model),
)


def diagnose() -> Iterator[Finding]:
    """As each is known, since all of them take about ten seconds."""
    return (check() for check in CHECKS)
