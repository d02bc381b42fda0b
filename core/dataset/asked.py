"""The arguments of a freeze of what is built now, with a person's wishes."""

from espalier.core.dataset.gate import require_open
from espalier.core.dataset.wishes import Wishes
from espalier.core.examples.asked import model_of
from espalier.core.examples.build import standing
from espalier.core.findings.approval import required_approval
from espalier.core.project.file import Project


def freeze_args(project: Project, corpus: str, wanted: Wishes) -> dict[str, object]:
    """For a job `dataset.freeze`. Raises GateShut while the dataset gate is shut."""
    require_open(project, corpus)
    build = standing(project, corpus)
    tokenizer = str(project.value("SELECT tokenizer FROM builds WHERE id = ?", (build,)))
    return {
        "corpus": corpus,
        "approval": required_approval(project, corpus).id,
        "model": model_of(project, tokenizer),
        **wanted.args(),
    }
