"""Export for other tools: every line of the snapshot, a file a split, whole or not at all."""

import json
from pathlib import Path

import pytest

from espalier.core.jobs.follow import follow
from espalier.core.jobs.job import enqueue
from espalier.core.project import artifacts
from espalier.core.project.canonical import canonical
from espalier.core.project.file import Project

LINES = [
    {"id": str(number), "split": split, "repeats": 1, "messages": [{"role": "user", "content": "é"}]}
    for number, split in enumerate(("train", "train", "test"))
]


@pytest.mark.slow
def test_that_a_snapshot_comes_out_as_parquet_by_split(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project:
        name = artifacts.store(project, b"".join(canonical(line) + b"\n" for line in LINES), "application/jsonl")
        job = enqueue(project, "dataset.export", {"snapshot": name, "folder": str(tmp_path / "out")}, "cpu")
        assert list(follow(project, job))[-1].state == "done"
        again = enqueue(project, "dataset.export", {"snapshot": name, "folder": str(tmp_path / "out")}, "cpu")
        refused = list(follow(project, again))[-1].failure
        assert refused is not None
        assert "already exists" in refused.sentence
    import pyarrow.parquet as parquet

    rows = [
        row
        for split in ("train", "test")
        for row in parquet.read_table(tmp_path / "out" / f"{split}.parquet").to_pylist()
    ]
    assert json.loads(json.dumps(rows)) == LINES
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["test.parquet", "train.parquet"]
