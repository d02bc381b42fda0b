"""The help's pages: Markdown files among the resources, by topic, with their titles and what they say."""

from dataclasses import dataclass
from functools import cache
from importlib import resources

FIRST = "index"


@dataclass(frozen=True, slots=True)
class Topic:
    """A page of the help; `name` is its file's name without .md."""

    name: str
    title: str
    text: str


@cache
def topics() -> tuple[Topic, ...]:
    """The index first, the others by title."""
    folder = resources.files("espalier.resources").joinpath("help")
    found = [
        _topic(one.name.removesuffix(".md"), one.read_text(encoding="utf-8"))
        for one in folder.iterdir()
        if one.name.endswith(".md")
    ]
    return tuple(sorted(found, key=lambda topic: (topic.name != FIRST, topic.title.casefold())))


def topic(name: str) -> Topic:
    """The topic of that name; the index where there is none."""
    return next((one for one in topics() if one.name == name), topics()[0])


def _topic(name: str, text: str) -> Topic:
    first = text.lstrip().partition("\n")[0]
    title = "Contents" if name == FIRST else first.removeprefix("# ").strip()
    return Topic(name, title, text)
