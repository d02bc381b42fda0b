"""Making an identity: a name, the roles that the policies know, and a new key that stays on this machine."""

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from espalier.core.project import identities
from espalier.core.project.file import Project
from espalier.gui.parts.check import Check
from espalier.gui.parts.dialog import Dialog
from espalier.gui.parts.field import Field
from espalier.gui.parts.text import Text
from espalier.gui.session import Session

# fmt: off
ROLES: Mapping[str, str] = {
    "builder": str(QT_TRANSLATE_NOOP("acting", "Builder: adds repositories, builds and trains")),
    "security": str(QT_TRANSLATE_NOOP("acting", "Security: decides findings and approves the scrub")),
    "legal": str(QT_TRANSLATE_NOOP("acting", "Legal: decides licences and signs for the rights")),
    "ml": str(QT_TRANSLATE_NOOP("acting", "ML: answers for the evaluation")),
    "release": str(QT_TRANSLATE_NOOP("acting", "Release: signs what leaves")),
}
# fmt: on


class NewIdentity(Dialog):
    """made(name): the identity stands in the project, and its key in this person's configuration."""

    made = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(
            title=QCoreApplication.translate("acting", "New identity"),
            sentence=QCoreApplication.translate(
                "acting", "Every decision is signed or named by an identity. Its key is made here and stays here."
            ),
            accept=QCoreApplication.translate("acting", "Make identity"),
            parent=parent,
        )
        self._session = session
        self.name = Field(placeholder=self.tr("Name, such as Ana Kowalska"))
        self.name.setAccessibleName(self.tr("Name"))
        self.roles = {role: Check(QCoreApplication.translate("acting", text)) for role, text in ROLES.items()}
        self.trouble = Text("", "second", "bad", wrap=True)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(self.name)
        column.addWidget(Text(self.tr("Roles"), "section"))
        for check in self.roles.values():
            column.addWidget(check)
        column.addWidget(self.trouble)
        self.body.addLayout(column)
        self.set_accept_handler(self._make)

    def _make(self) -> None:
        name = self.name.text().strip()
        roles = tuple(role for role, check in self.roles.items() if check.isChecked())
        if not name:
            self.trouble.setText(self.tr("A name is needed: it stands beside every decision."))
            return

        def make(project: Project) -> str:
            return identities.add(project, name, roles=roles).name

        self._session.write(make, self._done, lambda sentence, remedy: self.trouble.setText(f"{sentence} {remedy}"))

    def _done(self, name: str) -> None:
        self.made.emit(name)
        self.accept()
