"""Text on the clipboard."""

from PySide6.QtGui import QGuiApplication

MOST = 10_000  # rows


def copy_text(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
