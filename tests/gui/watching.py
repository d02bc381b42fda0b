"""Every model that a test's window makes under Qt's own tester, from its first row to its last."""

import functools
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel
from PySide6.QtTest import QAbstractItemModelTester

from espalier.gui.parts.checklist import _Items
from espalier.gui.parts.palette_box import _Entries
from espalier.gui.sidebar import Pages
from espalier.gui.tables.rows import RowsModel
from espalier.gui.tables.windowed import WindowedModel

MODELS: tuple[type[QAbstractItemModel], ...] = (RowsModel, WindowedModel, _Items, _Entries, Pages)


def watch_models(patch: pytest.MonkeyPatch) -> None:
    """What the tester finds is a warning of Qt, and fails the test."""
    for kind in MODELS:
        patch.setattr(kind, "__init__", _watched(kind.__init__))


def _watched(made: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(made)
    def make(self: QAbstractItemModel, *args: Any, **kwargs: Any) -> None:
        made(self, *args, **kwargs)
        QAbstractItemModelTester(self, QAbstractItemModelTester.FailureReportingMode.Warning, self)

    return make
