"""What the model card says of the sampled review, whatever the approval of its time had to say of it."""

from typing import Any

import pytest
from tests.core.release.made import approval, facts

from espalier.core.project.canonical import canonical
from espalier.core.release.card import card
from espalier.core.release.manifest import Facts

EARLIER = {"state": "done", "population": 40, "reviewed": 20, "missed": 1}
BOUND = {"bound": 0.0123, "confidence": 0.975}
BOTH = {"files": 12, "agreed": 11, "kappa": 0.621, "once": 8, "asked": 2}


def told(review: dict[str, object]) -> list[str]:
    signed: dict[str, Any] = {**approval()}
    signed["statement"] = {**signed["statement"], "sampled_review": review}
    made = facts(scrub={"ruleset": "4" * 64, "decisions": "5" * 64, "approval": signed})
    written = card(Facts.model_validate_json(canonical(made)))
    return [line for line in written.splitlines() if "Sampled review" in line or "two people" in line]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, ["- Sampled review: 20 of 40 files read, 1 misses."]),
        (
            {**BOUND, "by_two": {**BOTH, "files": 0}},
            [
                "- Sampled review: 20 of 40 files read, 1 misses; at most 1.23% of those in which nothing was found hold one"
                " (97.5 % sure)."
            ],
        ),
        (
            {"by_two": BOTH},
            [
                "- Sampled review: 20 of 40 files read, 1 misses.",
                "- Read by two people, blind: 12 files; they agreed on 11, Cohen's kappa 0.62.",
            ],
        ),
        (
            {"by_two": {**BOTH, "kappa": None}},
            [
                "- Sampled review: 20 of 40 files read, 1 misses.",
                "- Read by two people, blind: 12 files; they agreed on 11.",
            ],
        ),
    ],
)
def test_that_the_card_tells_what_the_approval_says_of_the_reading(more: dict[str, object], said: list[str]) -> None:
    assert told({**EARLIER, **more}) == said


def test_that_a_review_that_nobody_did_is_not_told_as_one() -> None:
    assert told({**EARLIER, "reviewed": 0}) == []
