"""The demonstration while a process of its own walks it: which step it is at, and stopping it or going on."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from espalier.core.demo.driving import PROJECT, STEPS, Demonstration, start, stop
from espalier.gui.session import Session

WORDS = {
    "repository": str(QT_TRANSLATE_NOOP("overview.walk", "the sample and its repository")),
    "findings": str(QT_TRANSLATE_NOOP("overview.walk", "findings")),
    "examples": str(QT_TRANSLATE_NOOP("overview.walk", "examples")),
    "dataset": str(QT_TRANSLATE_NOOP("overview.walk", "dataset")),
    "training": str(QT_TRANSLATE_NOOP("overview.walk", "training")),
    "evaluation": str(QT_TRANSLATE_NOOP("overview.walk", "evaluation")),
    "release": str(QT_TRANSLATE_NOOP("overview.walk", "release")),
}


def tr(text: str) -> str:
    return QCoreApplication.translate("overview.walk", text)


def standing(walk: Demonstration) -> tuple[str, str]:
    """How far it is, and what the button does; nothing where it is done."""
    if walk.done:
        return "", ""
    number = STEPS.index(walk.step) + 1 if walk.step in STEPS else 0
    at = tr("step {n} of {all}, {step}").format(n=number, all=len(STEPS), step=tr(WORDS.get(walk.step, "")))
    if walk.walked:
        told = tr("It is at {at}. It goes on when this window is closed.") if number else tr("It is being started.")
        return told.format(at=at), tr("Stop")
    if walk.sentence:
        return f"{tr('It broke off at {at}.').format(at=at)} {walk.sentence} {walk.remedy}".strip(), tr("Go on")
    told = tr("It stands at {at}, and goes on from there.") if number else tr("It has not begun.")
    return told.format(at=at), tr("Go on")


def act(session: Session, walk: Demonstration) -> None:
    """Stop it at its next safe point, or have it walked again from where it is."""
    if walk.walked:
        session.write(stop, words=tr("The demonstration stops at its next safe point"))
    else:
        session.write(lambda project: start(project.path.parent), words=tr("The demonstration goes on"))


def can_act(session: Session) -> bool:
    """A copy under another name is looked at only: the walk is of the file that has its name."""
    return session.may_write and session.path.name == PROJECT
