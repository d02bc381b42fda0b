"""The release page: the gates of a run with their evidence, the sign-offs, the licences, the manifest, and the bundle."""

import json
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from espalier.core.project.file import Project
from espalier.core.project.identities import identity, stand_in
from espalier.core.release import bundle, sign_off
from espalier.gui.actions import make_actions
from espalier.gui.background import Reading
from espalier.gui.code.excerpt import Code, Excerpt
from espalier.gui.figures import ABSENT, count, size
from espalier.gui.literal import menu_words
from espalier.gui.parts.banner import Banner
from espalier.gui.parts.button import Button
from espalier.gui.parts.choice import Choice
from espalier.gui.parts.drop_zone import DropZone
from espalier.gui.parts.empty import Empty
from espalier.gui.parts.facts import Facts
from espalier.gui.parts.header import Header
from espalier.gui.parts.rule import Rule
from espalier.gui.parts.section import SectionHead
from espalier.gui.release.actions import ACTIONS
from espalier.gui.release.gates import Gates
from espalier.gui.release.reading import Release, ReleaseReading
from espalier.gui.release.tables import bundles_model, licences_model, licences_of, sign_offs_model
from espalier.gui.release.verifying import Verifying
from espalier.gui.release.words import asked_by, banner, sentence
from espalier.gui.rights import class_word
from espalier.gui.roles import role_word
from espalier.gui.session import Session
from espalier.gui.tables.table import Table

RIGHT, APART, MOST_ROWS, CODE_ROWS = 400, 40, 6, 11


