"""Colours by role, light and dark, and the palettes that Qt draws with; the figures are those of the visual tokens."""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """One theme. `series` colours marks in charts and never words; its last is grey, for what is base or past."""

    window: str
    surface: str
    sunken: str
    raised: str
    line: str
    line_strong: str
    text: str
    second: str
    muted: str
    accent: str
    fill: str
    fill_hover: str
    fill_pressed: str
    on_fill: str
    accent_soft: str
    selection: str
    hover: str
    control_hover: str
    control_pressed: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    code_keyword: str
    code_string: str
    code_number: str
    code_comment: str
    code_name: str
    series: tuple[str, ...]
    medium_weight: int  # light text on dark blooms: there 500 is drawn as 400

    def of(self, role: str) -> QColor:
        """The colour of a role by its name."""
        return QColor(getattr(self, role))


LIGHT = Colours(
    window="#F3F4F6",
    surface="#FFFFFF",
    sunken="#F7F8FA",
    raised="#FFFFFF",
    line="#E3E6EA",
    line_strong="#C6CCD4",
    text="#14171C",
    second="#3D4550",
    muted="#59626E",
    accent="#3450C2",
    fill="#3450C2",
    fill_hover="#2B44A8",
    fill_pressed="#23388C",
    on_fill="#FFFFFF",
    accent_soft="#EBEFFC",
    selection="#E6EBFB",
    hover="#F0F2F5",
    control_hover="#F0F2F5",
    control_pressed="#E3E6EA",
    ok="#17713D",
    ok_soft="#E4F3EA",
    warn="#875000",
    warn_soft="#FCF1DC",
    bad="#B42A25",
    bad_soft="#FDEFED",
    code_keyword="#7A3E9D",
    code_string="#1B6E3C",
    code_number="#0B6B8A",
    code_comment="#5F6874",
    code_name="#2A45B0",
    series=("#3450C2", "#D7783B", "#009E80", "#97439E", "#5F4F07", "#575F6D"),
    medium_weight=500,
)

DARK = Colours(
    window="#131519",
    surface="#1A1D22",
    sunken="#15181C",
    raised="#23272E",
    line="#2A2F37",
    line_strong="#434B57",
    text="#E8EBEF",
    second="#BCC3CD",
    muted="#949DAA",
    accent="#93A7FB",
    fill="#4761D6",
    fill_hover="#5069DA",
    fill_pressed="#3C54C2",
    on_fill="#FFFFFF",
    accent_soft="#232C4A",
    selection="#27314F",
    hover="#22262C",
    control_hover="#333A45",
    control_pressed="#3E4652",
    ok="#5DC388",
    ok_soft="#17301F",
    warn="#E3AC52",
    warn_soft="#352913",
    bad="#F38E86",
    bad_soft="#331D1E",
    code_keyword="#C9A2E8",
    code_string="#86C99A",
    code_number="#6CC3DE",
    code_comment="#8F98A5",
    code_name="#9DB0FF",
    series=("#8EA3FB", "#DC864E", "#84DCC4", "#D08FC6", "#FED97B", "#72787D"),
    medium_weight=400,
)

DARKEST_LIGHT = 128  # of 255


def colours_of(palette: QPalette) -> Colours:
    """The theme that a widget's palette belongs to, so that no widget has to be told."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < DARKEST_LIGHT else LIGHT


def qt_palette(colours: Colours) -> QPalette:
    role = QPalette.ColorRole
    roles = {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.surface,
        role.AlternateBase: colours.sunken,
        role.Text: colours.text,
        role.Button: colours.raised,
        role.ButtonText: colours.text,
        role.BrightText: colours.on_fill,
        role.Highlight: colours.selection,
        role.HighlightedText: colours.text,
        role.Light: colours.raised,
        role.Midlight: colours.line,
        role.Mid: colours.line_strong,
        role.Dark: colours.line_strong,
        role.Shadow: colours.line_strong,
        role.Link: colours.accent,
        role.LinkVisited: colours.accent,
        role.ToolTipBase: colours.raised,
        role.ToolTipText: colours.text,
        role.PlaceholderText: colours.muted,
        role.Accent: colours.accent,
    }
    palette = QPalette()
    for one, colour in roles.items():
        palette.setColor(one, QColor(colour))
    for one in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, one, QColor(colours.muted))
    return palette


def style_sheet(colours: Colours) -> str:
    """The one style sheet: thin scroll bars without arrows, and menus and tooltips that float on the raised ground."""
    return f"""
    QScrollBar {{ background: transparent; border: none; margin: 0 }}
    QScrollBar:vertical {{ width: 12px }} QScrollBar:horizontal {{ height: 12px }}
    QScrollBar::handle {{ background: {colours.line_strong}; border-radius: 3px; margin: 3px; min-height: 32px; min-width: 32px }}
    QScrollBar::handle:hover {{ background: {colours.muted} }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0 }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent }}
    QMenu {{ background: {colours.raised}; border: 1px solid {colours.line_strong}; padding: 4px }}
    QMenu::item {{ padding: 6px 24px 6px 28px; border-radius: 4px; color: {colours.text} }}
    QMenu::item:selected {{ background: {colours.selection} }}
    QMenu::item:disabled {{ color: {colours.muted} }}
    QMenu::separator {{ height: 1px; background: {colours.line}; margin: 4px 8px }}
    QToolTip {{ background: {colours.raised}; color: {colours.text}; border: 1px solid {colours.line_strong}; padding: 4px 6px }}
    """
