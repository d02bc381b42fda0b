"""Static checks in the real sandbox: many candidates at once, each against the file it would replace."""

import os
from pathlib import Path

import pytest

from espalier.core.evaluation.checks import static
from espalier.core.evaluation.checks.static import Candidate, Check, check, check_all
from espalier.core.evaluation.sandbox.limits import Limits
from espalier.core.evaluation.sandbox.outcome import Outcome
from espalier.core.failures import UnusableInput

PATH = "src/shop/money.py"
GOOD = '"""Money."""\n\nfrom .rates import rate\n\n\ndef tax(amount: int) -> float:\n    return amount * rate()\n'

pytestmark = pytest.mark.slow


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    tree = tmp_path / "shop"
    files = {
        "src/shop/__init__.py": "",
        "src/shop/rates.py": "def rate() -> float:\n    return 0.2\n",
        PATH: GOOD,
        "pyproject.toml": '[tool.ruff.lint]\nselect = ["E", "F", "B"]\n',
    }
    for name, text in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    return tree


def passed(name: Check, shop: Path, texts: dict[str, str], path: str = PATH) -> dict[str, bool | None]:
    results = check(name, {key: Candidate(path=path, text=text) for key, text in texts.items()}, shop)
    return {key: result.passed for key, result in results.items()}


def test_that_every_check_is_given_for_every_candidate_with_its_tool(shop: Path) -> None:
    texts = {"good": GOOD, "broken": "def ("} | {f"good {place}": GOOD + f"\n\nX = {place}\n" for place in range(20)}
    results = check_all({key: Candidate(path=PATH, text=text) for key, text in texts.items()}, shop)
    assert {key: {each.passed for each in every} for key, every in results.items()} == {
        key: {key != "broken"} for key in texts
    }
    assert [each.name for each in results["good"]] == ["parse", "format", "lint", "types", "security"]
    assert [each.tool_version.split()[0] for each in results["good"]] == ["python", "ruff", "ruff", "mypy", "bandit"]
    assert "does not parse" in results["broken"][1].detail


def test_that_text_which_breaks_parsers_fails_alone(shop: Path) -> None:
    texts = {"good": GOOD, "null": "a\0b", "deep": "(" * 10_000, "long": "-" * 100_000 + "1", "return": "return 1"}
    assert passed("parse", shop, texts) == {key: key == "good" for key in texts}


def test_that_form_is_judged_only_where_the_repository_keeps_it(shop: Path) -> None:
    texts = {"good": GOOD, "ugly": GOOD.replace("0.2", "0.2").replace(" * ", "*"), "off": GOOD + "X=1  # fmt: skip\n"}
    assert passed("format", shop, texts) == {"good": True, "ugly": False, "off": False}
    (shop / PATH).write_text("x=1\n")
    assert passed("format", shop, {"good": GOOD}) == {"good": None}


def test_that_the_repositorys_own_rules_hold_and_old_findings_do_not_count(shop: Path) -> None:
    texts = {
        "bugbear": GOOD + "\n\ndef f(x: list[int] = []) -> None:\n    pass\n",
        "import": "import os\n" + GOOD,
        "silenced": "import os  # noqa: F401\n" + GOOD,
        "everything silenced": "# ruff: noqa\nimport os\n" + GOOD,
    }
    assert passed("lint", shop, texts) == dict.fromkeys(texts, False)
    (shop / PATH).write_text("import os\n" + GOOD)
    assert passed("lint", shop, {"import": texts["import"], "twice": "import os\nimport sys\n" + GOOD}) == {
        "import": True,
        "twice": False,
    }


def test_that_types_hold_with_relative_imports_and_against_the_file_before(shop: Path) -> None:
    texts = {
        "good": GOOD,
        "wrong": GOOD + '\n\ntax("a")\n',
        "missing": GOOD.replace("import rate", "import speed").replace("rate()", "speed()"),
        "silenced": GOOD + '\n\ntax("a")  # type: ignore\n',
        "all silenced": "# mypy: ignore-errors\n" + GOOD + '\n\ntax("a")\n',
    }
    assert passed("types", shop, texts) == {key: key == "good" for key in texts}
    (shop / PATH).write_text(GOOD + '\n\ntax("a")\n')
    assert passed("types", shop, {"as before": texts["wrong"]}) == {"as before": True}


def test_that_a_new_file_is_judged_by_itself(shop: Path) -> None:
    assert passed("types", shop, {"new": 'x: int = "a"\n', "good": "x: int = 1\n"}, "src/fresh/x.py") == {
        "new": False,
        "good": True,
    }


def test_that_what_an_assert_or_an_import_means_is_left_to_reading(shop: Path) -> None:
    texts = {
        "harmless": GOOD + "\n\nimport subprocess\n\nassert subprocess\n",
        "shell": GOOD + "\n\nimport subprocess\n\nsubprocess.run('ls ' + input(), shell=True)\n",
        "silenced": GOOD + "\n\neval(input())  # nosec\n",
    }
    assert passed("security", shop, texts) == {"harmless": True, "shell": False, "silenced": False}
    assert passed("security", shop, {"test": "eval(input())\n"}, "tests/test_x.py") == {"test": None}


def test_that_the_trees_own_modules_do_not_stand_in_for_the_tools(shop: Path) -> None:
    for name in ("mypy", "bandit", "json", "ast"):
        (shop / f"{name}.py").write_text("raise SystemExit(0)\n")
    checks: tuple[Check, ...] = ("types", "security", "parse")
    for each in checks:
        assert passed(each, shop, {"broken": "x: int = 'a'\neval(input())\ndef ("}) == {"broken": False}
    assert passed("types", shop, {"wrong": GOOD + '\n\ntax("a")\n'}) == {"wrong": False}


def test_that_a_hostile_tree_leads_nothing_outside(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "victim").mkdir(mode=0o777)
    (shop / "src" / "linked").symlink_to(tmp_path / "victim")
    os.mkfifo(shop / "pipe")
    passed("types", shop, {"one": GOOD}, "src/linked/x.py")
    assert list((tmp_path / "victim").iterdir()) == []


def test_that_a_run_out_of_time_is_no_verdict(shop: Path) -> None:
    results = check("types", {"one": Candidate(path=PATH, text=GOOD)}, shop, Limits(seconds=0.3, memory=2 << 30))
    assert results["one"].passed is None
    assert "deadline" in results["one"].detail or "no time" in results["one"].detail


def test_that_an_answer_of_another_length_is_no_verdict() -> None:
    outcome = Outcome(status="exited", exit_code=0, files={static.FOUND: b'[[true, ""]]'})
    assert static.told(outcome, 1) == [(True, "")]
    assert static.told(outcome, 2) == [(None, "not run: exited"), (None, "not run: exited")]


@pytest.mark.parametrize("path", ["/etc/passwd", "../x.py", "a/../../x.py"])
def test_that_a_candidate_lies_in_the_tree(path: str) -> None:
    with pytest.raises(UnusableInput):
        Candidate(path=path, text="")


def test_that_no_candidates_need_no_sandbox(tmp_path: Path) -> None:
    assert check_all({}, tmp_path / "nothing") == {}
