"""The pages of the window in the order of the flow: their names, icons and keys, and where each is loaded from when first shown."""

from dataclasses import dataclass
from importlib import import_module
from typing import cast

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtWidgets import QWidget

from espalier.gui.actions import Entry
from espalier.gui.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page: `stage` where it is a step of the flow, whose state the sidebar shows; `low` at the foot of the sidebar."""

    id: str
    source: str
    icon: str
    keys: str
    about: str
    stage: bool = True
    low: bool = False

    @property
    def text(self) -> str:
        return QCoreApplication.translate("pages", self.source)

    @property
    def package(self) -> str:
        """All of the page, in the folder that has its name."""
        return f"espalier.gui.{self.id}"

    @property
    def module(self) -> str:
        return f"{self.package}.page"

    def made(self, session: Session) -> QWidget:
        """The page itself: `<Name>Page` in its module."""
        return cast(QWidget, getattr(import_module(self.module), f"{self.id.capitalize()}Page")(session))


def _place(
    name: str, source: str, keys: str, about: str, icon: str = "", *, stage: bool = True, low: bool = False
) -> Place:
    return Place(id=name, source=source, icon=icon or name, keys=keys, about=about, stage=stage, low=low)


# fmt: off
PLACES = (
    _place("overview", str(QT_TRANSLATE_NOOP("pages", "Overview")), "Ctrl+1 G,O", str(QT_TRANSLATE_NOOP("actions", "Where the project stands, and what is next")), stage=False),
    _place("repositories", str(QT_TRANSLATE_NOOP("pages", "Repositories")), "Ctrl+2 G,P", str(QT_TRANSLATE_NOOP("actions", "What the project learns from, and whose code it is"))),
    _place("findings", str(QT_TRANSLATE_NOOP("pages", "Findings")), "Ctrl+3 G,F", str(QT_TRANSLATE_NOOP("actions", "Secrets to decide, sampled review, approval"))),
    _place("examples", str(QT_TRANSLATE_NOOP("pages", "Examples")), "Ctrl+4 G,E", str(QT_TRANSLATE_NOOP("actions", "What the model is to learn, one by one"))),
    _place("dataset", str(QT_TRANSLATE_NOOP("pages", "Dataset")), "Ctrl+5 G,D", str(QT_TRANSLATE_NOOP("actions", "Cuts in time, balance, frozen snapshots"))),
    _place("training", str(QT_TRANSLATE_NOOP("pages", "Training")), "Ctrl+6 G,T", str(QT_TRANSLATE_NOOP("actions", "Runs and their curves"))),
    _place("evaluation", str(QT_TRANSLATE_NOOP("pages", "Evaluation")), "Ctrl+7 G,V", str(QT_TRANSLATE_NOOP("actions", "Base against adapter on held-out work"))),
    _place("release", str(QT_TRANSLATE_NOOP("pages", "Release")), "Ctrl+8 G,R", str(QT_TRANSLATE_NOOP("actions", "Gates, sign-offs and the bundle"))),
    _place("audit", str(QT_TRANSLATE_NOOP("pages", "Audit")), "Ctrl+9 G,A", str(QT_TRANSLATE_NOOP("actions", "Who did what, tamper-evident")), stage=False, low=True),
    _place("help", str(QT_TRANSLATE_NOOP("pages", "Help")), "F1", str(QT_TRANSLATE_NOOP("actions", "The help, offline")), stage=False, low=True),
)
# fmt: on

ACTIONS = tuple(Entry(f"go {place.id}", place.source, place.keys, place.icon, place.about) for place in PLACES)


def place(name: str) -> Place:
    return next(one for one in PLACES if one.id == name)
