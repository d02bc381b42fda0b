"""Lines around findings for files that leave this machine: masked as on the screen, and every other place of a known value too.

The screen masks what was found in a text. A file that others keep also masks what stands there and was found elsewhere: `Known`
says where, which is what the scrubber knows; and whatever a detector finds in the few lines by themselves.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from espalier.core.findings.context import excerpted, prefix
from espalier.core.findings.detection.detect import MESSAGE, Detector
from espalier.core.findings.findings import BULLET, Finding, Place, hidden, spans_in, text_in
from espalier.core.project.file import Project
from espalier.core.repositories.corpus import corpus as corpus_named
from espalier.core.repositories.git import MissingObject, ObjectReader

AROUND = 3  # lines on each side
MOST_LINES = 40  # of one excerpt; the end of a longer one is left out
GONE = "(git has dropped the object since)"
SHORTEST = 4  # characters: what is shorter would hide half of the code when all its places are masked

Stretch = tuple[int, int]
Known = Callable[[str], Iterable[Stretch]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Lines without a value in them; `first_line` counts from 1."""

    first_line: int
    lines: tuple[str, ...] = field(repr=False)


class _Text:
    """A text in memory with where something is to be masked in it, in order."""

    def __init__(self, text: str, spans: Iterable[Stretch]) -> None:
        self.text = text
        self._spans = sorted(set(spans))
        self._longest = max((end - start for start, end in self._spans), default=0)

    def between(self, begin: int, end: int) -> list[Stretch]:
        """The spans that touch this stretch; a text may hold thousands."""
        first = bisect_left(self._spans, (begin - self._longest,))
        last = bisect_left(self._spans, (end,))
        return [span for span in self._spans[first:last] if span[1] > begin]


def excerpts(
    project: Project, corpus: str, found: Sequence[Finding], known: Known, detector: Detector
) -> dict[str, Shown]:
    """By fingerprint, the lines around each finding's first place. Raises MissingObject where git has collected one."""
    paths = {one.name: one.path for one in corpus_named(project, corpus).repositories}
    shown: dict[str, Shown] = {}
    for repository, there in groupby(sorted(found, key=_where), key=lambda one: one.places[0].repository):
        with ObjectReader(paths[repository]) as reader:
            for _, same in groupby(there, key=_where):
                alike = list(same)
                text = _text(reader, alike[0].places[0])
                if text is None:
                    shown |= {one.fingerprint: Shown(first_line=one.places[0].line, lines=(GONE,)) for one in alike}
                    continue
                held = _Text(text, [*spans_in(project, alike[0].places[0]), *known(text)])
                shown |= {one.fingerprint: _shown(one, held, detector) for one in alike}
    return shown


def _text(reader: ObjectReader, place: Place) -> str | None:
    """None for what no ref led to and git has dropped since, as it may at any time."""
    try:
        return text_in(reader.read(place.object), place)
    except MissingObject:
        if place.unreachable:
            return None
        raise


def words_shown(words: str, known: Known, detector: Detector) -> str:
    """A path, or what somebody typed, with what looks like a secret in it masked."""
    return hidden(words, [*known(words), *((span.start, span.end) for span in detector.spans(words, ""))])


def visible(text: str) -> str:
    """On one line, with nothing in it that a terminal obeys or that turns the order of other letters."""
    return "".join(letter if letter.isprintable() else "�" for letter in text.expandtabs(4))


def _where(one: Finding) -> tuple[str, str, str, str]:
    place = one.places[0]
    return place.repository, place.object, place.source, place.inner


def _shown(one: Finding, held: _Text, detector: Detector) -> Shown:
    place, text = one.places[0], held.text
    begin, end = _lines_around(text, place)
    here = text[begin:end]
    spans = held.between(begin, end)
    hide = [(max(start, begin) - begin, stop - begin) for start, stop in spans]
    hide += [again for start, stop in spans for again in _places(here, text[start:stop])]
    own = (place.start - begin, place.end - begin)
    masked = _with_prefix(hidden(here, hide), own[0], prefix(one.rule, text[place.start : place.end]))
    more = [(span.start, span.end) for span in detector.spans(masked, place.path or MESSAGE)]
    masked = hidden(masked, [(start, stop) for start, stop in more if BULLET not in masked[start:stop]])
    cut = excerpted(masked, (), own, AROUND)
    first = place.line - text.count("\n", begin, place.start) + cut.first_line - 1
    return Shown(first_line=first, lines=tuple(map(visible, cut.lines[:MOST_LINES])))


def _places(text: str, value: str) -> Iterator[Stretch]:
    at = text.find(value) if len(value) >= SHORTEST else -1
    while at >= 0:
        yield at, at + len(value)
        at = text.find(value, at + len(value))


def _with_prefix(masked: str, at: int, kept: str) -> str:
    return masked[:at] + kept + masked[at + len(kept) :]


def _lines_around(text: str, place: Place) -> Stretch:
    """The first line that is shown to the last one; it may be a line more."""
    begin, end = place.start, place.end
    for _ in range(AROUND + 1):
        begin = max(0, text.rfind("\n", 0, begin))
        end = text.find("\n", end + 1) % (len(text) + 1)  # -1, none, becomes the end
    return begin + text.startswith("\n", begin), end
