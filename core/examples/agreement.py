"""How far two reviewers agree about examples, beyond what chance would give."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from espalier.core.project.file import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Of two people over the `shared` examples that both decided: the share they agree on, and Cohen's kappa.

    `kappa` is None where chance alone would make them agree always: then there is nothing to measure.
    """

    people: tuple[str, str]
    shared: int
    share: float
    kappa: float | None


def agreement(project: Project) -> Agreement | None:
    """Of the two people who have decided the most examples in common; None while no example was decided twice."""
    said: dict[str, dict[str, str]] = {}
    for row in project.rows(
        "SELECT example, identity, verdict FROM example_reviews AS said WHERE verdict <> 'undecided' AND id ="
        " (SELECT max(id) FROM example_reviews AS own WHERE own.example = said.example AND own.identity = said.identity)"
    ):
        said.setdefault(row["identity"], {})[row["example"]] = row["verdict"]
    pairs = [
        (one, other, sorted(said[one].keys() & said[other].keys())) for one, other in combinations(sorted(said), 2)
    ]
    one, other, shared = max(pairs, key=lambda pair: len(pair[2]), default=("", "", []))
    if not shared:
        return None
    verdicts = [(said[one][example], said[other][example]) for example in shared]
    share, kappa = cohen(verdicts)
    return Agreement(people=(one, other), shared=len(shared), share=share, kappa=kappa)


def cohen(pairs: Sequence[tuple[str, str]]) -> tuple[float, float | None]:
    """The observed agreement p and Cohen's kappa (p - e) / (1 - e), e being the agreement that both people's own shares of
    each verdict give by chance: the sum over verdicts of the product of the two shares.

    J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20 (1960) 37-46.
    """
    number = len(pairs)
    observed = sum(one == other for one, other in pairs) / number
    left, right = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(left[verdict] * right[verdict] for verdict in left) / number**2
    return observed, None if chance == 1 else (observed - chance) / (1 - chance)


def as_json(found: Agreement | None) -> dict[str, object] | None:
    """As `examples review --json` prints it."""
    if found is None:
        return None
    return {"people": list(found.people), "shared": found.shared, "share": found.share, "kappa": found.kappa}
