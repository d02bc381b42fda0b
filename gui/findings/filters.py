"""The filters over the findings: what they ask for as a query, and how many findings each would leave."""

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QWidget

from espalier.core.findings import index
from espalier.core.findings.index import Facet, Query, Stood
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project
from espalier.gui.findings.words import KINDS, SEVERITIES, STATES, rule_title
from espalier.gui.findings.words import tr as word
from espalier.gui.parts.chip import FilterChip, Option
from espalier.gui.parts.filter_bar import FilterBar

CHIPS: tuple[Facet, ...] = ("rule", "repository", "state", "severity", "kind")
UNLIKE = "unlike"
Counts = Mapping[Facet, Mapping[str, int]]


class Filters(FilterBar):
    """At first what is to be decided, with what has been decided today: it stays in view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__({}, parent=parent)
        self._stood: Stood | None = None
        names = {
            "rule": self.tr("Rule"),
            "repository": self.tr("Repository"),
            "state": self.tr("State"),
            "severity": self.tr("Severity"),
            "kind": self.tr("Kind"),
        }
        self.add({facet: FilterChip(names[facet], many=True) for facet in CHIPS})
        approved = FilterChip(self.tr("Approved"))
        approved.set_options([Option(UNLIKE, self.tr("not as it stands"))])
        approved.hide()
        self.add({"approved": approved})
        self.chips["state"].set_options([Option(index.OPEN, self.tr("to decide, today"))])
        self.chips["state"].set_values((index.OPEN,))

    def show_stood(self, stood: Stood | None) -> None:
        """What was approved before, which can be left out."""
        self._stood = stood
        chip = self.chips["approved"]
        chip.setVisible(stood is not None)
        if stood is None:
            chip.clear()

    def query(self, order: index.Order, descending: bool, since: int | None) -> Query:
        """`since` is the last decision of before today."""
        states = self.values("state")
        return Query(
            states=states,
            rules=self.values("rule"),
            repositories=self.values("repository"),
            severities=self.values("severity"),
            kinds=self.values("kind"),
            text=self.words,
            since=since if states == (index.OPEN,) else None,
            unlike=self._stood if self.values("approved") else None,
            order=order,
            descending=descending,
        )

    def show_counts(self, found: Counts) -> None:
        words: Mapping[Facet, Callable[[str], str]] = {
            "rule": rule_title,
            "repository": str,
            "state": lambda key: STATES[key].word if key != index.OPEN else self.tr("to decide, today"),
            "severity": lambda key: word(SEVERITIES[key]),
            "kind": lambda key: word(KINDS[key]),
        }
        for facet in CHIPS:
            chip = self.chips[facet]
            chip.setVisible(bool(chip.values) or facet == "state" or len(found[facet]) > 1)
            keys = _keys(facet, found[facet])
            chip.set_options([Option(key, words[facet](key), found[facet].get(key, 0)) for key in keys])


def counts(project: Project, listed: int, query: Query) -> Counts:
    return index.facets(project, listed, query)


def before_today(project: Project) -> int:
    """The last decision of before today."""
    sql = "SELECT COALESCE(MAX(id), 0) FROM decisions WHERE decided_at < ?"
    return int(project.value(sql, (utc_now()[:10],)))


def _keys(facet: Facet, found: Mapping[str, int]) -> list[str]:
    if facet == "state":
        return list(STATES)
    if facet == "severity":
        return [one for one in SEVERITIES if one in found]
    return sorted(found, key=lambda one: (-found[one], one))
