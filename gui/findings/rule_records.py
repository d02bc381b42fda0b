"""How the rule of the finding that is looked at did so far, read after the finding is shown and kept until something is decided."""

from collections.abc import Callable

from espalier.core.findings import precision
from espalier.core.findings.precision import Record
from espalier.gui.session import Session


class RuleRecords:
    """Of one list of findings at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._list: int | None = None
        self._kept: dict[str, Record] = {}

    def begin(self, number: int | None) -> None:
        """Of this list from now on; what was kept is no longer true."""
        self._list = number
        self._kept.clear()

    def want(self, rule: str, then: Callable[[Record], None]) -> None:
        """Call `then` with it: now, where it is kept; a later wish makes this one void, where it has to be read."""
        number = self._list
        if rule in self._kept:
            then(self._kept[rule])
        elif number is not None:

            def came(found: Record) -> None:
                self._kept[rule] = found
                then(found)

            self._session.read("findings rule", lambda project: precision.so_far(project, number, rule), came)
