"""Windows: a function longer than the cap becomes several examples, each going on from where the one before ended."""

from collections.abc import Callable

MOST = 4
OVERLAP_LINES = 6


def windows(solution: str, budget: int, count: Callable[[str], int]) -> list[tuple[str, str]]:
    """Pieces of a body as (what stands before, what comes next), cut between statements, each piece within the budget.

    `budget` is in tokens of the piece alone; what stands before is cut to its last lines. A single statement longer than
    the budget ends the list: half a statement teaches nothing. At most four pieces.
    """
    pieces = _pieces(_statements(solution), budget, count)[:MOST]
    made, before = [], ""
    for piece in pieces:
        made.append(("\n".join(before.split("\n")[-OVERLAP_LINES:]), piece))
        before = f"{before}\n{piece}" if before else piece
    return made


def _pieces(statements: list[str], budget: int, count: Callable[[str], int]) -> list[str]:
    pieces, open_ = [], ""
    for statement in statements:
        joined = f"{open_}\n{statement}" if open_ else statement
        if count(joined) <= budget:
            open_ = joined
            continue
        if open_:
            pieces.append(open_)
        if count(statement) > budget:
            return pieces
        open_ = statement
    return [*pieces, open_] if open_ else pieces


def _statements(solution: str) -> list[str]:
    """The top-level statements of a body: a new one starts at each line with the body's own indentation that closes nothing."""
    margin = _margin(solution)
    statements: list[str] = []
    for line in solution.split("\n"):
        starts = line.strip() and len(line) - len(line.lstrip()) <= margin
        if starts and not line.lstrip().startswith(
            (")", "]", "}", "elif ", "else:", "except", "finally:", '"""', "'''")
        ):
            statements.append(line)
        elif statements:
            statements[-1] += "\n" + line
        else:
            statements.append(line)
    return statements


def _margin(solution: str) -> int:
    return min((len(line) - len(line.lstrip()) for line in solution.split("\n") if line.strip()), default=0)
