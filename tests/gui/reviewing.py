"""A reviewer at the findings page of a small repository with planted secrets, scanned by the real stage."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.core.findings.desk import GITHUB, KEY, PASSWORD, desk, scanned
from tests.core.repositories.workshop import Content, Made
from tests.gui.page_alone import Alone

from espalier.core.findings.detection.specimens import specimen
from espalier.core.jobs.job import jobs
from espalier.core.project import identities
from espalier.core.project.file import Project
from espalier.core.worker import __main__ as worker
from espalier.gui.findings.page import FindingsPage

PATIENCE = 20_000
AWS = specimen("AKIA{base32:16}", "reviewing")
SLACK = specimen("xoxb-{digits:12}-{digits:12}-{alnum:24}", "reviewing")
SECRETS = (AWS, SLACK, GITHUB, PASSWORD, *KEY.splitlines()[1:-1])
WORD = "sunflower"
FILES: dict[str, Content] = {
    "app/config.py": f'import os\n\npassword = "{PASSWORD}"\naws = "{AWS}"\n',
    "app/again.py": f'# again\npassword = "{PASSWORD}"\n',
    "ops/deploy.sh": f"export GITHUB_TOKEN={GITHUB}\n",
    "ops/notify.sh": f"SLACK={SLACK}\n",
    "keys/server.pem": KEY,
    "gate.py": f"# say {WORD}\nopen()\n",
    "plain.py": "x = 1\n",
}


class Reviewer(Alone[FindingsPage]):
    """The page, shown and read."""

    def __init__(self, path: Path, qtbot: QtBot, *, looks_only: bool = False, acting: str = "ann") -> None:
        super().__init__(path, FindingsPage, looks_only=looks_only)
        self.qtbot = qtbot
        self.session.act_as(acting)
        self.page.resize(1224, 812)
        qtbot.addWidget(self.page)
        self.page.show()
        qtbot.waitExposed(self.page)
        self.read()

    def wait(self, what: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(what()), timeout=PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def goes_on_from(self, fingerprint: str) -> None:
        self.wait(lambda: self.looking() not in ("", fingerprint))

    def decides(self, fingerprint: str) -> None:
        """The file says so."""
        self.wait(lambda: self.stands(fingerprint) not in ("", "open"))

    def read_files(self) -> int:
        with Project.open(self.path, read_only=True) as project:
            return int(project.value("SELECT COUNT(*) FROM sampled_objects WHERE identity IS NOT NULL"))

    def reads_more_than(self, read: int) -> None:
        self.wait(lambda: self.read_files() > read)

    def stands(self, fingerprint: str) -> str:
        with Project.open(self.path, read_only=True) as project:
            sql = "SELECT state FROM finding_states WHERE fingerprint = ?"
            return str(project.value(sql, (fingerprint,)) or "")

    def looking(self) -> str:
        """The fingerprint of the finding in the pane."""
        shown = self.page.decide.pane.detail
        return "" if shown is None else shown.finding.fingerprint


@contextmanager
def scanned_project(folder: Path, policy: str = "solo") -> Iterator[tuple[Project, Made, str]]:
    with desk(folder, FILES, policy=policy) as (project, made, state):
        identities.add(project, "ann", roles=("security", "builder"))
        scanned(project, state)
        yield project, made, state


def worked_off(project: Project, reviewer: Reviewer) -> None:
    """What was queued is done by the real worker, in this process, and read."""
    reviewer.wait(lambda: jobs(project) and jobs(project)[0].state == "queued")
    worker.work_off(project, "cpu", lambda: False)
    reviewer.read()


def everything_said(page: QWidget) -> str:
    """Every text that a widget holds or says of itself to those who can't see it, and what lies on the clipboard."""
    said = [QApplication.clipboard().text()]
    for one in (page, *page.findChildren(QWidget)):
        said += [one.toolTip(), one.accessibleName(), one.accessibleDescription()]
        if isinstance(one, QLabel):
            said.append(one.text())
        interface = QAccessible.queryAccessibleInterface(one)
        if interface is not None:
            said += [interface.text(kind) for kind in QAccessible.Text if kind != QAccessible.Text.UserText]
    return "\n".join(said)
