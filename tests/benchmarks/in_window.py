"""The window under measurement, in a process of its own: `python -m tests.benchmarks.in_window WHAT PROJECT SECONDS`, prints JSON."""

import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from espalier.gui import pages
from espalier.gui.app import Desk
from espalier.gui.parts.filter_bar import FilterBar
from espalier.gui.tables.table import Table
from espalier.gui.tables.windowed import WindowedModel
from espalier.gui.window import Window

if TYPE_CHECKING:
    from espalier.gui.findings.page import FindingsPage

Found = TypeVar("Found")
HEAVY = ("torch", "transformers", "peft", "datasets", "pyqtgraph", "numpy", "scipy", "sqlite_utils", "pygments")
PATIENCE = 60.0
TICK, ACT, SETTLED, LONGEST = 0.005, 0.06, 3.0, 900.0  # seconds
REVIEWER, UNSURE = (
    "ann",
    "high-entropy-base64",
)  # as tests.benchmarks.large makes them; that loads what must not be charged here
FILTERS: dict[str, dict[str, Any]] = {
    "by state and rule": {"states": ("open",), "rules": ("private-key",)},
    "by severity, by place": {"severities": ("critical",), "order": "place"},
    "by text": {"text": "module_4711"},
    "unfiltered again": {},
    "unfiltered, by place": {"order": "place"},
}


class FirstPaint(QObject):
    """Calls back when the window has been painted for the first time."""

    def __init__(self, painted: Callable[[], None]) -> None:
        super().__init__()
        self._painted, self._done = painted, False

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self._done and event.type() == QEvent.Type.Paint and isinstance(watched, Window):
            self._done = True
            QTimer.singleShot(0, self._painted)  # after all that is painted with it
        return False


