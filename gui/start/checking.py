"""Looking at this machine: `espalier doctor` in a process of its own, whose findings arrive as they are known."""

import json
import os
import signal
import sys

from PySide6.QtCore import QObject, QProcess, Signal

from espalier.core.doctor.finding import Finding

LEAVE_MILLISECONDS = 3000


class Checking(QObject):
    """found(Finding): one more thing is known; ended(whole): no more will come, and all has been looked at or not."""

    found = Signal(object)
    ended = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process = QProcess(self)
        self._rest = b""
        apart = QProcess.UnixProcessParameters()
        apart.flags = QProcess.UnixProcessFlag.CreateNewSession  # what it tries out ends with it
        if os.name == "posix":
            self._process.setUnixProcessParameters(apart.flags)
        self._process.readyReadStandardOutput.connect(self._hear)
        self._process.finished.connect(self._finish)
        self._process.errorOccurred.connect(self._fail)

    @property
    def running(self) -> bool:
        return self._process.state() != QProcess.ProcessState.NotRunning

    def start(self) -> None:
        if not self.running:
            self._rest = b""
            self._process.start(sys.executable, ["-P", "-m", "espalier.core.doctor"])

    def leave(self) -> None:
        """End what is being tried, and wait for that."""
        if not self.running:
            return
        self._process.blockSignals(True)
        number = self._process.processId()
        if os.name == "posix" and number > 1:
            os.killpg(number, signal.SIGKILL)
        else:
            self._process.kill()
        self._process.waitForFinished(LEAVE_MILLISECONDS)
        self._process.blockSignals(False)

    def _hear(self) -> None:
        *lines, self._rest = (self._rest + self._process.readAllStandardOutput().data()).split(b"\n")
        for line in lines:
            self.found.emit(Finding(**json.loads(line)))

    def _finish(self, status: int, how: QProcess.ExitStatus) -> None:
        self._hear()
        self.ended.emit(status == 0 and how == QProcess.ExitStatus.NormalExit)

    def _fail(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self.ended.emit(False)
