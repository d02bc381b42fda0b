"""The mouse, where QTest's own does less than a person's hand."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

LEFT = Qt.MouseButton.LeftButton


def double_click(part: QWidget, at: QPoint) -> None:
    """And let the button go, which QTest leaves down, for every test that follows."""
    QTest.mouseDClick(part, LEFT, pos=at)
    QTest.mouseRelease(part, LEFT, pos=at)
