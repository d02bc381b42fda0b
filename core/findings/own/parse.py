"""Reading a company's rule file: its rules compiled, and what of it does not mean here what it means to gitleaks."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from espalier.core.failures import UnusableInput
from espalier.core.findings.detection.linear import Pattern
from espalier.core.findings.detection.own import Allowlist, OwnRule
from espalier.core.findings.own.form import AllowlistForm, FileForm, RuleForm

LARGEST = 1 << 20  # bytes of a file
MOST_INSTRUCTIONS = 1_000_000  # of all patterns of a file together
MOST_DOTS = 100  # in what may be a key: the parser's time grows with their square
_MEND = "Mend that entry; what gitleaks takes is described in its README, under Configuration."


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFile:
    """The rules of a file in its order, and what the person should know of it, a sentence each."""

    rules: tuple[OwnRule, ...]
    notes: tuple[str, ...]


def decoded(data: bytes) -> str:
    """The text of a file. Raises UnusableInput for one that is too large, or no UTF-8."""
    if len(data) > LARGEST:
        raise UnusableInput(f"The rule file has more than {LARGEST >> 20} MiB.", "Split it into several.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnusableInput("The rule file is not in UTF-8.", "Save it in UTF-8.") from None


def parse(name: str, text: str) -> OwnFile:
    """The rules of a file that goes by that name. Raises UnusableInput, naming the rule, where anything in it is wrong."""
    form = _form(text)
    _require_sense(form)
    compiler = _Compiler()
    everywhere = [one for one in (form.allowlist, *form.allowlists) if one is not None]
    general = [compiler.allowlist("the global allowlist", one) for one in everywhere if not one.targetrules]
    targeted = [
        (set(one.targetrules), compiler.allowlist("a global allowlist", one)) for one in everywhere if one.targetrules
    ]
    rules = []
    for rule in form.rules:
        if not rule.skipreport and (rule.regex or rule.path):
            aimed = [allowlist for names, allowlist in targeted if rule.id in names]
            rules.append(compiler.rule(name, rule, [*general, *aimed]))
    return OwnFile(rules=tuple(rules), notes=tuple(_notes(form)))


class _Compiler:
    """Compiles the patterns of one file, and keeps count of how large they are together."""

    def __init__(self) -> None:
        self._left = MOST_INSTRUCTIONS

    def rule(self, name: str, form: RuleForm, general: Sequence[Allowlist]) -> OwnRule:
        of = f"the rule {form.id}"
        pattern = self._pattern(of, form.regex) if form.regex else None
        if pattern is not None and form.secretgroup > pattern.groups:
            raise UnusableInput(f"The rule {form.id} names group {form.secretgroup}, which its regex lacks.", _MEND)
        forms = [*form.allowlists, *([form.allowlist] if form.allowlist else [])]
        return OwnRule(
            id=f"{name}/{form.id}",
            description=form.description or form.id,
            pattern=pattern,
            path=self._pattern(of, form.path) if form.path else None,
            group=form.secretgroup,
            entropy=form.entropy,
            keywords=() if "" in form.keywords else tuple(dict.fromkeys(word.lower() for word in form.keywords)),
            allowlists=(*general, *(self.allowlist(of, one) for one in forms)),
        )

    def allowlist(self, of: str, form: AllowlistForm) -> Allowlist:
        return Allowlist(
            all=form.condition == "and",
            commits=bool(form.commits),
            paths=tuple(self._pattern(of, one) for one in form.paths),
            regexes=tuple(self._pattern(of, one) for one in form.regexes),
            target=form.regextarget or "secret",
            stopwords=tuple(dict.fromkeys(word.lower() for word in form.stopwords)),
        )

    def _pattern(self, of: str, source: str) -> Pattern:
        try:
            pattern = Pattern(source)
        except ValueError as error:
            raise UnusableInput(f"A pattern of {of} does not compile: {error}.", "Mend it.") from None
        self._left -= pattern.size
        if self._left < 0:
            raise UnusableInput(f"With {of}, the patterns of this file are too large together.", "Split the file.")
        return pattern


def _form(text: str) -> FileForm:
    if any(line.partition("=")[0].count(".") > MOST_DOTS for line in text.splitlines()):
        raise UnusableInput(
            f"The rule file has a line with more than {MOST_DOTS} dots before any =.", "Break that line."
        )
    try:
        told = tomllib.loads(text)
    except (ValueError, RecursionError):  # its words could hold what is in the file
        raise UnusableInput("The rule file is no TOML that can be read.", "Mend it.") from None
    try:
        return FileForm.model_validate(told)
    except ValidationError as error:
        raise UnusableInput(_first(error, told), _MEND) from None


def _first(error: ValidationError, told: dict[str, Any]) -> str:
    """What is wrong first, and where; in a rule, with the rule's name."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    where, said = first["loc"], first["msg"].removeprefix("Value error, ")
    subject = "rule file"
    if len(where) > 1 and where[0] == "rules" and isinstance(where[1], int):
        subject, where = f"rule {_name_of(told, where[1])}", where[2:]
    place = ".".join(str(part)[:60] for part in where)
    return f"The {subject} is wrong{f' at {place}' if place else ''}: {said}."


