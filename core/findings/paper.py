"""A page as PDF: laid out by Qt in a process of its own, since what runs here must not load a window toolkit."""

import subprocess
import sys
from typing import Final

from espalier.core.failures import WorkFailed

SECONDS: Final = 60.0
BYTES_A_SECOND: Final = 50_000  # of HTML, on a slow machine
_REMEDY: Final = "Write it as .html and print that, or see: espalier doctor"


def printed(page: str) -> bytes:
    """The PDF; raises WorkFailed where Qt can't run here, or takes far too long."""
    data = page.encode()
    command = [sys.executable, "-P", "-m", "espalier.gui.paper"]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=SECONDS + len(data) / BYTES_A_SECOND, check=False
        )
    except subprocess.TimeoutExpired:
        raise WorkFailed("The report was not laid out in time.", _REMEDY) from None
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise WorkFailed("The report could not be laid out for paper.", _REMEDY)
    return done.stdout
