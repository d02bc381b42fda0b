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
# Drawn as nothing too, though they are letters or marks: joiners and selectors, fillers of Hangul, vowels of Khmer, a blank of Braille.
UNSEEN = frozenset(
    (
        *"\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0",
        *map(chr, range(0xFE00, 0xFE10)),
        *map(chr, range(0xE0100, 0xE01F0)),
    )
)
CONTROLS = (
    *("NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI", "DLE"),
    *("DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US"),
)
LAID_OUT = "\n\t"  # of a text of several lines
STAR = "[*]"  # in a title Qt takes it away, for what has not been saved


def named(character: str) -> str:
    """What is shown for a character that can't be seen or turns the order of others; empty for all that can be."""
    number = ord(character)
    if number < len(CONTROLS):
        return f"‹{CONTROLS[number]}›"
    return f"‹{number:04X}›" if unicodedata.category(character) in HIDDEN or character in UNSEEN else ""


def literal(text: str, keep: str = LAID_OUT) -> str:
    """The text with the name of each character that can't be seen in its place; those in `keep` stay."""
    if text.isprintable() and UNSEEN.isdisjoint(text):
        return text
    return "".join(one if one in keep else named(one) or one for one in text)


def one_line(text: str) -> str:
    """The same for what has one line only: no name makes a second one."""
    return literal(text, keep="")


def tip(*lines: str) -> str:
    """For what shows a tooltip: letter by letter, in these lines and no others."""
    said = "\n".join(map(one_line, lines))
    return f"<p style='white-space: pre-wrap'>{escape(said)}</p>" if said else ""


def set_tip(part: QWidget | QAction, *lines: str) -> None:
    """The only way to give a part a tooltip; empty: none."""
    part.setToolTip(tip(*lines))


def show_tip(at: QPoint, part: QWidget, *lines: str) -> None:
    """Now, at a place on the screen; empty: hide what is shown."""
    QToolTip.showText(at, tip(*lines), part)


def set_title(window: QWidget, text: str) -> None:
    """What the frame of a window and the list of windows say."""
    window.setWindowTitle(one_line(text).replace(STAR, STAR + STAR))


def set_words(button: QAbstractButton, text: str) -> None:
    """What stands on a button, of which no letter is a key."""
    button.setText(one_line(text))
    button.setShortcut(QKeySequence())


def menu_words(text: str) -> str:
    """For an entry of a menu."""
    return one_line(text).replace("&", "&&")
