"""What the release page shows, read off the GUI thread: the four gates of one run with their evidence, the sign-offs, the
licences, what the manifest will say, and the bundles that were made."""

from dataclasses import dataclass

from espalier.core.failures import EspalierError
from espalier.core.project.file import Project
from espalier.core.project.identities import identities
from espalier.core.project.policy import Policy, project_policy
from espalier.core.release import checklist, licences, sign_off
from espalier.core.release.inputs import Inputs, inputs
from espalier.core.release.manifest import SignOff, SourceLicence
from espalier.core.release.preview import export_class, preview
from espalier.core.release.sources import sources
from espalier.core.release.verify import Check

EVALUATED = "SELECT DISTINCT run FROM evaluations WHERE state = 'done' ORDER BY run DESC"
# What a check of the release rests on: rows are only ever added where people decide.
STATE = """
SELECT (SELECT max(id) FROM decisions), (SELECT max(id) FROM approvals), (SELECT max(id) FROM source_decisions),
       (SELECT max(id) FROM sign_offs), (SELECT max(id) FROM releases), (SELECT count(*) FROM builds),
       (SELECT group_concat(id || state) FROM evaluations), (SELECT group_concat(id || state) FROM runs),
       (SELECT hash FROM corpora ORDER BY refreshed_at DESC, rowid DESC LIMIT 1), (SELECT count(*) FROM identities),
       (SELECT count(*) FROM rubric_ratings)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSigned:
    """A role that the policy asks for, who has signed in it, and who could on this project."""

    role: str
    signed: SignOff | None
    at: str
    able: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundled:
    """A bundle that was made: its run, version, who signed it, and when."""

    run: int
    version: int
    identity: str
    created_at: str
    demonstration: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One run looked at. Without an evaluated run only policy and bundles say anything; `why` says what is missing then."""

    policy: Policy
    runs: tuple[int, ...]
    run: int | None
    why: str
    checks: tuple[Check, ...]
    roles: tuple[RoleSigned, ...]
    sources: tuple[SourceLicence, ...]
    base_licence: str
    base_asks: tuple[str, ...]
    manifest: dict[str, object] | None
    export: str | None
    adapter_bytes: int
    bundles: tuple[Bundled, ...]

    @property
    def open(self) -> bool:
        return bool(self.checks) and all(one.passed for one in self.checks)


class ReleaseReading:
    """Belongs to the reader's thread, but for `wanted`: the run that the person looks at, None for the newest."""

    def __init__(self) -> None:
        self.wanted: int | None = None
        self._state: object = None
        self._last: Release | None = None

    def __call__(self, project: Project) -> Release:
        row = project.row(STATE)
        state = (self.wanted, () if row is None else tuple(row))
        if self._last is None or state != self._state:
            self._last, self._state = read(project, self.wanted), state
        return self._last


def read(project: Project, wanted: int | None) -> Release:
    runs = tuple(int(row["run"]) for row in project.rows(EVALUATED))
    run = wanted if wanted in runs else runs[0] if runs else None
    given, why = _inputs(project, run)
    shown = None if given is None else preview(project, given)
    asked = None if given is None else _obligations(given)
    return Release(
        policy=project_policy(project),
        runs=runs,
        run=run,
        why=why,
        checks=() if run is None else checklist.check(project, run).checks,
        roles=() if given is None else _roles(project, given),
        sources=() if given is None else _sources(project, given),
        base_licence="" if given is None else given.base.licence,
        base_asks=() if asked is None else tuple(text for text in (asked.credit, asked.notice) if text),
        manifest=shown,
        export=None if given is None else export_class(project, given),
        adapter_bytes=0 if given is None else _bytes(project, given.adapter),
        bundles=_bundles(project),
    )


def _inputs(project: Project, run: int | None) -> tuple[Inputs | None, str]:
    if run is None:
        return None, ""
    try:
        return inputs(project, run), ""
    except EspalierError as error:
        return None, f"{error.sentence} {error.remedy}"


def _obligations(given: Inputs) -> licences.Obligations | None:
    try:
        return licences.obligations(given.base.licence)
    except EspalierError:
        return None  # the checks say so


def _sources(project: Project, given: Inputs) -> tuple[SourceLicence, ...]:
    try:
        return sources(project, given.snapshot["hash"], given.snapshot["corpus"])
    except EspalierError:
        return ()  # the checks say so


def _roles(project: Project, given: Inputs) -> tuple[RoleSigned, ...]:
    signed = {one.role: one for one in sign_off.given_for(project, given)}
    people = [one for one in identities(project) if not one.automatic or given.policy.demonstration]
    return tuple(
        RoleSigned(
            role=role,
            signed=signed.get(role),
            at=str(signed[role].statement.get("at", "")) if role in signed else "",
            able=tuple(one.name for one in people if role in one.roles),
        )
        for role in given.policy.release.sign_offs
    )


def _bytes(project: Project, adapter: str) -> int:
    return int(project.value("SELECT size FROM artifacts WHERE sha256 = ?", (adapter,)) or 0)


def _bundles(project: Project) -> tuple[Bundled, ...]:
    rows = project.rows("SELECT run, version, identity, created_at, demonstration FROM releases ORDER BY id DESC")
    return tuple(Bundled(**{**dict(row), "demonstration": bool(row["demonstration"])}) for row in rows)
