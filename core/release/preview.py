"""What a manifest will say, as far as it is known before anybody has signed the bundle; shorter than the manifest itself."""

from espalier.core.failures import EspalierError
from espalier.core.project.file import Project
from espalier.core.release import licences, sign_off
from espalier.core.release.gather import not_done
from espalier.core.release.inputs import Inputs
from espalier.core.release.sources import sources


def preview(project: Project, given: Inputs) -> dict[str, object]:
    """JSON values by the manifest's own names; what can't be told yet because a gate is shut is null."""
    policy, run = given.policy, given.run
    return {
        "adapter": {
            "name": f"{given.base.name}-run{run.id}",
            "sha256": given.adapter,
            "bytes": project.value("SELECT size FROM artifacts WHERE sha256 = ?", (given.adapter,)),
        },
        "base": {"name": given.base.name, "revision": given.base.revision, "licence": given.base.licence},
        "snapshot": run.snapshot,
        "run": {"id": run.id, "seed": run.seed, "recipe": run.recipe.name, "steps": run.steps},
        "scrub": {"ruleset": given.approval["ruleset"][:12], "approved_by": given.approval["identity"]},
        "evaluation": given.evaluation["id"],
        "policy": policy.name,
        "demonstration": policy.demonstration,
        "export": export_class(project, given),
        "sign_offs": [one.role for one in sign_off.given_for(project, given)],
        "not_done": list(not_done(project, given)),
    }


def export_class(project: Project, given: Inputs) -> str | None:
    """How far the adapter may travel; None while a source that it learnt from is not allowed any more."""
    try:
        found = sources(project, given.snapshot["hash"], given.snapshot["corpus"])
    except EspalierError:
        return None
    return licences.strictest(source.export for source in found)
