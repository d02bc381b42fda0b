"""One running sandbox: reads its pipes, looks at what it holds, and ends it when it takes too much or too long."""

import contextlib
import json
import os
import selectors
import subprocess
import time
from collections.abc import Sequence

from espalier.core.evaluation.sandbox.arguments import GO
from espalier.core.evaluation.sandbox.limits import Limits
from espalier.core.evaluation.sandbox.outcome import MARK, Outcome, Status, received
from espalier.core.evaluation.sandbox.watch import held, kill_members, members
from espalier.core.failures import WorkFailed

PERIOD = 0.1  # seconds between two looks at what is held
START = 30.0  # seconds until bubblewrap must have made the namespaces
FAREWELL = 10.0  # seconds for the kernel to take down a killed namespace
GREED = 8  # times the output limit that end a command
CHUNK = 1 << 16


class Running:
    """Holds the process, its three pipes and, once bubblewrap has told it, the namespace; `end` gives all back."""

    def __init__(self, process: subprocess.Popen[bytes], reports: int, limits: Limits, results: Sequence[str]) -> None:
        assert process.stdout is not None and process.stderr is not None
        self.process = process
        self.limits = limits
        self.results = results
        self.reports, self.stream, self.output = bytearray(), bytearray(), bytearray()
        self.produced = 0
        self.namespace: int | None = None
        self.since = time.monotonic()
        self.looked = self.since
        self.selector = selectors.DefaultSelector()
        self.report_pipe = reports
        for pipe, buffer in (
            (reports, self.reports),
            (process.stdout.fileno(), self.stream),
            (process.stderr.fileno(), self.output),
        ):
            self.selector.register(pipe, selectors.EVENT_READ, buffer)

    def outcome(self) -> Outcome:
        status: Status | None = None
        while status is None and self.selector.get_map():
            for key, _ in self.selector.select(PERIOD):
                self.take(key.fd, key.data)
            self.attach()
            status = self.excess()
        seconds = time.monotonic() - self.since
        self.end()
        if not self.stream.startswith(MARK):
            return Outcome(status="failed", output=self.kept(), seconds=seconds)
        code = self.report("exit-code")
        if status is None and code is None:
            return Outcome(status="failed", output=b"bubblewrap was killed", seconds=seconds)
        return Outcome(
            status=status or "exited",
            exit_code=None if status else code,
            output=self.kept(),
            truncated=self.produced > self.limits.output,
            seconds=seconds,
            files={} if status else received(bytes(self.stream), self.results, self.limits.result),
        )

    def take(self, pipe: int, buffer: bytearray) -> None:
        chunk = os.read(pipe, CHUNK)
        if not chunk:
            self.selector.unregister(pipe)
        elif buffer is self.output:
            self.produced += len(chunk)
            buffer += chunk[: max(0, self.limits.output - len(buffer))]
        else:
            buffer += chunk

    def attach(self) -> None:
        """Lets the command go once its namespace is known, so nothing of it ever runs unwatched."""
        if self.namespace is None and (namespace := self.report("pid-namespace")) is not None:
            self.namespace = namespace
            self.since = time.monotonic()
            assert self.process.stdin is not None
            with contextlib.suppress(BrokenPipeError), self.process.stdin as door:
                door.write(f"{GO}\n".encode())

    def excess(self) -> Status | None:
        """Why the command must end now, if it must."""
        now = time.monotonic()
        if now - self.since > (self.limits.seconds if self.namespace else START):
            return "deadline"
        if self.produced > GREED * self.limits.output or len(self.stream) > self.most_stream():
            return "output"
        if self.namespace and now - self.looked >= PERIOD:
            self.looked = now
            return "memory" if held(self.namespace, self.limits.memory).exceeds(self.limits) else None
        return None

    def most_stream(self) -> int:
        return len(MARK) + len(self.results) * (self.limits.result + 64)

    def kept(self) -> bytes:
        return bytes(self.output)

    def report(self, key: str) -> int | None:
        """A number from bubblewrap's status documents, one to a line."""
        for line in self.reports.splitlines(keepends=True):
            if line.endswith(b"\n") and key in (document := json.loads(line)):
                return int(document[key])
        return None

    def end(self) -> None:
        """Kills what still runs and returns when nothing of it is left; can be called again."""
        self.process.kill()
        self.process.wait()
        if self.namespace is not None:
            self.clear(self.namespace)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()
        if self.report_pipe >= 0:
            self.selector.close()
            os.close(self.report_pipe)
            self.report_pipe = -1

    def clear(self, namespace: int) -> None:
        last = time.monotonic() + FAREWELL
        while kill_members(namespace):
            if time.monotonic() > last:
                raise WorkFailed(f"Processes {members(namespace)} of a sandbox can't be ended.", "Restart the machine.")
            time.sleep(0.005)
