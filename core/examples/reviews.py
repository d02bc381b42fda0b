"""What people say of single examples, and what follows from it: whoever rejects one takes it out of later snapshots.

A review is a row that is only ever added; a person's newest one counts, and `undecided` takes it back. It names an example
by its content, so that it outlives a rebuild. A review only takes away: it never brings back what the builder dropped.

`insecure` says that a person would not let this answer be learnt for its security. Espalier has no repaired version of it,
and insecure code only ever stands in a prompt, beside its repair: so such an example is taken out as a rejected one is,
under its own reason.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from espalier.core.failures import UnusableInput
from espalier.core.findings.typed import require_clean
from espalier.core.project import audit
from espalier.core.project.canonical import digest
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Connection, Project, Row
from espalier.core.project.identities import Identity

Verdict = Literal["accept", "reject", "insecure", "undecided"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
REASON = "review: "  # and the verdict: why an example is removed-in-review
AT_ONCE = 500
ANYWHERE = "id = ? AND build IN (SELECT id FROM builds)"  # by the key, which begins with the build


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One person's word about one example; `quality` from 1 to 5, None where nothing was said of it."""

    example: str
    verdict: Verdict
    quality: int | None
    note: str
    identity: str
    reviewed_at: str


def review(
    project: Project,
    ids: Sequence[str],
    verdict: Verdict,
    *,
    who: Identity,
    quality: int | None = None,
    note: str = "",
) -> None:
    """Record what `who` says about these examples, and take them out of the builds, or back in, at once.

    Raises UnusableInput for an example that no build has, a quality beyond 1 to 5, a note that holds a secret, and for one who
    stands for nobody.
    """
    require_clean(note)
    _record(project, ids, verdict, who=who, quality=quality, note=note)


def _record(
    project: Project, ids: Sequence[str], verdict: Verdict, *, who: Identity, quality: int | None, note: str
) -> None:
    """A note that stands already may be said again, whatever the detectors have learnt since."""
    if who.automatic:
        raise UnusableInput(f"{who.name} stands for nobody, and a review is a person's.", "Name a person: --as NAME")
    if quality is not None and not 1 <= quality <= 5:
        raise UnusableInput(f"{quality} is no quality.", "Give a whole number from 1, poor, to 5, exemplary.")
    for name in ids:
        if project.value(f"SELECT 1 FROM examples WHERE {ANYWHERE} LIMIT 1", (name,)) is None:
            raise UnusableInput(f"The project has no example {name[:12]}.", "List them: espalier examples list PROJECT")
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        with project.write() as db:
            rows = [(name, verdict, quality, note, who.name, utc_now()) for name in some]
            db.executemany(
                "INSERT INTO example_reviews (example, verdict, quality, note, identity, reviewed_at) VALUES (?, ?, ?, ?, ?, ?)",
                rows,
            )
            for name in some:
                _apply_to(db, name)
            detail: dict[str, object] = {"verdict": verdict, "quality": quality, "examples": len(some)}
            subject = f"example:{some[0]}" if len(some) == 1 else f"examples:{digest(sorted(some))[:40]}"
            audit.record(db, who.name, "example.reviewed", subject, detail)


def amend(
    project: Project,
    ids: Sequence[str],
    *,
    who: Identity,
    verdict: Verdict | None = None,
    quality: int | None = None,
    note: str | None = None,
) -> tuple[Review, ...]:
    """Say something more about these examples: what is None stays as this person said it last.

    Returns what they had said before, for `restore`. Raises as `review` does.
    """
    require_clean(note or "")
    before = tuple(own(project, name, who.name) or _nothing(name, who) for name in ids)
    same: dict[tuple[Verdict, int | None, str], list[str]] = defaultdict(list)
    for one in before:
        said = (verdict or one.verdict, quality or one.quality, one.note if note is None else note)
        same[said].append(one.example)
    for (now, rated, why), names in same.items():
        _record(project, names, now, who=who, quality=rated, note=why)
    return before


def restore(project: Project, before: Sequence[Review], who: Identity) -> None:
    """Take back an `amend`: say again what was said before it, by one more row each."""
    for one in before:
        _record(project, [one.example], one.verdict, who=who, quality=one.quality, note=one.note)


def apply(db: Connection, build: str) -> None:
    """Take out of a build that is just finished what people have rejected."""
    rejected = db.execute("SELECT example FROM example_verdicts WHERE verdict <> 'accept'").fetchall()
    for row in rejected:
        _apply_to(db, row["example"], build)


def reviews(project: Project, example: str) -> list[Review]:
    """The newest word of each person about an example, oldest first; one that was taken back is not among them."""
    found = project.rows(
        "SELECT * FROM example_reviews AS said WHERE example = ? AND id = (SELECT max(id) FROM example_reviews AS own"
        " WHERE own.example = said.example AND own.identity = said.identity) ORDER BY id",
        (example,),
    )
    return [_review(row) for row in found if row["verdict"] != "undecided" or row["quality"] or row["note"]]


def own(project: Project, example: str, identity: str) -> Review | None:
    """What this person last said about an example, also where it took back what was said before."""
    row = project.row(
        "SELECT * FROM example_reviews WHERE example = ? AND identity = ? ORDER BY id DESC LIMIT 1", (example, identity)
    )
    return None if row is None else _review(row)


def reviews_digest(project: Project, build: str) -> str:
    """Over what the verdicts about the examples of a build come to: the same verdicts, the same digest, whoever gave them."""
    rows = project.rows(
        "SELECT example, verdict FROM example_verdicts WHERE EXISTS"
        " (SELECT 1 FROM examples WHERE build = ? AND id = example) ORDER BY example",
        (build,),
    )
    return digest([[row["example"], row["verdict"]] for row in rows])


def of_everybody(project: Project, build: str) -> list[Review]:
    """Every standing word about the examples of a build, for export: by example, then by person."""
    found = project.rows(
        "SELECT * FROM example_reviews AS said WHERE EXISTS"
        " (SELECT 1 FROM examples WHERE build = ? AND examples.id = example) AND id ="
        " (SELECT max(id) FROM example_reviews AS own WHERE own.example = said.example AND own.identity = said.identity)"
        " ORDER BY example, identity",
        (build,),
    )
    return [_review(row) for row in found if row["verdict"] != "undecided"]


def _nothing(example: str, who: Identity) -> Review:
    return Review(example=example, verdict="undecided", quality=None, note="", identity=who.name, reviewed_at="")


def _apply_to(db: Connection, example: str, build: str | None = None) -> None:
    """In every finished build that has the example; one that is being built asks at its end."""
    where = "id = ? AND build = ifnull(?, build) AND build IN (SELECT id FROM builds WHERE finished_at IS NOT NULL)"
    row = db.execute("SELECT verdict FROM example_verdicts WHERE example = ?", (example,)).fetchone()
    if row is None or row["verdict"] == "accept":
        db.execute(
            f"UPDATE examples SET state = 'kept', reason = '' WHERE state = 'removed-in-review' AND {where}",
            (example, build),
        )
    else:
        db.execute(
            f"UPDATE examples SET state = 'removed-in-review', reason = ? WHERE state <> 'dropped' AND {where}",
            (REASON + row["verdict"], example, build),
        )


def _review(row: Row) -> Review:
    return Review(
        example=row["example"],
        verdict=row["verdict"],
        quality=row["quality"],
        note=row["note"],
        identity=row["identity"],
        reviewed_at=row["reviewed_at"],
    )
