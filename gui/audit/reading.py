"""What the audit page says of the chain as a whole: how long it is, since when, and who did what how often."""

from collections import Counter
from dataclasses import dataclass

from espalier.core.project import audit
from espalier.core.project.file import Project

Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Counts are the most frequent first; `head` is the last hash."""

    entries: int
    first_at: str
    last_at: str
    head: str
    actors: Counts
    actions: Counts


class ChainReading:
    """Counts what is new since the last time: a chain only grows. Belongs to the reader's thread."""

    def __init__(self) -> None:
        self._counted = 0
        self._actors: Counter[str] = Counter()
        self._actions: Counter[str] = Counter()

    def __call__(self, project: Project) -> Chain:
        last = audit.length(project)
        if last < self._counted:  # another file under the same name
            self._counted, self._actors, self._actions = 0, Counter(), Counter()
        query = "SELECT actor, action, count(*) AS entries FROM audit WHERE seq > ? AND seq <= ? GROUP BY actor, action"
        for row in project.rows(query, (self._counted, last)):
            self._actors[row["actor"]] += row["entries"]
            self._actions[row["action"]] += row["entries"]
        self._counted = last
        ends = project.rows("SELECT at, hash FROM audit WHERE seq IN (1, ?) ORDER BY seq", (last,))
        return Chain(
            entries=last,
            first_at=ends[0]["at"] if ends else "",
            last_at=ends[-1]["at"] if ends else "",
            head=ends[-1]["hash"] if ends else "",
            actors=_ranked(self._actors),
            actions=_ranked(self._actions),
        )


def _ranked(counts: Counter[str]) -> Counts:
    return tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
