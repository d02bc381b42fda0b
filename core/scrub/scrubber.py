"""The scrubber: the decisions of a corpus, ready to be applied to any text; the secrets it knows are in memory only."""

from collections.abc import Iterable, Iterator, Mapping

from espalier.core.failures import GateShut
from espalier.core.findings.detection.detect import Detector
from espalier.core.findings.detection.people import TYPE as NAME
from espalier.core.findings.detection.people import known_by
from espalier.core.findings.detection.spans import Span
from espalier.core.findings.fingerprint import fingerprint
from espalier.core.findings.ruleset import ruleset_of
from espalier.core.findings.summary import scan_of
from espalier.core.project.file import Project
from espalier.core.project.key import ProjectKey, project_key
from espalier.core.scrub.columns import fitted
from espalier.core.scrub.edits import Edit, Scrubbed, Wish, applied, composed, united
from espalier.core.scrub.known import Known, KnownValues, Occurrence
from espalier.core.scrub.placeholder import placeholder
from espalier.core.scrub.syntax import is_broken
from espalier.core.scrub.values import blocked_blobs, known_values

PASSES = 8  # a text needs two; one that does not come to rest is refused


class Blocked(GateShut):
    """This text is kept out of training: somebody decided so, it was not scanned, or it can't be scrubbed whole."""


class Scrubber:
    """Applies decisions to text. What detectors find and nobody decided (a new form, a model's output) is scrubbed too."""

    def __init__(
        self, key: ProjectKey, known: Iterable[Known], detector: Detector, blocked: Mapping[str, str] | None = None
    ) -> None:
        self._key = key
        self._blocked = dict(blocked or {})
        decided = tuple(known)
        self._detector = detector.knowing(known_by(one.value for one in decided if one.type == NAME))
        self._decided = {fingerprint(key, one.value, one.kind): one for one in decided}
        self._values = KnownValues(one for one in decided if one.state in ("scrub", "block"))
        self._refuse_open()

    def scrub(self, text: str, path: str) -> Scrubbed:
        """The text with every secret replaced. Raises Blocked; scrubbing its result again changes nothing."""
        edits: tuple[Edit, ...] = ()
        current = text
        for _ in range(PASSES):
            wishes = united(self._wishes(current, path))
            if not wishes:
                break
            edits = composed(text, edits, wishes)
            current = applied(text, edits)
        else:
            raise Blocked("A text did not come to rest under scrubbing.", "Report it; it is left out of training.")
        if edits and is_broken(path, text, current):
            raise Blocked("Scrubbing would break the syntax of a file.", "It is left out of training.")
        return Scrubbed(text=current, edits=edits)

    def is_blocked(self, blob: str) -> bool:
        """Whether a blob was not scanned, so that nothing of it may be learnt."""
        return blob in self._blocked

    def scrub_blob(self, blob: str, text: str, path: str) -> Scrubbed:
        """The same for the text of a blob of the corpus. Raises Blocked for one that was not scanned, too."""
        if blob in self._blocked:
            raise Blocked(f"Blob {blob[:12]} was not scanned ({self._blocked[blob]}).", "It is left out of training.")
        return self.scrub(text, path)

    def verify(self, text: str, path: str) -> list[Span]:
        """What is still to be found in a text that should be clean; placeholders and decided false alarms are not."""
        found = [span for span in self._detector.spans(text, path) if self._state(text, span) != "false-alarm"]
        return sorted([*found, *map(_as_span, self._values.find(text))], key=lambda span: span.start)

    def _wishes(self, text: str, path: str) -> Iterator[Wish]:
        for span in self._detector.spans(text, path):
            known = self._decided.get(self._name(text, span))
            if known is None or known.state != "false-alarm":
                value = text[span.start : span.end]
                yield from fitted(text, self._wish(span.start, span.end, known or _undecided(value, span)))
        for occurrence in self._values.find(text):
            yield from fitted(text, self._wish(occurrence.start, occurrence.end, occurrence.known))

    def _wish(self, start: int, end: int, known: Known) -> Wish:
        if known.state == "block":
            raise Blocked("The text holds a finding that blocks it.", "It is left out of training.")
        return Wish(start, end, placeholder(self._key, known.value, known.kind, known.type))

    def _state(self, text: str, span: Span) -> str:
        known = self._decided.get(self._name(text, span))
        return known.state if known else "scrub"

    def _name(self, text: str, span: Span) -> str:
        return fingerprint(self._key, text[span.start : span.end], span.kind)

    def _refuse_open(self) -> None:
        undecided = sum(one.state == "open" for one in self._decided.values())
        if undecided:
            sentence = f"{undecided} findings are open, so nothing can be scrubbed."
            raise GateShut(sentence, "Decide them: espalier findings decide PROJECT FINGERPRINT …", (sentence,))


def project_scrubber(project: Project, corpus: str) -> Scrubber:
    """The scrubber of a corpus as it is decided now. Raises GateShut where it is not scanned or a finding is open."""
    detector, key = Detector(ruleset_of(project)), project_key(project)
    if scan_of(project, corpus, detector.digest) is None:
        sentence = f"The corpus {corpus[:12]} is not scanned under the current rules."
        raise GateShut(sentence, "Scan it: espalier findings scan PROJECT", (sentence,))
    blocked = blocked_blobs(project, corpus, detector.digest)
    return Scrubber(key, known_values(project, corpus, key), detector, blocked)


def _undecided(value: str, span: Span) -> Known:
    return Known(value=value, kind=span.kind, type=span.type, state="scrub")


def _as_span(found: Occurrence) -> Span:
    return Span(
        start=found.start,
        end=found.end,
        rule="known-value",
        kind=found.known.kind,
        severity="high",
        confidence="high",
        type=found.known.type,
    )
