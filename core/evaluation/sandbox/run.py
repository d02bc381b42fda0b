"""The door to the sandbox: runs one command on a copy of a tree, or refuses where the sandbox is not proved to hold."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from espalier.core.evaluation.sandbox.confine import confined
from espalier.core.evaluation.sandbox.limits import Limits
from espalier.core.evaluation.sandbox.outcome import Outcome
from espalier.core.evaluation.sandbox.tier import capability
from espalier.core.failures import WorkFailed


def run(
    command: Sequence[str],
    *,
    source: Path,
    limits: Limits | None = None,
    readable: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
    results: Sequence[str] = (),
    inputs: Mapping[str, bytes] | None = None,
) -> Outcome:
    """Blocks until the command ended and nothing of it is left, also when interrupted.

    The command starts in /work, a copy of `source` (also, read-only, at /src). `readable` folders lie read-only at
    /readable/0, /readable/1 and so on, and `inputs`, by file name, under /inputs. `results` are paths below /work or
    /tmp whose bytes come back. Raises WorkFailed where there is no sandbox, UnusableInput for a tree that can't be read.
    """
    can = capability()
    if can.tier == "none":
        raise WorkFailed(f"Nothing was run: {can.reason}", can.remedy)
    return confined(
        command,
        source=source,
        limits=limits or Limits(),
        readable=readable,
        environment=environment,
        results=results,
        inputs=inputs,
    )
