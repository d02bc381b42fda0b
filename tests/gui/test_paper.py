"""HTML on paper: numbered pages, nothing fetched, and a heading beside what it heads."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QColor, QGuiApplication, QImage
from tests.core.findings import pdf_text

from espalier.gui.paper import Page, lay_out, pdf

PART = "<h3>head {0}</h3><p>{1}</p>"


def sheets(html: str) -> tuple[Page, QSizeF]:
    page, size = Page(), QSizeF(300, 400)
    page.setDocumentMargin(0)
    page.setHtml(html)
    lay_out(page, size)
    return page, size


def test_that_a_heading_stays_beside_what_it_heads(qapp: QGuiApplication) -> None:
    for words in range(5, 60, 9):
        page, size = sheets("".join(PART.format(number, "word " * words) for number in range(40)))
        block, layout = page.begin(), page.documentLayout()
        while block.isValid():
            first = layout.blockBoundingRect(block).top()
            if block.blockFormat().headingLevel():
                block = block.next()
                assert first // size.height() == (layout.blockBoundingRect(block).bottom() - 1) // size.height()
            block = block.next()
        assert page.pageCount() > 2


def test_that_what_is_longer_than_a_page_is_split(qapp: QGuiApplication) -> None:
    page, _ = sheets(PART.format(1, "word " * 3000) + PART.format(2, "word"))
    assert page.pageCount() > 5


def test_that_every_page_has_its_number_and_the_title(qapp: QGuiApplication) -> None:
    made = pdf("<title>Findings of shop</title>" + "".join(PART.format(n, "word " * 300) for n in range(12)))
    drawn = "".join(pdf_text.text(made).split())
    assert made.startswith(b"%PDF-") and "Findingsofshop·1/" in drawn
    assert all(f"head{number}" in drawn for number in range(12))


@pytest.mark.parametrize(
    "markup", ["<img src='{}'>", "<body background='{}'>x", "<p style='background: url({})'>x</p>"]
)
def test_that_nothing_is_fetched(qapp: QGuiApplication, tmp_path: Path, markup: str) -> None:
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    assert image.save(str(tmp_path / "red.png"))
    (tmp_path / "style.css").write_text("p { color: red }")
    for place in (str(tmp_path / "red.png"), (tmp_path / "red.png").as_uri()):
        assert b"/Subtype /Image" not in pdf(markup.format(place) + "<p>text</p>")
    assert b"1.00000000 0.00000000" not in pdf(
        f"<link rel=stylesheet href='{(tmp_path / 'style.css').as_uri()}'><p>x</p>"
    )


def test_that_it_runs_by_itself_without_a_display() -> None:
    command = [sys.executable, "-P", "-m", "espalier.gui.paper"]
    done = subprocess.run(command, input="<p>Grüße</p>".encode(), capture_output=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Grüße" in pdf_text.text(done.stdout)
