"""Beside a drawn file: what the sampled review says so far, as a whole, over time, by stratum, and by two readers."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from espalier.gui.figures import count, share
from espalier.gui.findings.miss_chart import MissChart
from espalier.gui.findings.reading import Sampled
from espalier.gui.findings.second_block import SecondBlock
from espalier.gui.findings.sentence import strip_sampled
from espalier.gui.findings.strata_view import StrataView
from espalier.gui.parts.rule import stacked
from espalier.gui.parts.text import Text

SIDE = 320


class SampledFigures(QWidget):
    """As wide whatever it says."""

    def __init__(self, second: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clean, self._bound = Text("", "section", wrap=True), Text("", "body", "second", wrap=True)
        self._means = Text("", "second", "second", wrap=True)
        self.chart, self.strata, self.second = MissChart(), StrataView(), SecondBlock(second)
        self.setFixedWidth(SIDE)
        column = stacked(self._clean, self._bound, self.chart, self._means, spacing=8)
        column.setContentsMargins(12, 12, 0, 16)
        column.addWidget(self.strata, 1)
        column.addStretch(0)
        column.addWidget(self.second)
        self.setLayout(column)

    def show_sampled(self, sampled: Sampled) -> None:
        head, bound, sure = strip_sampled(sampled)
        self._clean.setText(head)
        self._bound.setText(f"{bound} {sure}")
        self._means.setText(self._meaning(sampled))
        self.chart.show_sampled(sampled)
        self.strata.show_strata(sampled.review.strata)

    def _meaning(self, sampled: Sampled) -> str:
        review = sampled.review
        drawn_from = self.tr("Drawn at random from {n} files in which nothing was found.").format(
            n=count(review.population)
        )
        if review.carried:
            words = self.tr("{n} of those read were read for an earlier corpus or under other rules.")
            drawn_from += " " + words.format(n=count(review.carried))
        if behind := review.reviewed - review.counted:
            words = self.tr("{n} of the files read count once those are read that stand before them.")
            drawn_from += " " + words.format(n=count(behind))
        if not review.missed:
            return drawn_from
        missed = self.tr(
            "{n} of the files read held a secret that the rules missed. A miss begins the draw of its service and language anew,"
            " and asks for more certainty, in later corpora too."
        )
        allowed = (
            ""
            if sampled.asked is None
            else " " + self.tr("The policy allows {asked}.").format(asked=share(sampled.asked))
        )
        return f"{drawn_from} {missed.format(n=count(review.missed))}{allowed}"
