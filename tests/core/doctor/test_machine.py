"""Memory, disk and GPU: what is little is limited, with a remedy."""

from pathlib import Path
from types import SimpleNamespace

import psutil
import pynvml
import pytest

from espalier.core.doctor import machine


@pytest.mark.parametrize(("free", "state"), [(machine.MEMORY - 1, "limited"), (machine.MEMORY, "ok")])
def test_that_little_free_memory_limits(free: int, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(total=16 * machine.GB, available=free))
    assert machine.memory().state == state


def test_that_the_smaller_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESPALIER_CACHE", str(tmp_path / "cache"))
    rooms = {str(tmp_path / "cache"): 10**9}
    usage = lambda folder: SimpleNamespace(free=rooms.get(str(folder), 10**12))  # noqa: E731  # one line for one fake
    monkeypatch.setattr("shutil.disk_usage", usage)
    found = machine.disk()
    assert (found.state, found.found) == ("limited", f"1.0 GB free at {tmp_path / 'cache'}")


def no_driver() -> None:
    raise pynvml.NVMLError(pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)


def test_that_no_driver_means_the_processor_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pynvml, "nvmlInit", no_driver)
    found = machine.gpu()
    assert found.state == "limited"
    assert "processor" in found.remedy


def test_that_each_gpu_is_named_with_its_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, answer in {
        "nvmlInit": lambda: None,
        "nvmlShutdown": lambda: None,
        "nvmlSystemGetDriverVersion": lambda: "570.1",
        "nvmlDeviceGetCount": lambda: 2,
        "nvmlDeviceGetHandleByIndex": lambda number: number,
        "nvmlDeviceGetName": lambda device: f"Card {device}",
        "nvmlDeviceGetMemoryInfo": lambda device: SimpleNamespace(total=24 * machine.GB),
    }.items():
        monkeypatch.setattr(pynvml, name, answer)
    assert machine.gpu().found == "Card 0 (24 GB), Card 1 (24 GB), driver 570.1"
