"""Two snapshots, or one and the draft, beside each other: settings that differ, the parts, and what only one of them has."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from espalier.core.dataset.compare import Comparison, Difference, compare, draft_side, side
from espalier.core.dataset.draft import Draft
from espalier.core.project.canonical import canonical_text
from espalier.core.project.file import Project
from espalier.gui.dataset.reading import Snapshot
from espalier.gui.dataset.sentence import span_words
from espalier.gui.figures import ABSENT, count
from espalier.gui.parts.choice import Choice
from espalier.gui.parts.dialog import Dialog
from espalier.gui.parts.section import SectionHead
from espalier.gui.parts.text import Text
from espalier.gui.session import Session
from espalier.gui.tables.column import Column
from espalier.gui.tables.rows import RowsModel
from espalier.gui.tables.table import ROW, Table

WIDE, LIST = 760, 168
DRAFT = "draft"


def tr(text: str) -> str:
    return QCoreApplication.translate("dataset.compare", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    number: int
    name: str
    left: str
    right: str


class CompareDialog(Dialog):
    """Chooses what stands left and right, and reads again whenever that changes."""

    def __init__(
        self,
        session: Session,
        snapshots: tuple[Snapshot, ...],
        draft: Draft | None,
        left: str,
        right: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Compare snapshots"), width=WIDE, parent=parent)
        self._session, self._draft = session, draft
        options = [(one.hash, self.tr("Snapshot {n}").format(n=one.number)) for one in snapshots]
        options += [(DRAFT, self.tr("The draft"))] if draft is not None else []
        self.left_choice, self.right_choice = (
            Choice(self.tr("Left"), options, left),
            Choice(self.tr("Right"), options, right),
        )
        self.cancel.hide()
        self.settings_model, self.parts_model, self.only_model = (self._model() for _ in range(3))
        self._said = Text("", "body", "second", wrap=True)
        self._put_together()
        for one in (self.left_choice, self.right_choice):
            one.picked.connect(lambda _: self._read())
        self._read()

    def _put_together(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for part in (self.left_choice, Text(self.tr("against"), "body", "second"), self.right_choice):
            row.addWidget(part)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(self._said)
        heads = (self.tr("Settings that differ"), self.tr("Parts"), self.tr("Only in one of them"))
        for title, model in zip(heads, (self.settings_model, self.parts_model, self.only_model), strict=True):
            self.body.addWidget(SectionHead(title))
            table = Table(model, title, selectable=model is self.only_model)
            table.setFixedHeight(LIST if model is self.only_model else 4 * ROW + 4)
            table.when_empty(self.tr("Nothing."))
            self.body.addWidget(table)

    def _model(self) -> RowsModel[Line]:
        return RowsModel(
            (
                Column(title=self.tr("What"), text=lambda line: line.name, width=0),
                Column(title=self.tr("Left"), text=lambda line: line.left, width=232, kind="muted"),
                Column(title=self.tr("Right"), text=lambda line: line.right, width=232, kind="muted"),
            ),
            lambda line: line.number,
        )

    def _read(self) -> None:
        names, draft = (self.left_choice.key, self.right_choice.key), self._draft

        def read(project: Project) -> Comparison:
            sides = [
                draft_side(draft) if name == DRAFT and draft is not None else side(project, name) for name in names
            ]
            return compare(project, sides[0], sides[1])

        self._session.read("compare snapshots", read, self._show, self.fail)

    def _show(self, found: Comparison) -> None:
        self.settings_model.show_rows(_lines(found.settings, _value))
        self.parts_model.show_rows(_parts(found))
        only = [Difference(name=one.label, left=one.split, right="") for one in found.only_left]
        only += [Difference(name=one.label, left="", right=one.split) for one in found.only_right]
        self.only_model.show_rows(_lines(only, str))
        self._said.setText(self._sentence(found))

    def _sentence(self, found: Comparison) -> str:
        said = self.tr("{common} examples are in both, {left} only at the left and {right} only at the right.")
        moved = sum(found.moved.values())
        more = self.tr(" {n} stand in another part.").format(n=count(moved)) if moved else ""
        often = found.drawn_otherwise
        again = self.tr(" {n} are drawn more or less often.").format(n=count(often)) if often else ""
        words = said.format(common=count(found.common), left=count(found.left_only), right=count(found.right_only))
        return f"{words}{more}{again}"


def _lines(found: Sequence[Difference], said: Callable[[object], str]) -> list[Line]:
    return [
        Line(number=place, name=one.name, left=said(one.left), right=said(one.right)) for place, one in enumerate(found)
    ]


def _value(value: object) -> str:
    """Digests by their beginning, moments by their day, everything else as it is written."""
    if value is None:
        return ABSENT
    if isinstance(value, str):
        return value[:10] if value[4:5] == "-" else value[:12]
    return canonical_text(value)


def _parts(found: Comparison) -> list[Line]:
    tokens = {one.name: one for one in found.tokens}
    names = {"train": tr("Train"), "validation": tr("Validation"), "test": tr("Test")}
    return [
        Line(
            number=place,
            name=names.get(one.name, one.name),
            left=span_words(_whole(one.left), _whole(tokens[one.name].left)),
            right=span_words(_whole(one.right), _whole(tokens[one.name].right)),
        )
        for place, one in enumerate(found.examples)
    ]


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
