"""Drawing: how much of the queue is put before people, what was read earlier included, and what of it still waits."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from espalier.core.failures import UnusableInput
from espalier.core.findings.sampling.earlier import keep_earlier, place_earlier
from espalier.core.findings.sampling.order import Blob, Order, Ranked, epochs, order
from espalier.core.findings.sampling.review import POPULATION, standing, strata_of
from espalier.core.findings.sampling.strata import turn, turns
from espalier.core.findings.sampling.stratified import Place, stratified
from espalier.core.findings.summary import scan_of
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Connection, Project


def draw(project: Project, corpus: str, ruleset: str, size: int) -> int:
    """Put `size` files more before people that nobody has read, and return the sample's number.

    What was read before and stands in the queue between them is drawn with them.
    """
    if scan_of(project, corpus, ruleset) is None:
        raise UnusableInput(
            "This corpus has not been scanned under the current rules.", "espalier findings scan PROJECT"
        )
    drawing = _prepared(project, corpus, ruleset)
    return _put(project, drawing, list(_next(drawing, fresh=size)))


def carry(project: Project, corpus: str, ruleset: str) -> None:
    """Make the queue of a corpus that was scanned as long as what of it has been read in any; nothing where nothing was."""
    if project.value("SELECT 1 FROM read_files LIMIT 1") is None:
        return
    drawing = _prepared(project, corpus, ruleset)
    again = list(_next(drawing, least=len(drawing.read & drawing.placed.keys())))
    if again:
        _put(project, drawing, again)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawing:
    """The whole order of a corpus, of which `standing` is drawn, and `read` by whomever, for whatever corpus."""

    named: tuple[str, str]  # corpus, ruleset
    placed: Mapping[Blob, Place]
    epochs: Mapping[Place, int]
    order: Order
    standing: Mapping[Blob, int]
    read: Set[Blob]


def _prepared(project: Project, corpus: str, ruleset: str) -> _Drawing:
    """Ranks are looked up outside of any transaction: a million take seconds."""
    named = (corpus, ruleset)
    clean = [(row["repository"], row["object"]) for row in project.rows(POPULATION, named)]
    placed = stratified(project, corpus, clean)
    with project.write() as db:
        _keep_strata(project, db, named, placed)
    sql = "SELECT repository, object, rank FROM standing_draws WHERE corpus = ? AND ruleset = ?"
    drawn = {(row["repository"], row["object"]): row["rank"] for row in project.rows(sql, named)}
    read = {(row["repository"], row["object"]) for row in project.rows("SELECT repository, object FROM read_files")}
    begun = epochs(project)
    queue = order(project, placed, begun, drawn)
    return _Drawing(named=named, placed=placed, epochs=begun, order=queue, standing=drawn, read=read)


def _keep_strata(project: Project, db: Connection, named: tuple[str, str], placed: Mapping[Blob, Place]) -> None:
    """How large each is; what has left the corpus since it was drawn, as an archive that was opened, leaves the queue."""
    place_earlier(db, placed)
    db.execute("DELETE FROM strata WHERE corpus = ? AND ruleset = ?", named)
    rows = [(*named, *place, number) for place, number in Counter(placed.values()).items()]
    db.executemany("INSERT INTO strata VALUES (?, ?, ?, ?, ?)", rows)
    keep_earlier(project, db, named, placed)
    drawn = db.execute("SELECT repository, object FROM queues WHERE corpus = ? AND ruleset = ?", named).fetchall()
    gone = [(*named, *one) for one in map(tuple, drawn) if one not in placed]
    db.executemany("DELETE FROM queues WHERE corpus = ? AND ruleset = ? AND repository = ? AND object = ?", gone)


def _next(drawing: _Drawing, *, fresh: int = 0, least: int = 0) -> Iterator[tuple[Place, Ranked]]:
    """What is drawn, until `fresh` of it nobody has read and `least` are drawn in all, or none is left.

    Files that have come in before one that is drawn already are the first of it.
    """
    queue, places = drawing.order, list(drawing.order)
    sizes = [len(files) for files in queue.values()]
    taken = [_through(files, drawing.standing) for files in queue.values()]
    for place, done in zip(places, taken, strict=True):
        for one in queue[place][:done]:
            if one[1:] not in drawing.standing:
                fresh -= one[1:] not in drawing.read
                yield place, one
    least -= sum(taken)
    for index in turns(sizes, taken):
        if fresh <= 0 and least <= 0:
            return
        one = queue[places[index]][taken[index]]
        taken[index] += 1
        fresh, least = fresh - (one[1:] not in drawing.read), least - 1
        yield places[index], one


def _put(project: Project, drawing: _Drawing, drawn: Sequence[tuple[Place, Ranked]]) -> int:
    """What another process has drawn meanwhile stays its sample's."""
    with project.write() as db:
        sql = "INSERT INTO samples (corpus, ruleset, seed, population, drawn_at) VALUES (?, ?, 0, ?, ?)"
        sample = int(db.execute(sql, (*drawing.named, len(drawing.placed), utc_now())).lastrowid or 0)
        db.executemany(
            "INSERT INTO queues VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(*drawing.named, *place, drawing.epochs.get(place, 0), *one, sample) for place, one in drawn],
        )
        db.executemany(
            "INSERT INTO sampled_objects (sample, repository, object, service, language) VALUES (?, ?, ?, ?, ?)",
            [(sample, *one[1:], *place) for place, one in drawn],
        )
    return sample


def _through(files: Sequence[Ranked], drawn: Mapping[Blob, int]) -> int:
    """How many stand in an order up to the last that is drawn."""
    return max((number for number, one in enumerate(files, 1) if one[1:] in drawn), default=0)


def open_sample(project: Project, corpus: str, ruleset: str) -> int | None:
    """The newest sample with files that nobody has read yet."""
    found = project.value(
        "SELECT max(sample) FROM standing_draws WHERE corpus = ? AND ruleset = ? AND identity IS NULL",
        (corpus, ruleset),
    )
    return None if found is None else int(found)


def waiting(project: Project, sample: int) -> list[Blob]:
    """The files of a sample that nobody has read yet, in the order of the queue."""
    named = project.row("SELECT corpus, ruleset FROM samples WHERE id = ?", (sample,))
    if named is None:
        return []
    drawn = standing(project, *named)
    strata = strata_of(project, *named)
    sizes = [one.size for one in strata]
    found = [
        (turn(sizes, place, index), files[index])
        for place, one in enumerate(strata)
        for files in [drawn[one.service, one.language]]
        for index in one.waiting
    ]
    return [
        (row["repository"], row["object"])
        for _, row in sorted(found, key=lambda one: one[0])
        if row["sample"] == sample
    ]
