"""Table and list models under Qt's own tester, while rows come, change, go and change their order."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt, qInstallMessageHandler
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.logging import _QtMessageCapture
from pytestqt.modeltest import ModelTester
from tests.gui import made
from tests.gui.watching import MODELS

from espalier.core.project.file import Project
from espalier.gui import literal
from espalier.gui.sidebar import Page, Pages
from espalier.gui.states import SHOWN
from espalier.gui.tables.column import Column
from espalier.gui.tables.rows import RowsModel
from espalier.gui.training.reading import TrainingReading
from espalier.gui.training.table import lines_of, runs_model

GUI = Path(literal.__file__).parent
MODEL = re.compile(r"QAbstract\w*Model\b|QStandardItemModel|QStringListModel")


@dataclass(frozen=True, slots=True)
class Thing:
    number: int
    word: str


def things() -> RowsModel[Thing]:
    columns: tuple[Column[Thing], ...] = (
        Column(title="Number", text=lambda thing: str(thing.number), width=40, kind="number"),
        Column(title="Word", text=lambda thing: thing.word, width=0),
    )
    return RowsModel(columns, lambda thing: thing.number)


def watched(model: QAbstractItemModel) -> QAbstractItemModelTester:
    return QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)


@pytest.mark.usefixtures("qtbot")
def test_that_rows_may_come_change_and_go() -> None:
    model = things()
    tester = watched(model)
    model.show_rows([Thing(1, "one")])
    inserted: list[int] = []
    reset: list[int] = []
    model.rowsInserted.connect(lambda _parent, first, last: inserted.append(last - first + 1))
    model.modelReset.connect(lambda: reset.append(1))
    model.show_rows([Thing(3, "three"), Thing(2, "two"), Thing(1, "one")])
    assert (inserted, reset) == ([2], [])
    model.show_rows([Thing(3, "three"), Thing(2, "changed"), Thing(1, "one")])
    assert model.index(1, 1).data() == "changed"
    model.show_rows([Thing(1, "one")])
    model.show_rows([])
    assert reset == [1, 1]
    assert model.rowCount() == 0
    assert tester.failureReportingMode() == QAbstractItemModelTester.FailureReportingMode.Warning


@pytest.mark.usefixtures("qtbot")
def test_that_only_changed_rows_are_told() -> None:
    model = things()
    model.show_rows([Thing(2, "two"), Thing(1, "one")])
    told: list[int] = []
    model.dataChanged.connect(lambda first, _last: told.append(first.row()))
    model.show_rows([Thing(2, "two"), Thing(1, "other")])
    assert told == [1]


def test_that_the_table_of_runs_holds_what_the_project_holds(project: Project, qtmodeltester: ModelTester) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job)
    made.run(project, seed=2)
    runs = runs_model()
    runs.show_rows(lines_of(TrainingReading()(project)))
    qtmodeltester.check(runs)  # type: ignore[no-untyped-call]  # pytest-qt leaves it untyped
    assert runs.rowCount() == 2
    states = [runs.index(row, 1) for row in range(2)]
    assert [index.data() for index in states] == ["queued", "running"]
    assert runs.headerData(4, Qt.Orientation.Horizontal) == "Step"
    assert runs.index(1, 4).data() == "260 / 400"
    assert runs.index(0, 3).data() == "Seed 2, was 17".lower()


def test_that_the_sidebar_says_name_and_state(qtmodeltester: ModelTester) -> None:
    pages = Pages((Page("overview", "Overview", "overview"), Page("training", "Training", "training")))
    pages.show_state("training", SHOWN["running"])
    qtmodeltester.check(pages)  # type: ignore[no-untyped-call]  # pytest-qt leaves it untyped
    said = [pages.data(pages.index(row), Qt.ItemDataRole.AccessibleTextRole) for row in range(2)]
    assert said == ["Overview", "Training, running"]


def test_that_every_model_of_the_window_is_watched() -> None:
    """In every test of the window: a class that is not among them would be under no tester."""
    classes = set()
    for path in GUI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and any(MODEL.match(ast.unparse(base)) for base in node.bases):
                classes.add(node.name)
    assert classes == {kind.__name__ for kind in MODELS}


@pytest.mark.usefixtures("qtbot")
def test_that_a_model_that_breaks_the_rules_is_noticed(qtlog: _QtMessageCapture) -> None:
    class Boastful(RowsModel[Thing]):
        def boast(self) -> None:
            self.beginInsertRows(QModelIndex(), 0, 0)
            self.endInsertRows()  # of nothing

    model = Boastful(things().columns, lambda thing: thing.number)
    model.show_rows([Thing(1, "one"), Thing(2, "two")])
    with qtlog.disabled():
        told: list[str] = []
        before = qInstallMessageHandler(lambda _kind, _where, words: told.append(words))
        model.boast()
        qInstallMessageHandler(before)
    assert any("FAIL!" in words for words in told)