class ReleasePage(QWidget):
    """asked_again(): another run is looked at, and its reading is wanted now."""

    asked_again = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._reading = session, ReleaseReading()
        self._read: Release | None = None
        self._leads_to = ""
        self.readings: Mapping[str, Reading] = {"release": Reading(read=self._reading, seconds=0.5)}
        self.actions_by_id: Mapping[str, QAction] = make_actions(ACTIONS, self, everywhere=True)
        self.verifying: Verifying | None = None
        self.runs = Choice(self.tr("Run"), ())
        self.sign = Button.of(self.actions_by_id["sign"], height=32)
        self.create_bundle = Button.of(self.actions_by_id["bundle"], "primary", height=32)
        self.header = Header(self.tr("Release"), (self.sign, self.create_bundle))
        self.banner = Banner("shut")
        self.empty = Empty(
            self.tr("There is nothing to release yet."),
            self.tr("A release is a run that was trained, evaluated on held-out work and signed for by people."),
            action=self.tr("Go to Evaluation"),
            help_words=self.tr("What a gate asks for"),
        )
        self.gates = Gates()
        self.sign_offs, self.licences, self.bundles = sign_offs_model(), licences_model(), bundles_model()
        self.manifest = Excerpt(self.tr("Manifest preview"), most=CODE_ROWS)
        self.leaves = Facts(104)
        self._body, self._alone = self._laid_out(), self._verify_part()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        for part in (self.header, self.banner, self.empty):
            column.addWidget(part)
        column.addWidget(self._body, 1)
        column.addWidget(self._alone)
        column.addStretch(0)
        self._connect()
        self._allow()

    def take(self, name: str, value: object) -> None:
        if isinstance(value, Release):
            self.show_release(value)

    def show_detail(self, detail: str) -> None:
        """A run by its number."""
        if detail.isdecimal():
            self._pick(detail)

    def leave(self) -> None:
        """Nothing lives here."""

    def show_release(self, read: Release) -> None:
        self._read = read
        self.header.say(sentence(read))
        what, why, action, self._leads_to = banner(read)
        self.banner.say(what, why, "shut", action)
        self.empty.setVisible(read.run is None)
        self._body.setVisible(read.run is not None)
        self._alone.setVisible(read.run is None)
        self.runs.set_options([(str(run), self.tr("Run {run}").format(run=run)) for run in read.runs])
        self.runs.pick("" if read.run is None else str(read.run))
        self.gates.show_gates(read)
        self._show_tables(read)
        self._show_manifest(read)
        self._allow()

    def _show_tables(self, read: Release) -> None:
        self.signed_head.say(asked_by(read))
        self.sign_offs.show_rows(list(enumerate(read.roles)))
        rows = licences_of(read)
        self.licences.show_rows(rows)
        self.bundles.show_rows(list(enumerate(read.bundles)))
        self.bundles_head.say(count(len(read.bundles)) if read.bundles else self.tr("none yet"))
        for table, number in (
            (self.signed_table, len(read.roles)),
            (self.licence_table, len(rows)),
            (self.bundle_table, len(read.bundles)),
        ):
            table.be_as_high_as(min(number, MOST_ROWS))
        self.bundle_table.setVisible(bool(read.bundles))

    def _show_manifest(self, read: Release) -> None:
        text = "" if read.manifest is None else json.dumps(read.manifest, indent=2, ensure_ascii=False)
        lines = tuple(text.splitlines())
        waits = (
            [number for number, line in enumerate(lines, 1) if '"sign_offs"' in line] if self._unsigned(read) else []
        )
        self.manifest.show_code(Code(lines=lines, language="json", rows=dict.fromkeys(waits, "warn")))
        export = class_word(read.export) if read.export else ABSENT
        self.leaves.show_facts(
            [
                (self.tr("Export class"), export),
                (self.tr("Adapter"), size(read.adapter_bytes)),
                (self.tr("Holds no"), self.tr("source text, secret or prompt")),
            ]
        )

    def _unsigned(self, read: Release) -> bool:
        return any(role.signed is None for role in read.roles)

    def _allow(self) -> None:
        read, may = self._read, self._session.may_write
        waiting = read is not None and self._unsigned(read)
        self.actions_by_id["sign"].setEnabled(may and waiting)
        self.actions_by_id["bundle"].setEnabled(may and read is not None and read.run is not None)
        why = "" if read is None or read.open else banner(read)[1]
        self.create_bundle.set_shut(why if may else "")

    def _ask_to_sign(self) -> None:
        """A menu of the roles that still wait: the one who acts may hold several, and others hold the rest."""
        menu = QMenu(self.sign)
        for role in self._read.roles if self._read is not None else ():
            if role.signed is None:
                able = self._session.acting in role.able or (self._read is not None and self._read.policy.demonstration)
                words = self.tr("Sign as {role}") if able else self.tr("Sign as {role}: {who} lacks the role")
                who = self._session.acting or self.tr("nobody")
                action = menu.addAction(menu_words(words.format(role=role_word(role.role), who=who)))
                action.setEnabled(able)
                action.triggered.connect(lambda _=False, name=role.role: self.sign_as(name))
        menu.popup(self.sign.mapToGlobal(self.sign.rect().bottomLeft()))

    def sign_as(self, role: str) -> None:
        """Sign the run that is looked at in a role, as who acts; under a demonstration the stand-in does."""
        read = self._read
        if read is None or read.run is None:
            return
        run, session = read.run, self._session

        def write(project: Project) -> str:
            automatic = read.policy.demonstration and not session.acting
            who = stand_in(project) if automatic else session.who(project)
            sign_off.sign(project, run, role, who)
            return who.name

        said = self.tr("{who} signed run {run} as {role}")
        session.write(write, words=lambda who: said.format(who=who, run=run, role=role_word(role)))

    def _ask_for_folder(self) -> None:
        if self.create_bundle.shut:
            self.banner.setFocus()
            return
        run = self._read.run if self._read is not None else None
        dialog = QFileDialog(self, self.tr("Create the bundle"), str(self._session.path.with_name(f"release-run{run}")))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setLabelText(QFileDialog.DialogLabel.FileName, self.tr("New folder"))
        dialog.fileSelected.connect(lambda chosen: self.create_in(Path(chosen)))
        dialog.open()

    def create_in(self, folder: Path) -> None:
        """Write the signed bundle of the run that is looked at; the folder appears whole or not at all."""
        read = self._read
        if read is None or read.run is None:
            return
        run, session = read.run, self._session

        def write(project: Project) -> Path:
            automatic = read.policy.demonstration and not session.acting
            who = stand_in(project) if automatic else identity(project, session.acting or None)
            return bundle.create(project, run, folder, who)

        self.header.say(self.tr("Writing the bundle of run {run}…").format(run=run))
        session.write(write, self.verify_bundle, words=lambda made: self.tr("Wrote {name}").format(name=made.name))

    def _ask_for_bundle(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose a bundle"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda chosen: self.verify_bundle(Path(chosen)))
        dialog.open()

    def verify_bundle(self, folder: Path) -> None:
        self.verifying = Verifying(self._session, folder, self)
        self.verifying.open()

    def _pick(self, run: str) -> None:
        self._reading.wanted = int(run)
        self.asked_again.emit()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.manifest.text())

    def _connect(self) -> None:
        actions, session = self.actions_by_id, self._session
        actions["sign"].triggered.connect(self._ask_to_sign)
        actions["bundle"].triggered.connect(self._ask_for_folder)
        actions["verify bundle"].triggered.connect(self._ask_for_bundle)
        actions["copy manifest"].triggered.connect(self._copy)
        self.runs.picked.connect(self._pick)
        self.banner.acted.connect(lambda: session.go(self._leads_to))
        self.empty.acted.connect(lambda: session.go("evaluation"))
        self.empty.help_asked.connect(lambda: session.help_asked.emit("gates"))
        session.may_write_changed.connect(lambda _: self._allow())
        session.acting_changed.connect(lambda _: self._allow())

    def _laid_out(self) -> QWidget:
        self.signed_head = SectionHead(self.tr("Sign-offs"))
        self.signed_table = Table(self.sign_offs, self.tr("Sign-offs"), selectable=False)
        self.licence_table = Table(self.licences, self.tr("Licences"), selectable=False)
        self.bundles_head = SectionHead(self.tr("Bundles"))
        self.bundle_table = Table(self.bundles, self.tr("Bundles"), selectable=False)
        left = QVBoxLayout()
        left.setSpacing(4)
        parts: tuple[QWidget, ...] = (
            SectionHead(self.tr("Gates"), parts=(self.runs,)),
            self.gates,
            _gap(),
            self.signed_head,
            self.signed_table,
            _gap(),
            SectionHead(self.tr("Licences"), self.tr("what the bundle must carry, and how far it may travel")),
            self.licence_table,
        )
        for part in parts:
            left.addWidget(part)
        left.addStretch(1)
        copy = Button.of(self.actions_by_id["copy manifest"], "ghost", key=False)
        copy.show_text(self.tr("Copy"))
        right = QWidget()
        right.setFixedWidth(RIGHT)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(SectionHead(self.tr("Manifest preview"), parts=(copy,)))
        column.addWidget(self.manifest)
        column.addSpacing(12)
        below: tuple[QWidget, ...] = (
            Rule(),
            SectionHead(self.tr("What leaves the wall")),
            self.leaves,
            Rule(),
            self.bundles_head,
            self.bundle_table,
        )
        for widget in below:
            column.addWidget(widget)
        column.addWidget(self._verify_part())
        column.addStretch(1)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(APART)
        row.addLayout(left, 1)
        row.addWidget(right)
        return body

    def _verify_part(self) -> QWidget:
        """Needs neither a run nor a project: where there is no run to release it stands alone."""
        part = QWidget()
        drop = DropZone(self.tr("Drop it here. Needs no network and no project."), height=56)
        drop.dropped.connect(lambda paths: self.verify_bundle(paths[0]))
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Rule())
        choose = Button.of(self.actions_by_id["verify bundle"])
        choose.show_text(self.tr("Choose…"))
        column.addWidget(SectionHead(self.tr("Verify a bundle"), parts=(choose,)))
        column.addWidget(drop)
        return part


def _gap() -> QWidget:
    """Between two sections."""
    gap = QWidget()
    gap.setFixedHeight(12)
    return gap
