"""Two people on the same files of a sampled review: blind, counted once, and how far they agree."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.findings.desk import desk, scanned
from tests.core.repositories.workshop import Content

from espalier.core.failures import UnusableInput
from espalier.core.findings import approval
from espalier.core.findings.ruleset import current_ruleset
from espalier.core.findings.sampling import draws, reads, second_reads
from espalier.core.findings.sampling.review import SampledReview, review_of
from espalier.core.project import identities
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity
from espalier.core.project.policy import project_policy

FILES: dict[str, Content] = {f"m{number}.py": f"x = {number}\n" for number in range(10)}


class Desk:
    """Ten files, of which ann has read four and seen a miss in the last."""

    def __init__(self, project: Project, state: str) -> None:
        self.project, self.state, self.rules = project, state, current_ruleset(project)
        for name in ("ann", "ben"):
            identities.add(project, name, roles=("security",))
        self.ann, self.ben = identities.identity(project, "ann"), identities.identity(project, "ben")
        number = draws.draw(project, state, self.rules, 5)
        drawn = draws.waiting(project, number)
        reads.reviewed(project, number, drawn[:3], missed=0, who=self.ann)
        self.clean = sorted((number, *one) for one in drawn[:3])

    def first_misses(self) -> second_reads.Read:
        number = self.clean[0][0]
        one = draws.waiting(self.project, number)[0]
        reads.reviewed(self.project, number, [one], missed=2, who=self.ann)
        return (number, *one)

    def waiting(self, who: Identity) -> list[second_reads.Read]:
        return second_reads.waiting(self.project, self.state, self.rules, who)

    def agreement(self) -> second_reads.Agreement:
        return second_reads.agreement(self.project, self.state, self.rules)

    def review(self) -> SampledReview:
        return review_of(self.project, self.state, self.rules)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path, FILES) as (project, _, state):
        scanned(project, state)
        yield Desk(project, state)


def test_that_only_another_person_reads_a_file_again_and_once(two: Desk) -> None:
    assert two.waiting(two.ben) == two.clean and two.waiting(two.ann) == []
    with pytest.raises(UnusableInput):
        second_reads.read(two.project, two.clean[0], missed=0, who=two.ann)
    second_reads.read(two.project, two.clean[0], missed=0, who=two.ben)
    assert two.waiting(two.ben) == two.clean[1:]
    with pytest.raises(UnusableInput):
        second_reads.read(two.project, two.clean[0], missed=1, who=two.ben)


def test_that_a_file_with_a_miss_waits_like_any_other_and_is_told_when_both_have_read(two: Desk) -> None:
    bad = two.first_misses()
    assert two.waiting(two.ben) == sorted([*two.clean, bad], key=lambda one: one[1:])
    assert two.agreement().disagreements == ()
    second_reads.read(two.project, bad, missed=0, who=two.ben)
    (told,) = two.agreement().disagreements
    assert (told.blob, told.first, told.first_missed, told.second, told.second_missed) == (bad[2], "ann", 2, "ben", 0)


def test_that_what_only_the_second_saw_counts_as_missed_until_it_is_taken_back(two: Desk) -> None:
    before = two.review()
    second_reads.read(two.project, two.clean[0], missed=1, who=two.ben)
    after = two.review()
    assert (after.missed, after.restarts, after.reviewed) == (1, 1, 0)
    with pytest.raises(UnusableInput):
        reads.unread(two.project, two.clean[0][0], [two.clean[0][1:]], who=two.ann)
    second_reads.take_back(two.project, two.clean[0], who=two.ben)
    assert two.review() == before and two.agreement().files == 0


def test_that_agreement_is_counted_over_what_both_read(two: Desk) -> None:
    bad = two.first_misses()
    for one, missed in (*((clean, 0) for clean in two.clean), (bad, 1)):
        second_reads.read(two.project, one, missed=missed, who=two.ben)
    found = two.agreement()
    assert (found.files, found.agreed, found.kappa) == (4, 4, 1.0)


def test_that_a_policy_may_want_two_people_on_every_file_that_counts(two: Desk) -> None:
    policy = project_policy(two.project)
    asked = policy.model_copy(update={"scrub": policy.scrub.model_copy(update={"readers": 2})})
    with two.project.write() as db:
        db.execute("UPDATE meta SET value = ? WHERE key = 'policy'", (asked.model_dump_json(),))

    def said() -> list[str]:
        return [one for one in approval.shut_before_approval(two.project, two.state) if "one person" in one]

    assert [one.split()[0] for one in said()] == ["3"]
    for one in two.clean:
        second_reads.read(two.project, one, missed=0, who=two.ben)
    assert said() == []


def test_that_an_approver_signs_how_far_two_agree_and_how_much_one_read(two: Desk) -> None:
    bad = two.first_misses()
    for one, missed in ((two.clean[0], 0), (bad, 0)):
        second_reads.read(two.project, one, missed=missed, who=two.ben)
    said = approval.statement(two.project, two.state, two.ann)["sampled_review"]
    assert isinstance(said, dict)
    # A miss that one saw began the order of these files anew: none of them counts before it is drawn again.
    assert said["by_two"] == {"files": 2, "agreed": 1, "kappa": 0.0, "once": 0, "asked": 1}
    assert (said["reviewed"], said["counted"], said["carried"], said["restarts"]) == (0, 0, 0, 1)
    draws.draw(two.project, two.state, two.rules, 9)
    said = approval.statement(two.project, two.state, two.ann)["sampled_review"]
    assert isinstance(said, dict)
    assert (said["reviewed"], said["by_two"]["once"]) == (3, 2)


def test_that_kappa_is_that_of_the_literature() -> None:
    """20 both yes, 5 and 10 divided, 15 both no: agreement 0.7, by chance 0.5."""
    said = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    assert second_reads.cohens_kappa(said) == pytest.approx(0.4)


@pytest.mark.parametrize("said", [[], [(False, False)] * 3, [(True, True)]])
def test_that_kappa_is_not_defined_where_both_say_one_thing(said: list[tuple[bool, bool]]) -> None:
    assert second_reads.cohens_kappa(said) is None


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=40))
def test_that_kappa_treats_both_people_alike_and_is_1_only_where_they_agree(said: list[tuple[bool, bool]]) -> None:
    kappa = second_reads.cohens_kappa(said)
    assert kappa == second_reads.cohens_kappa([(other, one) for one, other in said])
    if kappa is not None:
        assert -1 <= kappa <= 1 and (kappa == 1) == all(one == other for one, other in said)
