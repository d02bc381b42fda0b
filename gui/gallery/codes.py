"""Code: an excerpt with a masked span and what it becomes, a whole file, and a difference in one column and in two."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from espalier.gui.code.diff_view import DiffView, Way
from espalier.gui.code.excerpt import Code, Excerpt, Mark
from espalier.gui.code.rows import Tone
from espalier.gui.code.whole_file import WholeFile
from espalier.gui.gallery import samples
from espalier.gui.gallery.samples import tr
from espalier.gui.parts.section import SectionHead

APART, LINES, ROW, PAD, DIFFERENCE = 48, 11, 20, 8, 192


class Codes(QWidget):
    """Two columns; in each, Tab leads into the code and out of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(SectionHead(tr("Code"), tr("a masked span, and what it becomes")))
        left.addWidget(_excerpt(tr("In the repository"), samples.MASKED, 44, "warn", 2))
        left.addWidget(_excerpt(tr("As it will be trained on"), samples.SCRUBBED, 46, "ok", 0))
        left.addWidget(SectionHead(tr("A whole file"), tr("Ctrl F finds, Ctrl G goes to a line")))
        left.addWidget(_file())
        left.addStretch(1)
        ways: dict[Way, str] = {"unified": tr("A difference in one column"), "beside": tr("A difference side by side")}
        for way, title in ways.items():
            right.addWidget(SectionHead(title))
            right.addWidget(_difference(title, way))
        right.addStretch(1)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(APART)
        for column in (left, right):
            column.setSpacing(8)
            columns.addLayout(column, 1)


def _excerpt(name: str, lines: tuple[str, ...], first: int, tone: Tone, marked: int) -> Excerpt:
    mark = Mark(first + marked, *samples.span_of(lines[marked]), tone)
    excerpt = Excerpt(name, most=len(lines))
    excerpt.show_code(
        Code(lines=lines, first_line=first, language="python", rows={first + marked: tone}, marks=(mark,))
    )
    return excerpt


def _file() -> WholeFile:
    shown = WholeFile(tr("A whole file"))
    lines = (*samples.MASKED, "", *samples.LONG)
    mark = Mark(3, *samples.span_of(samples.MASKED[2]), "warn")
    shown.show_code(Code(lines=lines, first_line=1, language="python", rows={3: "warn"}, marks=(mark,)))
    shown.setFixedHeight(LINES * ROW + PAD)
    return shown


def _difference(name: str, way: Way) -> DiffView:
    difference = DiffView(name, way=way)
    difference.show_texts(*samples.CHANGED, language="python", titles=(tr("Base"), tr("Adapter")))
    difference.setFixedHeight(DIFFERENCE)
    return difference
