"""The facts of a run in words: what went in, in the order in which people ask."""

from PySide6.QtCore import QCoreApplication

from espalier.core.training.runs import Run
from espalier.core.training.schedule import warmup_steps
from espalier.gui.figures import count, digest, scientific, short
from espalier.gui.parts.facts import Fact


def tr(text: str) -> str:
    return QCoreApplication.translate("training.facts", text)


def facts(run: Run) -> list[Fact]:
    recipe = run.recipe
    rate = scientific(recipe.learning_rate) if recipe.learning_rate < 0.01 else short(recipe.learning_rate)
    rows = recipe.rows_per_micro * recipe.accumulation
    return [
        (tr("Model"), run.model),
        (tr("Snapshot"), digest(run.snapshot)),
        (tr("Recipe"), f"{_method(run)}, {recipe.name}"),
        (tr("Rank, alpha"), f"{recipe.rank}, {recipe.alpha}"),
        (tr("Learning rate"), rate),
        (tr("Schedule"), _schedule(run)),
        (tr("Batch"), f"{recipe.rows_per_micro} × {recipe.accumulation} = {rows} " + tr("rows")),
        (tr("Cap"), f"{count(recipe.row_tokens)} " + tr("tokens")),
        (tr("Length"), _length(run)),
        (tr("Seed"), str(run.seed)),
    ]


def versions(run: Run) -> list[Fact]:
    return [(name, str(version)) for name, version in sorted(run.versions.items())]


def _method(run: Run) -> str:
    return "QLoRA" if run.recipe.quantisation == "nf4" else "LoRA"


def _schedule(run: Run) -> str:
    if run.steps is None:
        return run.recipe.schedule
    return f"{run.recipe.schedule}, {warmup_steps(run.recipe, run.steps)} " + tr("warm-up")


def _length(run: Run) -> str:
    steps = tr("not known yet") if run.steps is None else f"{count(run.steps)} " + tr("steps")
    if run.recipe.epochs is None:
        return steps
    epochs = tr("epoch") if run.recipe.epochs == 1 else tr("epochs")
    return f"{run.recipe.epochs} {epochs}, {steps}"
