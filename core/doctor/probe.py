"""A piece of Python tried in a process of its own, for what may abort, hang, or must not be loaded here."""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

SECONDS = 120.0  # the first import of torch from a cold disk takes tens of seconds


class Failed(Exception):
    """It did not answer; the text is the last thing that it wrote, or why it ended."""


def answer(code: str, environment: Mapping[str, str] | None = None, seconds: float = SECONDS) -> dict[str, Any]:
    """The JSON object that the code prints as its last line; raises Failed."""
    command = [sys.executable, "-I", "-c", code]
    try:
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        raise Failed(f"no answer within {seconds:.0f} s") from None
    if done.returncode:
        raise Failed(last_line(done.stderr) or ended(done.returncode))
    try:
        found = json.loads(last_line(done.stdout))
    except ValueError:
        raise Failed("an answer that is not understood") from None
    return found if isinstance(found, dict) else {}


def ended(status: int) -> str:
    return f"ended by signal {-status}" if status < 0 else f"exit status {status}"


def last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")
