"""Runs inside the sandbox only, handed in as a file: pytest with each test's own name and time limit.

Leaves four files whose names nobody knows in advance: that it began, pytest's report, the tests that raised nothing,
and the status pytest ended with. The third is kept apart from pytest's own counting, which code under test can patch.
"""

import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest


class Naming:
    """Keeps the wanted tests, puts the exact id of each into the report, and ends those that take too long."""

    def __init__(self, nonce: str, wanted: list[str], seconds: float) -> None:
        self.nonce = nonce
        self.wanted = set(wanted)
        self.seconds = seconds
        self.clean: set[str] = set()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        if self.wanted:
            dropped = [item for item in items if item.nodeid not in self.wanted]
            items[:] = [item for item in items if item.nodeid in self.wanted]
            config.hook.pytest_deselected(items=dropped)
        for item in items:
            # As JSON it is plain ASCII, which the report doesn't escape in its own way.
            item.user_properties.append((self.nonce, json.dumps(item.nodeid)))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        signal.signal(signal.SIGALRM, self.too_long)
        # Again every second: a loop may catch everything that is raised in it.
        signal.setitimer(signal.ITIMER_REAL, self.seconds, 1.0)
        self.clean.discard(item.nodeid)
        try:
            yield
            self.clean.add(item.nodeid)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.clean.discard(item.nodeid)
            raise

    def too_long(self, _number: int, _frame: FrameType | None) -> None:
        pytest.fail(f"took longer than {self.seconds:g} seconds", pytrace=False)


def place(changed: dict[str, str]) -> None:
    """Writes the solution over the tree; done here, where a link in the tree leads nowhere but into the sandbox."""
    for path, text in changed.items():
        target = Path("/work", path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        target.write_bytes(text.encode())


def main() -> int:
    plan: dict[str, Any] = json.loads(Path("/inputs/plan.json").read_text())
    place(plan["changed"])
    nonce = plan["nonce"]
    mark = Path("/tmp", nonce)
    mark.with_suffix(".begun").write_text("begun")
    options = [f"--junit-xml={mark.with_suffix('.xml')}", "-o", "junit_family=xunit1", *plan["options"], *plan["files"]]
    naming = Naming(nonce, plan["wanted"], plan["seconds"])
    code = int(pytest.main(options, plugins=[naming]))
    mark.with_suffix(".clean").write_text(json.dumps(sorted(naming.clean)))
    mark.with_suffix(".code").write_text(str(code))
    return code


if __name__ == "__main__":
    sys.exit(main())
