"""What can go wrong, and what each failure tells the person and the shell.

EspalierError               a sentence, a remedy and an exit status; safe to show, never holds secret text
├── UnusableInput     2     what was given can't be used: a path, a file, an option, a recipe
├── GateShut          1     a gate or a check said no; `items` says which items shut it
├── WorkFailed        3     the input was fine and the work failed: disk full, a lost process, a missing tool
└── Broken            3     anything else that escapes is a bug of ours, and is told as one by `Broken.of`
"""

import traceback
from pathlib import Path
from typing import ClassVar, Self


class EspalierError(Exception):
    """A failure with a sentence for the person and what to do about it."""

    exit_status: ClassVar[int] = 3

    def __init__(self, sentence: str, remedy: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}".strip()


class UnusableInput(EspalierError):
    """What was given can't be used."""

    exit_status: ClassVar[int] = 2


class GateShut(EspalierError):
    """A gate or check said no; `items` lists what shuts it."""

    exit_status: ClassVar[int] = 1

    def __init__(self, sentence: str, remedy: str = "", items: tuple[str, ...] = ()) -> None:
        super().__init__(sentence, remedy)
        self.items = items


class WorkFailed(EspalierError):
    """The input was fine and the work failed."""

    exit_status: ClassVar[int] = 3


class Broken(EspalierError):
    """A bug of ours. `places` say where it broke, innermost first, without the error's own text.

    That could quote what was being read, a secret included.
    """

    def __init__(self, kind: str, places: tuple[str, ...]) -> None:
        where = places[0] if places else "start"
        super().__init__(
            f"Espalier broke ({kind} at {where}); this is a bug of ours.",
            "What was committed is kept. Try again; if it breaks again, report it with these places.",
        )
        self.kind, self.places = kind, places

    @classmethod
    def of(cls, error: BaseException) -> Self:
        frames = reversed(traceback.extract_tb(error.__traceback__))
        return cls(type(error).__name__, tuple(f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in frames))
