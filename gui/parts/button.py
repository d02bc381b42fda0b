"""Buttons: primary, default, ghost and link, with an icon before the word and a key-cap after it."""

from typing import Literal

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFontMetrics, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.literal import one_line, set_tip, set_words
from espalier.gui.palette import Colours, colours_of
from espalier.gui.typeface import font

Kind = Literal["primary", "default", "ghost", "link", "flat"]
PADDING, TIGHT, GAP, ICON, CAP, CARET, RADIUS = 12, 6, 8, 16, 18, 20, 6


class Button(QAbstractButton):
    """Takes the focus from the keyboard only, so that the space bar stays with what is being looked at."""

    def __init__(
        self, text: str, kind: Kind = "default", *, glyph: str = "", height: int = 28, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.kind, self._glyph, self._key = kind, glyph, ""
        self._caret, self._shut = False, ""
        set_words(self, text)
        self.setFont(font("body", 500))
        self.setFixedHeight(height)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(one_line(text))

    @classmethod
    def of(cls, action: QAction, kind: Kind = "default", *, height: int = 28, key: bool = True) -> "Button":
        """A button that is the action: its word, icon, key and sentence, able when it is, shown when it is."""
        made = cls(action.text(), kind, glyph=str(action.property("glyph") or ""), height=height)
        if key:
            made.set_key(action.shortcut().toString(QKeySequence.SequenceFormat.NativeText))
        set_tip(made, action.toolTip())
        made.setAccessibleDescription(action.toolTip())
        made.clicked.connect(action.trigger)
        action.enabledChanged.connect(made.setEnabled)
        made.setEnabled(action.isEnabled())
        return made

    def set_key(self, key: str) -> None:
        self._key = key
        self.updateGeometry()

    @classmethod
    def when_able(cls, action: QAction, kind: Kind = "default", *, height: int = 28) -> "Button":
        """The same, seen only while it can be done: where what can be done is told by what is there."""
        made = cls.of(action, kind, height=height)
        action.enabledChanged.connect(made.setVisible)
        made.setVisible(action.isEnabled())
        return made

    def set_menu(self, menu: QMenu) -> None:
        """Open this menu below when pressed; a caret says so."""
        self._caret = True
        self.clicked.connect(lambda: menu.popup(self.mapToGlobal(QPoint(0, self.height() + 4))))
        self.updateGeometry()

    def set_shut(self, why: str) -> None:
        """A padlock and the muted look, and the reason as a tooltip; it can still be pressed, to be told. Empty: open again."""
        if why != self._shut:
            self._shut = why
            set_tip(self, why)
            self.setAccessibleDescription(why)
            self.updateGeometry()
            self.update()

    @property
    def shut(self) -> str:
        """Why it is shut; empty while it is open."""
        return self._shut

    def show_text(self, text: str) -> None:
        set_words(self, text)
        self.setAccessibleName(one_line(text))
        self.updateGeometry()

    def set_kind(self, kind: Kind) -> None:
        self.kind = kind
        self.update()

    @override
    def sizeHint(self) -> QSize:
        padding = 0 if self._bare else 2 * PADDING if self.text() else 2 * TIGHT
        icon = ICON + (GAP if self.text() else 0) if self._icon else 0
        after = GAP + self._cap_width() if self._key else 0
        after += CARET if self._caret else 0
        return QSize(padding + icon + self.fontMetrics().horizontalAdvance(self.text()) + after + 1, self.height())

    @property
    def _bare(self) -> bool:
        """Without padding, so that it meets a margin."""
        return self.kind in ("link", "flat")

    @property
    def _icon(self) -> str:
        return "shut" if self._shut else self._glyph

    @property
    def _able(self) -> bool:
        """Whether it looks as if it could be pressed."""
        return self.isEnabled() and not self._shut

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self.palette())
        if not self._bare:
            self._paint_ground(painter, colours)
        ink = self._ink(colours)
        x = 0.0 if self._bare else float(PADDING if self.text() else TIGHT)
        x += (
            max(0, self.width() - self.sizeHint().width()) // 2
        )  # one that was made wider keeps its words in the middle
        if self._icon:
            paint_icon(painter, self._icon, QRectF(x, (self.height() - ICON) / 2, ICON, ICON), ink)
            x += ICON + GAP
        painter.setFont(font("body", 500 if self.kind == "primary" else colours.medium_weight))
        painter.setPen(ink)
        width = self.fontMetrics().horizontalAdvance(self.text()) + 1
        painter.drawText(QRectF(x, 0, width, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())
        if self._key:
            self._paint_cap(painter, x + width - 1 + GAP, ink, colours)
        if self._caret:
            box = QRectF(self.width() - (0 if self._bare else PADDING) - 14, (self.height() - 14) / 2, 14, 14)
            paint_icon(painter, "caret-down", box, ink)

    def _paint_ground(self, painter: QPainter, colours: Colours) -> None:
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        border = self.kind == "default" or (self.kind == "primary" and not self._able)
        painter.setPen(QPen(colours.of("line_strong")) if border else Qt.PenStyle.NoPen)
        painter.setBrush(self._ground(colours))
        painter.drawRoundedRect(box, RADIUS, RADIUS)

    def _ground(self, colours: Colours) -> QColor:
        hover, down = self.underMouse() or bool(self.property("hovered")), self.isDown()
        if not self._able:
            return colours.of("sunken") if self.kind != "ghost" else QColor(Qt.GlobalColor.transparent)
        if self.kind == "primary":
            return colours.of("fill_pressed" if down else "fill_hover" if hover else "fill")
        if hover or down:
            return colours.of("control_pressed" if down else "control_hover")
        return colours.of("raised") if self.kind == "default" else QColor(Qt.GlobalColor.transparent)

    def _ink(self, colours: Colours) -> QColor:
        if not self._able:
            return colours.of("muted")
        return colours.of({"primary": "on_fill", "link": "accent"}.get(self.kind, "text"))

    def _paint_cap(self, painter: QPainter, x: float, ink: QColor, colours: Colours) -> None:
        box = QRectF(x + 0.5, (self.height() - CAP) / 2 + 0.5, self._cap_width() - 1, CAP - 1)
        edge = QColor(ink) if self.kind == "primary" and self._able else colours.of("line_strong")
        if self.kind == "primary":
            edge.setAlphaF(0.5)
        painter.setPen(edge)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(font("caption"))
        painter.setPen(ink if self.kind == "primary" else colours.of("second"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._key)

    def _cap_width(self) -> int:
        return max(CAP, QFontMetrics(font("caption")).horizontalAdvance(self._key) + 10)
