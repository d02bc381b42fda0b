"""What a person wants of a snapshot: cuts, weights, limits and the seed, as the freeze job takes them and a snapshot records them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC

from espalier.core.failures import UnusableInput
from espalier.core.project.clock import parse, stamp

LEAST_WEIGHT, MOST_WEIGHT = 0.25, 4.0
SEED = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much more or less is drawn of a service or a language than balance alone would draw; 1 where nothing is said."""

    services: Mapping[str, float] = field(default_factory=dict)
    languages: Mapping[str, float] = field(default_factory=dict)

    def of(self, service: str, language: str) -> float:
        return self.services.get(service, 1.0) * self.languages.get(language, 1.0)

    @property
    def even(self) -> bool:
        return all(one == 1.0 for one in (*self.services.values(), *self.languages.values()))


EVEN = Weights()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Cuts are dates, None where Espalier chooses; limits are numbers of examples, None for no limit."""

    seed: int = SEED
    test_from: str | None = None
    validation_from: str | None = None
    train_limit: int | None = None
    test_limit: int | None = None
    weights: Weights = EVEN

    def args(self) -> dict[str, object]:
        """As the arguments of a job, besides corpus, approval and model; what is not wished for is left out."""
        told: dict[str, object] = {
            "seed": self.seed,
            "test_from": self.test_from,
            "train_limit": self.train_limit,
            "test_limit": self.test_limit,
        }
        if self.validation_from is not None:
            told["validation_from"] = self.validation_from
        return told if self.weights.even else told | {"weights": self.said_weights()}

    def said_weights(self) -> dict[str, dict[str, float]]:
        """Those that change something."""
        both = {"services": self.weights.services, "languages": self.weights.languages}
        said = {kind: {name: one for name, one in sorted(of.items()) if one != 1.0} for kind, of in both.items()}
        return {kind: of for kind, of in said.items() if of}


def wishes(args: Mapping[str, object]) -> Wishes:
    """Out of a job's arguments. Raises UnusableInput for a weight out of bounds and for what is no date."""
    weights = args.get("weights") or {}
    assert isinstance(weights, Mapping)  # written by our own verbs
    return Wishes(
        seed=int(str(args.get("seed", SEED))),
        test_from=_date(args.get("test_from")),
        validation_from=_date(args.get("validation_from")),
        train_limit=_limit(args.get("train_limit")),
        test_limit=_limit(args.get("test_limit")),
        weights=Weights(services=_bounded(weights.get("services")), languages=_bounded(weights.get("languages"))),
    )


def _date(given: object) -> str | None:
    if given is None:
        return None
    try:
        moment = parse(str(given))
        return stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except ValueError:
        raise UnusableInput(f"{given} is no date.", "Write it as 2026-07-01.") from None


def _limit(given: object) -> int | None:
    return None if given is None else int(str(given))


def _bounded(given: object) -> dict[str, float]:
    told = given if isinstance(given, Mapping) else {}
    weights = {str(name): float(one) for name, one in told.items()}
    for name, one in weights.items():
        if not LEAST_WEIGHT <= one <= MOST_WEIGHT:
            raise UnusableInput(
                f"{one:g} is no weight for {name!r}.", f"Give a number from {LEAST_WEIGHT:g} to {MOST_WEIGHT:g}."
            )
    return weights
