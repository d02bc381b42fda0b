"""Tests of a repository run in the real sandbox on good, bad and cheating solutions, and the reading of its report."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.core.evaluation.checks.python_tests import TestReport, judged, run_tests
from espalier.core.evaluation.sandbox.limits import Limits
from espalier.core.evaluation.sandbox.outcome import Outcome
from espalier.core.failures import UnusableInput

FILE = "tests/test_money.py"
FIRST, SECOND, ODD = f"{FILE}::test_tax[1]", f"{FILE}::TestRates::test_zero", f"{FILE}::test_tax[\\xe9\\n&<]"
GOOD = "def tax(amount):\n    return amount * 2\n"
BAD = "def tax(amount):\n    return amount * 3\n"
TESTS = r"""
import pytest
from shop.money import tax


@pytest.mark.parametrize("amount", [1, "\xe9\n&<"])
def test_tax(amount):
    assert tax(amount) == amount * 2


class TestRates:
    def test_zero(self):
        assert tax(0) == 0
"""
PATCHING = """
import _pytest.reports as reports
make = reports.TestReport.from_item_and_call.__func__


def lie(cls, item, call):
    report = make(cls, item, call)
    report.outcome, report.longrepr = "passed", None
    return report


reports.TestReport.from_item_and_call = classmethod(lie)
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    tree = tmp_path / "shop"
    for name, text in {"src/shop/__init__.py": "", "src/shop/money.py": GOOD, FILE: TESTS}.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    return tree


def tried(shop: Path, solution: str, *, seconds: float = 20, test_seconds: float = 20) -> TestReport:
    return run_tests(
        shop,
        ids=[FIRST, SECOND],
        changed={"src/shop/money.py": solution},
        limits=Limits(seconds=seconds),
        test_seconds=test_seconds,
    )


@pytest.mark.slow
def test_that_all_tests_of_a_file_are_found_with_their_own_names(shop: Path) -> None:
    report = run_tests(shop, files=[FILE])
    assert report.per_test == {FIRST: "passed", SECOND: "passed", ODD: "passed"}
    assert report.passed
    again = run_tests(shop, ids=list(report.per_test))
    assert again.per_test == report.per_test


@pytest.mark.slow
def test_that_a_wrong_solution_fails_in_the_tests_it_breaks(shop: Path) -> None:
    report = tried(shop, BAD)
    assert (report.outcome, report.per_test) == ("ran", {FIRST: "failed", SECOND: "passed"})
    assert not report.passed
    assert (shop / "src/shop/money.py").read_text() == GOOD


@pytest.mark.slow
@pytest.mark.parametrize(
    "cheat",
    [
        "import os\nos._exit(0)\n" + GOOD,
        "import sys\nsys.exit(0)\n" + GOOD,
        "import atexit, os\natexit.register(os._exit, 0)\n" + BAD,
        PATCHING + BAD,
        "import pytest\npytest.exit('enough', 0)\n",
        "raise KeyboardInterrupt\n",
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n",
        "def (",
        "import ctypes\nctypes.string_at(0)\n",
    ],
)
def test_that_leaving_early_or_patching_the_report_passes_nothing(shop: Path, cheat: str) -> None:
    report = tried(shop, cheat)
    assert report.outcome == "ran"
    assert set(report.per_test) == {FIRST, SECOND}
    assert "passed" not in report.per_test.values()


@pytest.mark.slow
def test_that_one_endless_test_leaves_the_others_their_verdict(shop: Path) -> None:
    loop = "def tax(amount):\n    while amount:\n        try:\n            pass\n        except BaseException:\n            pass\n    return 0\n"
    assert tried(shop, loop, test_seconds=1).per_test == {FIRST: "failed", SECOND: "passed"}


@pytest.mark.slow
def test_that_what_ends_at_the_bound_counts_against_every_test(shop: Path) -> None:
    stuck = "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\nwhile True: pass\n"
    report = tried(shop, stuck, seconds=3)
    assert (report.outcome, set(report.per_test.values())) == ("ran", {"error"})
    assert "deadline" in report.reason


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ids", "files", "why"),
    [
        ([], ["tests/test_absent.py"], "wrongly"),
        ([], ["tests/empty.py"], "no test was found"),
        ([f"{FILE}::test_absent"], [], "no test was found"),
        ([FIRST, f"{FILE}::test_absent"], [], "test_absent"),
    ],
)
def test_that_tests_that_are_not_there_are_no_failure(shop: Path, ids: list[str], files: list[str], why: str) -> None:
    (shop / "tests/empty.py").write_text("")
    report = run_tests(shop, ids=ids, files=files)
    assert (report.outcome, report.per_test) == ("infra", {})
    assert why in report.reason


