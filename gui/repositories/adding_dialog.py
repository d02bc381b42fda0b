"""Adding repositories to the project that is open."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from espalier.gui.adding.picking import Picking
from espalier.gui.literal import set_tip
from espalier.gui.parts.dialog import Dialog

WIDE = 640


class AddRepositories(Dialog):
    """decided(wishes): add these, a tuple of Wish."""

    decided = Signal(tuple)

    def __init__(self, known: Iterable[Path], dropped: Sequence[Path] = (), parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Add repositories"),
            self.tr(
                "Their whole history is read where it is: seconds to minutes, as a job. Nothing is written to them and"
                " nothing of them is run."
            ),
            accept=self.tr("Add"),
            width=WIDE,
            parent=parent,
        )
        self.picking = Picking(known)
        self.body.addWidget(self.picking, 1)
        self.picking.changed.connect(self._look)
        self.finished.connect(lambda _: self.picking.leave())
        self.set_accept_handler(self.decide)
        self._look()
        if dropped:
            self.picking.seek(dropped)
        else:
            self.picking.pick.setFocus()

    def decide(self) -> None:
        wishes = self.picking.wishes()
        self.accept()
        self.decided.emit(wishes)

    def _look(self) -> None:
        chosen = len(self.picking.chosen)
        self.ok.setEnabled(bool(chosen) and not self.picking.trouble)
        set_tip(self.ok, self.picking.trouble)
        self.ok.show_text(self.tr("Add") if chosen < 2 else self.tr("Add {n}").format(n=chosen))
