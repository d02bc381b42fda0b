"""Verifying a bundle: any folder, from itself alone; with a roster also whether its signer is trusted."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from espalier.core.project.file import Project
from espalier.core.project.roster import load
from espalier.core.release.verify import Verification, verify
from espalier.gui.parts.banner import Banner
from espalier.gui.parts.button import Button
from espalier.gui.parts.checklist import Checklist, Item
from espalier.gui.parts.dialog import Dialog
from espalier.gui.session import Session
from espalier.gui.states import FAILS, HOLDS, LIMITED

WIDE = 760


class Verifying(Dialog):
    """Reads the bundle off this thread and shows what holds; nothing of it is kept."""

    def __init__(self, session: Session, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Verify {name}").format(name=folder.name),
            self.tr("Only the bundle is read: no project, no network. A signature proves who signed, and no time."),
            accept=self.tr("Close"),
            width=WIDE,
            parent=parent,
        )
        self._session, self._folder = session, folder
        self.cancel.hide()
        self.found: Verification | None = None
        self.banner = Banner("info")
        self.checks = Checklist(self.tr("Checks"), about_at=156)
        self.trust = Button(self.tr("Trust a roster…"))
        self.trust.clicked.connect(self._ask_for_roster)
        self.left.addWidget(self.trust)
        self.body.addWidget(self.banner)
        self.body.addWidget(self.checks)
        self.banner.say(self.tr("Reading the bundle…"), tone="info")
        self._read(None)

    def _read(self, roster: Path | None) -> None:
        def read(_project: Project) -> Verification:
            return verify(self._folder, load(roster) if roster is not None else None)

        self._session.read("verify", read, self._show, self._fail)

    def _show(self, found: Verification) -> None:
        self.found = found
        failing = sum(not one.passed for one in found.checks if one.name != "approved")
        signer = found.signer or self.tr("nobody whose signature holds")
        if not found.passed:
            what = self.tr("This bundle does not verify: {failing} of {all} checks fail.")
            why = self.tr("Get it again from who made it.")
            self.banner.say(what.format(failing=failing, all=len(found.checks)), why, tone="bad")
        elif not found.approved:
            what = self.tr("Its bytes are the signed ones, and it is not approved.")
            self.banner.say(what, self.tr("Signed by {signer}.").format(signer=signer), tone="warn")
        else:
            self.banner.say(
                self.tr("It holds, and it is approved."),
                self.tr("Signed by {signer}.").format(signer=signer),
                tone="info",
            )
        self.checks.show_items(
            [
                Item(
                    id=one.name,
                    state=HOLDS if one.passed else LIMITED if one.name == "approved" else FAILS,
                    what=one.name,
                    about=one.why,
                )
                for one in found.checks
            ]
        )
        self.adjustSize()

    def _fail(self, sentence: str, remedy: str) -> None:
        self.banner.say(sentence, remedy, tone="bad")

    def _ask_for_roster(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose a roster"), "", self.tr("Rosters") + " (*.toml)")
        dialog.fileSelected.connect(lambda chosen: self._read(Path(chosen)))
        dialog.open()
