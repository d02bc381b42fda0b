"""Fields that reports share, checked as they are read; what is wrong is told by its place, never by its content."""

import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from espalier.core.failures import UnusableInput

MOST = 200_000  # entries of one report
_DEEPEST = 200  # folders in a path
_DRIVE = re.compile(r"[A-Za-z]:/")
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,40}")
Read = TypeVar("Read")


def path_of(text: str) -> str:
    """A path with slashes, without what stands for the folder that the scanner ran in; one that leads out of it is refused."""
    slashed = text if "/" in text else text.replace("\\", "/")
    parts = [part for part in _DRIVE.sub("", slashed, count=1).split("/") if part not in ("", ".")]
    if ".." in parts or "\0" in text:
        raise ValueError("the path leads out of the repository")
    if len(parts) > _DEEPEST:
        raise ValueError("the path has too many folders")
    return "/".join(parts)


class Entry(BaseModel):
    """What crosses the boundary: types are not guessed, and what nobody asked for is left out."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True, hide_input_in_errors=True)


Line = Annotated[int, Field(ge=0, le=2**31 - 1)]
Column = Annotated[int, Field(ge=0, le=2**31 - 1)]
Rule = Annotated[str, Field(max_length=1000)]
Path = Annotated[str, Field(max_length=8192), AfterValidator(path_of)]
CommitId = Annotated[str, Field(pattern=r"^(?:[0-9a-f]{40}|[0-9a-f]{64}|)$")]
Value = Annotated[str, Field(max_length=1 << 20)]


def whole(kind: TypeAdapter[Read], text: str, tool: str) -> Read:
    """A document of that kind. Raises UnusableInput."""
    try:
        return kind.validate_json(text)
    except ValidationError as error:
        raise _refused(error, tool, "") from None


def lines(kind: TypeAdapter[Read], text: str, tool: str) -> Iterator[tuple[int, Read]]:
    """A document on every line, with the line's number from 1; empty lines are none. Raises UnusableInput."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, kind.validate_json(line)
            except ValidationError as error:
                raise _refused(error, tool, f"line {number}: ") from None


def rows(kind: type[Entry], found: Iterable[dict[str, Any]], tool: str) -> Iterator[tuple[int, Any]]:
    """The same of what was read otherwise, each with its number from 1."""
    for number, row in enumerate(found, 1):
        try:
            yield number, kind.model_validate(row)
        except ValidationError as error:
            raise _refused(error, tool, f"entry {number}: ") from None


def counted(number: int) -> None:
    """Raises UnusableInput for more entries than are looked at."""
    if number > MOST:
        raise UnusableInput(f"The report has more than {MOST:,} entries.", "Divide it, a repository or a folder each.")


def _refused(error: ValidationError, tool: str, where: str) -> UnusableInput:
    """Keys of a report are its own text, so a place is told by numbers and by the names that we know."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    parts = [str(part + 1) if isinstance(part, int) else part for part in first["loc"]]
    place = " ".join(part if _FIELD.fullmatch(part) or part.isdigit() else "…" for part in parts)
    said = first["msg"].removeprefix("Value error, ")
    sentence = f"The report is none of {tool}: {where}{f'{place}: ' if place else ''}{said}."
    return UnusableInput(sentence, "Name the format with --format, or write the report again.")
