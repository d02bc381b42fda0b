"""Going through a window by Tab, and looking at what shows where the keyboard is."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from tests.gui.conftest import settle

from espalier.gui.palette import colours_of

MOST = 400  # parts that a window may have
LEAST = 40  # pixels: a ring, an edge of two pixels along a row of 28, or a line under a plot
MARGIN = 6


def walked(window: QWidget, qapp: QApplication) -> Iterator[QWidget]:
    """Every part that Tab leads to, once, in its order; each has the focus while it is looked at."""
    reached: list[QWidget] = []
    for _ in range(MOST):
        QTest.keyClick(qapp.focusWidget() or window, Qt.Key.Key_Tab)
        settle(qapp)
        now = qapp.focusWidget()
        if now is None or now in reached:
            return
        reached.append(now)
        yield now


def blind(window: QWidget, part: QWidget, qapp: QApplication) -> bool:
    """Whether nothing around the part or in it has the colour of the focus only as long as it has the keyboard.

    A part that a reading has taken away meanwhile can't be looked at, and isn't.
    """
    part.setFocus(Qt.FocusReason.TabFocusReason)
    settle(qapp)
    if not part.hasFocus():
        return False
    having = _around(window, part)
    part.clearFocus()
    settle(qapp)
    without = _around(window, part)
    part.setFocus(Qt.FocusReason.TabFocusReason)
    settle(qapp)
    accent = colours_of(window.palette()).of("accent").rgb()
    return int(((having == accent) & (without != accent)).sum()) < LEAST


def _around(window: QWidget, part: QWidget) -> NDArray[np.uint32]:
    """Its pixels as 0xAARRGGBB."""
    place = QRect(part.mapTo(window, QPoint(0, 0)), part.size())
    image = window.grab(place.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)).toImage()
    image = image.convertToFormat(QImage.Format.Format_ARGB32)
    return np.frombuffer(image.constBits(), np.uint32).copy().reshape(image.height(), image.width())


def said(part: QWidget) -> str:
    return f"{type(part).__name__} {part.accessibleName()!r} in {type(part.parentWidget()).__name__}"
