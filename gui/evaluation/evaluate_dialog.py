"""Starting an evaluation: which run, how many tasks, what is looked for, and what this machine can run."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QWidget

from espalier.core.evaluation.evaluations import ANSWER_TOKENS, Settings, queue
from espalier.core.evaluation.expected import Expected, expected
from espalier.core.evaluation.sandbox.tier import Capability, capability
from espalier.core.failures import UnusableInput
from espalier.core.project.file import Project
from espalier.gui.figures import count, duration
from espalier.gui.parts.button import Button
from espalier.gui.parts.check import Check
from espalier.gui.parts.choice import Choice
from espalier.gui.parts.dialog import Dialog
from espalier.gui.parts.field import Field, NumberField
from espalier.gui.parts.text import Text
from espalier.gui.session import Session

MOST_TASKS, LONGEST_ANSWER, LARGEST_IDIOM = 100_000, 4096, 1 << 20
SOME_TASKS = 100


class EvaluateDialog(Dialog):
    """queued(job): the evaluation waits for its turn."""

    queued = Signal(int)

    def __init__(self, session: Session, runs: tuple[int, ...], parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Evaluate a run"),
            self.tr(
                "Base and adapter answer the same held-out tasks; both are judged by the same checks, in a sandbox."
            ),
            accept=self.tr("Evaluate"),
            parent=parent,
        )
        self._session = session
        options = [(str(run), self.tr("Run {run}").format(run=run)) for run in runs]
        self.run = Choice(self.tr("Run"), options)
        self.every = Check(self.tr("All that are held out"), on=True)
        self.tasks = NumberField(self.tr("Tasks at most"), SOME_TASKS, 1, MOST_TASKS)
        self.tokens = NumberField(self.tr("Tokens of an answer"), ANSWER_TOKENS, 16, LONGEST_ANSWER, step=16)
        self.tickets = Field(self.tr("None"), name=self.tr("Tickets, a CSV file"))
        self.idiom = Field(self.tr("None"), name=self.tr("Idiom, a TOML file"))
        self.estimate = Text(self.tr("Counting what is held out…"), "second", "second", wrap=True)
        self.sandbox = Text(self.tr("Testing the sandbox of this machine…"), "second", "second", wrap=True)
        self.tasks.setEnabled(False)
        self._lay_out()
        self.set_accept_handler(self._start)
        self.run.picked.connect(lambda _: self._expect())
        self.every.toggled.connect(self._choose_every)
        for field in (self.tasks, self.tokens):
            field.committed.connect(lambda _: self._expect())
        self._expect()
        self.finished.connect(self._forget)
        session.read("sandbox", lambda _project: capability(), self._show_sandbox, lambda *_: None)

    def _forget(self) -> None:
        """Answers that come later have nobody to go to."""
        for kind in ("sandbox", "expected evaluation"):
            self._session.forget(kind)

    def settings(self) -> Settings:
        """What was chosen; the idiom's file is read by who queues."""
        return Settings(
            max_new_tokens=int(self.tokens.value),
            most_tasks=None if self.every.isChecked() else int(self.tasks.value),
            tickets=self.tickets.text().strip() or None,
        )

    def _start(self) -> None:
        self.ok.setEnabled(False)
        run, settings, idiom = int(self.run.key), self.settings(), self.idiom.text().strip()
        self._session.start(lambda project: _queued(project, run, settings, idiom), self._done, self.fail)

    def _done(self, job: int) -> None:
        self.queued.emit(job)
        self.accept()

    def _choose_every(self, every: bool) -> None:
        self.tasks.setEnabled(not every)
        self._expect()

    def _expect(self) -> None:
        run, settings = int(self.run.key), self.settings()
        self._session.read(
            "expected evaluation",
            lambda project: expected(project, run, settings.most_tasks, settings.max_new_tokens),
            self._show_expected,
            lambda sentence, _: self.estimate.setText(sentence),
        )

    def _show_expected(self, found: Expected) -> None:
        words = self.tr("{tasks} of {held_out} held-out functions, asked of both arms.").format(
            tasks=count(found.tasks), held_out=count(found.held_out)
        )
        if found.seconds is not None:
            words += " " + self.tr("About {time} on this machine, from the evaluation before.").format(
                time=duration(found.seconds)
            )
        else:
            words += " " + self.tr("How long it takes is told while it runs: none has been done here yet.")
        self.estimate.setText(words)

    def _show_sandbox(self, found: Capability) -> None:
        if found.tier == "none":
            words = self.tr(
                "No sandbox: {reason} {remedy} Without it tests, formatter, linter, types and security are not run."
            )
            self.sandbox.setText(words.format(reason=found.reason, remedy=found.remedy))
            self.sandbox.set_role("warn")
        else:
            words = self.tr("Sandbox: bubblewrap {version}, {probes} hostile probes stopped, no network.")
            self.sandbox.setText(words.format(version=found.version, probes=len(found.self_test)))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        csv, toml = self.tr("CSV (*.csv)"), self.tr("TOML (*.toml)")
        rows: tuple[tuple[str, QWidget, QWidget | None], ...] = (
            (self.tr("Run"), self.run, None),
            (self.tr("Tasks"), self.every, None),
            (self.tr("At most"), self.tasks, None),
            (self.tr("Answer tokens"), self.tokens, None),
            (self.tr("Tickets"), self.tickets, self._browse(self.tickets, csv)),
            (self.tr("Idiom"), self.idiom, self._browse(self.idiom, toml)),
        )
        for number, (words, control, button) in enumerate(rows):
            grid.addWidget(Text(words, "body", "second"), number, 0)
            grid.addWidget(control, number, 1, 1, 1 if button is not None else 2)
            if button is not None:
                grid.addWidget(button, number, 2)
        self.body.addLayout(grid)
        self.body.addWidget(self.estimate)
        self.body.addWidget(self.sandbox)

    def _browse(self, field: Field, kind: str) -> QWidget:
        button = Button(self.tr("Choose…"))
        button.setAccessibleName(self.tr("Choose: {name}").format(name=field.accessibleName()))
        button.clicked.connect(lambda: self._choose_file(field, kind))
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(button)
        return holder

    def _choose_file(self, field: Field, kind: str) -> None:
        chooser = QFileDialog(self, field.accessibleName(), "", kind)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(field.setText)
        chooser.open()


def _queued(project: Project, run: int, settings: Settings, idiom: str) -> int:
    """The job's number. For the writing thread; raises UnusableInput for files that can't be used."""
    if settings.tickets is not None and not Path(settings.tickets).is_file():
        raise UnusableInput(f"{settings.tickets} is not there.", "Name a CSV file of tickets.")
    text = _text(Path(idiom)) if idiom else None
    tickets = None if settings.tickets is None else str(Path(settings.tickets).absolute())
    return queue(project, run, replace(settings, idiom=text, tickets=tickets))[1]


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_IDIOM:
            raise UnusableInput(f"{path} is too large for an idiom.", "Name a TOML file.")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UnusableInput(f"{path} can't be read.", "Name a TOML file.") from None
