"""Reading that is carried over: what a person read counts in later corpora and under other rules, as far as the queue comes by it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.core.findings.desk import desk, scanned
from tests.core.repositories.workshop import START, Content, Made

from espalier.core.findings import scan
from espalier.core.findings.detection.detect import Detector, bundled_digest
from espalier.core.findings.detection.people import NOBODY, People
from espalier.core.findings.detection.rules import Ruleset
from espalier.core.findings.sampling import draws, reads, second_reads
from espalier.core.findings.sampling.review import SampledReview, review_of, standing
from espalier.core.project import identities
from espalier.core.project.file import Project
from espalier.core.repositories import corpus

FILES: dict[str, Content] = {
    **{f"pay/m{number}.py": f"x = {number}\n" for number in range(30)},
    **{f"mail/m{number}.go": f"package m{number}\n" for number in range(10)},
}
NEW: dict[str, Content] = {f"pay/n{number}.py": f"y = {number}\n" for number in range(6)}


class Other(Detector):
    """Rules that find nothing else, under another name."""

    def __init__(self, ruleset: Ruleset, people: People = NOBODY) -> None:
        super().__init__(ruleset, people)
        self.digest = "other rules"


class Shop:
    """Forty files, which ann reads and ben reads again."""

    def __init__(self, project: Project, made: Made, state: str) -> None:
        self.project, self.made, self.state, self.rules = project, made, state, bundled_digest()
        self.ann = identities.add(project, "ann", roles=("security",))
        self.ben = identities.add(project, "ben", roles=("security",))
        scanned(project, state)

    def draw(self, size: int) -> int:
        return draws.draw(self.project, self.state, self.rules, size)

    def read(self, size: int, missed: int = 0) -> list[second_reads.Read]:
        """Ann reads so many from the head of the queue."""
        sample = self.draw(size)
        first = draws.waiting(self.project, sample)[:size]
        reads.reviewed(self.project, sample, first, missed=missed, who=self.ann)
        return [(sample, *one) for one in first]

    def commit(self, files: Mapping[str, Content]) -> None:
        self.made.commit(dict(files.items()), when=START + 9)
        self.state = corpus.refresh(self.project).hash
        scanned(self.project, self.state)

    @property
    def review(self) -> SampledReview:
        return review_of(self.project, self.state, self.rules)

    def queue(self) -> list[str]:
        """The drawn files of Python in their order."""
        (rows,) = (
            rows for place, rows in standing(self.project, self.state, self.rules).items() if place[1] == "Python"
        )
        return [row["object"] for row in rows]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with desk(tmp_path, FILES) as (project, made, state):
        yield Shop(project, made, state)


def test_that_files_that_stay_keep_their_order_and_new_ones_come_between(shop: Shop) -> None:
    shop.draw(40)
    before = shop.queue()
    shop.commit(NEW)
    shop.draw(46)
    after, new = shop.queue(), {shop.made.oid(f"HEAD:{path}") for path in NEW}
    assert [one for one in after if one not in new] == before
    assert new < set(after)


def test_that_reading_counts_after_a_commit_up_to_the_first_new_file(shop: Shop) -> None:
    shop.read(24)
    shop.commit(NEW)
    after, waiting = shop.review, draws.open_sample(shop.project, shop.state, shop.rules)
    new = {shop.made.oid(f"HEAD:{path}") for path in NEW}
    between = draws.waiting(shop.project, waiting) if waiting else []
    assert {oid for _, oid in between} <= new
    assert after.carried == after.reviewed == 24 - len(between)
    assert sum(after.head) <= after.reviewed
    if waiting:
        reads.reviewed(shop.project, waiting, between, missed=0, who=shop.ann)
    assert (sum(shop.review.head), shop.review.reviewed, shop.review.carried) == (24, 24, after.carried)


def test_that_a_commit_that_adds_nothing_to_read_leaves_nothing_to_read(shop: Shop) -> None:
    shop.read(24)
    before = shop.review
    shop.commit({"logo.png": b"\x89PNG\0\0"})
    assert (shop.review.bound, shop.review.reviewed, shop.review.carried) == (before.bound, 24, 24)
    assert draws.open_sample(shop.project, shop.state, shop.rules) is None


def test_that_new_rules_leave_the_reading(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.read(24)
    before = shop.review
    monkeypatch.setattr(scan, "Detector", Other)
    scanned(shop.project, shop.state)
    shop.rules = "other rules"
    assert (shop.review.bound, shop.review.carried) == (before.bound, 24)


def test_that_the_price_of_a_miss_is_the_same_in_the_next_corpus(shop: Shop) -> None:
    shop.read(12)
    (bad,) = shop.read(1, missed=1)
    before = shop.review
    needed = before.required(0.2)
    shop.commit({"logo.png": b"\x89PNG\0\0"})
    after = shop.review
    assert (after.restarts, after.confidence, after.required(0.2)) == (1, 0.975, needed)
    assert [one.missed for one in after.strata] == [one.missed for one in before.strata]
    assert bad[2] not in {
        row["object"] for rows in standing(shop.project, shop.state, shop.rules).values() for row in rows
    }
    reads.unread(shop.project, bad[0], [bad[1:]], who=shop.ann)
    assert (shop.review.restarts, shop.review.confidence) == (0, 0.95)


def test_that_second_readings_and_their_agreement_are_carried_over(shop: Shop) -> None:
    first = shop.read(24)
    for one in sorted(first)[:20]:
        second_reads.read(shop.project, one, missed=0, who=shop.ben)
    shop.commit({"logo.png": b"\x89PNG\0\0"})
    assert second_reads.read_once(shop.project, shop.state, shop.rules) == 4
    waiting = second_reads.waiting(shop.project, shop.state, shop.rules, shop.ben)
    assert sorted(waiting) == sorted(first)[20:]
    assert second_reads.agreement(shop.project, shop.state, shop.rules).files == 20
    second_reads.read(shop.project, waiting[0], missed=1, who=shop.ben)
    assert shop.review.restarts == 1
    assert second_reads.waiting(shop.project, shop.state, shop.rules, shop.ben) == waiting[1:]


def test_that_reading_is_taken_back_in_every_corpus(shop: Shop) -> None:
    first = shop.read(24)
    shop.commit({"logo.png": b"\x89PNG\0\0"})
    mine = reads.read_by(shop.project, shop.state, shop.rules, shop.ann)
    one = first[0]
    assert mine[one[1:]] == one[0]
    reads.unread(shop.project, one[0], [one[1:]], who=shop.ann)
    assert shop.review.reviewed == 23
    sample = draws.open_sample(shop.project, shop.state, shop.rules)
    assert sample is not None and draws.waiting(shop.project, sample) == [one[1:]]
    reads.reviewed(shop.project, sample, [one[1:]], missed=0, who=shop.ben)
    assert (shop.review.reviewed, shop.review.carried) == (24, 23)


def test_that_what_no_branch_leads_to_any_more_leaves_the_queue(shop: Shop) -> None:
    shop.read(24)
    shop.made.run("update-ref", "-d", "refs/heads/main")
    shop.commit({path: content for path, content in FILES.items() if path.startswith("mail")})
    assert {one.language for one in shop.review.strata} == {"Go"}
    assert shop.review.population == 10
