"""The offline help and the README speak of verbs that exist, and their links lead somewhere."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from espalier.core.cli.__main__ import command_line
from espalier.core.evaluation.idiom import read_idiom, use

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "resources/help").glob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
SPOKEN = re.compile(r"`?espalier +([a-z]+)(?: +([a-z]+(?: \| [a-z]+)*))?")


def verbs() -> dict[str, set[str]]:
    """Each verb of the command line with its second words, none for one that has none."""
    top: Any = typer.main.get_command(command_line())
    return {name: set(getattr(command, "commands", {})) for name, command in top.commands.items()}


def leaves() -> dict[str, Any]:
    """Each verb by all its words, with its command."""
    found: dict[str, Any] = {}
    waiting: list[tuple[tuple[str, ...], Any]] = [((), typer.main.get_command(command_line()))]
    while waiting:
        words, command = waiting.pop(0)
        below = getattr(command, "commands", None)
        if below is None:
            found[" ".join(words)] = command
        else:
            waiting += [((*words, name), one) for name, one in below.items()]
    return found


def command_lines() -> list[tuple[str, str]]:
    """The lines of the page of the command line, each with the verb that it is about, empty where there is no such."""
    page = (ROOT / "resources/help/command-line.md").read_text(encoding="utf-8")
    lines = [line.strip() for line in page.splitlines() if line.startswith("    espalier ")]
    return [(next((verb for verb in leaves() if line.startswith(f"espalier {verb} ")), ""), line) for line in lines]


LINES = command_lines()


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


def test_that_every_verb_has_a_line_on_the_page_of_the_command_line() -> None:
    told = [words for words, _ in LINES]
    assert [words for words in leaves() if words not in told] == []


@pytest.mark.parametrize(("words", "line"), LINES, ids=[line[9:50].strip() for _, line in LINES])
def test_that_each_line_names_options_and_statuses_that_the_verb_has(words: str, line: str) -> None:
    options = {option for parameter in leaves()[words].params for option in parameter.opts}
    assert set(re.findall(r"--[a-z-]+", line)) <= options
    found = re.search(r"  (0(?: [123])*)  ", line)
    assert found is not None
    assert ("3" in found[1].split()) or "--detach" not in options


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_that_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).is_file()] == []


def test_that_every_page_is_linked_from_the_first() -> None:
    first = (ROOT / "resources/help/index.md").read_text(encoding="utf-8")
    assert [page.name for page in PAGES[1:] if page.name != "index.md" and f"]({page.name})" not in first] == []


def test_that_the_idiom_of_the_help_is_found_in_the_code_that_it_describes() -> None:
    page = (ROOT / "resources/help/idioms.md").read_text(encoding="utf-8")
    [told] = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    code = """
def open_order(number):
    with shield("orders.open_order") as span:
        span.emit(number=number)
        return Ok(number)
"""
    assert use(read_idiom(told), code, "orders", "open_order").whole
    assert not use(read_idiom(told), code, "orders", "close_order").whole
