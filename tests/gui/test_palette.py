"""Every colour that carries words is readable on everything that it is put on."""

import pytest
from PySide6.QtGui import QColor

from espalier.gui.palette import DARK, LIGHT, Colours, colours_of, qt_palette
from espalier.gui.states import SHOWN

READABLE, VISIBLE = 4.5, 3.0
GROUNDS = ("window", "surface", "sunken", "raised", "hover", "selection")
WORDS = ("text", "second", "muted", "accent", "ok", "warn", "bad")
BUTTONS = ("raised", "sunken", "control_hover", "control_pressed")
THEMES = {"light": LIGHT, "dark": DARK}


def luminance(colour: QColor) -> float:
    """WCAG 2.2, relative luminance."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: QColor, other: QColor) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_that_the_measure_knows_black_on_white() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21, abs=1e-3)
    assert contrast(QColor("#777777"), QColor("white")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colours", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("word", WORDS)
def test_that_words_are_readable_on_every_ground(colours: Colours, ground: str, word: str) -> None:
    assert contrast(colours.of(word), colours.of(ground)) >= READABLE


@pytest.mark.parametrize("colours", THEMES.values(), ids=THEMES)
def test_that_the_tinted_grounds_carry_their_words(colours: Colours) -> None:
    for tone in ("ok", "warn", "bad"):
        for word in (tone, "text", "second"):
            assert contrast(colours.of(word), colours.of(f"{tone}_soft")) >= READABLE, (tone, word)
    for button in BUTTONS:
        assert contrast(colours.of("text"), colours.of(button)) >= READABLE, button
    for fill in ("fill", "fill_hover", "fill_pressed"):
        assert contrast(colours.of("on_fill"), colours.of(fill)) >= READABLE, fill


@pytest.mark.parametrize("colours", THEMES.values(), ids=THEMES)
def test_that_curves_can_be_seen(colours: Colours) -> None:
    for series in colours.series:
        assert contrast(QColor(series), colours.of("surface")) >= VISIBLE, series


@pytest.mark.parametrize("colours", THEMES.values(), ids=THEMES)
def test_that_a_widget_knows_its_theme_by_its_palette(colours: Colours) -> None:
    assert colours_of(qt_palette(colours)) is colours


def test_that_no_two_states_are_told_apart_by_colour_alone() -> None:
    told = {(shown.icon, shown.source) for shown in SHOWN.values()}
    assert len(told) == len(SHOWN) - 1  # dead and interrupted are the same to a person
    assert all(shown.source for shown in SHOWN.values())
