"""What a place will look like in training text under a decision that is being considered, from the scrubber itself."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from espalier.core.findings.context import Lines, excerpted
from espalier.core.findings.detection.detect import MESSAGE, Detector
from espalier.core.findings.detection.spans import Kind
from espalier.core.findings.findings import Finding, Place, hidden, spans_in, text_of
from espalier.core.findings.fingerprint import fingerprint
from espalier.core.findings.index import OPEN
from espalier.core.findings.marked import marked_fingerprints
from espalier.core.findings.ruleset import ruleset_of
from espalier.core.project.file import Project
from espalier.core.project.key import ProjectKey, project_key
from espalier.core.scrub.edits import Scrubbed, applied
from espalier.core.scrub.known import Known
from espalier.core.scrub.scrubber import Blocked, Scrubber

AROUND = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The lines as they would be learnt from; None, and why, where nothing of the text would be."""

    lines: Lines | None
    kept_out: str = ""


def preview(project: Project, corpus: str, one: Finding, place: Place, state: str, around: int = AROUND) -> Preview:
    """Scrub the text of a place as if the finding were decided so, and the others of that text as they are.

    What nobody has decided is scrubbed. Every value that stays in the text is masked here, for it is looked at by people.
    """
    return preview_in(project, one, place, text_of(project, corpus, place), state, around)


def preview_in(project: Project, one: Finding, place: Place, text: str, state: str, around: int = AROUND) -> Preview:
    """The same of a text that has been read already."""
    if place.inner or place.unreachable:
        where = "in an archive" if place.inner else "where no ref leads"
        return Preview(lines=None, kept_out=f"It stands {where}, and nothing is learnt from there.")
    key = project_key(project)
    spans = spans_in(project, place)
    scrubber = Scrubber(
        key, _known(project, text, key, replace(one, state=state), place), Detector(ruleset_of(project))
    )
    try:
        scrubbed = scrubber.scrub(text, place.path or MESSAGE)
    except Blocked as blocked:
        return Preview(lines=None, kept_out=f"{blocked.sentence} {blocked.remedy}".strip())
    return Preview(lines=_lines(hidden(text, spans), scrubbed, place, spans, around))


def _known(project: Project, text: str, key: ProjectKey, one: Finding, place: Place) -> Iterator[Known]:
    """The decided values of this one text."""
    marked = marked_fingerprints(project)
    rows = project.rows(
        'SELECT DISTINCT f.fingerprint, f.kind, f.type, p.start, p."end", s.state FROM places p'
        " JOIN findings f USING (fingerprint) JOIN finding_states s USING (fingerprint)"
        " WHERE p.repository = ? AND p.object = ? AND p.source = ? AND p.inner = ?",
        (place.repository, place.object, place.source, place.inner),
    )
    for row in rows:
        value, kind = text[row["start"] : row["end"]], row["kind"]
        state = one.state if row["fingerprint"] == one.fingerprint else row["state"]
        if state != OPEN and fingerprint(key, value, _kind(kind)) == row["fingerprint"]:
            is_marked = row["fingerprint"] in marked
            yield Known(value=value, kind=_kind(kind), type=row["type"], state=state, marked=is_marked)


def _kind(word: str) -> Kind:
    return "personal" if word == "personal" else "secret"


def _lines(masked: str, scrubbed: Scrubbed, place: Place, spans: list[tuple[int, int]], around: int) -> Lines:
    shown = applied(masked, scrubbed.edits)
    found = list(_replaced(scrubbed, place, spans))
    own = next(((start, end) for start, end, own in found if own), _line_at(shown, scrubbed.scrubbed_line(place.line)))
    lines = excerpted(shown, [(start, end) for start, end, _ in found], own, around)
    numbers = tuple(scrubbed.original_line(lines.first_line + number) for number in range(len(lines.lines)))
    return replace(lines, first_line=numbers[0], numbers=numbers)


def _line_at(text: str, line: int) -> tuple[int, int]:
    at = sum(len(one) + 1 for one in text.split("\n")[: line - 1])
    return at, at


def _replaced(scrubbed: Scrubbed, place: Place, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int, bool]]:
    """What stands out in the scrubbed text: placeholders, and found values that stay, each with whether it is the one looked at."""
    shift, edits = 0, []
    for edit in scrubbed.edits:
        start = edit.start + shift
        if not edit.replacement.isspace():  # the spaces of a column
            edits.append((start, start + len(edit.replacement), edit.start < place.end and place.start < edit.end))
        shift += len(edit.replacement) - (edit.end - edit.start)
    yield from edits
    for start, end in sorted(set(spans)):
        if not any(edit.start < end and start < edit.end for edit in scrubbed.edits):
            by = sum(len(edit.replacement) - (edit.end - edit.start) for edit in scrubbed.edits if edit.end <= start)
            yield start + by, end + by, (start, end) == (place.start, place.end)
