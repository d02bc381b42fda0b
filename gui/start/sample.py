"""Before the demonstration starts: where it goes, how long it takes, and whether it goes on from where it was."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from espalier.core.demo.driving import PROJECT
from espalier.gui.parts.dialog import Dialog
from espalier.gui.parts.rule import stacked
from espalier.gui.parts.text import Text
from espalier.gui.start.folders import demonstration
from espalier.gui.start.place_field import PlaceField


class SampleFolder(Dialog):
    """decided(folder): walk it there."""

    decided = Signal(str)

    def __init__(self, parent: QWidget | None = None, folder: Path | None = None) -> None:
        super().__init__(
            self.tr("Try it on a sample"),
            self.tr(
                "Espalier writes a small repository and walks the whole path on it: secrets found and scrubbed, examples,"
                " a trained adapter, its evaluation, a release. About 13 minutes on two cores, about 1 GB, no network."
            ),
            accept=self.tr("Start"),
            parent=parent,
        )
        self.place = PlaceField(self.tr("Folder"), folder or demonstration())
        self._about = Text("", "second", "second", wrap=True)
        self.body.addLayout(stacked(Text(self.tr("Folder"), "second", "second"), self.place, spacing=4))
        self.body.addWidget(self._about)
        self.body.addWidget(
            Text(
                self.tr(
                    "It is a demonstration, not approved: a stand-in scrubs every finding and clears none, and no person looks."
                    " It goes on when this window is closed."
                ),
                "second",
                "muted",
                wrap=True,
            )
        )
        self.body.addStretch(1)
        self.place.changed.connect(self._look)
        self.accepted.connect(lambda: self.decided.emit(str(self.place.folder)))
        self._look()
        self.ok.setFocus()

    @property
    def about(self) -> str:
        return self._about.text()

    def _look(self) -> None:
        there = (self.place.folder / PROJECT).is_file()
        self._about.setText(
            self.tr("There is a demonstration in this folder already: it goes on where it was.")
            if there
            else self.tr("The project file, the sample, a report and the release go there.")
        )
        self.ok.show_text(self.tr("Go on") if there else self.tr("Start"))
