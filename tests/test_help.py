"""The offline help and the README speak of verbs that exist, and their links lead somewhere."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from espalier.core.cli.__main__ import app

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "resources/help").glob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
SPOKEN = re.compile(r"`?espalier +([a-z]+)(?: +([a-z]+(?: \| [a-z]+)*))?")


def verbs() -> dict[str, set[str]]:
    """Each verb of the command line with its second words, none for one that has none."""
    top: Any = typer.main.get_command(app)
    return {name: set(getattr(command, "commands", {})) for name, command in top.commands.items()}


def spoken(page: Path) -> list[tuple[str, str]]:
    """Pairs of words of commands, in code spans and indented lines."""
    text = page.read_text(encoding="utf-8")
    code = re.findall(r"`([^`\n]+)`", text) + re.findall(r"^ {4}(.+)$", text, re.MULTILINE)
    found = [match for part in code if (match := SPOKEN.match(part.strip()))]
    return [(match[1], word) for match in found for word in (match[2] or "").split(" | ")]


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_that_every_verb_it_speaks_of_exists(page: Path) -> None:
    known = verbs()
    wrong = [
        pair for pair in spoken(page) if pair[0] not in known or (known[pair[0]] and pair[1] not in known[pair[0]])
    ]
    assert wrong == []


def test_that_every_verb_is_on_the_page_of_the_command_line() -> None:
    page = (ROOT / "resources/help/command-line.md").read_text(encoding="utf-8")
    lines = [line for line in page.splitlines() if line.startswith("    espalier ")]
    told = {verb: " ".join(line for line in lines if line.split()[1] == verb) for verb in verbs()}
    absent = [(verb, word) for verb, words in verbs().items() for word in words or {verb} if word not in told[verb]]
    assert absent == []


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_that_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).is_file()] == []
