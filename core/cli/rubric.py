"""espalier eval rubric: rating answers blind."""

from dataclasses import asdict
from typing import Annotated

import typer

from espalier.core.cli.opening import As, ProjectPath, writing
from espalier.core.cli.output import AsJson, document, say, table
from espalier.core.evaluation import evaluations
from espalier.core.evaluation.rating import rate
from espalier.core.evaluation.rubric import Pair, Sheet, Shown, Side, begin
from espalier.core.evaluation.rubric_result import Progress, RubricResult, progress, result
from espalier.core.failures import UnusableInput
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity, identity

Scales = Annotated[str | None, typer.Option(metavar="READABILITY,API", help="Two numbers from 1 to 5.")]
Note = Annotated[str | None, typer.Option(help="A note about that answer.")]


def rubric(
    path: ProjectPath,
    number: Annotated[int | None, typer.Argument(metavar="[EVALUATION]")] = None,
    task: Annotated[str | None, typer.Argument(metavar="[TASK]")] = None,
    a: Scales = None,
    b: Scales = None,
    note_a: Note = None,
    note_b: Note = None,
    who: As = None,
    json: AsJson = False,
) -> None:
    """Your sheet of answers to rate blind; with a task, its two answers, and with --a and --b your ratings of them.

    Which arm is A differs from task to task and from person to person, and is told to nobody before all have rated.
    """
    with writing(path) as project:
        one, rater = evaluations.newest(project, number), identity(project, who)
        sheet = begin(project, one, rater)
        pairs = [pair for pair in sheet.pairs if task is None or pair.task.startswith(task)]
        if not pairs:
            raise UnusableInput(f"{task!r} is not on your sheet.", "List it: espalier eval rubric PROJECT")
        if any(given is not None for given in (a, b, note_a, note_b)):
            sheet = _rated(project, rater, sheet, pairs, {"a": (a, note_a), "b": (b, note_b)})
            pairs = [pair for pair in sheet.pairs if pair.task == pairs[0].task]
        far, found = progress(project, one), result(project, one)
    if json:
        document(_document(sheet, pairs, far, found))
    else:
        _say(sheet, pairs, far, found, whole=task is not None)


def _rated(
    project: Project, who: Identity, sheet: Sheet, pairs: list[Pair], given: dict[Side, tuple[str | None, str | None]]
) -> Sheet:
    if len(pairs) != 1:
        raise UnusableInput("Say which task you rate.", "espalier eval rubric PROJECT EVALUATION TASK --a 4,3 --b 2,5")
    read = {side: (_scales(scales), note) for side, (scales, note) in given.items()}
    for side, ((readability, api_use), note) in read.items():
        if (readability, api_use, note) != (None, None, None):
            rate(
                project, sheet.evaluation, who, pairs[0].task, side, readability=readability, api_use=api_use, note=note
            )
    return begin(project, sheet.evaluation, who)


def _scales(text: str | None) -> tuple[int | None, int | None]:
    if text is None:
        return None, None
    numbers = [part.strip() for part in text.split(",")]
    if len(numbers) != 2 or not all(part.isdecimal() for part in numbers):
        raise UnusableInput(f"{text!r} is not a rating.", "Give readability and API use, such as 4,3.")
    return int(numbers[0]), int(numbers[1])


def _document(sheet: Sheet, pairs: list[Pair], far: Progress, found: RubricResult | None) -> dict[str, object]:
    return {
        "evaluation": sheet.evaluation,
        "rater": sheet.rater,
        "tasks": len(sheet.pairs),
        "rated": sheet.rated,
        "raters": {"asked": far.asked, "complete": len(far.complete)},
        "pairs": [asdict(pair) for pair in pairs],
        "result": None if found is None else found.shown(),
    }


def _say(sheet: Sheet, pairs: list[Pair], far: Progress, found: RubricResult | None, *, whole: bool) -> None:
    if whole:
        for pair in pairs:
            say(f"{pair.title}\n--- prompt\n{pair.prompt}")
            say(f"--- A {_given(pair.a)}\n{pair.a.text}\n--- B {_given(pair.b)}\n{pair.b.text}")
    else:
        table(
            ("task", "A", "B", "title"),
            [(pair.task[:12], _given(pair.a), _given(pair.b), pair.title) for pair in pairs],
        )
    say(
        f"{sheet.rater} has rated {sheet.rated} of {len(sheet.pairs)}; {len(far.complete)} of {far.asked} raters are done."
    )
    if found is not None:
        said = ", ".join(f"{name} {one.mean:.2f}" for name, one in (("base", found.base), ("adapter", found.adapter)))
        agreed = ", ".join(f"{scale} {'–' if one is None else f'{one:.2f}'}" for scale, one in found.agreement.items())
        say(f"result: {said} of 5; agreement (Krippendorff's alpha): {agreed}")


def _given(one: Shown) -> str:
    return f"{one.readability or '–'},{one.api_use or '–'}"
