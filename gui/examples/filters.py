"""The filters over the list of examples: which chips, their words and counts, and the filter that they come to."""

from collections.abc import Mapping
from typing import get_args

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from espalier.core.examples.index import FIELDS, Field, Filter
from espalier.gui.examples.words import KINDS, LABELS, reason_word, word
from espalier.gui.parts.chip import FilterChip, Option
from espalier.gui.parts.filter_bar import FilterBar
from espalier.gui.states import EXAMPLE, VERDICT

ALWAYS: tuple[Field, ...] = ("state", "review", "service", "kind")  # seen also where there is nothing to choose between


def tr(text: str) -> str:
    return QCoreApplication.translate("examples.filters", text)


def bar(at_right: tuple[QWidget, ...]) -> FilterBar:
    names: dict[Field, str] = {
        "state": tr("State"),
        "review": tr("Review"),
        "service": tr("Service"),
        "language": tr("Language"),
        "kind": tr("Kind"),
        "label": tr("Label"),
        "reason": tr("Why"),
    }
    return FilterBar({name: FilterChip(names[name]) for name in FIELDS}, search=tr("Search"), at_right=at_right)


def chosen(of: FilterBar) -> Filter:
    said = {name: next(iter(of.values(name)), "") for name in get_args(Field)}
    return Filter(**said, search=of.words)


def show(of: FilterBar, wanted: Filter) -> None:
    """Without saying so."""
    for name in FIELDS:
        of.chips[name].set_values((wanted.value(name),) if wanted.value(name) else ())
    if of.words != wanted.search:
        of.search.setText(wanted.search)


def count(of: FilterBar, counts: Mapping[Field, Mapping[str, int]]) -> None:
    """Offer what there is; a chip that offers nothing to choose between is not seen."""
    for name in FIELDS:
        chip = of.chips[name]
        found = counts.get(name, {})
        chip.set_options([Option(key, _said(name, key), number) for key, number in found.items()])
        chip.setVisible(name in ALWAYS or len(found) > 1 or bool(chip.values))


def _said(field: Field, key: str) -> str:
    if field == "state":
        return EXAMPLE[key].word
    if field == "review":
        return VERDICT[key].word
    if field == "reason":
        return reason_word(key)
    return word({"kind": KINDS, "label": LABELS}.get(field, {}), key)
