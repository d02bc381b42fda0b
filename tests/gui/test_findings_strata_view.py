"""The strata beside a sampled file: the least known first, the rest counted, nothing before the first draw."""

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from espalier.core.findings.sampling.strata import Stratum
from espalier.gui.findings.strata_view import ROWS, StrataView


def stratum(service: str, size: int, read: int) -> Stratum:
    return Stratum(service=service, language="Go", files=size, size=size, drawn=read, missed=0)


def told(view: StrataView) -> list[str]:
    return [label.text() for label in view.findChildren(QLabel) if label.isVisible()]


def test_that_the_least_known_strata_come_first_and_the_rest_are_counted(qtbot: QtBot) -> None:
    view = StrataView()
    qtbot.addWidget(view)
    assert view.isHidden()
    view.show_strata([stratum(f"s{read}", 20, read) for read in range(1, ROWS + 3)])
    view.show()
    words = told(view)
    assert [one for one in words if one.endswith("Go")] == [f"s{read} · Go" for read in range(1, ROWS + 1)]
    assert "1 of 20" in words and "and 2 that are better known" in words
    view.show_strata([stratum("only", 4, 4)])
    assert {"only · Go", "4 of 4", "0.0 %"} <= set(told(view)) and "s1 · Go" not in told(view)
