"""Sampled review by stratum: what is drawn, what counts, and how a miss begins the draw of its stratum anew."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.findings.desk import PASSWORD, desk, scanned
from tests.core.repositories.workshop import Content

from espalier.core.findings.detection.detect import bundled_digest
from espalier.core.findings.sampling import draws, one_sample, reads
from espalier.core.findings.sampling.review import SampledReview, review_of
from espalier.core.project import identities
from espalier.core.project.file import Project

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


def drawn(project: Project, state: str, size: int, seed: int = 17) -> int:
    return draws.draw(project, state, bundled_digest(), size, seed)


def review(project: Project, state: str) -> SampledReview:
    return review_of(project, state, bundled_digest())


def read(project: Project, sample: int, blobs: list[tuple[str, str]], missed: int = 0) -> None:
    reads.reviewed(project, sample, blobs, missed=missed, who=identities.identity(project))


def of(project: Project, sample: int, place: tuple[str, str]) -> list[tuple[str, str]]:
    rows = project.rows(
        "SELECT repository, object FROM standing_draws WHERE sample = ? AND service = ? AND language = ? AND identity IS NULL",
        (sample, *place),
    )
    return [(row["repository"], row["object"]) for row in rows]


def figures(project: Project, state: str) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    strata = review(project, state).strata
    return {(one.service, one.language): (one.size, one.drawn, one.read, one.missed) for one in strata}


def test_that_every_service_and_language_is_drawn_from_in_proportion(shop: tuple[Project, str]) -> None:
    project, state = shop
    sample = drawn(project, state, 13)
    assert figures(project, state) == {PAY: (30, 9, 0, 0), MAIL: (10, 3, 0, 0), TINY: (1, 1, 0, 0)}
    drawn(project, state, 100)
    assert Counter(len(draws.waiting(project, one)) for one in (sample, sample + 1)) == {13: 1, 28: 1}


def test_that_a_seed_draws_the_same_again(tmp_path: Path) -> None:
    both = []
    for name in ("one", "other"):
        with desk(tmp_path / name, FILES) as (project, _, state):
            scanned(project, state)
            both.append([draws.waiting(project, drawn(project, state, 7)) for _ in range(2)])
    assert both[0] == both[1]


def test_that_a_miss_begins_the_draw_of_its_stratum_anew(shop: tuple[Project, str]) -> None:
    project, state = shop
    first = drawn(project, state, 13)
    pay = of(project, first, PAY)
    read(project, first, [*pay[:4], *of(project, first, MAIL)])
    before = review(project, state)
    assert (before.reviewed, before.restarts, before.confidence) == (7, 0, 0.95)
    read(project, first, [pay[4]], missed=1)
    after = review(project, state)
    assert figures(project, state) == {PAY: (25, 0, 0, 1), MAIL: (10, 3, 3, 0), TINY: (1, 1, 0, 0)}
    assert (after.reviewed, after.missed, after.restarts, after.confidence) == (3, 1, 1, 0.975)
    assert after.bound > before.bound
    assert draws.waiting(project, first) == of(project, first, TINY)
    assert project.value("SELECT COUNT(*) FROM sampled_objects WHERE identity IS NOT NULL") == 8  # kept, as history

    again = drawn(project, state, 9)
    fresh = of(project, again, PAY)
    assert len(fresh) == 9 and not set(fresh) & set(pay[:5])


def test_that_a_miss_taken_back_takes_the_restart_back(shop: tuple[Project, str]) -> None:
    project, state = shop
    first = drawn(project, state, 13)
    pay = of(project, first, PAY)
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
        read(project, sample, draws.waiting(project, sample))
        now = review(project, state)
        assert (now.bound <= 0.1) is meets
        assert now.bound == pytest.approx(now.bound_after(now.reviewed))
    assert review(project, state).required(0.1) == needed


def test_that_a_sample_from_before_strata_counts_as_it_did_until_the_next_draw(shop: tuple[Project, str]) -> None:
    project, state = shop
    sample = drawn(project, state, 13)
    read(project, sample, draws.waiting(project, sample))
    with project.write() as db:
        db.execute("UPDATE sampled_objects SET service = NULL, language = NULL")
        db.execute("DELETE FROM strata")
    old = review(project, state)
    assert (old.strata, old.bound) == ((), one_sample.miss_bound(41, 13, 0))
    drawn(project, state, 1)
    assert review(project, state).reviewed == 13
    assert figures(project, state)[TINY] == (1, 1, 1, 0)
