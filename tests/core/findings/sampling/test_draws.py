"""Sampled review by stratum: what is drawn, what counts, and how a miss begins the order of its stratum anew."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.findings.desk import PASSWORD, desk, scanned
from tests.core.repositories.workshop import Content

from espalier.core.findings.detection.detect import bundled_digest
from espalier.core.findings.sampling import draws, one_sample, reads
from espalier.core.findings.sampling.order import Blob, rank
from espalier.core.findings.sampling.review import SampledReview, review_of, standing
from espalier.core.project import identities
from espalier.core.project.file import Project
from espalier.core.project.key import ProjectKey

FILES: dict[str, Content] = {
    "a.py": f'password = "{PASSWORD}"\n',
    **{f"services/pay/m{number}.py": f"x = {number}\n" for number in range(30)},
    **{f"services/mail/m{number}.go": f"package m{number}\n" for number in range(10)},
    "services/tiny/run.sh": "ls\n",
}
PAY, MAIL, TINY = ("shop/pay", "Python"), ("shop/mail", "Go"), ("shop/tiny", "Shell")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[tuple[Project, str]]:
    with desk(tmp_path, FILES) as (project, _, state):
        identities.add(project, "ann", roles=("security",))
        scanned(project, state)
        yield project, state


def drawn(project: Project, state: str, size: int) -> int:
    return draws.draw(project, state, bundled_digest(), size)


def review(project: Project, state: str) -> SampledReview:
    return review_of(project, state, bundled_digest())


def read(project: Project, sample: int, blobs: list[Blob], missed: int = 0) -> None:
    reads.reviewed(project, sample, blobs, missed=missed, who=identities.identity(project))


def of(project: Project, state: str, place: tuple[str, str]) -> list[Blob]:
    """What is drawn of a stratum and nobody has read, in its order."""
    rows = standing(project, state, bundled_digest())[place]
    return [(row["repository"], row["object"]) for row in rows if row["identity"] is None]


def figures(project: Project, state: str) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    strata = review(project, state).strata
    return {(one.service, one.language): (one.size, one.drawn, one.read, one.missed) for one in strata}


def test_that_every_service_and_language_is_drawn_from_in_proportion(shop: tuple[Project, str]) -> None:
    project, state = shop
    sample = drawn(project, state, 13)
    assert figures(project, state) == {PAY: (30, 9, 0, 0), MAIL: (10, 3, 0, 0), TINY: (1, 1, 0, 0)}
    drawn(project, state, 100)
    assert Counter(len(draws.waiting(project, one)) for one in (sample, sample + 1)) == {13: 1, 28: 1}


def test_that_drawing_in_portions_draws_in_the_same_order(shop: tuple[Project, str]) -> None:
    project, state = shop
    first = drawn(project, state, 9)
    whole = draws.waiting(project, first) + draws.waiting(project, drawn(project, state, 100))
    with project.write() as db:
        for table in ("queues", "sampled_objects", "samples"):
            db.execute(f"DELETE FROM {table}")
    assert draws.waiting(project, drawn(project, state, 100)) == whole


def test_that_only_the_key_tells_the_order_and_every_miss_gives_another() -> None:
    files = [("shop", f"{number:040x}") for number in range(200)]

    def order(key: bytes = b"k" * 32, project: str = "p", place: tuple[str, str] = PAY, epoch: int = 0) -> list[Blob]:
        return sorted(files, key=lambda one: rank(ProjectKey(key), project, place, epoch, one))

    orders = [order(), order(key=b"j" * 32), order(project="q"), order(place=MAIL), order(epoch=1)]
    assert order() == orders[0]
    for one in range(len(orders)):
        for other in range(one):  # two random orders of 200 share one file of the first ten in expectation half a time
            assert len(set(orders[one][:10]) & set(orders[other][:10])) < 6


def test_that_what_waits_is_read_from_the_head_of_the_queue(shop: tuple[Project, str]) -> None:
    """Whatever is read out of turn counts when the files before it are read."""
    project, state = shop
    sample = drawn(project, state, 13)
    queue = draws.waiting(project, sample)
    bounds = [review(project, state).bound]
    read(project, sample, queue[7:])
    assert (review(project, state).reviewed, sum(review(project, state).head)) == (6, 0)
    for number, one in enumerate(queue[:7], 1):
        read(project, sample, [one])
        assert sum(review(project, state).head) == (number if number < 7 else 13)
        bounds.append(review(project, state).bound)
    assert bounds == sorted(bounds, reverse=True)


def test_that_no_forecast_promises_less_than_stands(shop: tuple[Project, str]) -> None:
    """What was read behind files that are to be read is no less in doubt before than now."""
    project, state = shop
    sample = drawn(project, state, 13)
    read(project, sample, draws.waiting(project, sample)[7:])
    now = review(project, state)
    curve = [now.bound_after(step) for step in range(1, 42)]
    assert curve == sorted(curve, reverse=True) and curve[-1] == 0 and now.bound in curve


def test_that_a_miss_begins_the_order_of_its_stratum_anew(shop: tuple[Project, str]) -> None:
    project, state = shop
    first = drawn(project, state, 13)
    pay = of(project, state, PAY)
    read(project, first, [*pay[:4], *of(project, state, MAIL)])
    before = review(project, state)
    assert (before.reviewed, before.restarts, before.confidence) == (7, 0, 0.95)
    read(project, first, [pay[4]], missed=1)
    after = review(project, state)
    assert figures(project, state) == {PAY: (29, 0, 0, 1), MAIL: (10, 3, 3, 0), TINY: (1, 1, 0, 0)}
    assert (after.reviewed, after.missed, after.restarts, after.confidence) == (3, 1, 1, 0.975)
    assert after.bound > before.bound
    assert draws.waiting(project, first) == of(project, state, TINY)
    assert project.value("SELECT COUNT(*) FROM sampled_objects WHERE identity IS NOT NULL") == 8  # kept, as history

    drawn(project, state, 100)
    assert pay[4] not in of(project, state, PAY)
    assert figures(project, state)[PAY] == (29, 29, 4, 1)  # what was read clean counts where the new order comes by it


def test_that_a_miss_taken_back_takes_the_restart_back(shop: tuple[Project, str]) -> None:
    project, state = shop
    first = drawn(project, state, 13)
    pay = of(project, state, PAY)
    read(project, first, pay[:4])
    before = review(project, state)
    read(project, first, [pay[4]], missed=1)
    drawn(project, state, 9)
    reads.unread(project, first, [pay[4]], who=identities.identity(project))
    after = review(project, state)
    assert (after.reviewed, after.bound, after.restarts) == (before.reviewed, before.bound, 0)
    assert all(one.drawn <= one.size for one in after.strata)


def test_that_reading_what_is_required_meets_the_bound(shop: tuple[Project, str]) -> None:
    project, state = shop
    sample = drawn(project, state, 4)
    read(project, sample, draws.waiting(project, sample))
    needed = review(project, state).required(0.1)
    assert needed is not None and 4 < needed < 41
    for size, meets in ((needed - 5, False), (1, True)):
        sample = drawn(project, state, size)
        foretold = review(project, state).bound_after(review(project, state).reviewed + size)
        read(project, sample, draws.waiting(project, sample))
        now = review(project, state)
        assert (now.bound <= 0.1) is meets
        assert now.bound == pytest.approx(foretold)
    assert review(project, state).required(0.1) == needed


def test_that_a_restart_is_required_to_catch_up(shop: tuple[Project, str]) -> None:
    project, state = shop
    sample = drawn(project, state, 20)
    pay = of(project, state, PAY)
    read(project, sample, draws.waiting(project, sample)[:12])
    read(project, sample, [pay[-1]], missed=1)
    while (needed := review(project, state).required(0.2)) and needed > review(project, state).reviewed:
        assert review(project, state).bound > 0.2
        sample = drawn(project, state, 1)
        for one in draws.waiting(project, sample):
            read(project, sample, [one])
        older = draws.open_sample(project, state, bundled_digest())
        if older is not None:
            read(project, older, draws.waiting(project, older)[:1])
    assert review(project, state).bound <= 0.2


def test_that_a_sample_from_before_strata_counts_as_it_did_until_the_next_draw(shop: tuple[Project, str]) -> None:
    project, state = shop
    sample = drawn(project, state, 13)
    read(project, sample, draws.waiting(project, sample))
    with project.write() as db:
        db.execute("UPDATE sampled_objects SET service = NULL, language = NULL")
        db.execute("DELETE FROM strata")
        db.execute("DELETE FROM queues")
    old = review(project, state)
    assert (old.strata, old.bound) == ((), one_sample.miss_bound(41, 13, 0))
    drawn(project, state, 1)
    assert review(project, state).reviewed == 13
    assert figures(project, state)[TINY] == (1, 1, 1, 0)
    drawn(project, state, 3)
    assert {one["rank"] < 0 for one in standing(project, state, bundled_digest())[PAY][:9]} == {True}
