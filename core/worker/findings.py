"""Worker stages of findings that come from elsewhere or go elsewhere: reports read, and reports and review packs written."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from espalier.core.failures import UnusableInput
from espalier.core.findings import export as exports
from espalier.core.findings.excerpts import Known
from espalier.core.findings.index import Query, Stood
from espalier.core.findings.packs import make as packs
from espalier.core.findings.reports import imported, report
from espalier.core.findings.typed import require_clean
from espalier.core.jobs.context import JobContext
from espalier.core.jobs.job import enqueue
from espalier.core.project.file import Project
from espalier.core.project.identities import identity
from espalier.core.project.key import project_key
from espalier.core.scrub.known import KnownValues
from espalier.core.scrub.values import known_values

IMPORT, EXPORT, PACK = "findings.import", "findings.export", "findings.pack"
NARROWS = ("rules", "repositories", "severities", "kinds", "text")  # of a query


def known_in(project: Project, corpus: str) -> Known:
    """Where a text holds a value that the project knows of, as the scrubber finds it. The values are read when the first text is
    asked about: of very many findings that takes minutes, and what is refused needs none.
    """

    @cache
    def values() -> KnownValues:
        return KnownValues(known_values(project, corpus, project_key(project)))

    return lambda text: ((one.start, one.end) for one in values().find(text))


def queue_import(
    project: Project,
    corpus: str,
    file: Path,
    identity: str,
    *,
    format: str | None = None,
    repository: str | None = None,
    accept: str | None = None,
) -> int:
    """The job's number. `accept` is the reason for which what the report calls no secret is taken over.

    Raises UnusableInput for a reason that holds a secret: the job would keep it.
    """
    require_clean(accept or "")
    args: dict[str, object] = {"corpus": corpus, "file": str(file.absolute()), "identity": identity}
    asked = {"format": format, "repository": repository, "accept": accept}
    return enqueue(project, IMPORT, args | {name: word for name, word in asked.items() if word is not None}, "cpu")


def bring_in(context: JobContext) -> dict[str, object]:
    """Args: corpus, file, identity; format, repository and accept where they are asked for. Returns what `findings import` tells."""
    project, args = context.project, context.args
    asked = {name: str(args[name]) for name in ("format", "repository", "accept") if name in args}
    who = identity(project, str(args["identity"]))
    context.progress(0, 2, "reading the report")
    found = report.read(Path(str(args["file"])), asked.pop("format", None))
    context.safe_point()
    context.progress(1, 2, "looking every entry up in git")
    told = imported.bring_in(
        project, str(args["corpus"]), found, who, repository=asked.get("repository"), accept=asked.get("accept")
    )
    return imported.as_json(told)


def export(context: JobContext) -> dict[str, object]:
    """Args: corpus, file, whose ending says the format. A file that broke off is not there."""
    project, corpus, target = context.project, str(context.args["corpus"]), Path(str(context.args["file"]))
    context.progress(0, 1, f"writing {target.name}")
    write_out(project, corpus, target)
    return {"file": str(target)}


def write_out(project: Project, corpus: str, target: Path) -> int | None:
    """In the format that the file ends in. Returns how many places a table of them holds, None for a report."""
    from espalier.core.findings import report as reports  # which loads a template engine

    ending = target.suffix.lower().removeprefix(".")
    format = next((one for one in exports.FORMATS if one == ending), None)
    form = next((one for one in reports.FORMS if one == ending), None)
    if format is not None:
        return exports.export(project, corpus, target, format)
    if form is None:
        remedy = "Name the file after its format: .sarif, .csv, .html or .pdf."
        raise UnusableInput(f"{target.name} ends in no format that is known.", remedy)
    reports.write(project, corpus, target, form, known_in(project, corpus))
    return None


def queue_pack(project: Project, corpus: str, file: Path, identity: str, query: Query) -> int:
    """The job's number: of what is open of what the query lets through.

    Raises UnusableInput where a secret is looked for in the query's text: the job would keep it.
    """
    require_clean(query.text)
    narrow = {name: getattr(query, name) for name in NARROWS if getattr(query, name)}
    unlike = {} if query.unlike is None else {"unlike": asdict(query.unlike)}
    args: dict[str, object] = {"corpus": corpus, "file": str(file), "identity": identity, **narrow, **unlike}
    return enqueue(project, PACK, args, "cpu")


def pack(context: JobContext) -> dict[str, object]:
    """Args: corpus, file, identity, and what narrows a query. Of everything that is open and passes."""
    project, corpus, target = context.project, str(context.args["corpus"]), Path(str(context.args["file"]))
    if target.suffix.lower() != ".zip":
        raise UnusableInput(f"{target.name} does not end in .zip.", "Name the file after its format.")
    who = identity(project, str(context.args["identity"]))
    context.progress(0, 1, f"writing {target.name}")
    made = packs.make(project, corpus, target, who, known_in(project, corpus), _narrowed(context.args))
    return {"file": str(target), "findings": made.counts.findings}


def _narrowed(args: Mapping[str, Any]) -> Query:
    return Query(
        states=("open",),
        rules=tuple(args.get("rules", ())),
        repositories=tuple(args.get("repositories", ())),
        severities=tuple(args.get("severities", ())),
        kinds=tuple(args.get("kinds", ())),
        text=str(args.get("text", "")),
        unlike=Stood(**args["unlike"]) if "unlike" in args else None,
    )
