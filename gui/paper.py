"""A page of HTML on paper: python -m espalier.gui.paper reads it from standard input and writes a PDF to standard output."""

import os
import sys
from collections.abc import Iterator

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrame,
)
from typing_extensions import override

from espalier.gui.literal import literal
from espalier.gui.typeface import font

LARGEST = 256 << 20  # bytes of HTML
DPI = 300
MARGIN = 16.0  # millimetres
FOOT = 0.35  # inches below the text, for the number of the page
BODY, CAPTION = 9.5, 8.0  # points
GREY = QColor("#59626e")

IMAGE = QTextFormat.ObjectTypes.ImageObject.value  # whose handler would open a file by its name

Part = QTextBlock | QTextFrame


class Page(QTextDocument):
    """A document that fetches nothing: what it names beside itself is not there."""

    @override
    def loadResource(self, kind: int, name: QUrl | str) -> None:
        return None


def main() -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_LOGGING_RULES"] = "*.warning=false;*.info=false;*.debug=false"
    text = sys.stdin.buffer.read(LARGEST + 1)
    if len(text) > LARGEST:
        sys.exit(f"The page is larger than {LARGEST:,} bytes.")
    application = QGuiApplication(sys.argv[:1])
    sys.stdout.buffer.write(pdf(text.decode("utf-8")))
    application.quit()


def pdf(html: str) -> bytes:
    """A4, each page with its number; wants an application."""
    out = QBuffer()
    out.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(out)
    writer.setResolution(DPI)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(MARGIN, MARGIN, MARGIN, MARGIN), QPageLayout.Unit.Millimeter)
    page = Page()
    page.documentLayout().setPaintDevice(writer)
    page.documentLayout().unregisterHandler(IMAGE)
    page.setMetaInformation(QTextDocument.MetaInformation.CssMedia, "paper")
    page.setDefaultFont(_font(BODY))
    page.setDocumentMargin(0)
    page.setHtml(html)
    lay_out(page, QSizeF(writer.width(), writer.height() - FOOT * DPI))
    title = _title(page)
    writer.setTitle(title)
    writer.setCreator("Espalier")
    painter = QPainter(writer)
    for number in range(page.pageCount()):
        if number:
            writer.newPage()
        _draw(painter, page, number)
    painter.end()
    return bytes(out.data().data())


def lay_out(page: QTextDocument, size: QSizeF) -> None:
    """On pages of this size; what is smaller than half a page stays together, and a heading with what it heads."""
    page.setTextWidth(size.width())
    begun, breaks = 0.0, list[Part]()
    for part, top, bottom in _together(page):
        if bottom - begun > size.height() and bottom - top < size.height() / 2:
            breaks.append(part)
            begun = top
        begun += (bottom - begun) // size.height() * size.height()
    change = QTextCursor(page)
    change.beginEditBlock()
    for part in breaks:
        _break_before(part)
    change.endEditBlock()
    page.setPageSize(size)


def _together(page: QTextDocument) -> Iterator[tuple[Part, float, float]]:
    """Parts of the page with where they begin and end on an endless sheet; a heading goes to the end of what follows it."""
    heading: tuple[Part, float] | None = None
    for part in _parts(page.rootFrame()):
        where = _where(page, part)
        first, top = heading or (part, where.top())
        heading = (first, top) if isinstance(part, QTextBlock) and part.blockFormat().headingLevel() else None
        if heading is None:
            yield first, top, where.bottom()


def _where(page: QTextDocument, part: Part) -> QRectF:
    layout = page.documentLayout()
    return layout.blockBoundingRect(part) if isinstance(part, QTextBlock) else layout.frameBoundingRect(part)


def _parts(frame: QTextFrame) -> Iterator[Part]:
    at = frame.begin()
    while not at.atEnd():
        yield at.currentFrame() or at.currentBlock()
        at += 1


def _break_before(part: Part) -> None:
    always = QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore
    if isinstance(part, QTextBlock):
        block = part.blockFormat()
        block.setPageBreakPolicy(always)
        QTextCursor(part).setBlockFormat(block)
    else:
        frame = part.frameFormat()
        frame.setPageBreakPolicy(always)
        part.setFrameFormat(frame)


def _draw(painter: QPainter, page: QTextDocument, number: int) -> None:
    size = page.pageSize()
    context = QAbstractTextDocumentLayout.PaintContext()
    context.clip = QRectF(QPointF(0, number * size.height()), size)
    painter.save()
    painter.translate(QPointF(0, -number * size.height()))
    painter.setClipRect(context.clip)
    page.documentLayout().draw(painter, context)
    painter.restore()
    painter.setPen(GREY)
    painter.setFont(_font(CAPTION))
    foot = QRectF(0, size.height(), size.width(), FOOT * DPI)
    where = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
    painter.drawText(foot, where, f"{_title(page)}  ·  {number + 1} / {page.pageCount()}")


def _font(points: float) -> QFont:
    """On paper a pixel is no measure."""
    made = font("body")
    made.setPointSizeF(points)
    return made


def _title(page: QTextDocument) -> str:
    return literal(page.metaInformation(QTextDocument.MetaInformation.DocumentTitle), keep="")


if __name__ == "__main__":
    main()
