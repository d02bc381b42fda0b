"""Writes the sample: the company's repository, its tickets, and what a test may want to know about both."""

import ast
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from espalier.core.failures import UnusableInput
from espalier.core.sample import planted
from espalier.core.sample.history import COMPANY, SPLIT_AT, Planned, ancestry, planned
from espalier.core.sample.importing import Importer, difference, importer
from espalier.core.sample.modules import name_of, read
from espalier.core.sample.planted import PlantedSecret
from espalier.core.sample.tree import modules, tests_path, tree_at


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFunction:
    """A function of a service at the head; `tests` are pytest ids."""

    service: str
    path: str
    name: str
    source: str
    introduced_at: str
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The repository as written; `commits` gives the id of each planned commit by its key."""

    path: Path
    head: str
    split_at: str
    tickets: Path
    idiom: Path
    secrets: tuple[PlantedSecret, ...]
    functions: tuple[ServiceFunction, ...]
    commits: Mapping[str, str]

    @property
    def training(self) -> tuple[ServiceFunction, ...]:
        return tuple(function for function in self.functions if function.introduced_at < self.split_at)

    @property
    def held_out(self) -> tuple[ServiceFunction, ...]:
        return tuple(function for function in self.functions if function.introduced_at >= self.split_at)


def write(folder: Path) -> Sample:
    """Write the repository into a new or empty folder, and tickets.csv and idiom.toml beside it.

    Raises UnusableInput when the folder holds anything, WorkFailed when git is missing or fails.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UnusableInput(f"{folder} is not empty.", "Name a folder that does not exist yet.")
    values = planted.values()
    commits = planned()
    with importer(folder) as stream:
        oids = _write_history(stream, commits, values)
    tickets = _write_beside(folder, "tickets.csv", planted.plant(_ticket_text(), values))
    idiom = _write_beside(folder, "idiom.toml", (COMPANY.parent / "idiom.toml").read_text("utf-8"))
    return Sample(
        path=folder,
        head=oids[commits[-1].key],
        split_at=SPLIT_AT,
        tickets=tickets,
        idiom=idiom,
        secrets=tuple(_secrets(commits, values, oids)),
        functions=tuple(_functions(commits)),
        commits=oids,
    )


def _write_beside(folder: Path, name: str, text: str) -> Path:
    path = folder.parent / name
    path.write_text(text, "utf-8", newline="\n")
    return path


def _write_history(stream: Importer, commits: list[Planned], values: dict[str, str]) -> dict[str, str]:
    known = ancestry(commits)
    trees: dict[str, dict[str, str]] = {}
    oids: dict[str, str] = {}
    for commit in commits:
        seconds = int(commit.at.timestamp())
        message = _with_ids(planted.plant(commit.message, values), oids)
        stream.commit(author=commit.author, seconds=seconds, message=message, parents=commit.parents)
        trees[commit.key] = tree_at(commits, known[commit.key])
        written, removed = difference(trees[commit.parents[0]] if commit.parents else {}, trees[commit.key])
        for path in removed:
            stream.remove(path)
        for path, text in written.items():
            stream.write(path, planted.plant(text, values))
        oids[commit.key] = stream.end(commit.key)
        if commit.tag:
            stream.tag(commit.tag, commit.key, commit.author, seconds)
    return oids


def _with_ids(message: str, oids: Mapping[str, str]) -> str:
    if "{{commit:" not in message:
        return message
    for key, oid in oids.items():
        message = message.replace("{{commit:" + key + "}}", oid)
    return message


def _secrets(commits: list[Planned], values: dict[str, str], oids: Mapping[str, str]) -> Iterator[PlantedSecret]:
    known = ancestry(commits)
    head = tree_at(commits, known[commits[-1].key])
    for name, value in values.items():
        token = "{{" + name + "}}"
        places = [f"head:{path}" for path, text in sorted(head.items()) if token in text]
        places += [f"past:{path}" for path in sorted(_past(commits, token)) if token not in head.get(path, "")]
        places += [f"message:{oids[commit.key]}" for commit in commits if token in commit.message]
        places += [f"ticket:{row['id']}" for row in _tickets() if token in row["body"]]
        yield PlantedSecret(name=name, value=value, where=tuple(places))


def _past(commits: list[Planned], token: str) -> set[str]:
    """The paths that ever held the token: by an edit's older side, or in a file that was deleted."""
    edited = {edit.path for commit in commits for edit in commit.edits if token in edit.was}
    known = ancestry(commits)
    gone = [(commit.parents[0], path) for commit in commits for path in commit.delete]
    return edited | {path for parent, path in gone if token in tree_at(commits, known[parent])[path]}


def _ticket_text() -> str:
    return (COMPANY / "tickets.csv.txt").read_text("utf-8")


def _tickets() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_ticket_text())))


def _functions(commits: list[Planned]) -> Iterator[ServiceFunction]:
    times = {commit.key: commit.at.strftime("%Y-%m-%dT%H:%M:%SZ") for commit in commits}
    for path, text in sorted(modules().items()):
        sections = read(text).sections
        tests = [test for section in sections for test in section.tests]
        for key, source in ((section.key, source) for section in sections for source in section.functions):
            name = name_of(source)
            yield ServiceFunction(
                service=path.split("/")[1],
                path=path,
                name=name,
                source=source,
                introduced_at=times[key],
                tests=tuple(_tests_for(name, tests, tests_path(path))),
            )


def _tests_for(name: str, tests: list[str], path: str) -> Iterator[str]:
    for test in tests:
        node = ast.parse(test).body[0]
        if any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(node)):
            yield f"{path}::{name_of(test)}"
