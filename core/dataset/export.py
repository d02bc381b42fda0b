"""The worker stage `dataset.export`: a snapshot as Parquet by split, for other tools; it is still the company's code."""

import os
import shutil
from pathlib import Path

from espalier.core.dataset import snapshot as snapshots
from espalier.core.failures import UnusableInput
from espalier.core.jobs.context import JobContext
from espalier.core.project import audit


def run(context: JobContext) -> dict[str, object]:
    """Args: snapshot (hash), folder. Writes one file a split into a new folder, which appears whole or not at all."""
    project, name, target = context.project, str(context.args["snapshot"]), Path(str(context.args["folder"]))
    if target.exists():
        raise UnusableInput(f"{target} already exists.", "Name a new folder.")
    from datasets import Dataset

    lines = snapshots.read(project, name)
    splits = sorted({line["split"] for line in lines})
    making = target.with_name(f".{target.name}.{os.getpid()}.new")
    making.mkdir(mode=0o700, parents=True)
    try:
        for number, split in enumerate(splits):
            context.safe_point()
            context.progress(number, len(splits), f"writing {split}")
            Dataset.from_list([line for line in lines if line["split"] == split]).to_parquet(
                making / f"{split}.parquet"
            )
        with project.write() as db:
            audit.record(db, "local user", "dataset.exported", f"snapshot:{name}", {"form": "parquet"})
            making.rename(target)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return {"snapshot": name, "folder": str(target), "splits": splits}