@pytest.mark.slow
def test_that_options_for_plugins_that_are_not_there_are_left_out(shop: Path) -> None:
    (shop / "pytest.ini").write_text("[pytest]\naddopts = --cov=shop -n 4\n")
    assert run_tests(shop, ids=[FIRST]).passed


@pytest.mark.slow
def test_that_a_link_in_the_tree_leads_no_solution_outside(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "victim").mkdir()
    (shop / "src" / "linked").symlink_to(tmp_path / "victim")
    run_tests(shop, ids=[FIRST], changed={"src/linked/planted.py": "x = 1\n"})
    assert list((tmp_path / "victim").iterdir()) == []


@pytest.mark.slow
def test_that_required_packages_can_be_shown(shop: Path) -> None:
    (shop / FILE).write_text("import needed\n\ndef test_it():\n    assert needed.value == 1\n")
    with tempfile.TemporaryDirectory(prefix="espalier-test-", dir="/tmp") as name:
        (Path(name) / "needed.py").write_text("value = 1\n")
        Path(name).chmod(0o755)
        assert run_tests(shop, files=[FILE], packages=[Path(name)]).passed
    assert not run_tests(shop, files=[FILE]).passed


@pytest.mark.slow
@pytest.mark.skipif("os.geteuid() != 0", reason="only the account of a sandbox started by root is another one")
def test_that_packages_which_the_sandbox_account_can_not_read_are_refused(shop: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(UnusableInput, match="can't be read by the account"):
        run_tests(shop, files=[FILE], packages=[tmp_path])


NONCE = "f" * 32


def ended(xml: str, *, code: int = 0, clean: list[str] | None = None, status: int | None = None) -> Outcome:
    files = {"begun": b"begun", "xml": xml.encode(), "code": str(code).encode()}
    files["clean"] = json.dumps([FIRST, SECOND] if clean is None else clean).encode()
    named = {f"/tmp/{NONCE}.{kind}": data for kind, data in files.items()}
    return Outcome(status="exited", exit_code=code if status is None else status, files=named)


def report_of(*cases: str) -> str:
    return f"<?xml version='1.0'?><testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>"


def case(test: str, inner: str = "", nonce: str = NONCE) -> str:
    value = json.dumps(test).replace('"', "&quot;").replace("<", "&lt;")
    return f'<testcase name="n"><properties><property name="{nonce}" value="{value}"/></properties>{inner}</testcase>'


def test_that_a_consistent_report_is_believed() -> None:
    report = judged(ended(report_of(case(FIRST), case(SECOND))), NONCE, [FIRST, SECOND])
    assert report.passed


@pytest.mark.parametrize(
    "outcome",
    [
        ended(report_of(case(FIRST), case(SECOND, "<failure/>")), code=0),
        ended(report_of(case(FIRST), case(SECOND)), code=1),
        ended(report_of(case(FIRST), case(SECOND)), code=1, status=0),
        ended(report_of(case(FIRST), case(SECOND)), clean=[FIRST]),
        ended(report_of(case(FIRST), case(SECOND)), code=2, clean=[]),
        ended(""),
        ended("<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><testsuites/>"),
        ended("<?xml version='1.0' encoding='utf-16'?><testsuites"),
    ],
)
def test_that_an_inconsistent_report_passes_nothing(outcome: Outcome) -> None:
    report = judged(outcome, NONCE, [FIRST, SECOND])
    assert report.per_test == {FIRST: "error", SECOND: "error"}
    assert report.reason


def test_that_a_report_written_before_the_run_counts_for_nothing() -> None:
    planted = report_of(case(FIRST, nonce="0" * 32), case(SECOND, nonce="0" * 32))
    assert not judged(ended(planted), NONCE, [FIRST, SECOND]).passed


def test_that_the_worst_of_two_entries_for_a_test_counts() -> None:
    twice = report_of(case(FIRST), case(FIRST, "<error/>"), case(SECOND))
    assert judged(ended(twice, code=1), NONCE, [FIRST, SECOND]).per_test == {FIRST: "error", SECOND: "passed"}


def test_that_a_skipped_test_is_not_a_passed_one() -> None:
    report = judged(ended(report_of(case(FIRST, "<skipped/>"), case(SECOND))), NONCE, [FIRST, SECOND])
    assert report.per_test == {FIRST: "skipped", SECOND: "passed"}
    assert not report.passed


def test_that_a_sandbox_that_did_not_start_says_nothing_of_the_code() -> None:
    assert judged(Outcome(status="failed", output=b"bwrap: no"), NONCE, [FIRST]).outcome == "infra"


@given(st.text(max_size=80), st.integers(0, 5))
def test_that_no_report_breaks_its_reader(xml: str, code: int) -> None:
    report = judged(ended(f"<?xml?>{xml}", code=code), NONCE, [FIRST])
    assert not report.passed
