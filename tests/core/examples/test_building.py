"""The pieces that examples are built of: first appearances, messages, windows, near-duplicates, quarters."""

from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from espalier.core.examples.appearance import Version, appearances
from espalier.core.examples.message import read, reverted_commit
from espalier.core.examples.near_duplicates import (
    NearDuplicates,
    jaccard,
    normalised_digest,
    representatives,
    shingles,
)
from espalier.core.examples.quarters import quarter_starts
from espalier.core.examples.windows import windows

BLOBS = {"1": "a", "2": "a b", "3": "a", "4": "a b", "5": "a b c"}
VERSIONS = [Version(commit=f"c{name}", committed_at=int(name), blob=name) for name in BLOBS]
BODY = "\n".join(f"    value_{number} = compute({number})\n    check(value_{number})" for number in range(12))


def test_that_a_text_is_dated_by_its_newest_unbroken_run() -> None:
    found = appearances({"a": "a", "b": "b", "c": "c", "d": "d"}, VERSIONS, BLOBS.get)
    assert {key: version.commit for key, version in found.items()} == {"a": "c1", "b": "c4", "c": "c5"}


def test_that_blobs_without_text_end_a_run() -> None:
    found = appearances({"a": "a"}, VERSIONS, lambda blob: None if blob == "2" else BLOBS[blob])
    assert found["a"].commit == "c3"


def test_that_a_message_is_read_for_what_it_says_of_the_code() -> None:
    repair = read("PAY-12: Compare tokens in constant time\n\nCWE-208: == leaks.\n\nSigned-off-by: A <a@b>")
    assert repair.repairs_flaw
    assert repair.task == "Compare tokens in constant time"
    assert repair.reasons == "CWE-208: == leaks"
    revert = read('Revert "Round down"\n\nThis reverts commit ' + "ab" * 20 + ".\n\nIt loses cents.")
    assert revert.reverts
    assert reverted_commit('Revert "x"\n\nThis reverts commit ' + "ab" * 20 + ".") == "ab" * 20
    assert reverted_commit("This reverts commit [SECRET]") is None
    assert "loses cents" in revert.reasons
    assert read("Refactor totals\n\nOne loop is enough.").refactors
    assert not read("Merge branch 'x' into main").usable
    assert not read("wip").usable
    assert not read("").usable
    assert read("Fix the rounding of refunds (#12)").task == "Fix the rounding of refunds"


@given(st.text(max_size=300))
def test_that_any_message_can_be_read(text: str) -> None:
    assert isinstance(read(text).usable, bool)


def test_that_windows_follow_each_other_within_the_budget_and_lose_nothing() -> None:
    made = windows(BODY, 40, lambda text: len(text.split()))
    assert len(made) > 1
    assert all(len(piece.split()) <= 40 for _, piece in made)
    assert BODY.startswith("\n".join(piece for _, piece in made))
    for (_, piece), (before, _) in pairwise(made):
        assert before.split("\n")[-1] == piece.split("\n")[-1]


def test_that_half_a_statement_is_never_a_window() -> None:
    call = "    call(\n        1,\n        2,\n    )"
    assert windows(call, 1, lambda text: len(text.split())) == []
    assert windows(f"{call}\n    done()", 6, lambda text: len(text.split()))[0][1] == f"{call}\n    done()"


def test_that_near_duplicates_are_found_by_their_exact_similarity() -> None:
    base = BODY
    near, far = BODY.replace("value_3", "other_3"), BODY.replace("compute", "fetch").replace("check", "store")
    assert jaccard(shingles(base), shingles(near)) > 0.8 > jaccard(shingles(base), shingles(far))
    assert representatives([("a", base), ("b", near), ("c", far)], 0.8) == {"b": "a"}


def test_that_the_index_gives_the_same_answers_every_time() -> None:
    texts = [(str(number), BODY.replace("compute", f"compute_{number % 7}")) for number in range(60)]
    assert representatives(texts, 0.8) == representatives(texts, 0.8)
    assert set(representatives(texts, 0.8).values()) <= {str(number) for number in range(7)}


@given(st.text(max_size=200))
def test_that_a_text_is_like_itself(text: str) -> None:
    index = NearDuplicates(0.5)
    index.add("key", text)
    assert index.like(text) == "key"


def test_that_layout_and_comments_do_not_change_a_digest() -> None:
    assert normalised_digest("a = 1  # why\nb=2") == normalised_digest("a=1\n\n\nb = 2")
    assert normalised_digest("a = 1") != normalised_digest("a = 2")


def test_that_a_quarter_is_held_out_only_when_it_is_old_enough() -> None:
    late, early = datetime(2026, 9, 20, tzinfo=UTC), datetime(2026, 7, 20, tzinfo=UTC)
    assert [start.date().isoformat() for start in quarter_starts(late, 3)] == ["2026-07-01", "2026-04-01", "2026-01-01"]
    assert quarter_starts(early, 1)[0].date().isoformat() == "2026-04-01"
