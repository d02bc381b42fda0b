"""Taking a company's rule file into a project, and out again; both are on record with who did it."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from espalier.core.failures import UnusableInput
from espalier.core.findings.detection.detect import detect
from espalier.core.findings.own.parse import LARGEST, OwnFile, decoded, parse
from espalier.core.findings.ruleset import uses
from espalier.core.project import audit
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Connection, Project
from espalier.core.project.identities import Identity

MOST_FILES = 20
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A file that was read and holds nothing wrong."""

    name: str
    hash: str
    text: str
    file: OwnFile


def read(path: Path, name: str | None = None) -> Given:
    """A file, named after its own name where none is given. Raises UnusableInput where it can't be used."""
    name = name or named_after(path.stem)
    _require_name(name)
    try:
        with path.open("rb") as file:
            text = decoded(file.read(LARGEST + 1))
    except OSError as error:
        raise UnusableInput(f"The rule file {path} can't be read: {error.strerror}.", "Name a file.") from None
    return given(name, text, path.name)


def given(name: str, text: str, called: str = "") -> Given:
    """Rules that are no file yet, or go by another name; `called` is what their file is called. Raises UnusableInput."""
    _require_name(name)
    made = Given(name=name, hash=hashlib.sha256(text.encode()).hexdigest(), text=text, file=parse(name, text))
    _require_clean(text, called or name)
    return made


def named_after(words: str) -> str:
    """What rules can go by that are called so; empty where none of it can be in a name."""
    return re.sub(r"[^a-z0-9._-]+", "-", words.lower()).strip(".-_")[:40]


def _require_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise UnusableInput(
            f"{name!r} can't name rules.", "Use letters of lower case, digits, dots, hyphens: --name NAME"
        )


def _require_clean(text: str, name: str) -> None:
    """The project keeps the text as it is. Raises UnusableInput, without the value, where something in it is surely a secret."""
    for span in detect(text, name):
        if span.kind == "secret" and span.confidence == "high":
            line = text.count("\n", 0, span.start) + 1
            sentence = f"Line {line} of the rule file holds what looks like a secret ({span.rule}), and the project would keep it."
            raise UnusableInput(sentence, "Write a pattern that does not spell it out.")


def add(project: Project, given: Given, who: Identity) -> bool:
    """Use it from now on, in place of what went by its name; says whether something did. Whatever was scanned and approved
    before is out of date, unless the very same file was in use.
    """
    used = {one.name: one.hash for one in uses(project)}
    if used.get(given.name) == given.hash:
        return True
    if given.name not in used and len(used) >= MOST_FILES:
        raise UnusableInput(f"The project uses {MOST_FILES} rule files.", "Remove one, or put two into one.")
    with project.write() as db:
        db.execute("INSERT INTO rule_texts VALUES (?, ?) ON CONFLICT DO NOTHING", (given.hash, given.text))
        _say(db, given.name, given.hash, who)
        detail: dict[str, object] = {"hash": given.hash, "rules": len(given.file.rules), "before": used.get(given.name)}
        audit.record(db, who.name, "findings.rules_added", f"rules:{given.name}", detail)
    return given.name in used


def remove(project: Project, name: str, who: Identity) -> None:
    """Use it no more. Raises UnusableInput where the project does not use it."""
    used = {one.name: one.hash for one in uses(project)}
    if name not in used:
        raise UnusableInput(f"No rule file is named {name[:60]!r}.", "See: espalier findings ruleset list PROJECT")
    with project.write() as db:
        _say(db, name, None, who)
        audit.record(db, who.name, "findings.rules_removed", f"rules:{name}", {"hash": used[name]})


def use_again(project: Project, name: str, hash: str, who: Identity) -> None:
    """Use what the project keeps of a file that it used before, under that name; what takes back a removal or a replacement."""
    text = project.value("SELECT text FROM rule_texts WHERE hash = ?", (hash,))
    if text is None:
        raise UnusableInput(f"The project keeps no rule file {hash[:12]}.", "Add it: espalier findings ruleset add")
    add(project, given(name, str(text)), who)


def _say(db: Connection, name: str, hash: str | None, who: Identity) -> None:
    sql = "INSERT INTO rule_uses (name, hash, identity, decided_at) VALUES (?, ?, ?, ?)"
    db.execute(sql, (name, hash, who.name, utc_now()))
