"""espalier review."""

from pathlib import Path
from typing import Annotated

import typer

from espalier.core.cli.output import AsJson, document, note, pairs, say, table
from espalier.core.failures import GateShut, UnusableInput
from espalier.core.findings.excerpts import visible
from espalier.core.findings.packs import review
from espalier.core.findings.packs.form import Decided, Decision, Packed, RuleRecord
from espalier.core.findings.packs.review import Pack
from espalier.core.project import sshsig
from espalier.core.project.roster import load as load_roster

app = typer.Typer(help="Findings of a pack, decided where there is no project.", no_args_is_help=True)
PackPath = Annotated[Path, typer.Argument(metavar="PACK", help="What espalier findings pack wrote.")]
Fingerprint = Annotated[str, typer.Argument(metavar="FINGERPRINT", help="Its beginning is enough.")]
Word = Annotated[str, typer.Argument(metavar="scrub|false-alarm|block|open", help="open takes a decision back.")]
Reason = Annotated[str, typer.Option(help="Why; a false alarm needs one.")]
_KEYS = (
    "pack",
    "signer",
    "person",
    "created_at",
    "maker",
    "project",
    "corpus",
    "ruleset",
    "policy",
    "findings",
    "severities",
    "audit",
)
_DECISIONS: dict[str, Decision | None] = {
    "scrub": "scrub",
    "false-alarm": "false-alarm",
    "block": "block",
    "open": None,
}


