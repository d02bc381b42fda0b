"""What is known before a run starts: what there is to choose from, what the run would take, and whether anything stands in its way."""

import shutil
from dataclasses import dataclass

from espalier.core.dataset.snapshot import snapshots
from espalier.core.examples.asked import model_of
from espalier.core.failures import EspalierError
from espalier.core.findings.approval import standing_approval
from espalier.core.jobs.job import jobs
from espalier.core.models import register
from espalier.core.project.file import Project
from espalier.core.training.estimate import Estimate, estimate
from espalier.core.training.recipe import Recipe

ROOM = 2 << 30  # bytes of disk that checkpoints and an adapter may take


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """Names of models; hashes of snapshots, newest first, with the day on which each was frozen.

    `counted_by` is the model with whose tokenizer the newest snapshot was counted; empty where there is none.
    """

    models: tuple[str, ...]
    snapshots: tuple[tuple[str, str], ...]
    counted_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`found` is None where the run can't be estimated, and `why` says so. The rest is looked at before a start.

    `approved`: the newest approval of the snapshot's corpus still fits; `ahead`: jobs that the accelerator lane does first.
    """

    found: Estimate | None
    why: str
    model_ready: bool
    approved: bool
    ahead: int
    disk_free: int

    @property
    def disk_enough(self) -> bool:
        return self.disk_free >= ROOM


def offered(project: Project) -> Offered:
    tokenizer = project.value("SELECT tokenizer FROM snapshots ORDER BY frozen_at DESC LIMIT 1")
    return Offered(
        counted_by="" if tokenizer is None else model_of(project, str(tokenizer)),
        models=tuple(one.name for one in register.models(project)),
        snapshots=tuple((str(one["hash"]), str(one["frozen_at"])) for one in snapshots(project)),
    )


def plan(project: Project, snapshot: str, model: str, recipe: Recipe) -> Plan:
    """Takes seconds for a large snapshot, which is packed to count the steps; for a thread in the background."""
    found, why = None, ""
    try:
        found = estimate(project, snapshot=snapshot, model=model, recipe=recipe)
    except EspalierError as error:
        why = error.sentence
    corpus = project.value("SELECT corpus FROM snapshots WHERE hash = ?", (snapshot,))
    return Plan(
        found=found,
        why=why,
        model_ready=register.model(project, model).path.is_dir(),
        approved=corpus is not None and standing_approval(project, corpus) is not None,
        ahead=sum(one.lane == "accelerator" for one in jobs(project, active_only=True)),
        disk_free=shutil.disk_usage(project.path.parent).free,
    )
