"""espalier findings."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, get_args

import typer

from espalier.core.cli import difference, quarantine, rules, ruleset, sampling, second
from espalier.core.cli.opening import As, ProjectPath, reading, writing
from espalier.core.cli.output import AsJson, document, note, pairs, say, table
from espalier.core.cli.waiting import Detach, detach, wait
from espalier.core.failures import EspalierError, GateShut, UnusableInput
from espalier.core.findings import approval, decisions, index
from espalier.core.findings import findings as found
from espalier.core.findings.context import Why, reasons_json, why
from espalier.core.findings.index import Query
from espalier.core.findings.packs import accept as accepting
from espalier.core.findings.packs import make as packs
from espalier.core.findings.reports import imported, report
from espalier.core.findings.ruleset import current_ruleset
from espalier.core.jobs.job import enqueue
from espalier.core.project.file import Project
from espalier.core.project.identities import identity
from espalier.core.project.roster import load as load_roster
from espalier.core.repositories import corpus
from espalier.core.worker.findings import known_in, write_out

app = typer.Typer(help="Secrets in the history: found, decided, approved.", no_args_is_help=True)
app.command("trace")(quarantine.trace)
app.command("quarantine")(quarantine.quarantine)
app.command("difference")(difference.difference)
app.command("rules")(rules.rules)
app.command("mute")(rules.mute)
app.command("unmute")(rules.unmute)
app.command("sample")(sampling.sample)
app.command("mark")(sampling.mark)
app.command("draft")(sampling.draft)
app.command("second")(second.second)
app.add_typer(ruleset.app, name="ruleset")
SHOWN = 20  # lines of what is told one by one
Fingerprint = quarantine.Fingerprint


@app.command()
def scan(
    path: ProjectPath,
    archives: Annotated[
        bool,
        typer.Option(
            "--archives/--no-archives", help="Open zip, tar, gzip, bzip2 and xz, and what is named otherwise."
        ),
    ] = False,
    unreachable: Annotated[
        bool, typer.Option("--unreachable", help="Read also what is stored and no ref leads to.")
    ] = False,
    detached: Detach = False,
    json: AsJson = False,
) -> None:
    """Scan every object of the newest corpus that is not scanned under the current rules."""
    with writing(path) as project:
        args: dict[str, object] = {"corpus": corpus.latest(project).hash, "ruleset": current_ruleset(project)}
        args |= {name: True for name, asked in (("archives", archives), ("unreachable", unreachable)) if asked}
        number = enqueue(project, "findings.scan", args, "cpu")
        if detached:
            detach(project, number, "cpu")
            say(str(number))
            return
        result = wait(project, number)
    document(result) if json else pairs(result)


@app.command("list")
def list_(
    path: ProjectPath,
    state: Annotated[str | None, typer.Option(help="open, scrub, false-alarm or block; all, if not given.")] = None,
    json: AsJson = False,
) -> None:
    """The findings of the newest corpus; no secret is printed."""
    with reading(path) as project:
        listed = found.findings(project, corpus.latest(project).hash, state=state)
    if json:
        document([found.as_json(one) for one in listed])
        return
    columns = ("fingerprint", "rule", "kind", "severity", "confidence", "state", "places", "first place")
    rows = [
        (
            one.fingerprint[:12],
            one.rule,
            one.kind,
            one.severity,
            one.confidence,
            _state(one),
            len(one.places),
            _first(one),
        )
        for one in listed
    ]
    table(columns, rows, right=("places",))


@app.command()
def show(path: ProjectPath, fingerprint: Fingerprint, json: AsJson = False) -> None:
    """One finding with why it was flagged and its places in context, read from git, the secret masked."""
    with reading(path) as project:
        chosen = corpus.latest(project).hash
        one = found.finding(project, chosen, fingerprint)
        told = _why(project, chosen, one)
        if json:
            document(found.as_json(one) | {"reasons": None if told is None else reasons_json(told)})
            return
        names = ("fingerprint", "rule", "kind", "severity", "confidence")
        pairs({**{name: getattr(one, name) for name in names}, "state": _state(one), **_reasons(told)})
        for place in one.places[:20]:
            say(
                f"\n{found.source_word(place)} · {place.path or place.object[:12]} · {(place.commit or '')[:12]} · line {place.line}"
            )
            excerpt = found.excerpt(project, chosen, place)
            for number, line in enumerate(excerpt.lines, excerpt.first_line):
                say(f"{number:>6}  {line}")
        if len(one.places) > 20:
            note(f"{len(one.places) - 20} more places; all of them with --json.")


@app.command()
def decide(
    path: ProjectPath,
    fingerprint: Fingerprint,
    decision: Annotated[
        str, typer.Argument(metavar="scrub|false-alarm|block|open", help="open takes a decision back.")
    ],
    reason: Annotated[str, typer.Option(help="Why; a false alarm needs one.")] = "",
    as_: As = None,
) -> None:
    """Decide a finding, for all its places."""
    state = _decision(decision)
    with writing(path) as project:
        who = identity(project, as_)
        chosen = corpus.latest(project).hash
        whole = decisions.decide(project, chosen, fingerprint, state, who=who, reason=reason)
    say(f"{whole[:12]} is now: {decision}.")


@app.command("decide-all")
def decide_all(
    path: ProjectPath,
    decision: Annotated[str, typer.Argument(metavar="scrub|false-alarm|block|open", help="open takes decisions back.")],
    rule: Annotated[list[str] | None, typer.Option(help="Of this rule; may be repeated.")] = None,
    repository: Annotated[
        list[str] | None, typer.Option(help="First found in this repository; may be repeated.")
    ] = None,
    state: Annotated[list[str] | None, typer.Option(help="That stand so; open, if not given.")] = None,
    text: Annotated[str, typer.Option(help="In the path or rule, or the beginning of a fingerprint.")] = "",
    reason: Annotated[str, typer.Option(help="Why; a false alarm needs one.")] = "",
    as_: As = None,
) -> None:
    """Decide every finding of the newest corpus that these filters let through."""
    chosen_state = _decision(decision)
    states = tuple(_decision(one) for one in state or ("open",))
    query = Query(states=states, rules=tuple(rule or ()), repositories=tuple(repository or ()), text=text)
    with writing(path) as project:
        listed = index.list_of(project, corpus.latest(project).hash, current_ruleset(project))
        if listed is None:
            raise UnusableInput(difference.NOT_SCANNED, "espalier findings scan PROJECT")
        names = index.fingerprints(project, index.ids(project, listed, query))
        number = decisions.decide_all(project, names, chosen_state, who=identity(project, as_), reason=reason)
    say(f"{number} findings are now: {decision}.")


@app.command()
def export(
    path: ProjectPath,
    target: Annotated[
        Path, typer.Argument(metavar="FILE", help="A new file that ends in .sarif, .csv, .html or .pdf.")
    ],
) -> None:
    """Write all findings of the newest corpus and how they were decided; no secret is in the file."""
    with reading(path) as project:
        places = write_out(project, corpus.latest(project).hash, target)
    say(f"Wrote {target}." if places is None else f"{places} places in {target}")


@app.command("import")
def import_(
    path: ProjectPath,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A report of another scanner, or our own SARIF.")],
    repository: Annotated[
        str | None, typer.Option(metavar="NAME", help="What it is about, where it does not say so.")
    ] = None,
    format: Annotated[
        str | None, typer.Option(metavar="FORMAT", help=f"{', '.join(report.FORMATS)}; guessed, if not given.")
    ] = None,
    accept: Annotated[
        bool, typer.Option("--accept-verdicts", help="Take over what it calls no secret, as your decisions.")
    ] = False,
    reason: Annotated[str | None, typer.Option(help="Why you take it over.")] = None,
    as_: As = None,
    json: AsJson = False,
) -> None:
    """Make findings of what another scanner reported and no rule found; each place is looked up in git first."""
    if (reason is not None) != accept:
        raise UnusableInput("Verdicts are taken over for a reason.", "Give both: --accept-verdicts --reason TEXT")
    with writing(path) as project:
        who, chosen = identity(project, as_), corpus.latest(project).hash
        told = imported.bring_in(project, chosen, report.read(file, format), who, repository=repository, accept=reason)
    document(imported.as_json(told)) if json else _say_imported(told)


def _say_imported(told: imported.Imported) -> None:
    pairs(
        {
            "format": f"{told.format}, guessed" if told.guessed else told.format,
            "reported": told.reported,
            "known": told.known,
            "placed": f"{told.placed}, {len(told.findings)} new findings",
            "left alone": f"{told.left_alone}, called no secret and found by no rule",
            "not placed": len(told.not_placed),
            "proposed": f"{len(told.proposed)} false alarms, {told.accepted} decided so now",
        }
    )
    for one in told.not_placed[:SHOWN]:
        note(f"  · {one.where}, {one.path or 'no file'}{f':{one.line}' if one.line else ''}: {one.reason}")
    if len(told.not_placed) > SHOWN:
        note(f"{len(told.not_placed) - SHOWN} more; all of them with --json.")
    for name in told.proposed[:SHOWN] if not told.accepted else ():
        note(f"  · proposed as a false alarm: {name[:12]}")


def _decision(word: str) -> decisions.State:
    state = next((state for state in decisions.STATES if state == word), None)
    if state is None:
        raise UnusableInput(f"There is no decision {word!r}.", f"Known: {', '.join(get_args(decisions.State))}.")
    return state


@app.command()
def approve(
    path: ProjectPath,
    as_: As = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be signed, and what bars it.")
    ] = False,
) -> None:
    """Sign the approval of the newest corpus, its decisions and the rules."""
    if dry_run:
        with reading(path) as project:
            found = approval.proposal(project, corpus.latest(project).hash, identity(project, as_))
        pairs(found.statement)
        shut = (*found.before, *found.refused)
        if shut:
            raise GateShut("It can't be approved yet.", shut[0], shut)
        return
    with writing(path) as project:
        who = identity(project, as_) if as_ is not None else None
        given = approval.approve(project, corpus.latest(project).hash, who)
    say(f"Approval {given.id} of the corpus {given.corpus[:12]}, signed by {given.identity}.")


@app.command()
def pack(
    path: ProjectPath,
    target: Annotated[Path, typer.Argument(metavar="FILE", help="A new file that ends in .zip.")],
    rule: Annotated[list[str] | None, typer.Option(help="Of this rule; may be repeated.")] = None,
    repository: Annotated[
        list[str] | None, typer.Option(help="First found in this repository; may be repeated.")
    ] = None,
    as_: As = None,
) -> None:
    """Write the open findings of the newest corpus, masked and signed, for a reviewer on another machine."""
    if target.suffix.lower() != ".zip":
        raise UnusableInput(f"{target.name} does not end in .zip.", "Name the file after its format.")
    query = Query(states=("open",), rules=tuple(rule or ()), repositories=tuple(repository or ()))
    with writing(path) as project:
        who, chosen = identity(project, as_), corpus.latest(project).hash
        made = packs.make(project, chosen, target, who, known_in(project, chosen), query)
    say(f"{made.counts.findings} findings in {target}, signed by {who.name}: espalier review verify {target.name}")


@app.command()
def accept(
    path: ProjectPath,
    decided: Annotated[Path, typer.Argument(metavar="DECISIONS", help="What espalier review sign wrote.")],
    trust: Annotated[
        Path | None, typer.Option(metavar="ROSTER", help="The signer's key must count in it too, then and now.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Take what a reviewer decided in a pack, once; what was decided here meanwhile stays and is listed."""
    with writing(path) as project:
        taken = accepting.accept(project, decided, load_roster(trust) if trust else None)
    if json:
        document(asdict(taken))
        return
    say(f"{taken.decided} findings are decided as {taken.signer} signed; {taken.alike} stood so already.")
    if taken.conflicts:
        say(f"{len(taken.conflicts)} were decided otherwise here since the pack was made, and stay as they are:")
        rows = [(one.fingerprint[:12], one.here, one.by, one.there) for one in taken.conflicts]
        table(("fingerprint", "here", "by", "reviewer"), rows)


def _state(one: found.Finding) -> str:
    return f"{one.state}, muted" if one.muted else one.state


def _why(project: Project, chosen: str, one: found.Finding) -> Why | None:
    """Of its first place; None where that can't be read any more."""
    try:
        text = found.text_of(project, chosen, one.places[0])
    except EspalierError:
        return None
    return why(one, one.places[0], text)


def _reasons(told: Why | None) -> dict[str, object]:
    """What spoke for it and against it, where there is anything to say."""
    if told is None:
        return {}
    said = {"format": told.format, "for": ", ".join(told.speaks_for), "against": ", ".join(told.speaks_against)}
    return {name: words for name, words in said.items() if words}


def _first(one: found.Finding) -> str:
    place = one.places[0]
    return f"{place.path or found.source_word(place)}:{place.line}"
