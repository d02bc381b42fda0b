"""What an approver signs of the sampled review: how far it went, what bound that gives, and how far two readers agree."""

from espalier.core.findings.sampling.review import review_of
from espalier.core.findings.sampling.second_reads import agreement, read_once
from espalier.core.project.file import Project
from espalier.core.project.policy import project_policy


def as_statement(project: Project, corpus: str, ruleset: str) -> dict[str, object]:
    """Of what was reviewed, `counted` is the head of the queue that the bound is of; `carried` was read for another corpus or under
    other rules. `by_two` is of the files that two people read: `once` still wait for the second one, `asked` is how many readers
    the policy wants, and `kappa` is null where it is not defined.
    """
    review, both = review_of(project, corpus, ruleset), agreement(project, corpus, ruleset)
    return {
        "state": review.state,
        "population": review.population,
        "reviewed": review.reviewed,
        "counted": review.counted,
        "carried": review.carried,
        "missed": review.missed,
        "bound": round(review.bound, 6),
        "confidence": review.confidence,
        "strata": len(review.strata),
        "restarts": review.restarts,
        "by_two": {
            "files": both.files,
            "agreed": both.agreed,
            "kappa": None if both.kappa is None else round(both.kappa, 6),
            "once": read_once(project, corpus, ruleset),
            "asked": project_policy(project).scrub.readers,
        },
    }