def _name_of(told: dict[str, Any], number: int) -> str:
    """The id that the rule has, or its number from 1."""
    rule = next(value for key, value in told.items() if key.lower() == "rules")[number]
    named = (
        next((value for key, value in rule.items() if key.lower() == "id"), None) if isinstance(rule, dict) else None
    )
    return named[:120] if isinstance(named, str) and named.isprintable() and named else f"number {number + 1}"


def _require_sense(form: FileForm) -> None:
    """What no single entry can say. Raises UnusableInput."""
    if form.extend.path or form.extend.url:
        said = form.extend.path or form.extend.url
        raise UnusableInput(f"The rule file extends another one, {said}.", "Put the rules of both into one file.")
    for name, number in Counter(rule.id for rule in form.rules).items():
        if number > 1:
            raise UnusableInput(f"{number} rules are named {name}.", "Rename all but one.")
    if form.extend.usedefault:
        return
    known = {rule.id for rule in form.rules}
    for rule in form.rules:
        if not rule.regex and not rule.path:
            raise UnusableInput(f"The rule {rule.id} needs a regex or a path.", _MEND)
        if missing := [one.id for one in rule.required if one.id not in known]:
            raise UnusableInput(f"The rule {rule.id} requires {missing[0]}, which is no rule of the file.", _MEND)
    for allowlist in form.allowlists:
        if missing := [name for name in allowlist.targetrules if name not in known]:
            raise UnusableInput(f"An allowlist is for {missing[0]}, which is no rule of the file.", _MEND)


def _notes(form: FileForm) -> Iterator[str]:
    """What does not mean here what it means to gitleaks, or leaves something out."""
    if form.extend.usedefault:
        yield "extend.useDefault: Espalier's own rules always stay; those that gitleaks brings along are not in this file."
        if changed := [rule.id for rule in form.rules if not rule.regex and not rule.path]:
            yield f"Without regex and path, as a change to a rule of gitleaks, nothing is done by: {_some(changed)}."
    if disabled := sorted(set(form.extend.disabledrules)):
        yield f"extend.disabledRules switches off no rule of Espalier, and none of this file: {_some(disabled)}."
    if named := [rule.id for rule in form.rules if rule.path and not rule.regex]:
        yield f"Files that these rules name by their path are left out of training: {_some(named)}."
    if required := [rule.id for rule in form.rules if rule.required]:
        yield f"Also reported where what they require is not near: {_some(required)}."
    if silent := [rule.id for rule in form.rules if rule.skipreport]:
        yield f"Not run, because they are never reported (skipReport): {_some(silent)}."
    if unknown := sorted(set(_unknown(form))):
        yield f"Not known, and not obeyed: {_some([one[:120] for one in unknown])}."
    if any(one.commits for one in _allowlists(form)):
        yield "Allowlists by commit are not applied: a version of a file is read once, whichever commit shows it."


def _unknown(form: FileForm) -> Iterator[str]:
    """Every key that means nothing, with its rule."""
    for entry in (form, form.extend, form.allowlist, *form.allowlists):
        yield from entry.unknown if entry else ()
    for rule in form.rules:
        for inner in (rule, rule.allowlist, *rule.allowlists, *rule.required):
            yield from (f"{key} in {rule.id}" for key in (inner.unknown if inner else ()))


def _allowlists(form: FileForm) -> Iterator[AllowlistForm]:
    yield from (one for one in (form.allowlist, *form.allowlists) if one is not None)
    for rule in form.rules:
        yield from (one for one in (rule.allowlist, *rule.allowlists) if one is not None)


def _some(names: Sequence[str], most: int = 5) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
