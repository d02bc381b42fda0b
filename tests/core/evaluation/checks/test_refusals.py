"""What is refused before it runs: solutions that reach into the run that grades them, and files that take part in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.core.evaluation.checks.refusals import refused_path, refused_reason


@pytest.mark.parametrize(
    "code",
    [
        "import _pytest.reports",
        "import pytest as p",
        "from _pytest import reports",
        "from tests import conftest",
        "import atexit",
        "import sitecustomize",
        "import os\nos._exit(0)",
        "import os as o\no._exit(0)",
        "from os import _exit",
        "from os import _exit as leave\nleave(0)",
        "import os\ngetattr(os, '_exit')(0)",
        "__import__('_pytest.reports')",
        "import importlib\nimportlib.import_module('pytest')",
        "from importlib import import_module as load\nload('_pytest')",
        "import os\nos.kill(os.getppid(), 9)",
        "import os\n'PYTEST_CURRENT_TEST' in os.environ",
        "open('/inputs/plan.json')",
        "def f():\n    import sys\n    sys.settrace(None)",
        "(" * 100 + "_" + ")" * 100 + "\nimport atexit",
    ],
)
def test_that_reaching_into_the_grading_is_refused(code: str) -> None:
    assert refused_reason(code)


@pytest.mark.parametrize(
    "code",
    [
        "import os\nimport sys\nsys.exit(1)",
        "def pre_exit():\n    return 'pre_exit'",
        "import importlib\ndef load(name):\n    return importlib.import_module(name)",
        "'atexit is not called here'",
        "def (",
        "a\0b",
        "",
    ],
)
def test_that_ordinary_and_unreadable_code_is_not_refused(code: str) -> None:
    assert refused_reason(code) is None


def test_that_a_file_may_go_on_doing_what_it_did_but_no_more_often() -> None:
    before = "import atexit\n"
    assert refused_reason("import atexit\nx = 1\n", before) is None
    assert refused_reason("import atexit\ndef f():\n    import atexit\n", before)
    assert refused_reason("import atexit\nimport pytest\n", before)


def test_that_a_reason_names_what_was_found() -> None:
    assert "os._exit" in str(refused_reason("import os\nos._exit(0)"))


def test_that_depth_is_no_way_around() -> None:
    assert refused_reason("x = " + "-" * 200_000 + "1\nimport atexit")


@given(st.text())
def test_that_no_text_breaks_the_reading(code: str) -> None:
    assert refused_reason(code, code) is None


@pytest.mark.parametrize(
    "path",
    ["tests/test_a.py", "conftest.py", "a/conftest.py", "pytest.ini", "pyproject.toml", "pkg/test_x.py", "../x.py"],
)
def test_that_files_of_the_grading_are_not_changed(path: str) -> None:
    assert refused_path(path)


@pytest.mark.parametrize("path", ["src/pkg/mod.py", "pkg/latest.py", "pkg/contest.py"])
def test_that_other_files_are(path: str) -> None:
    assert refused_path(path) is None
