"""A drawn file in front of its reader: where it stands, the whole of it, what was marked in it, and the two answers."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from espalier.core.findings.marked import Mark
from espalier.gui.figures import count
from espalier.gui.findings.file_view import FileView
from espalier.gui.findings.places import COMMIT
from espalier.gui.findings.sample_reading import Drawn
from espalier.gui.parts.button import Button
from espalier.gui.parts.text import Text

HEIGHT = 36


class FileReader(QWidget):
    """Says the same of a file to its first reader and to a second one.

    draft_asked(fingerprint): a rule is wanted that would have found the newest mark.
    """

    draft_asked = Signal(str)

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clean = actions["clean file"].text()
        self._drawn: Drawn | None = None
        self._marked = 0
        self._path = Text("", "code", elide=Qt.TextElideMode.ElideLeft)
        self._about = Text("", "second", "second")
        self.view = FileView(self.tr("A file in which nothing was found"))
        self._said = Text("", "second", "second", wrap=True)
        self._done = Button.of(actions["clean file"], "primary", height=HEIGHT)
        self._newest = ""
        self.draft = Button(self.tr("Draft a rule that finds it…"))
        self.draft.clicked.connect(lambda: self.draft_asked.emit(self._newest))
        self._lay_out(Button.of(actions["mark secret"], height=HEIGHT))

    @property
    def drawn(self) -> Drawn | None:
        """The file that waits for its answer."""
        return self._drawn

    @property
    def marked(self) -> int:
        """How many secrets were marked in it."""
        return self._marked

    def selected(self) -> Mark | None:
        """The selected stretch."""
        drawn = self._drawn
        if drawn is None:
            return None
        start, end = self.view.marked
        return Mark(
            repository=drawn.repository,
            object=drawn.blob,
            path=drawn.path or None,
            commit=drawn.commit,
            start=start,
            end=end,
        )

    def answered(self) -> None:
        """It waits no more; it is seen until the next one comes."""
        self._drawn = None

    def show_drawn(self, drawn: Drawn | None) -> None:
        self._drawn, self._marked = drawn, 0
        self.draft.hide()
        self.setVisible(drawn is not None)
        if drawn is None:
            self.view.show_file("", "")
            return
        self.view.show_file(drawn.text, drawn.path)
        self._path.setText(
            f"{drawn.repository}/{drawn.path}" if drawn.path else f"{drawn.repository} {drawn.blob[:COMMIT]}"
        )
        words = self.tr("{lines} lines · {commit} · {n} wait to be read")
        self._about.setText(
            words.format(
                lines=count(drawn.text.count("\n") + 1),
                commit=(drawn.commit or drawn.blob)[:COMMIT],
                n=count(drawn.waiting),
            )
        )
        self._about.updateGeometry()
        self._say()

    def count_mark(self, drawn: Drawn, by: int) -> None:
        """Unless another file is shown by now."""
        if self._drawn is drawn:
            self._marked += by
            self._say()

    def name_mark(self, drawn: Drawn, fingerprint: str) -> None:
        """The newest mark is this finding now."""
        if self._drawn is drawn:
            self._newest = fingerprint
            self.draft.show()

    def _say(self) -> None:
        number = count(self._marked)
        self._done.show_text(self.tr("Done, {n} missed").format(n=number) if self._marked else self._clean)
        words = self.tr("No rule found anything here. Read it whole: clean, or select what is a secret and mark it.")
        if self._marked:
            words = self.tr(
                "{n} marked in this file: it counts as missed, and each mark waits among the findings to be decided."
            )
        self._said.setText(words.format(n=number))

    def _lay_out(self, mark: Button) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._path, 1)
        head.addWidget(self._about)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._done)
        buttons.addWidget(mark)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        said = QHBoxLayout()
        said.setSpacing(8)
        said.addWidget(self._said, 1)
        said.addWidget(self.draft, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(said)
        column.addLayout(buttons)
        self.hide()
