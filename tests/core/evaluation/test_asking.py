"""Asking both arms: by what the run computed with, whatever the worker's process did before."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from tests.core.evaluation.evaluated import run, snapshot
from tests.core.examples.telling import context_of
from tests.core.models.tiny import build_tiny_model

from espalier.core.evaluation import asking, evaluations
from espalier.core.evaluation.evaluations import Settings
from espalier.core.findings.detection.detect import Detector
from espalier.core.findings.detection.rules import bundled
from espalier.core.models import register
from espalier.core.models.repeatable import cores
from espalier.core.project.canonical import canonical_text
from espalier.core.project.file import Project
from espalier.core.project.key import project_key
from espalier.core.scrub.scrubber import Scrubber
from espalier.core.training import runs

LINES = [{"id": "a", "messages": []}]


class _LookedAt(Exception):
    """The model would be loaded now."""


@pytest.fixture
def switches() -> Iterator[None]:
    """Torch's, put back afterwards."""
    threads, strict = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    yield
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(strict)


@pytest.mark.parametrize(("recorded", "used"), [(1, 1), (10_000, cores())])
def test_that_an_evaluation_computes_as_its_run_did_and_not_as_the_job_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, switches: None, recorded: int, used: int
) -> None:
    def look(*_: object, **__: object) -> None:
        raise _LookedAt

    monkeypatch.setattr(asking, "load_base", look)
    torch.set_num_threads(7)
    torch.use_deterministic_algorithms(False)
    with Project.create(tmp_path / "p", policy="demo") as project:
        register.register(project, build_tiny_model(tmp_path / "tiny"), "tiny", actor="test")
        number = run(project)
        snapshot(project)
        runs.update(project, number, versions=canonical_text({"threads": recorded}))
        one = evaluations.evaluation(project, evaluations.create(project, number, Settings()))
        context = context_of(project, "evaluation.run", {"evaluation": one.id})
        scrubber = Scrubber(project_key(project), (), Detector(bundled()))
        trained = replace(runs.run(project, number), model="tiny")
        with pytest.raises(_LookedAt):
            asking.ask(context, one, trained, LINES, [], scrubber)
    assert (torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()) == (used, True)
