"""espalier findings."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, get_args

import typer

from espalier.core.cli import difference, quarantine, rules, ruleset, second
from espalier.core.cli.opening import As, ProjectPath, reading, writing
from espalier.core.cli.output import AsJson, document, note, pairs, say, table
from espalier.core.cli.waiting import Detach, detach, wait
from espalier.core.failures import EspalierError, GateShut, UnusableInput
from espalier.core.findings import approval, decisions, drafts, index, marked, sampling, second_reads
from espalier.core.findings import findings as found
from espalier.core.findings.context import Why, reasons_json, why
from espalier.core.findings.index import Query
from espalier.core.findings.marked import Mark
from espalier.core.findings.packs import accept as accepting
from espalier.core.findings.packs import make as packs
from espalier.core.findings.reports import imported, report
from espalier.core.findings.ruleset import current_ruleset
from espalier.core.jobs.job import enqueue
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity, identity
from espalier.core.project.policy import project_policy
from espalier.core.project.roster import load as load_roster
from espalier.core.repositories import corpus
from espalier.core.repositories.history import first_places
from espalier.core.worker.findings import known_in, write_out

app = typer.Typer(help="Secrets in the history: found, decided, approved.", no_args_is_help=True)
app.command("trace")(quarantine.trace)
app.command("quarantine")(quarantine.quarantine)
app.command("difference")(difference.difference)
app.command("rules")(rules.rules)
app.command("mute")(rules.mute)
app.command("unmute")(rules.unmute)
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


@app.command()
def mark(
    path: ProjectPath,
    blob: Annotated[str, typer.Argument(metavar="BLOB", help="Drawn for the sampled review; its beginning is enough.")],
    line: Annotated[int, typer.Argument(metavar="LINE", min=1)],
    first: Annotated[
        int, typer.Argument(metavar="FIRST", min=1, help="The first character of the secret in its line.")
    ],
    last: Annotated[int, typer.Argument(metavar="LAST", min=1, help="The last one.")],
    as_: As = None,
) -> None:
    """Call characters of a file that was drawn for reading a secret: they become a finding, to be decided like any other."""
    with writing(path) as project:
        who, chosen, ruleset = identity(project, as_), corpus.latest(project).hash, current_ruleset(project)
        number = sampling.open_sample(project, chosen, ruleset)
        drawn = [] if number is None else sampling.waiting(project, number)
        again = [(repository, oid) for _, repository, oid in second_reads.waiting(project, chosen, ruleset, who)]
        repository, oid = _one([*drawn, *again], blob)
        verb = "sample" if (repository, oid) in drawn else "second"
        lines = sampling.text_of(project, chosen, (repository, oid)).split("\n")
        if line > len(lines) or last > len(lines[line - 1]) or first > last:
            raise UnusableInput(f"Blob {oid[:12]} has no characters {first} to {last} in line {line}.", "Count from 1.")
        start = sum(len(one) + 1 for one in lines[: line - 1])
        held = next(one for one in corpus.latest(project).repositories if one.name == repository)
        place = first_places(held.path, tuple(held.tips.values())).get(oid)
        seen = Mark(
            repository=repository,
            object=oid,
            path=place.path if place else None,
            commit=place.commit if place else None,
            start=start + first - 1,
            end=start + last,
        )
        name = marked.mark(project, chosen, ruleset, seen, who)
    say(
        f"{name[:12]} is open. When the file is read: espalier findings {verb} PROJECT --reviewed {oid[:12]} --missed 1"
    )
    note(f"A rule that would find it: espalier findings draft PROJECT {name[:12]}")


@app.command()
def draft(
    path: ProjectPath,
    fingerprint: Fingerprint,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it to a new file instead.")] = None,
    json: AsJson = False,
) -> None:
    """A rule that would find a secret like this one, in gitleaks' schema; nothing of the secret is in it."""
    with reading(path) as project:
        made = drafts.draft_for(project, corpus.latest(project).hash, fingerprint)
    if out is not None:
        try:
            with out.open("x", encoding="utf-8") as file:
                file.write(made.toml)
        except OSError as error:
            raise UnusableInput(f"{out.name} can't be written: {error.strerror}.", "Name a new file.") from error
    if json:
        document(asdict(made))
    else:
        say(made.toml.rstrip() if out is None else f"Wrote {out}.")


