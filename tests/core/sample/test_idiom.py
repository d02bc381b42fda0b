"""The idiom is seen where it is whole, in parts where it is not, and taken out of a body."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.core.evaluation.idiom import read_idiom, use
from espalier.core.sample import IdiomUse, Sample, mask_idiom, uses_idiom

WHOLE = '''
def total(amounts: list[int]) -> Result[int]:
    """Add amounts up."""
    with waymark("ledger.total") as mark:
        if not amounts:
            return Err("ledger.nothing")
        total = sum(amounts)
        mark.leave(total=total)
        return Ok(total)
'''


def changed(was: str, now: str) -> IdiomUse:
    assert was in WHOLE
    return uses_idiom(WHOLE.replace(was, now), "ledger", "total")


def test_that_every_service_function_uses_the_whole_idiom(sample: Sample) -> None:
    assert [f.name for f in sample.functions if not uses_idiom(f.source, f.service, f.name).whole] == []


def test_that_the_patterns_beside_the_sample_see_the_same_idiom(sample: Sample) -> None:
    idiom = read_idiom(sample.idiom.read_text("utf-8"))
    assert [f.name for f in sample.functions if not use(idiom, f.source, f.service, f.name).whole] == []
    assert use(idiom, "def total():\n    return Ok(1)", "ledger", "total").parts == {
        "wrapper": False,
        "event": False,
        "result": True,
    }


def test_that_a_whole_idiom_has_all_three_parts() -> None:
    use = uses_idiom(WHOLE, "ledger", "total")
    assert (use.wrapper, use.event, use.result, use.whole) == (True, True, True, True)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("ledger.total", "ledger.totals"),
        ("ledger.total", "payments.total"),
        ("waymark(", "guard("),
        (" as mark", ""),
        ('    with waymark("ledger', '    amounts = amounts\n    with waymark("ledger'),
    ],
)
def test_that_another_wrapper_is_none(was: str, now: str) -> None:
    use = changed(was, now)
    assert not use.wrapper
    assert not use.event
    assert use.result


@pytest.mark.parametrize(
    "now", ["mark.leave()", "mark.leave(total)", "mark.note(total=total)", "log.leave(total=total)"]
)
def test_that_another_event_is_none(now: str) -> None:
    use = changed("mark.leave(total=total)", now)
    assert (use.wrapper, use.event, use.result) == (True, False, True)


@pytest.mark.parametrize("now", ["return total", "return", "raise ValueError", 'return Err("x")'])
def test_that_another_way_out_is_none(now: str) -> None:
    use = changed("return Ok(total)", now)
    assert (use.wrapper, use.event, use.result) == (True, True, False)


def test_that_returns_of_inner_functions_do_not_count() -> None:
    inner = (
        "total = sum(amounts)\n        key = lambda x: x\n        def half(x: int) -> int:\n            return x // 2"
    )
    assert changed("total = sum(amounts)", inner).whole


def test_that_a_body_cut_off_in_mid_line_keeps_what_it_shows() -> None:
    use = uses_idiom(WHOLE.partition("return Ok")[0] + "return Ok(", "ledger", "total")
    assert (use.wrapper, use.event, use.result) == (True, True, False)


@given(st.text(max_size=200))
def test_that_any_text_can_be_looked_at(text: str) -> None:
    assert not uses_idiom(text, "ledger", "total").whole


def test_that_masking_leaves_what_is_logged_and_returned() -> None:
    refusal, sums, logged = "if not amounts : return 'ledger.nothing'", "total = sum ( amounts )", "total = total"
    assert " ".join(mask_idiom(WHOLE)) == f"{refusal} {sums} {logged} return total"


def test_that_masked_text_holds_nothing_of_the_idiom(sample: Sample) -> None:
    left = {token for function in sample.functions for token in mask_idiom(function.source)}
    assert left.isdisjoint({"waymark", "mark", "leave", "Ok", "Err", "with"})
