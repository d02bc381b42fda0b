"""Words from elsewhere – names of files, people, tasks, projects – shown letter by letter: nothing in them is obeyed or hidden.

Qt draws a tooltip that looks like markup as markup, with its pictures and links; takes `&` in a button or a menu for a key; and
lets some characters turn the order of others, so that a name reads as another. A reviewer decides by what stands here.
"""

import unicodedata
from html import escape

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QToolTip, QWidget

HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
CONTROLS = (
    *("NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI", "DLE"),
    *("DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US"),
)
LAID_OUT = "\n\t"  # of a text of several lines


def named(character: str) -> str:
    """What is shown for a character that can't be seen or turns the order of others; empty for all that can be."""
    number = ord(character)
    if number < len(CONTROLS):
        return f"‹{CONTROLS[number]}›"
    return f"‹{number:04X}›" if unicodedata.category(character) in HIDDEN else ""


def literal(text: str, keep: str = LAID_OUT) -> str:
    """The text with the name of each character that can't be seen in its place; those in `keep` stay."""
    if text.isprintable():
        return text
    return "".join(one if one in keep else named(one) or one for one in text)


def tip(text: str) -> str:
    """For what shows a tooltip: letter by letter, in its own lines."""
    return f"<p style='white-space: pre-wrap'>{escape(literal(text))}</p>" if text else ""


def set_tip(part: QWidget | QAction, text: str) -> None:
    """The only way to give a part a tooltip; empty: none."""
    part.setToolTip(tip(text))


def show_tip(at: QPoint, text: str, part: QWidget) -> None:
    """Now, at a place on the screen; empty: hide what is shown."""
    QToolTip.showText(at, tip(text), part)


def set_words(button: QAbstractButton, text: str) -> None:
    """What stands on a button, of which no letter is a key."""
    button.setText(literal(text))
    button.setShortcut(QKeySequence())


def menu_words(text: str) -> str:
    """For an entry of a menu."""
    return literal(text, keep="").replace("&", "&&")
