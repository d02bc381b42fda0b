"""The release in words: the sentence at the head, what shuts the gate, and the gates with the checks behind each."""

from PySide6.QtCore import QCoreApplication

from espalier.core.release.verify import Check
from espalier.gui.figures import count
from espalier.gui.flow import plain
from espalier.gui.release.reading import Release

GATES = (
    ("scrub", ("scrub",), "findings"),
    ("dataset", ("dataset", "rights"), "dataset"),
    ("evaluation", ("run", "evaluation"), "evaluation"),
    ("release", ("sign-offs", "licence", "policy"), "release"),
)


def tr(text: str) -> str:
    return QCoreApplication.translate("release.words", text)


def gate_name(gate: str) -> str:
    names = {"scrub": tr("Scrub"), "dataset": tr("Dataset"), "evaluation": tr("Evaluation"), "release": tr("Release")}
    return names[gate]


def checks_of(read: Release) -> list[tuple[str, list[Check], str]]:
    """The gates in order, each with its checks, and the page where it is opened."""
    by_name = {one.name: one for one in read.checks}
    return [(gate, [by_name[name] for name in names if name in by_name], page) for gate, names, page in GATES]


def sentence(read: Release) -> str:
    if read.run is None:
        return tr("No run has been evaluated yet, and only an evaluated run can be released.")
    gates = [checks for _, checks, _ in checks_of(read)]
    shut = sum(any(not one.passed for one in checks) for checks in gates)
    signed = sum(role.signed is not None for role in read.roles)
    people = tr("{signed} of {asked} sign-offs are given").format(signed=count(signed), asked=count(len(read.roles)))
    if not shut:
        return tr("Run {run}. Every gate is open, and {people}.").format(run=read.run, people=people)
    gates_said = tr("one gate is shut") if shut == 1 else tr("{shut} gates are shut").format(shut=count(shut))
    return tr("Run {run}. {gates}, and {people}.").format(
        run=read.run, gates=gates_said[:1].upper() + gates_said[1:], people=people
    )


def banner(read: Release) -> tuple[str, str, str, str]:
    """What is shut, why, the words of the button, and the page that it leads to; empty where nothing is."""
    if read.why:
        return tr("Run {run} can't be released.").format(run=read.run), plain(read.why), "", ""
    shut = [(one, page) for _, checks, page in checks_of(read) for one in checks if not one.passed]
    if not shut:
        return "", "", "", ""
    first, page = shut[0]
    what = (
        tr("The release gate is shut for run {run}.")
        if len(shut) == 1
        else tr("The release gate is shut for run {run} by {items} items.")
    )
    go = {
        "findings": tr("Go to Findings"),
        "dataset": tr("Go to Dataset"),
        "evaluation": tr("Go to Evaluation"),
        "release": "",
    }
    why = f"{first.name}: {plain(first.why)}"
    return what.format(run=read.run, items=count(len(shut))), why[:1].upper() + why[1:], go[page], page


def asked_by(read: Release) -> str:
    policy = read.policy.release
    if policy.different_people:
        return tr("{people} people, all different, by the policy {policy}").format(
            people=count(len(policy.sign_offs)), policy=read.policy.name
        )
    return tr("as the policy {policy} asks").format(policy=read.policy.name)
