"""What can go wrong, and what each failure tells the person and the shell.

    EspalierError               a sentence, a remedy and an exit status; safe to show, never holds secret text
    ├── UnusableInput     2     what was given can't be used: a path, a file, an option, a recipe
    ├── GateShut          1     a gate or a check said no; `items` says which items shut it
    └── WorkFailed        3     the input was fine and the work failed: disk full, a lost process, a missing tool

Anything else that escapes is a bug of ours and is shown as one.
"""

from typing import ClassVar


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
