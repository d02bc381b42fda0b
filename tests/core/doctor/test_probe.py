"""Code tried in a process of its own: what it says, and every way of not answering."""

import pytest

from espalier.core.doctor import probe


def test_that_the_last_line_is_the_answer() -> None:
    assert probe.answer("import json\nprint('noise of a library')\nprint(json.dumps({'a': 1}))") == {"a": 1}


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import os; os.abort()", "ended by signal 6"),
        ("raise SystemExit(3)", "exit status 3"),
        ("raise ValueError('the last line is what counts')", "ValueError: the last line is what counts"),
        ("print('no JSON')", "not understood"),
        ("", "not understood"),
    ],
)
def test_that_no_answer_is_told_as_what_happened(code: str, told: str) -> None:
    with pytest.raises(probe.Failed, match=told):
        probe.answer(code)


def test_that_a_hanging_library_is_given_up() -> None:
    with pytest.raises(probe.Failed, match=r"no answer within 1 s"):
        probe.answer("import time; time.sleep(60)", seconds=1)
