"""Findings in detail as they are looked at: read when they are wanted, kept for a while, and the next one read ahead."""

from collections import OrderedDict
from collections.abc import Callable, Collection

from espalier.core.findings import index
from espalier.core.project.file import Project
from espalier.gui.findings.detail import Detail, detail
from espalier.gui.session import Session

KEPT = 32  # they hold no secret


class Details:
    """Of one corpus at a time. A detail is of a finding, by its row's id, at one of its places."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._corpus: str | None = None
        self._kept: OrderedDict[tuple[int, int], Detail] = OrderedDict()

    def begin(self, corpus: str | None) -> None:
        """Of this corpus from now on; what was kept is forgotten. None: nothing more is read."""
        self._corpus = corpus
        self._kept.clear()

    def want(self, number: int, at: int, then: Callable[[Detail], None]) -> None:
        """Call `then` with it: now, where it is kept; a later wish makes this one void, where it has to be read."""
        known = self._kept.get((number, at))
        if known is not None:
            self._kept.move_to_end((number, at))
            then(known)
            return

        def came(found: Detail) -> None:
            self._keep(number, at, found)
            then(found)

        self._read("findings detail", number, at, came)

    def read_ahead(self, number: int) -> None:
        """So that it is shown without waiting."""
        if (number, 0) not in self._kept:
            self._read("findings ahead", number, 0, lambda found: self._keep(number, 0, found))

    def forget(self, numbers: Collection[int]) -> None:
        """What was kept of these is no longer true."""
        for key in [key for key in self._kept if key[0] in numbers]:
            del self._kept[key]

    def _read(self, kind: str, number: int, at: int, then: Callable[[Detail], None]) -> None:
        corpus = self._corpus
        if corpus is not None:
            refused = self._session.refused.emit
            self._session.read(kind, lambda project: _detail(project, corpus, number, at), then, refused)

    def _keep(self, number: int, at: int, found: Detail) -> None:
        self._kept[number, at] = found
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)


def _detail(project: Project, corpus: str, number: int, at: int) -> Detail:
    (name,) = index.fingerprints(project, [number])
    return detail(project, corpus, name, at)
