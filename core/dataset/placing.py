"""From parts to what is frozen: the training part balanced and drawn, the held-out part whole or a draw of it."""

from espalier.core.dataset.balance import Drawn, balance
from espalier.core.dataset.snapshot import Placed
from espalier.core.dataset.split import Parts
from espalier.core.dataset.wishes import Wishes
from espalier.core.examples.example import Example


def drawn(parts: Parts, wanted: Wishes) -> Drawn:
    """The training examples that are taken, with their repeats in an epoch."""
    return balance(parts.train, wanted.train_limit, wanted.seed, wanted.weights)


def placed(parts: Parts, wanted: Wishes, train: Drawn | None = None) -> list[Placed]:
    """`train` is what was drawn of the parts already, where it was."""
    chosen: list[Placed] = [(one, "train", repeats) for one, repeats in train or drawn(parts, wanted)]
    chosen += [(one, "validation", 1) for one in parts.validation]
    return [*chosen, *((one, "test", 1) for one in _sampled(list(parts.test), wanted.test_limit, wanted.seed))]


def _sampled(test: list[Example], limit: int | None, seed: int) -> list[Example]:
    """All that is held out, or a balanced draw of it: a held-out part larger than can be evaluated is no use."""
    if limit is None or len(test) <= limit:
        return test
    return [one for one, _ in balance(test, limit, seed)]
