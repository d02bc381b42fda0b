"""A draft rule that would have found a secret which was missed: shown, copied, saved, or used in every scan from now on."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from espalier.core.findings import drafts
from espalier.core.findings.drafts import Draft
from espalier.core.findings.own import files
from espalier.core.project.file import Project
from espalier.gui.findings.add_rules import AddRules
from espalier.gui.findings.file_view import FileView
from espalier.gui.findings.words import for_the_window
from espalier.gui.parts.button import Button
from espalier.gui.parts.dialog import Dialog
from espalier.gui.parts.text import Text
from espalier.gui.session import Session

WIDE, HIGH, READING, SAVING = 760, 172, "findings draft", "findings draft saved"


class DraftRule(Dialog):
    """Nothing of the value is in it, so that it may be read, sent and committed."""

    def __init__(self, session: Session, corpus: str, fingerprint: str, parent: QWidget) -> None:
        super().__init__(
            self.tr("A rule that would find it"),
            self.tr(
                "A draft, made from the name beside the value and the kinds and number of its characters; the value is not in it."
                " Try it on your code before you rely on it."
            ),
            accept=self.tr("Use in every scan…"),
            reject=self.tr("Close"),
            width=WIDE,
            parent=parent,
        )
        self._session = session
        self.made: Draft | None = None
        self.adding: AddRules | None = None
        self.view = FileView(self.tr("The draft rule"))
        self.view.setFixedHeight(HIGH)
        self.said = Text(self.tr("Reading the value from its repository."), "second", "second", wrap=True)
        self.copy, self.save = Button(self.tr("Copy"), glyph="copy", height=32), Button(self.tr("Save…"), height=32)
        for button, do in ((self.copy, self._copy), (self.save, self._ask_where)):
            button.setEnabled(False)
            button.clicked.connect(do)
            self.left.addWidget(button)
        self.body.addWidget(self.view)
        self.body.addWidget(self.said)
        self.body.addStretch(1)
        self.ok.setEnabled(False)
        self.set_accept_handler(self._use)
        self.finished.connect(lambda _: self._leave())
        session.read(READING, _drafted(corpus, fingerprint), self._show, self._untold)

    def save_to(self, target: Path) -> None:
        """A new file; core writes over none."""
        made = self.made
        if made is not None:
            self._session.read(
                SAVING,
                lambda _: drafts.save(made, target),
                lambda _: self._tell(self.tr("Wrote {name}.").format(name=target.name)),
                self._refuse,
            )

    def _show(self, made: Draft) -> None:
        self.made = made
        self.view.show_file(made.toml.rstrip("\n"), "draft.toml")
        self._tell("")
        self.copy.setEnabled(True)
        self.save.setEnabled(True)
        self.ok.setEnabled(self._session.may_write)
        self.view.setFocus()

    def _untold(self, sentence: str, remedy: str) -> None:
        self._tell("")
        self.view.hide()
        self._refuse(sentence, remedy)
        self.ok.setEnabled(False)

    def _tell(self, words: str) -> None:
        self.fail("")
        self.ok.setEnabled(self.made is not None and self._session.may_write)
        self.said.setText(words)

    def _refuse(self, sentence: str, remedy: str) -> None:
        self.fail(sentence, for_the_window(remedy))

    def _copy(self) -> None:
        if self.made is not None:
            QGuiApplication.clipboard().setText(self.made.toml)
            self._tell(self.tr("Copied."))

    def _ask_where(self) -> None:
        if self.made is None:
            return
        dialog = QFileDialog(self, self.tr("Save the draft rule"), str(self._session.path.with_name(self.made.id)))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.setNameFilter(self.tr("Rules in the form of gitleaks") + " (*.toml)")
        dialog.setDefaultSuffix("toml")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self.save_to(Path(chosen)))
        dialog.open()

    def _use(self) -> None:
        """Under a name of its own: what has another is not replaced."""
        made = self.made
        if made is not None:
            self.adding = AddRules(
                self._session, lambda: files.given(files.named_after(made.id), made.toml), self, new=True
            )
            self.adding.accepted.connect(self.accept)
            self.adding.open()

    def _leave(self) -> None:
        for kind in (READING, SAVING):
            self._session.forget(kind)


def _drafted(corpus: str, fingerprint: str) -> Callable[[Project], Draft]:
    return lambda project: drafts.draft_for(project, corpus, fingerprint)
