"""Reviews of examples: what leaves a build and comes back, what outlives a rebuild, and how far two people agree."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.core.examples.test_example import ONE, TWO

from espalier.core.examples import build as builds
from espalier.core.examples.agreement import agreement, cohen
from espalier.core.examples.example import Example, examples, insert, set_state
from espalier.core.examples.reviews import VERDICTS, Verdict, amend, own, restore, review, reviews, reviews_digest
from espalier.core.failures import UnusableInput
from espalier.core.findings.detection.specimens import specimen
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity, add, stand_in
from espalier.core.project.sqlite import sqlite


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "a", policy="demo") as made:
        with made.write() as db:
            for build, finished in (("1", "2026-01-01"), ("2", None)):
                db.execute(
                    "INSERT INTO builds VALUES (?, 'c', '', '', 't', 512, ?, ?)", (build, f"2026-01-0{build}", finished)
                )
                insert(db, build, (ONE, TWO))
        yield made


@pytest.fixture
def ana(project: Project) -> Identity:
    return add(project, "ana", roles=("builder",))


@pytest.fixture
def jonas(project: Project) -> Identity:
    return add(project, "jonas")


def _kept(project: Project, build: str) -> set[str]:
    return {row["id"] for row in project.rows("SELECT id FROM examples WHERE build = ? AND state = 'kept'", (build,))}


def test_that_a_rejected_example_leaves_the_build_and_comes_back_when_the_word_is_taken_back(
    project: Project, ana: Identity
) -> None:
    review(project, [ONE.id], "reject", who=ana, quality=2, note="Too clever.")
    assert _kept(project, "1") == {TWO.id}
    assert project.value("SELECT reason FROM examples WHERE build = '1' AND id = ?", (ONE.id,)) == "review: reject"
    review(project, [ONE.id], "undecided", who=ana)
    assert _kept(project, "1") == {ONE.id, TWO.id}
    assert project.value("SELECT reason FROM examples WHERE build = '1' AND id = ?", (ONE.id,)) == ""
    assert project.value("SELECT count(*) FROM audit WHERE action = 'example.reviewed'") == 2


def test_that_a_build_under_way_follows_the_reviews_at_its_end(project: Project, ana: Identity) -> None:
    review(project, [TWO.id], "insecure", who=ana)
    assert _kept(project, "2") == {ONE.id, TWO.id}
    builds.finish(project, "2")
    assert _kept(project, "2") == {ONE.id}
    assert [one.id for one in examples(project)] == [ONE.id]


def test_that_one_person_is_enough_to_take_out_and_all_must_agree_to_keep(
    project: Project, ana: Identity, jonas: Identity
) -> None:
    review(project, [ONE.id], "accept", who=ana)
    review(project, [ONE.id], "reject", who=jonas)
    review(project, [ONE.id], "accept", who=ana, quality=5)
    assert _kept(project, "1") == {TWO.id}
    review(project, [ONE.id], "accept", who=jonas)
    assert _kept(project, "1") == {ONE.id, TWO.id}
    assert [(one.identity, one.verdict, one.quality) for one in reviews(project, ONE.id)] == [
        ("ana", "accept", 5), ("jonas", "accept", None)
    ]  # fmt: skip


def test_that_no_review_brings_back_what_the_builder_dropped(project: Project, ana: Identity) -> None:
    set_state(project, "1", [(ONE.id, "dropped", "longer than the cap")])
    for verdict in VERDICTS:
        review(project, [ONE.id], verdict, who=ana)
        assert (
            project.value("SELECT reason FROM examples WHERE build = '1' AND id = ?", (ONE.id,))
            == "longer than the cap"
        )


def test_that_the_digest_names_the_verdicts_and_nothing_else(project: Project, ana: Identity, jonas: Identity) -> None:
    nothing = reviews_digest(project, "1")
    review(project, [ONE.id], "reject", who=ana, note="no")
    rejected = reviews_digest(project, "1")
    review(project, [ONE.id], "reject", who=jonas, quality=1)
    assert reviews_digest(project, "1") == rejected != nothing
    for who in (ana, jonas):
        review(project, [ONE.id], "undecided", who=who)
    assert reviews_digest(project, "1") == nothing


def test_that_what_nobody_could_mean_is_refused(project: Project, ana: Identity) -> None:
    with pytest.raises(UnusableInput, match="stands for nobody"):
        review(project, [ONE.id], "accept", who=stand_in(project))
    with pytest.raises(UnusableInput, match="no example"):
        review(project, ["f" * 40], "accept", who=ana)
    with pytest.raises(UnusableInput, match="no quality"):
        review(project, [ONE.id], "accept", who=ana, quality=6)
    assert reviews(project, ONE.id) == []


def test_that_what_is_not_said_anew_stays_and_all_can_be_taken_back(project: Project, ana: Identity) -> None:
    amend(project, [ONE.id], who=ana, quality=4)
    amend(project, [ONE.id], who=ana, note="Why.")
    before = amend(project, [ONE.id, TWO.id], who=ana, verdict="reject")
    said = {
        one.example: (one.verdict, one.quality, one.note) for name in (ONE, TWO) for one in reviews(project, name.id)
    }
    assert said == {ONE.id: ("reject", 4, "Why."), TWO.id: ("reject", None, "")}
    restore(project, before, ana)
    assert [(one.verdict, one.quality, one.note) for one in reviews(project, ONE.id)] == [("undecided", 4, "Why.")]
    assert reviews(project, TWO.id) == []
    assert _kept(project, "1") == {ONE.id, TWO.id}


def test_that_a_quality_can_be_said_before_a_verdict(project: Project, ana: Identity) -> None:
    review(project, [ONE.id], "undecided", who=ana, quality=4)
    said = own(project, ONE.id, "ana")
    assert said is not None
    assert (said.verdict, said.quality) == ("undecided", 4)
    assert own(project, ONE.id, "jonas") is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE example_reviews SET verdict = 'accept'",
        "DELETE FROM example_reviews",
        "INSERT OR REPLACE INTO example_reviews SELECT * FROM example_reviews",
    ],
)
def test_that_a_review_is_never_changed(project: Project, ana: Identity, statement: str) -> None:
    review(project, [ONE.id], "reject", who=ana)
    with pytest.raises(sqlite.IntegrityError, match="append-only"), project.write() as db:
        db.execute(statement)


def test_that_agreement_is_of_the_pair_who_share_most(project: Project, ana: Identity, jonas: Identity) -> None:
    assert agreement(project) is None
    third = replace(ONE, solution="    return 3")
    with project.write() as db:
        insert(db, "1", (third,))
    said: list[tuple[Example, Verdict, Verdict]] = [
        (ONE, "accept", "accept"), (TWO, "reject", "reject"), (third, "accept", "reject")
    ]  # fmt: skip
    for example, left, right in said:
        review(project, [example.id], left, who=ana)
        review(project, [example.id], right, who=jonas)
    review(project, [ONE.id], "accept", who=add(project, "third"))
    found = agreement(project)
    assert found is not None
    assert (found.people, found.shared) == (("ana", "jonas"), 3)
    assert found.share == pytest.approx(2 / 3)
    assert found.kappa == pytest.approx(0.4)  # chance: 2/3 · 1/3 + 1/3 · 2/3 = 4/9


def test_that_kappa_is_that_of_the_textbook() -> None:
    """The 50 grant proposals of the usual example: 20 both yes, 15 both no, 5 and 10 apart."""
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert list(cohen(pairs)) == pytest.approx([0.7, 0.4])
    assert cohen([("y", "y")] * 3) == (1.0, None)


def test_that_a_note_with_a_secret_is_refused_and_one_that_stands_can_be_said_again(
    project: Project, ana: Identity
) -> None:
    """Detectors learn: what was stored before they knew it must not keep a person from saying more, or from undoing it."""
    token = specimen("ghp_{alnum:36}", "reviews")
    with pytest.raises(UnusableInput):
        review(project, [ONE.id], "accept", who=ana, note=f"prints {token}")
    with pytest.raises(UnusableInput):
        amend(project, [ONE.id], who=ana, note=f"prints {token}")
    assert own(project, ONE.id, "ana") is None
    with project.write() as db:
        db.execute(
            "INSERT INTO example_reviews (example, verdict, quality, note, identity, reviewed_at)"
            " VALUES (?, 'accept', 3, ?, 'ana', '2026-01-01T00:00:00.000Z')",
            (ONE.id, f"prints {token}"),
        )
    before = amend(project, [ONE.id], who=ana, quality=5)
    restore(project, before, ana)
    said = own(project, ONE.id, "ana")
    assert said is not None
    assert said.quality == 3
