"""Drafts, weights and reviews: what a draft says is what a freeze gives, and what people reject is not in it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.core.dataset.test_split import _example
from tests.core.examples.telling import built, commit, context_of, function, scanned, told
from tests.core.models.tiny import build_tiny_model

from espalier.core.dataset import stage
from espalier.core.dataset.balance import MOST_REPEATS, balance, effective, shares
from espalier.core.dataset.compare import compare, side
from espalier.core.dataset.draft import Drafts
from espalier.core.dataset.snapshot import read
from espalier.core.dataset.split import choose_cut, divide
from espalier.core.dataset.wishes import Weights, Wishes, wishes
from espalier.core.examples.example import Example, examples
from espalier.core.examples.reviews import review
from espalier.core.failures import UnusableInput
from espalier.core.findings.approval import required_approval
from espalier.core.models import register
from espalier.core.project.clock import now
from espalier.core.project.file import Project
from espalier.core.project.identities import add
from espalier.core.repositories import repository as repositories

WORDS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "mu", "nu")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture
def corpus(project: Project, tmp_path: Path) -> str:
    """Twelve functions of two services, a month between any two."""
    repository = told(tmp_path / "shop")
    for number, word in enumerate(WORDS):
        folder = "pay" if number % 3 else "web"
        commit(repository, 30 * number, f"Give the {word}", {f"{folder}/{word}.py": function(word, word)})
    repositories.add(project, repository, services={"pay": "pay", "web": "web"})
    corpus = scanned(project)
    built(project, corpus)
    return corpus


@pytest.fixture
def project(tmp_path: Path, tiny: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p", policy="demo") as made:
        register.register(made, tiny, "tiny", actor="test")
        yield made


WANTED = Wishes(test_from="2025-10-01T00:00:00.000Z", validation_from="2025-08-01T00:00:00.000Z")


def _frozen(project: Project, corpus: str, wanted: Wishes) -> str:
    args = {"corpus": corpus, "approval": required_approval(project, corpus).id, "model": "tiny", **wanted.args()}
    return str(stage.run(context_of(project, "dataset.freeze", args))["hash"])


def _ids(project: Project, snapshot: str) -> set[str]:
    return {str(line["id"]) for line in read(project, snapshot)}


def test_that_a_draft_is_what_a_freeze_gives(project: Project, corpus: str) -> None:
    wanted = replace(WANTED, weights=Weights(services={"web": 2.0}))
    drafts = Drafts()
    drafts.draft(
        project, corpus, Wishes(test_from="2025-06-01T00:00:00.000Z")
    )  # what it keeps must not change the next one
    draft = drafts.draft(project, corpus, wanted)
    snapshot = _frozen(project, corpus, wanted)
    assert draft.differs_from(project, snapshot) == 0
    found = side(project, snapshot)
    assert {split: (part.examples, part.tokens) for split, part in draft.parts.items()} == found.parts
    assert found.settings["weights"] == {"services": {"web": 2.0}}
    assert found.settings["validation_from"] == draft.validation_from == WANTED.validation_from
    assert found.settings["reviews"] == draft.judged


def test_that_what_a_person_rejects_is_in_no_later_snapshot(project: Project, corpus: str) -> None:
    before = _frozen(project, corpus, WANTED)
    rejected = examples(project)[0].id
    review(project, [rejected], "reject", who=add(project, "ana"))
    after = _frozen(project, corpus, replace(WANTED, seed=18))
    assert rejected in _ids(project, before)
    assert rejected not in _ids(project, after)
    again = _frozen(project, corpus, replace(WANTED, seed=18, test_limit=500))
    assert again == after, "the same reviews, the same bytes"
    told = compare(project, side(project, before), side(project, after))
    assert (told.left_only, told.right_only, told.only_left[0].id) == (1, 0, rejected)
    assert {one.name for one in told.settings} >= {"seed", "reviews"}


def test_that_a_rejected_example_stays_out_of_a_draft_that_is_made_again(project: Project, corpus: str) -> None:
    drafts = Drafts()
    before = drafts.draft(project, corpus, WANTED)
    rejected = next(one for one, split, _ in before.placed if split == "train")
    review(project, [rejected.id], "insecure", who=add(project, "ana"))
    after = drafts.draft(project, corpus, WANTED)
    assert rejected.id not in {one.id for one, _, _ in after.placed}
    assert after.judged != before.judged


def test_that_everything_between_the_cuts_validates() -> None:
    made = [_example(n, f"2026-0{1 + n // 10}-05", kind="change" if n % 5 == 0 else "completion") for n in range(80)]
    cut = choose_cut(made, now(), "2026-07-01T00:00:00Z", "2026-05-01T00:00:00Z")
    parts = divide(made, cut)
    assert {one.provenance.committed_at[:7] for one in parts.validation} == {"2026-05", "2026-06"}
    assert {one.kind for one in parts.validation} == {"change", "completion"}
    assert max(one.provenance.committed_at for one in parts.train) < "2026-05-01"
    with pytest.raises(UnusableInput, match="can't begin on 2026-07-01"):
        choose_cut(made, now(), "2026-07-01T00:00:00Z", "2026-07-01T00:00:00Z")


def test_that_leaks_are_not_looked_for_where_nobody_waits_for_them() -> None:
    held_out = _example(1, "2026-08-01")
    same = _example(2, "2026-01-01", solution=held_out.solution)
    others = [_example(10 + n, "2026-02-01") for n in range(20)]
    cut = choose_cut([held_out], now(), "2026-07-01T00:00:00Z")
    quick = divide([held_out, same, *others], cut, leaks=False)
    whole = divide([held_out, same, *others], cut)
    assert same.id in {one.id for one in quick.train}
    assert same.id not in {one.id for one in whole.train}


def _services(pairs: list[tuple[Example, int]]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for one, repeats in pairs:
        counted[one.service] = counted.get(one.service, 0) + repeats
    return counted


TRAIN = [_example(n, "2026-01-01", service="large") for n in range(100)] + [
    _example(1000 + n, "2026-01-01", service="small") for n in range(50)
]


def test_that_a_weight_draws_more_or_less_of_a_service() -> None:
    even = _services(balance(TRAIN, None, 1))
    lighter = balance(TRAIN, None, 1, Weights(services={"large": 0.5}))
    heavier = balance(TRAIN, None, 1, Weights(services={"small": 1.5}))
    assert _services(lighter) == {"large": even["large"] // 2, "small": even["small"]}
    assert len({one.id for one, _ in lighter if one.service == "large"}) == even["large"] // 2
    assert _services(heavier) == {"large": even["large"], "small": round(1.5 * even["small"])}
    assert {repeats for one, repeats in heavier if one.service == "small"} <= {1, 2}


def test_that_no_weight_repeats_an_example_without_end() -> None:
    heavy = balance(TRAIN, None, 1, Weights(services={"small": 4.0}, languages={"Python": 4.0}))
    assert max(repeats for _, repeats in heavy) == MOST_REPEATS


def test_that_a_weight_of_one_changes_nothing() -> None:
    assert balance(TRAIN, 40, 1, Weights(services={"large": 1.0})) == balance(TRAIN, 40, 1)


@pytest.mark.parametrize("limit", [30, 60, 149])
def test_that_a_limit_holds_under_any_weights(limit: int) -> None:
    drawn = balance(TRAIN, limit, 1, Weights(services={"small": 3.0, "large": 0.5}))
    assert len(drawn) <= limit
    assert _services(drawn)["small"] > _services(balance(TRAIN, limit, 1))["small"]


def test_that_repeats_are_worth_less_than_distinct_examples() -> None:
    assert effective([1] * 10) == 10
    assert effective([3] * 10) == 10
    assert effective([1] * 9 + [3]) == pytest.approx(8)  # 12² / 18
    assert effective([]) == 0
    drawn = balance(TRAIN, None, 1, Weights(services={"small": 1.5}))
    large, small = shares(TRAIN, drawn, lambda one: one.service, {"small": 1.5})
    assert (large.name, large.examples, large.drawn, large.effective, large.most) == ("large", 100, 100, 100, 1)
    assert (small.weight, small.examples, small.drawn, small.most) == (1.5, 50, 75, 2)
    assert small.effective == pytest.approx(45)  # (25 · 1 + 25 · 2)² / (25 + 100)


def test_that_wishes_come_out_of_a_job_as_they_went_in() -> None:
    wanted = replace(WANTED, train_limit=40, weights=Weights(services={"pay": 0.5, "web": 1.0}))
    assert wishes(wanted.args()) == replace(wanted, weights=Weights(services={"pay": 0.5}))
    assert "weights" not in Wishes().args()
    assert wishes({"test_from": "2026-07-01"}).test_from == "2026-07-01T00:00:00.000Z"
    for args in ({"weights": {"services": {"pay": 9}}}, {"test_from": "soon"}):
        with pytest.raises(UnusableInput):
            wishes(args)
