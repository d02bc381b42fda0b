"""Pictures of every page and of the gallery: in the colours of their theme, at their scale, and as somebody saw them last."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from espalier.gui.palette import DARK, LIGHT
from tests.screens.taking import HIGH, THEMES, WIDE, project, reference, small, taken

COLOURS = dict(zip(THEMES, (LIGHT, DARK), strict=True))
CELL = 10  # pixels of a reference
# Of 255, in the mean grey of a cell. A scale of 1.5 moves it by 6 at most, the end of another hash or path by 9; a page
# that lies six pixels lower than before moves hundreds of cells by more.
UNSEEN = 12
AGAIN = "look at the pages, and take the references again: python -m tests.screens.taking"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("screens"))


def cells(image: QImage) -> NDArray[np.float64]:
    rows: NDArray[np.uint8] = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    high, wide = image.height() // CELL, image.width() // CELL
    blocks = rows[: high * CELL, : wide * CELL].reshape(high, CELL, wide, CELL)
    return np.asarray(blocks.mean(axis=(1, 3)))


def changed(image: QImage, scale: str, before: QImage) -> list[tuple[int, int]]:
    """Where the picture is another: left and top of each cell, in pixels of a page."""
    now, then = cells(small(image, scale)), cells(before.convertToFormat(QImage.Format.Format_Grayscale8))
    assert now.shape == then.shape
    return [(int(left) * CELL * 3, int(top) * CELL * 3) for top, left in np.argwhere(np.abs(now - then) > UNSEEN)]


@pytest.mark.slow
@pytest.mark.parametrize("scale", ["1", "1.5"])
@pytest.mark.parametrize("theme", THEMES)
def test_that_every_picture_is_as_it_was_last_seen(path: Path, tmp_path: Path, theme: str, scale: str) -> None:
    images = taken(path, tmp_path / "pictures", theme, scale)
    factor, colours = float(scale), COLOURS[theme]
    other = {}
    for name, image in images.items():
        assert not image.isNull(), name
        if where := changed(image, scale, QImage(str(reference(theme, name)))):
            other[name] = where[:5]
        if name == "gallery":
            continue
        assert (image.width(), image.height()) == (WIDE * factor, HIGH * factor)
        side = image.pixelColor(round(4 * factor), round(500 * factor)).name().upper()
        page = image.pixelColor(round(228 * factor), round(500 * factor)).name().upper()
        assert (side, page) == (colours.window, colours.surface), name
    assert other == {}, AGAIN


@pytest.mark.parametrize("theme", THEMES)
def test_that_a_page_that_moves_a_little_is_noticed(theme: str) -> None:
    before = QImage(str(reference(theme, "overview")))
    moved = before.copy(0, -2, before.width(), before.height())  # six pixels of the page
    assert len(changed(moved.scaled(WIDE, HIGH), "1", before)) > 50


def test_that_the_pictures_of_the_readme_are_there_and_of_a_size_to_read() -> None:
    folder = Path(__file__).parents[2] / "resources/help/pictures"
    named = {one.name for one in folder.glob("*.png")}
    assert len(named) == 3
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    for name in named:
        assert f"resources/help/pictures/{name}" in readme
        assert QImage(str(folder / name)).width() == WIDE