class Ticks(QObject):
    """How late the event loop is: the time between beats of a timer, less what the beat is; `own` is what this thread computed in it."""

    def __init__(self) -> None:
        super().__init__()
        self.late: list[float] = []
        self.own: list[float] = []
        self._last, self._computed = time.perf_counter(), time.thread_time()
        self._timer = QTimer(self, interval=round(TICK * 1000), timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        self._last, self._computed = time.perf_counter(), time.thread_time()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _beat(self) -> None:
        now, computed = time.perf_counter(), time.thread_time()
        self.late.append(max(0.0, now - self._last - TICK))
        self.own.append(computed - self._computed)
        self._last, self._computed = now, computed


def paint(application: QApplication, path: Path, began: float) -> dict[str, object]:
    """`began` is when the process was started, by the clock that all processes share."""
    found: dict[str, object] = {}

    def painted() -> None:
        found["seconds"] = time.monotonic() - began
        found["heavy"] = [name for name in HEAVY if name in sys.modules]
        found["modules"] = len(sys.modules)
        found["memory"] = _resident()

    first = FirstPaint(painted)
    application.installEventFilter(first)
    window = _window(application, path)
    _until(application, lambda: bool(found))
    window.leave()
    return found


def rows(application: QApplication, path: Path, _seconds: float) -> dict[str, object]:
    """Milliseconds until the first rows of each long list stand in the window, then of findings under filters."""
    window = _window(application, path)
    _until(application, lambda: {"live", "overview"} <= window.shown)
    found: dict[str, object] = {}
    for name in ("findings", "examples", "audit"):
        started = time.perf_counter()
        window.go_to(name)
        table = _until(application, lambda: _filled(window))
        if table is None:
            continue
        found[f"{name}, page opened"] = 1000 * (time.perf_counter() - started)
        found[f"{name}, rows"] = table.model().rowCount()
        if name == "findings":
            found |= _filtered(application, window, table)
    window.leave()
    return found


def empty(_application: QApplication, _path: Path, seconds: float) -> dict[str, object]:
    """How late beats come where there is no window: what the machine itself adds."""
    ticks = Ticks()
    ticks.start()
    _spin(seconds)
    ticks.stop()
    return {"late": ticks.late}


def stalls(application: QApplication, path: Path, seconds: float) -> dict[str, object]:
    """A session by script: every moment another act, among scrolling, moving, filtering, sorting and going from page to page."""
    window = _window(application, path)
    _until(application, lambda: {"live", "overview"} <= window.shown)
    for place in _places():  # a page is made once, when it is first shown; that is not what is measured here
        window.go_to(place)
        _spin(1.0)
    ticks, acts = Ticks(), _acts(window)
    by_act: dict[str, list[float]] = {}
    end = time.monotonic() + seconds
    ticks.start()
    while time.monotonic() < end:
        before = len(ticks.late)
        name = next(acts)
        _spin(ACT)
        by_act.setdefault(name, []).append(max(ticks.late[before:], default=0.0))
    ticks.stop()
    window.leave()
    return {"late": ticks.late, "acts": {name: max(worst) for name, worst in by_act.items()}}


def switch(application: QApplication, path: Path, seconds: float) -> dict[str, object]:
    """The first switch to the training page, so many seconds after the window was shown: the worst beat, and what was loaded by then."""
    window = _window(application, path)
    _until(application, lambda: {"live", "overview"} <= window.shown)
    ticks = Ticks()
    ticks.start()
    _spin(seconds)
    before, loaded = len(ticks.late), "pyqtgraph" in sys.modules
    window.go_to("training")
    _until(application, lambda: "training" in window.shown)
    _spin(1.0)
    ticks.stop()
    idle = {"idle late": max(ticks.late[:before], default=0.0), "idle own": max(ticks.own[:before], default=0.0)}
    window.leave()
    return {"late": max(ticks.late[before:]), "own": max(ticks.own[before:]), "loaded": loaded, **idle}


def memory(application: QApplication, path: Path, seconds: float) -> dict[str, object]:
    """Resident bytes, once a second, while the training page follows a run."""
    window = _window(application, path)
    _until(application, lambda: {"live", "overview"} <= window.shown)
    window.go_to("training")
    sampled = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        _spin(1.0)
        sampled.append(_resident())
    window.leave()
    return {"memory": sampled}


def more(application: QApplication, path: Path, _seconds: float) -> dict[str, object]:
    """By what was done with all findings, as the person REVIEWER: beats, seconds until it was told, and what was told."""
    from espalier.gui.findings.filters import UNLIKE
    from espalier.gui.findings.page import FindingsPage

    window = Desk(application, pinned="light").open(path)
    assert isinstance(window, Window)
    window.session.act_as(REVIEWER)
    window.go_to("findings")
    page = window.page("findings")
    assert isinstance(page, FindingsPage)
    _until(application, lambda: page.decide.pane.detail is not None)
    _spin(SETTLED)
    said: list[str] = []
    window.session.did.connect(lambda words, _: said.append(words))
    window.session.refused.connect(lambda sentence, _: said.append(sentence))
    bar, traffic, folder = page.decide.bar, page.more.traffic, path.parent
    found: dict[str, object] = {
        "filter Approved": _measured(said, lambda: _pick(bar, "approved", UNLIKE), page.decide.model),
        "filter Approved off": _measured(said, lambda: _pick(bar, "approved"), page.decide.model),
        "export csv": _measured(said, lambda: traffic.export(folder / "out.csv")),
        "export sarif": _measured(said, lambda: traffic.export(folder / "out.sarif")),
        "make a review pack": _measured(said, lambda: traffic.pack(folder / "out.zip")),
        "mute a rule": _measured(said, lambda: _mute(page)),
        "unmute it": _measured(said, lambda: _unmute(page)),
    }
    window.leave()
    return found


def _measured(said: list[str], act: Callable[[], object], model: WindowedModel[Any] | None = None) -> dict[str, object]:
    """Until something is said, or the list stands again."""
    said.clear()
    ticks, began = Ticks(), time.monotonic()
    ticks.start()
    act()
    _spin(0.05)
    while time.monotonic() < began + LONGEST and not (said or (model is not None and not model.reading)):
        _spin(0.05)
    seconds = time.monotonic() - began
    _spin(SETTLED)  # the lists are read anew
    ticks.stop()
    told = said[-1] if said else f"{model.rowCount():,} rows" if model is not None else "nothing"
    return {"late": ticks.late, "own": ticks.own, "seconds": seconds, "told": told}


def _pick(bar: FilterBar, name: str, *values: str) -> None:
    bar.chips[name].set_values(values)
    bar.changed.emit()


def _mute(page: "FindingsPage") -> None:
    from espalier.gui.findings.mute import MuteRule

    dialog = MuteRule(page.more._session, str(page.more._corpus), UNSURE, page)
    page.more._open_and_follow(dialog)
    dialog.reason.setText("measured")
    _when(dialog.ok.isEnabled, dialog.ok.click)


def _unmute(page: "FindingsPage") -> None:
    page.more.show_muted()
    dialog = page.more.dialog
    assert dialog is not None
    _when(dialog.ok.isEnabled, dialog.ok.click)


def _when(ready: Callable[[], bool], act: Callable[[], object]) -> None:
    """By the event loop, as soon as it can be done."""
    if ready():
        act()
    else:
        QTimer.singleShot(20, lambda: _when(ready, act))


def _resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _window(application: QApplication, path: Path) -> Window:
    window = Desk(application, pinned="light", looks_only=True).open(path)
    assert isinstance(window, Window)
    return window


def _places() -> list[str]:
    return [one.id for one in pages.PLACES]


def _filled(window: Window) -> Table | None:
    """The long list of the page in front, once its first rows stand, whether as a table or card by card."""
    page = window.pages[window.current]
    assert isinstance(page, QWidget)
    for table in page.findChildren(Table):
        model = table.model()
        if isinstance(model, WindowedModel) and model.row_at(0) is not None and not model.reading:
            return table
    return None


def _filtered(application: QApplication, window: Window, table: Table) -> dict[str, object]:
    model = table.model()
    assert isinstance(model, WindowedModel)
    found: dict[str, object] = {}
    for name, changes in FILTERS.items():
        started = time.perf_counter()
        _filter(model, changes)
        _until(application, lambda: not model.reading and (model.row_at(0) is not None or not model.rowCount()))
        table.viewport().repaint()
        found[f"findings, {name}"] = 1000 * (time.perf_counter() - started)
    return found


def _filter(model: WindowedModel[Any], changes: dict[str, Any]) -> bool:
    """Where it is the list of findings; imported here, since the first paint must not be charged with it."""
    from espalier.core.findings.index import Query
    from espalier.gui.findings.table import Wanted

    asked = model.query
    if isinstance(asked, Wanted):
        model.set_query(replace(asked, query=Query(**changes)))
    return isinstance(asked, Wanted)


def _acts(window: Window) -> Iterator[str]:
    """Does something and says what, for ever; the same in every run."""
    chance = random.Random(4)
    places = _places()
    while True:
        for place in chance.sample(places, len(places)):
            window.go_to(place)
            yield f"go to {place}"
            table = _filled(window)
            if table is None:
                continue
            yield from _acts_on(table, chance)


def _acts_on(table: Table, chance: random.Random) -> Iterator[str]:
    model, bar = table.model(), table.verticalScrollBar()
    assert isinstance(model, WindowedModel)
    for _ in range(10):
        bar.setValue(chance.randrange(max(1, bar.maximum())))
        yield "jump"
    for _ in range(20):
        bar.setValue(bar.value() + chance.choice((-400, 90, 400)))
        yield "scroll"
    for _ in range(10):
        table.step(chance.choice((-1, 1, 30)))
        yield "move"
    for name, changes in FILTERS.items():
        if _filter(model, changes):
            for _ in range(8):
                yield f"filter {name}"


def _until(application: QApplication, wanted: Callable[[], Found]) -> Found | None:
    """What was waited for, or None when it does not come."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        application.processEvents()
        found = wanted()
        if found:
            return found
        time.sleep(0.0005)
    return None


def _spin(seconds: float) -> None:
    """Waits in the event loop, not beside it."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def main() -> None:
    parts = (paint, rows, empty, stalls, switch, memory, more)
    what = {part.__name__: part for part in parts}[sys.argv[1]]
    application = QApplication(sys.argv[:1])
    sys.stdout.write(json.dumps(what(application, Path(sys.argv[2]), float(sys.argv[3]))) + "\n")


if __name__ == "__main__":
    main()
