"""Stages of what leaves and enters a project: what would be refused in the end is refused before the costly part."""

import shutil
from pathlib import Path

import pytest
from tests.core.findings.desk import desk, scanned
from tests.core.findings.packs.packed import FILES

from espalier.core.findings.packs import make as packs
from espalier.core.jobs.job import enqueue, job
from espalier.core.project import identities
from espalier.core.worker import __main__ as worker
from espalier.core.worker.findings import PACK


def test_that_a_pack_of_too_many_findings_is_refused_before_a_value_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk(tmp_path, FILES) as (project, made, corpus):
        identities.add(project, "ann", roles=("security",))
        scanned(project, corpus)
        monkeypatch.setattr(packs, "MOST", 1)
        shutil.rmtree(made.path)  # so that no value can be read
        args: dict[str, object] = {"corpus": corpus, "file": str(tmp_path / "out.zip"), "identity": "ann"}
        number = enqueue(project, PACK, args, "cpu")
        worker.work_off(project, "cpu", lambda: False)
        failure = job(project, number).failure
        assert failure is not None and "and a pack holds 1." in failure.sentence
