"""Idiom patterns, statistics, tickets' places and answers put in theirs."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.core.evaluation.candidate import answer_has_ended, body_of, whole_file
from espalier.core.evaluation.checks.static import Check, CheckResult
from espalier.core.evaluation.idiom import read_idiom, use
from espalier.core.evaluation.judging import verdicts
from espalier.core.evaluation.materialise import is_inside
from espalier.core.evaluation.statistics import paired, rate
from espalier.core.evaluation.tasks import EvaluationTask, deciding_tests
from espalier.core.failures import UnusableInput

IDIOM = read_idiom(
    'name = "x"\n[[part]]\nname = "wrapper"\npattern = \'with guard("{service}.{function}") as _: ...\'\n'
    "[[part]]\nname = \"event\"\npattern = '_.note(...)'\n[[part]]\nname = \"result\"\npattern = 'return Ok(_)'\n"
)
WHOLE = 'def f(a):\n    with guard("pay.f") as span:\n        span.note(a=a)\n        return Ok(a)\n'


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        (WHOLE, (True, True, True)),
        (WHOLE.replace("pay.f", "pay.g"), (False, True, True)),
        (WHOLE.replace("span.note(a=a)", "pass"), (True, False, True)),
        (WHOLE.replace("Ok(a)", "a"), (True, True, False)),
        (WHOLE.replace("Ok(a)", "Ok()"), (True, True, False)),
        ("def f(:", (False, False, False)),
    ],
)
def test_that_each_part_of_an_idiom_is_seen_or_missed(source: str, parts: tuple[bool, ...]) -> None:
    found = use(IDIOM, source, "pay", "f")
    assert tuple(found.parts.values()) == parts
    assert found.whole == all(parts)


@pytest.mark.parametrize(
    "text", ["", "name = 1", 'name = "x"\npart = []', 'name = "x"\n[[part]]\nname = "a"\npattern = "if"']
)
def test_that_a_bad_idiom_is_refused(text: str) -> None:
    with pytest.raises(UnusableInput, match="idiom can't be read"):
        read_idiom(text)


@given(st.text(max_size=200))
def test_that_any_answer_can_be_looked_at(text: str) -> None:
    assert not use(IDIOM, text, "pay", "f").whole


def test_that_a_rate_has_the_wilson_interval_and_none_where_nothing_ran() -> None:
    found = rate([True] * 8 + [False] * 2 + [None])
    assert (found.passed, found.ran) == (8, 10)
    assert (found.low, found.high) == (0.4902, 0.9433)
    assert rate([None]).shown() == {"passed": 0, "ran": 0, "low": None, "high": None}


def test_that_arms_are_compared_on_the_tasks_that_ran_in_both() -> None:
    base = {"a": False, "b": True, "c": None, "d": False}
    adapter = {"a": True, "b": False, "c": True, "d": True}
    found = paired(base, adapter)
    assert (found.fixed, found.broken, found.p) == (("a", "d"), ("b",), 1.0)
    eight = {str(number): False for number in range(8)}
    assert paired(eight, dict.fromkeys(eight, True)).p == pytest.approx(2 / 2**8)


@pytest.mark.parametrize(
    "path",
    ["../x", "/etc/passwd", "a/../../x", ".git/config", "a/.GIT/hooks/x", "a\\b", "C:x", "", "a/.git. /x", "a\0b"],
)
def test_that_no_path_of_a_repository_leaves_the_folder(path: str) -> None:
    assert not is_inside(path)


def test_that_ordinary_paths_stay() -> None:
    assert is_inside("a/b.py")
    assert is_inside(".github/workflows/x.yml")


def _task(name: str) -> EvaluationTask:
    return EvaluationTask(
        suite="s", origin="completion", title="t", snapshot="", example="", repository="r", commit="c", path="a.py",
        qualified_name=name, service="pay", messages=(), reference="", tests=(),
    )  # fmt: skip


SOURCE = 'def f(a):\n    """Doc."""\n    return 1\n\n\nclass K:\n    def g(self):\n        return 2\n'


@pytest.mark.parametrize(
    "answer",
    [
        "    return 5",
        "return 5",
        "```python\n    return 5\n```\nThat is it.",
        "def f(a):\n    return 5",
        '```\ndef f(a):\n    """D."""\n    return 5\n```',
    ],
)
def test_that_an_answer_in_any_form_becomes_the_body(answer: str) -> None:
    text = whole_file(SOURCE, _task("f"), answer)
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(SOURCE.replace("return 1", "return 5")))


def test_that_what_follows_a_body_is_neither_waited_for_nor_read() -> None:
    going_on = "    x = 1\n\n    return 5\n\ndef g():\n    return"
    assert not answer_has_ended("    x = 1\n\n    return 5\n\ndef")
    assert answer_has_ended(going_on)
    assert body_of(going_on).rstrip() == "    x = 1\n\n    return 5"
    assert not answer_has_ended("def f(a):\n    return 5\n\nprint")
    assert answer_has_ended("```python\nreturn 1\n```\n")


def test_that_a_method_is_indented_as_it_stands() -> None:
    assert whole_file(SOURCE, _task("K.g"), "    return 5").endswith("    def g(self):\n        return 5\n")


@given(st.text(max_size=200))
def test_that_any_answer_gives_a_file(text: str) -> None:
    assert whole_file(SOURCE, _task("f"), text).startswith("def f(a):")
    body_of(text)


def test_that_only_tests_that_name_a_function_judge_it() -> None:
    text = "def test_a():\n    f(1)\n\n\nclass TestB:\n    def test_b(self):\n        self.x = f\n\n    def test_c(self):\n        g()\n"
    ids = ["t.py::test_a[1-x]", "t.py::test_a[2]", "t.py::TestB::test_b", "t.py::TestB::test_c", "u.py::test_a"]
    assert deciding_tests("f", {"t.py": text}, ids) == ["t.py::TestB::test_b", "t.py::test_a[1-x]", "t.py::test_a[2]"]


def test_that_an_answer_that_does_not_parse_is_not_called_insecure() -> None:
    names: tuple[Check, ...] = ("parse", "lint", "security")
    failing = [CheckResult(name=name, passed=False, detail="no", tool_version="1") for name in names]
    assert verdicts(failing)["security"] == (None, "not run: the answer does not parse")
    assert verdicts(failing)["lint"] == (False, "no")
    passing = [CheckResult(name=name, passed=name != "security", detail="", tool_version="1") for name in names]
    assert verdicts(passing)["security"][0] is False
