"""The arguments of a build as it is asked for without saying more: those of the build before, else the ones we begin with."""

from espalier.core.examples.build import newest
from espalier.core.examples.units import OVERHEAD
from espalier.core.findings.approval import required_approval
from espalier.core.models import register
from espalier.core.models.embedded import NAME as EMBEDDED
from espalier.core.project.file import Project

CAP = 512  # tokens of an example at most, where nobody says otherwise


def build_args(project: Project, corpus: str) -> dict[str, object]:
    """For a job `examples.build`. Raises GateShut where no approval covers the corpus."""
    before = project.row("SELECT tokenizer, cap FROM builds WHERE id = ?", (newest(project),))
    return {
        "corpus": corpus,
        "approval": required_approval(project, corpus).id,
        "model": EMBEDDED if before is None else model_of(project, before["tokenizer"]),
        "cap": CAP if before is None else before["cap"] + OVERHEAD,
    }


def model_of(project: Project, tokenizer: str) -> str:
    """The name of a model whose tokenizer this is; the embedded one where the project knows none any more."""
    return next((one.name for one in register.models(project) if one.tokenizer_sha256 == tokenizer), EMBEDDED)
