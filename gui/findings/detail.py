"""One finding as the pane shows it, read when it is looked at: its place in context, what training would see, and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from espalier.core.failures import EspalierError
from espalier.core.findings.context import Lines, Why, Written, in_text, why, written
from espalier.core.findings.findings import Finding, Place, finding, text_of
from espalier.core.project.file import Project
from espalier.core.scrub.preview import Preview, preview_in

STATES = ("scrub", "false-alarm", "block")
FIRST_PLACES = 3
AROUND = 4  # lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """The newest decision about a finding."""

    state: str
    reason: str
    identity: str
    decided_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """No text of a secret is in here. `lines` is None where the text can't be read now; `trouble` says why, and what to do."""

    finding: Finding
    place: Place
    written: tuple[Written | None, ...]
    lines: Lines | None
    why: Why | None
    previews: Mapping[str, Preview]
    spoken: Spoken | None
    trouble: tuple[str, str] = ("", "")
    no_preview: tuple[str, str] = ("", "")


def detail(project: Project, corpus: str, fingerprint: str, at: int = 0) -> Detail:
    """The finding, its place number `at` in context. `written` is of the first places."""
    one = finding(project, corpus, fingerprint)
    place = one.places[min(at, len(one.places) - 1)]
    spoken = _spoken(project, one.fingerprint)
    try:
        authors = tuple(written(project, corpus, (place, *one.places[:FIRST_PLACES])))
        text = text_of(project, corpus, place)
    except EspalierError as error:
        return _untold(one, place, spoken, (error.sentence, error.remedy))
    previews, no_preview = _previews(project, one, place, text)
    return Detail(
        finding=one,
        place=place,
        written=authors,
        lines=in_text(project, one, place, text, AROUND),
        why=why(one, place, text),
        previews=previews,
        spoken=spoken,
        no_preview=no_preview,
    )


def _previews(project: Project, one: Finding, place: Place, text: str) -> tuple[dict[str, Preview], tuple[str, str]]:
    try:
        return {state: preview_in(project, one, place, text, state) for state in STATES}, ("", "")
    except EspalierError as error:
        return {}, (error.sentence, error.remedy)


def _untold(one: Finding, place: Place, spoken: Spoken | None, trouble: tuple[str, str]) -> Detail:
    return Detail(
        finding=one, place=place, written=(), lines=None, why=None, previews={}, spoken=spoken, trouble=trouble
    )


def _spoken(project: Project, fingerprint: str) -> Spoken | None:
    row = project.row(
        "SELECT state, reason, identity, decided_at FROM decisions WHERE fingerprint = ? ORDER BY id DESC LIMIT 1",
        (fingerprint,),
    )
    return None if row is None else Spoken(**dict(row))