@app.command()
def verify(
    path: PackPath,
    trust: Annotated[
        Path | None, typer.Option(metavar="ROSTER", help="Who may pack; without it, the key is only named.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Check a pack from itself alone: signature, every file, and with a roster who made it."""
    roster = load_roster(trust) if trust else None
    try:
        pack = review.opened(path, roster)
    except GateShut as error:
        if json:
            document({"passed": False, "why": error.sentence, **dict.fromkeys(_KEYS)})
        raise
    document({"passed": True, "why": "Signed, and every file as it was.", **_told(pack)}) if json else _say(pack)


@app.command("list")
def list_(path: PackPath, json: AsJson = False) -> None:
    """The findings of a pack, the most urgent first, and what was decided here."""
    pack = review.opened(path)
    kept, rules = review.decisions(pack), _rules(pack)
    if json:
        document([_as_json(one, kept, rules) for one in pack.contents.findings])
        return
    columns = (
        "fingerprint",
        "rule",
        "kind",
        "severity",
        "confidence",
        "precision",
        "decision",
        "places",
        "first place",
    )
    rows = [
        (
            one.fingerprint[:12],
            visible(one.rule),
            one.kind,
            one.severity,
            one.confidence,
            _percent(rules.get(one.rule)),
            kept[one.fingerprint].decision if one.fingerprint in kept else "open",
            one.places,
            f"{visible(one.path or one.source)}:{one.line}",
        )
        for one in pack.contents.findings
    ]
    table(columns, rows, right=("precision", "places"))


@app.command()
def show(path: PackPath, fingerprint: Fingerprint, json: AsJson = False) -> None:
    """One finding of a pack with the lines around its first place, masked."""
    pack = review.opened(path)
    one, kept, rules = review.found(pack, fingerprint), review.decisions(pack), _rules(pack)
    if json:
        document(_as_json(one, kept, rules))
        return
    known, decided = rules.get(one.rule), kept.get(one.fingerprint)
    told = {name: getattr(one, name) for name in ("fingerprint", "kind", "severity", "confidence", "places")}
    told |= {"rule": f"{visible(one.rule)}: {visible(known.description) if known else 'unknown'}"}
    pairs(told | {"precision": _percent(known), "decision": decided.decision if decided else "open"})
    where = (visible(one.repository), one.source, visible(one.path or one.object[:12]), (one.commit or "")[:12])
    say(f"\n{' · '.join(part for part in where if part)} · line {one.line}")
    for number, line in enumerate(one.lines, one.first_line):
        say(f"{number:>6}  {visible(line)}")
    if one.places > 1:
        note(f"The pack shows the first of {one.places} places; the decision holds for all of them.")


@app.command()
def decide(path: PackPath, fingerprint: Fingerprint, decision: Word, reason: Reason = "") -> None:
    """Decide a finding of a pack, for all its places; kept beside the pack until it is signed."""
    pack = review.opened(path)
    one = review.found(pack, fingerprint)
    review.decide(pack, [one], _decision(decision), reason)
    say(f"{one.fingerprint[:12]} is now: {decision}.")


@app.command("decide-all")
def decide_all(
    path: PackPath,
    decision: Word,
    rule: Annotated[list[str] | None, typer.Option(help="Of this rule; may be repeated.")] = None,
    text: Annotated[str, typer.Option(help="In the path or rule, or the beginning of a fingerprint.")] = "",
    reason: Reason = "",
) -> None:
    """Decide every finding of a pack that is not decided yet and that these filters let through; open: every decided one."""
    pack = review.opened(path)
    word, kept = _decision(decision), review.decisions(pack)
    waiting = [one for one in pack.contents.findings if (one.fingerprint in kept) == (word is None)]
    chosen = [one for one in waiting if (not rule or one.rule in rule) and _fits(one, text.strip().lower())]
    say(f"{review.decide(pack, chosen, word, reason)} findings are now: {decision}.")


@app.command()
def sign(
    path: PackPath,
    target: Annotated[Path, typer.Argument(metavar="FILE", help="A new file, for whoever made the pack.")],
    key: Annotated[Path, typer.Option(help="Your SSH private key; the project must know its public half.")],
) -> None:
    """Sign what was decided in a pack into a file that its project accepts once."""
    pack = review.opened(path)
    statement = review.sign(pack, target, sshsig.load_private_key(key))
    left = pack.manifest.counts.findings - len(statement.decisions)
    say(f"Signed {len(statement.decisions)} decisions with {statement.signer}; {left} findings are left open.")
    say(f"Send {target} back: espalier findings accept PROJECT {target.name}")


def _told(pack: Pack) -> dict[str, object]:
    made = pack.manifest
    return {
        "pack": pack.hash,
        "signer": pack.signer,
        "person": pack.person,
        "created_at": made.created_at,
        "maker": made.maker.person,
        **{name: getattr(made, name) for name in ("project", "corpus", "ruleset", "policy")},
        "findings": made.counts.findings,
        "severities": made.counts.severities,
        "audit": made.audit.model_dump(mode="json"),
    }


def _say(pack: Pack) -> None:
    told, counts = _told(pack), pack.manifest.counts
    told["signer"] = f"{pack.signer}, {pack.person or 'who holds it was not checked'}"
    told["findings"] = ", ".join(f"{number} {severity}" for severity, number in counts.severities.items())
    told["audit"] = f"entry {pack.manifest.audit.seq}, {pack.manifest.audit.head}"
    pairs({name: visible(str(value)) for name, value in told.items() if name not in ("person", "severities")})


def _as_json(one: Packed, kept: dict[str, Decided], rules: dict[str, RuleRecord]) -> dict[str, object]:
    known, decided = rules.get(one.rule), kept.get(one.fingerprint)
    return one.model_dump(mode="json") | {
        "description": known.description if known else "",
        "precision": known.precision if known else None,
        "decision": decided.decision if decided else None,
        "reason": decided.reason if decided else "",
    }


def _rules(pack: Pack) -> dict[str, RuleRecord]:
    return {one.rule: one for one in pack.contents.rules}


def _percent(known: RuleRecord | None) -> str:
    return "–" if known is None or known.precision is None else f"{known.precision:.0%}"


def _fits(one: Packed, text: str) -> bool:
    return text in (one.path or "").lower() or text in one.rule or one.fingerprint.startswith(text)


def _decision(word: str) -> Decision | None:
    if word not in _DECISIONS:
        raise UnusableInput(f"There is no decision {word!r}.", f"Known: {', '.join(_DECISIONS)}.")
    return _DECISIONS[word]