@app.command()
def sample(
    path: ProjectPath,
    size: Annotated[int, typer.Option(help="How many blobs to draw, where no drawn one waits.")] = 30,
    seed: int = 17,
    read: Annotated[
        str | None, typer.Option(metavar="BLOB", help="Print one for reading; nothing was found in it.")
    ] = None,
    reviewed: Annotated[
        list[str] | None, typer.Option(metavar="BLOB", help="You have read it whole; may be repeated.")
    ] = None,
    missed: Annotated[int, typer.Option(help="Secrets that you saw in each of them.")] = 0,
    unread: Annotated[
        list[str] | None, typer.Option(metavar="BLOB", help="You take back that you have read it; may be repeated.")
    ] = None,
    as_: As = None,
    json: AsJson = False,
) -> None:
    """Sampled review: draw blobs that no detector flagged, read them, and see what bound on misses that gives."""
    with writing(path) as project:
        chosen, ruleset = corpus.latest(project).hash, current_ruleset(project)
        for blob in unread or ():
            _take_back(project, chosen, ruleset, blob, identity(project, as_))
        number = sampling.open_sample(project, chosen, ruleset)
        if number is None:
            number = sampling.draw(project, chosen, ruleset, size, seed)
        waiting = sampling.waiting(project, number)
        if read is not None:
            say(sampling.text_of(project, chosen, _one(waiting, read)))
            return
        if reviewed:
            blobs = [_one(waiting, blob) for blob in reviewed]
            sampling.reviewed(project, number, blobs, missed=missed, who=identity(project, as_))
        waiting = sampling.waiting(project, number)
        asked = project_policy(project).scrub.missed_bound
        review = sampling.review_of(project, chosen, ruleset)
    needed = None if asked is None else review.required(asked)
    said = {
        "sample": number,
        "waiting": [blob for _, blob in waiting],
        "reviewed": review.reviewed,
        "missed": review.missed,
        "population": review.population,
        "bound": review.bound,
        "required": needed,
        "remaining": None if needed is None else max(0, needed - review.reviewed),
        "confidence": review.confidence,
        "restarts": review.restarts,
    }
    if json:
        document(said | {"strata": [asdict(one) | {"bound": one.bound} for one in review.strata]})
        return
    pairs(said)
    columns = ("service", "language", "files", "drawn", "read", "missed", "bound")
    rows = [
        (one.service, one.language, one.size, one.drawn, one.read, one.missed, f"{one.bound:.2%}")
        for one in review.strata
    ]
    table(columns, rows, right=columns[2:])


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


def _take_back(project: Project, chosen: str, ruleset: str, blob: str, who: Identity) -> None:
    read = sampling.read_by(project, chosen, ruleset, who)
    one = _one(list(read), blob)
    sampling.unread(project, read[one], [one], who=who)


def _decision(word: str) -> decisions.State:
    state = next((state for state in decisions.STATES if state == word), None)
    if state is None:
        raise UnusableInput(f"There is no decision {word!r}.", f"Known: {', '.join(get_args(decisions.State))}.")
    return state


def _one(waiting: list[tuple[str, str]], prefix: str) -> tuple[str, str]:
    found = [one for one in waiting if prefix and one[1].startswith(prefix)]
    if len(found) != 1:
        raise UnusableInput(
            f"{len(found) or 'No'} waiting blobs begin with {prefix!r}.", "See: espalier findings sample PROJECT"
        )
    return found[0]


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
