"""The memory of a run on its page: what it takes now against the estimate and the device, and what is left out where nothing is known."""

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.gui import made
from tests.gui.conftest import PATIENCE, Opener, training

from espalier.core.project.file import Project
from espalier.core.training import runs
from espalier.gui.figures import hardware, span
from espalier.gui.training.memory_part import MemoryPart
from espalier.gui.training.reading import TrainingReading

GIB = 1 << 30
MODEL = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "hidden_size": 4096,
    "intermediate_size": 14336,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "vocab_size": 128256,
    "max_position_embeddings": 8192,
    "rms_norm_eps": 1e-5,
    "rope_theta": 500000.0,
    "hidden_act": "silu",
}


def known(project: Project, folder: Path, number: int) -> None:
    """The run's model is on this machine, as far as its shape is asked for."""
    (folder / "config.json").write_text(json.dumps(MODEL), encoding="utf-8")
    with project.write() as db:
        row = ("llama", str(folder), "1", "{}", "unknown", "0", "0", "2026-01-01T00:00:00Z")
        db.execute("INSERT INTO models VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    runs.update(project, number, model="llama")


def test_that_memory_now_stands_against_the_estimate_and_the_device(
    project: Project, tmp_path: Path, open_training: Opener, qtbot: QtBot
) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job, step=40)
    known(project, tmp_path, number)
    runs.update(project, number, [("device_memory", 0, 48.0 * GIB), ("memory", 40, 31.5 * GIB)])
    part = training(open_training(project.path)).run_part.memory
    qtbot.waitUntil(lambda: part.value.text() == "31.5 GiB", timeout=PATIENCE)
    assert part.device.text() == "48.0 GiB, RTX 4090"
    assert part.about.text().startswith("now, estimate ")
    assert part.bar.accessibleDescription() == f"31.5 GiB {part.about.text()}"
    assert part.legend.accessibleName().startswith("weights 15.0 GiB, adapter ")
    runs.update(project, number, [("memory", 41, 32.0 * GIB)], step=41, peak_memory=33 * GIB)
    qtbot.waitUntil(lambda: part.value.text() == "32.0 GiB", timeout=PATIENCE)
    made.ended(project, number, job, "done")
    qtbot.waitUntil(lambda: part.value.text() == "33.0 GiB", timeout=PATIENCE)
    assert part.about.text().startswith("peak, estimate ")


def test_that_what_is_expected_is_read_once(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job, step=10)
    known(project, tmp_path, number)
    reading = TrainingReading()
    first = reading(project).selected
    (tmp_path / "config.json").unlink()
    runs.update(project, number, [("memory", 11, 5.0 * GIB)], step=11)
    second = reading(project).selected
    assert first is not None
    assert second is not None
    assert first.memory.expected is not None
    assert second.memory.expected == first.memory.expected
    assert second.memory.now == 5 * GIB


@pytest.mark.usefixtures("qtbot")
def test_that_a_run_of_which_nothing_is_known_has_no_memory_part(project: Project) -> None:
    number, _ = made.run(project)
    runs.update(project, number, model="not here")
    detail = TrainingReading()(project).selected
    assert detail is not None
    part = MemoryPart()
    part.show_memory(detail.row, detail.memory)
    assert part.isHidden()


@pytest.mark.usefixtures("qtbot")
def test_that_an_earlier_run_shows_the_peak_alone(project: Project) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job, step=10)
    runs.update(project, number, model="not here")
    detail = TrainingReading()(project).selected
    assert detail is not None
    part = MemoryPart()
    part.show_memory(detail.row, detail.memory)
    assert (part.value.text(), part.about.text(), part.device.text()) == ("14.6 GiB", "peak", "RTX 4090")
    assert part.legend.isHidden()


def test_that_a_span_says_a_common_unit_once() -> None:
    assert span(13 * GIB, 16 * GIB) == "13.0 to 16.0 GiB"
    assert span(900 << 20, 2 * GIB) == "900 MiB to 2.0 GiB"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("NVIDIA GeForce RTX 4090", "RTX 4090"),
        ("Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz", "Intel Xeon Platinum 8481C"),
        ("NVIDIA H100 80GB HBM3", "H100 80GB HBM3"),
    ],
)
def test_that_a_device_is_called_without_trimmings(name: str, short: str) -> None:
    assert hardware(name) == short
