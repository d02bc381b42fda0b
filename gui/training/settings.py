"""The settings of a recipe as a person meets them: what each is called, what it does in a sentence, and what it may be."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from espalier.core.training.recipe import Recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """`field` is the recipe's, with a dot where it lies in a part of it. A number has bounds, a choice has options, else it is
    on or off; `none_is_zero` marks a number that may be left out, which 0 stands for.
    """

    field: str
    source: str
    about_source: str
    low: float = 0
    high: float = 0
    step: float = 1
    whole: bool = True
    unit: str = ""
    options: Sequence[str] = ()
    none_is_zero: bool = False

    @property
    def name(self) -> str:
        return QCoreApplication.translate("training.settings", self.source)

    @property
    def about(self) -> str:
        return QCoreApplication.translate("training.settings", self.about_source)

    @property
    def unit_word(self) -> str:
        return QCoreApplication.translate("training.settings", self.unit) if self.unit else ""

    @property
    def is_number(self) -> bool:
        return self.high > self.low


# fmt: off
MAIN = (
    Setting(field="rank", source=str(QT_TRANSLATE_NOOP("training.settings", "Rank")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "How much the adapter can hold; more takes memory and learns by heart sooner.")), low=1, high=1024, step=8),
    Setting(field="alpha", source=str(QT_TRANSLATE_NOOP("training.settings", "Alpha")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "How strongly it acts: alpha divided by rank. Twice the rank is usual.")), low=1, high=4096, step=8),
    Setting(field="targets", source=str(QT_TRANSLATE_NOOP("training.settings", "Layers")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "Which layers are adapted; all of them learn an idiom best.")), options=("all-linear", "attention", "mlp")),
    Setting(field="learning_rate", source=str(QT_TRANSLATE_NOOP("training.settings", "Learning rate")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "The size of a step at its highest. Too high: the loss jumps; too low: it does not fall.")), low=1e-7, high=1, step=1e-5, whole=False),
    Setting(field="epochs", source=str(QT_TRANSLATE_NOOP("training.settings", "Epochs")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "How often every example is seen; 0 leaves the end to the steps.")), low=0, high=1000, none_is_zero=True),
    Setting(field="max_steps", source=str(QT_TRANSLATE_NOOP("training.settings", "Steps at most")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "Ends the run earlier; 0 leaves the end to the epochs.")), low=0, high=1_000_000, step=10, none_is_zero=True),
    Setting(field="row_tokens", source=str(QT_TRANSLATE_NOOP("training.settings", "Row")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "Tokens of a row, which several examples share; longer rows take more memory.")), low=16, high=131072, step=256, unit=str(QT_TRANSLATE_NOOP("training.settings", "tokens"))),
    Setting(field="rows_per_micro", source=str(QT_TRANSLATE_NOOP("training.settings", "Rows at a time")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "As many as fit the memory at once.")), low=1, high=1024),
    Setting(field="accumulation", source=str(QT_TRANSLATE_NOOP("training.settings", "Accumulation")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "How often that is done before a step: a larger batch without more memory.")), low=1, high=4096),
    Setting(field="quantisation", source=str(QT_TRANSLATE_NOOP("training.settings", "Base weights")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "nf4 keeps the base in four bits (QLoRA): a quarter of the memory, somewhat slower.")), options=("none", "nf4")),
)
MORE = (
    Setting(field="schedule", source=str(QT_TRANSLATE_NOOP("training.settings", "Schedule")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "How the learning rate goes on after the warm-up.")), options=("cosine", "constant")),
    Setting(field="warmup", source=str(QT_TRANSLATE_NOOP("training.settings", "Warm-up")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "The share of the steps over which the rate rises from zero.")), low=0, high=0.99, step=0.01, whole=False),
    Setting(field="dropout", source=str(QT_TRANSLATE_NOOP("training.settings", "Dropout")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "The share of the adapter's inputs left out at random: against learning by heart.")), low=0, high=0.99, step=0.05, whole=False),
    Setting(field="weight_decay", source=str(QT_TRANSLATE_NOOP("training.settings", "Weight decay")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "Pulls the adapter's weights towards zero at every step.")), low=0, high=1, step=0.01, whole=False),
    Setting(field="clip", source=str(QT_TRANSLATE_NOOP("training.settings", "Clip")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "The largest norm of a gradient; a spike beyond it is scaled down.")), low=1e-6, high=1e6, step=0.1, whole=False),
    Setting(field="optimizer", source=str(QT_TRANSLATE_NOOP("training.settings", "Optimizer")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "The 8-bit ones keep their state in a quarter of the memory and want a GPU.")), options=("adamw", "adamw8bit", "paged_adamw8bit")),
    Setting(field="precision", source=str(QT_TRANSLATE_NOOP("training.settings", "Precision")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "auto takes bf16 where the device computes in it well, else fp32.")), options=("auto", "bf16", "fp32")),
    Setting(field="gradient_checkpointing", source=str(QT_TRANSLATE_NOOP("training.settings", "Recompute activations")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "Much less memory for about a third more time."))),
    Setting(field="freeze.norms", source=str(QT_TRANSLATE_NOOP("training.settings", "Freeze norms")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "Unfreeze only to compare with a run in which they are frozen."))),
    Setting(field="freeze.embeddings", source=str(QT_TRANSLATE_NOOP("training.settings", "Freeze embeddings")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "Unfreezing takes much memory, and the adapter carries them."))),
    Setting(field="validate_every", source=str(QT_TRANSLATE_NOOP("training.settings", "Validate every")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "Steps between two looks at the validation loss.")), low=1, high=1_000_000, step=5, unit=str(QT_TRANSLATE_NOOP("training.settings", "steps"))),
    Setting(field="checkpoint_every", source=str(QT_TRANSLATE_NOOP("training.settings", "Checkpoint every")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "Steps after which a killed run goes on without losing more.")), low=1, high=1_000_000, step=5, unit=str(QT_TRANSLATE_NOOP("training.settings", "steps"))),
    Setting(field="gradient_noise", source=str(QT_TRANSLATE_NOOP("training.settings", "Measure gradient noise")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "Tells whether the batch is large enough; it costs a little time."))),
    Setting(field="threads", source=str(QT_TRANSLATE_NOOP("training.settings", "Threads")), about_source=str(QT_TRANSLATE_NOOP("training.settings", "On the processor; 0 takes the physical cores.")), low=0, high=1024),
)
# fmt: on


def value_of(recipe: Recipe, setting: Setting) -> object:
    found: object = recipe
    for part in setting.field.split("."):
        found = getattr(found, part)
    return 0 if found is None and setting.none_is_zero else found


def table_with(recipe: Recipe, values: dict[str, object]) -> dict[str, object]:
    """The recipe as a table with these settings in place of its own, by field."""
    table: dict[str, object] = recipe.model_dump()
    by_field = {setting.field: setting for setting in (*MAIN, *MORE)}
    for field, value in values.items():
        if by_field[field].none_is_zero and not value:
            value = None
        outer, dot, inner = field.partition(".")
        if dot:
            part = table[outer]
            assert isinstance(part, dict)
            table[outer] = {**part, inner: value}
        else:
            table[field] = value
    return table


def changes(before: Recipe, after: Recipe) -> list[tuple[str, str, str]]:
    """The settings that differ, by name, with what they were and are."""
    found = []
    for setting in (*MAIN, *MORE):
        was, now = value_of(before, setting), value_of(after, setting)
        if was != now:
            found.append((setting.name, shown(was), shown(now)))
    return found


def shown(value: object) -> str:
    if isinstance(value, bool):
        return QCoreApplication.translate("training.settings", "on" if value else "off")
    return f"{value:g}" if isinstance(value, float) else str(value)
