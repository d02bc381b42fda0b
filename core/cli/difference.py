"""espalier findings difference."""

from espalier.core.cli.opening import ProjectPath, reading
from espalier.core.cli.output import AsJson, document, pairs, table
from espalier.core.failures import UnusableInput
from espalier.core.findings import approval, index
from espalier.core.findings import difference as differing
from espalier.core.findings.difference import Difference
from espalier.core.findings.index import Listed, Query
from espalier.core.findings.ruleset import current_ruleset
from espalier.core.repositories import corpus

NOT_SCANNED = "The newest corpus is not scanned under the current rules."


def difference(path: ProjectPath, json: AsJson = False) -> None:
    """What stands otherwise than when it was last approved, and is to be looked at before it is approved again."""
    with reading(path) as project:
        chosen, ruleset = corpus.latest(project).hash, current_ruleset(project)
        listed = index.list_of(project, chosen, ruleset)
        if listed is None:
            raise UnusableInput(NOT_SCANNED, "espalier findings scan PROJECT")
        told = differing.difference(project, chosen, ruleset, approval.last_approved(project))
        shown = index.page(project, index.ids(project, listed, Query(unlike=told.stood)))
    if json:
        names = [one.fingerprint for one in shown]
        document(differing.as_statement(told) | {"new_rules": told.new_rules, "fingerprints": names})
        return
    _say(told)
    columns = ("fingerprint", "rule", "kind", "severity", "confidence", "state", "places", "first place")
    if shown:
        table(columns, [_row(one) for one in shown], right=("places",))


def _say(told: Difference) -> None:
    since = told.since
    pairs(
        {
            "approved before": f"{since.corpus[:12]} by {since.identity}, {since.approved_at}" if since else "nothing",
            "new": told.new,
            "decided since": told.decided,
            "gone": told.gone,
            "not scanned": f"{told.not_scanned:+} files" if since else f"{told.not_scanned} files",
            **({"rules": "others than then" if told.new_rules else "as they were"} if since else {}),
        }
    )


def _row(one: Listed) -> tuple[object, ...]:
    first = f"{one.repository}: {one.path or one.source}:{one.line}"
    return (one.fingerprint[:12], one.rule, one.kind, one.severity, one.confidence, one.state, one.places, first)
