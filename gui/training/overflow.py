"""What the page says of a run's overflow: the heat map or a sentence in its place, and how it stands in a word or two."""

import math

from PySide6.QtCore import QCoreApplication

from espalier.core.training import overflow
from espalier.gui.charts.heat_map import Heat
from espalier.gui.figures import count
from espalier.gui.states import Shown
from espalier.gui.training.reading import Detail

NONE, SOME = ("done", "ok"), ("limited", "warn")  # icon and role
ROUND = (1.0, 2.0, 5.0, 10.0)


def tr(text: str) -> str:
    return QCoreApplication.translate("training.overflow", text)


def short(module: str) -> str:
    """As the rows of the map are called: q, k, v, o, gate, up, down."""
    return module.removesuffix("_proj")


def heat(found: overflow.Heat) -> Heat:
    return Heat(
        names=tuple(map(short, found.modules)),
        values=found.shares,
        steps=found.columns * found.width,
        top=min(round_up(found.most), 1.0),
    )


def sentence(detail: Detail) -> str:
    """Where there is no map."""
    step, (gradients, outputs) = detail.row.run.step, lost(detail)
    if not step:
        return tr("Nothing has been measured yet.")
    if gradients or outputs:
        return tr("{lost}. By module it was not recorded.").format(lost=totals(detail))
    return tr("No overflow in 1 step.") if step == 1 else tr("No overflow in {n} steps.").format(n=count(step))


def totals(detail: Detail) -> str:
    gradients, outputs = lost(detail)
    return tr("{gradients} gradients, {outputs} outputs").format(gradients=count(gradients), outputs=count(outputs))


def mark(detail: Detail) -> Shown | None:
    """None before there was anything to look at."""
    found, words = detail.heat, tr("no overflow")
    if not detail.row.run.step:
        return None
    if not any(lost(detail)) and found is None:
        return Shown(*NONE, words)
    module = None if found is None else found.leading
    if found is None or module is None:
        return Shown(*SOME, tr("some overflow"))
    words = tr("overflow in {module} rises") if found.rises(module) else tr("overflow in {module}")
    return Shown(*SOME, words.format(module=short(module)))


def lost(detail: Detail) -> tuple[int, int]:
    """Elements of gradients and of outputs, in all steps so far."""
    curves = (detail.curves.get(name) for name in ("overflow", "overflow_activations"))
    gradients, outputs = (0 if curve is None else int(curve.total) for curve in curves)
    return gradients, outputs


def round_up(value: float) -> float:
    """To the next 1, 2 or 5 times a power of ten."""
    if value <= 0:
        return 0.01
    power = 10.0 ** math.floor(math.log10(value))
    return next((step * power for step in ROUND if step * power >= value * (1 - 1e-9)), 10 * power)
