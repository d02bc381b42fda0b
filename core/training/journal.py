"""What a run says of itself while it trains, written into the project file a few times a second at most."""

import time
from collections.abc import Callable

from espalier.core.project.file import Project
from espalier.core.training import runs
from espalier.core.training.loop import Stepped, Validated

QUIET_SECONDS = 0.25


class Journal:
    """Holds rows back until a quarter of a second has gone or `flush` is called; belongs to one attempt of one run."""

    def __init__(self, project: Project, run: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._project, self._run, self._clock = project, run, clock
        self._written_at = clock()
        self._metrics: list[tuple[str, int, float]] = []
        self._columns: dict[str, object] = {}
        self._tokens, self._seconds = 0, 0.0

    def stepped(self, event: Stepped) -> None:
        measures = event.measures
        self._metrics += [(name, event.step, value) for name, value in measures.rows().items()]
        self._tokens += measures.tokens
        self._seconds += measures.tokens / measures.tokens_per_second if measures.tokens_per_second else 0.0
        self._columns |= {"step": event.step, "peak_memory": measures.peak_memory}
        self._columns["tokens_per_second"] = self._tokens / self._seconds if self._seconds else None
        if "loss" in measures.rows():
            self._columns["loss"] = measures.loss
        self._write_if_due()

    def validated(self, event: Validated) -> None:
        self._metrics.append(("validation_loss", event.step, event.loss))
        self._columns["validation_loss"] = event.loss
        self._write_if_due()

    def flush(self) -> None:
        if self._metrics or self._columns:
            runs.update(self._project, self._run, self._metrics, **self._columns)
        self._metrics, self._columns, self._written_at = [], {}, self._clock()

    def _write_if_due(self) -> None:
        if self._clock() - self._written_at >= QUIET_SECONDS:
            self.flush()
