"""The list of examples: filters, counts of every choice, search, pages, one example whole, lengths and composition."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.core.examples.test_example import ONE

from espalier.core.examples import index
from espalier.core.examples.composition import composition
from espalier.core.examples.example import insert, set_state
from espalier.core.examples.export import export
from espalier.core.examples.index import Filter
from espalier.core.examples.lengths import lengths
from espalier.core.examples.reviews import review
from espalier.core.examples.whole import whole
from espalier.core.failures import UnusableInput
from espalier.core.project.file import Project
from espalier.core.project.identities import add

MADE = [
    replace(
        ONE,
        solution=f"    return {number}",
        service="pay" if number % 2 else "web",
        kind="change" if number == 4 else "completion",
        tokens=100 * number,
        qualified_name=f"f{number}",
        provenance=replace(ONE.provenance, committed_at=f"2026-0{number + 1}-02T00:00:00.000Z"),
    )
    for number in range(6)
]


def _listed(project: Project, wanted: Filter, **order: Any) -> list[int]:
    """As places in MADE."""
    ids = {index.number_of(project, "1", one.id): place for place, one in enumerate(MADE)}
    return [ids[number] for number in index.numbers(project, "1", wanted, **order)]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "a") as made:
        with made.write() as db:
            db.execute("INSERT INTO builds VALUES ('1', 'c', '', '', 't', 320, '2026-01-01', '2026-01-01')")
            insert(db, "1", MADE)
        set_state(made, "1", [(MADE[5].id, "dropped", "longer than the cap")])
        set_state(made, "1", [(MADE[0].id, "dropped", f"near-duplicate of {MADE[1].id[:12]}")])
        review(made, [MADE[2].id], "reject", who=add(made, "ana"), quality=1)
        yield made


def test_that_the_newest_comes_first(project: Project) -> None:
    assert _listed(project, Filter()) == [5, 4, 3, 2, 1, 0]
    assert _listed(project, Filter(), order="tokens", descending=False) == [0, 1, 2, 3, 4, 5]
    assert _listed(project, Filter(), order="review")[0] != 2
    assert _listed(project, Filter(), order="review", descending=False)[0] == 2


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Filter(state="kept"), [4, 3, 1]),
        (Filter(state="removed-in-review"), [2]),
        (Filter(review="undecided", service="pay"), [5, 3, 1]),
        (Filter(review="reject"), [2]),
        (Filter(reason="near-duplicate"), [0]),
        (Filter(kind="change"), [4]),
        (Filter(search="f3"), [3]),
        (Filter(search="RETURN 4"), [4]),
        (Filter(search="%"), []),
        (Filter(search=MADE[1].id[:10]), [1]),
        (Filter(label="insecure"), []),
    ],
)
def test_that_a_filter_lets_through_what_it_says(project: Project, wanted: Filter, numbers: list[int]) -> None:
    assert _listed(project, wanted) == numbers


def test_that_a_choice_is_counted_under_the_other_filters(project: Project) -> None:
    counted = index.counts(project, "1", Filter(service="pay", state="kept"))
    assert counted["state"] == {"kept": 2, "dropped": 1}
    assert counted["service"] == {"pay": 2, "web": 1}
    assert counted["review"] == {"undecided": 2}


def test_that_a_page_has_the_rows_that_are_there(project: Project) -> None:
    wanted = [index.number_of(project, "1", MADE[place].id) or 0 for place in (2, 5)]
    rows = index.page(project, [*wanted, 999])
    assert [one.number for one in rows] == wanted
    assert [(one.id, one.review, one.state) for one in rows] == [
        (MADE[2].id, "reject", "removed-in-review"),
        (MADE[5].id, "undecided", "dropped"),
    ]


def test_that_the_list_is_answered_without_the_texts(project: Project) -> None:
    plan = project.rows(
        f"EXPLAIN QUERY PLAN SELECT examples.rowid FROM {index._LISTED} WHERE build = '1' AND state = 'kept'"
        " ORDER BY committed_at DESC, id DESC"
    )
    told = " ".join(str(row["detail"]) for row in plan)
    assert "USING COVERING INDEX examples_listed" in told
    assert "TEMP B-TREE FOR ORDER BY" not in told


def test_that_one_example_names_what_it_nearly_repeats_and_what_people_say(project: Project) -> None:
    kept, dropped, judged = (whole(project, "1", MADE[number].id) for number in (1, 0, 2))
    assert kept.near == (MADE[0].id,)
    assert dropped.stands_for_it == MADE[1].id
    assert [(one.identity, one.quality) for one in judged.reviews] == [("ana", 1)]
    assert (kept.cap, kept.split) == (384, "")
    with pytest.raises(UnusableInput, match="no longer there"):
        whole(project, "1", "f" * 40)


def test_that_lengths_stand_on_their_side_of_the_cap(project: Project) -> None:
    found = lengths(project, "1")
    assert (found.cap, found.kept, found.cut, found.middle) == (384, 3, 1, 300)
    first_beyond = found.cap // found.width
    assert (sum(found.bins[:first_beyond]), sum(found.bins[first_beyond:])) == (3, 1)


def test_that_the_composition_is_by_service_language_and_quarter(project: Project) -> None:
    told = [(one.service, one.quarter, one.kept, one.drawn) for one in composition(project, "1")]
    assert told == [("pay", "2026 Q1", 1, 0), ("pay", "2026 Q2", 1, 0), ("web", "2026 Q2", 1, 0)]


def test_that_an_export_is_whole_private_and_on_record(project: Project, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    assert export(project, target) == 6
    assert target.read_bytes().count(b"\n") == 6
    assert target.stat().st_mode & 0o777 == 0o600
    assert b'"verdict":"reject"' in target.read_bytes()
    assert project.value("SELECT count(*) FROM audit WHERE action = 'examples.exported'") == 1
    with pytest.raises(UnusableInput, match="already exists"):
        export(project, target)
