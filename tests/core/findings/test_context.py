"""A finding in context: masked everywhere but in a reveal, which is on record first; the preview is the scrubber's own."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.cli.test_findings_verbs import espalier
from tests.core.findings.desk import GITHUB, KEY, PASSWORD, desk, scanned
from tests.core.repositories.workshop import START, Content

from espalier.core.failures import EspalierError
from espalier.core.findings.context import Lines, Why, context, prefix, reveal, why, written
from espalier.core.findings.detection.specimens import specimen
from espalier.core.findings.findings import Finding, findings, text_of
from espalier.core.project import audit, identities
from espalier.core.project.file import Project
from espalier.core.scrub.preview import preview

LONG = "x = 1; " * 200
FILES: dict[str, Content] = {
    "a.py": f'# one\npassword = "{PASSWORD}"\ntoken = "{GITHUB}"\n# four\n',
    "long.py": f'{LONG}token = "{specimen("ghp_{alnum:36}", "long")}"; {LONG}\n',
    "k.pem": KEY + "\nafter\n",
}
SECRETS = (PASSWORD, GITHUB, specimen("ghp_{alnum:36}", "long"), *KEY.splitlines())


@pytest.fixture
def found(tmp_path: Path) -> Iterator[tuple[Project, str, dict[str, Finding]]]:
    with desk(tmp_path, FILES) as (project, _, state):
        identities.add(project, "ann", roles=("security",))
        scanned(project, state)
        yield project, state, {f"{one.rule} {one.places[0].path}": one for one in findings(project, state)}


def marked(lines: Lines) -> list[str]:
    return [lines.lines[one.line][one.start : one.end] for one in lines.stretches if one.own]


def test_that_the_context_hides_every_secret_and_says_where_it_stands(
    found: tuple[Project, str, dict[str, Finding]],
) -> None:
    project, state, by_name = found
    for one in by_name.values():
        lines = context(project, state, one, one.places[0])
        assert not any(secret in "\n".join(lines.lines) for secret in SECRETS)
        assert marked(lines) and all(text.endswith("•" * 12) for text in marked(lines))
    token = context(project, state, by_name["github-token a.py"], by_name["github-token a.py"].places[0])
    assert token.lines[2] == f'token = "ghp_{"•" * 36}"' and len(token.stretches) == 2


def test_that_only_a_documented_prefix_is_shown() -> None:
    assert prefix("github-token", GITHUB) == "ghp_"
    assert prefix("password-assignment", "password1234567890") == ""
    assert prefix("github-token", "ghp_short") == ""
    assert prefix("no-such-rule", GITHUB) == ""


def test_that_a_line_that_is_too_long_is_shown_around_the_finding(
    found: tuple[Project, str, dict[str, Finding]],
) -> None:
    project, state, by_name = found
    one = by_name["github-token long.py"]
    lines = context(project, state, one, one.places[0])
    assert all(len(line) <= 400 for line in lines.lines)
    assert marked(lines) == ["ghp_" + "•" * 36]


def test_that_a_reveal_is_on_record_before_the_text_is_read(found: tuple[Project, str, dict[str, Finding]]) -> None:
    project, state, by_name = found
    one = by_name["password-assignment a.py"]
    lines = reveal(project, state, one, one.places[0], identities.identity(project))
    assert marked(lines) == [PASSWORD] and GITHUB not in "\n".join(lines.lines)
    assert PASSWORD not in repr(lines)
    entry = audit.entries(project)[-1]
    assert (entry.action, entry.actor) == ("findings.revealed", "ann")
    assert PASSWORD not in str(entry)


def test_that_a_reveal_that_finds_nothing_is_on_record_too(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, made, state):
        who = identities.add(project, "ann", roles=("security",))
        scanned(project, state)
        one = findings(project, state)[0]
        made.path.rename(tmp_path / "gone")
        with pytest.raises(EspalierError, match="shop"):
            reveal(project, state, one, one.places[0], who)
        assert audit.entries(project)[-1].action == "findings.revealed"


def test_that_the_preview_is_what_the_scrubber_makes(found: tuple[Project, str, dict[str, Finding]]) -> None:
    project, state, by_name = found
    one = by_name["password-assignment a.py"]
    scrubbed = preview(project, state, one, one.places[0], "scrub").lines
    assert scrubbed and marked(scrubbed)[0].startswith("SECRET_PASSWORD_")
    assert scrubbed.numbers == (1, 2, 3)
    kept = preview(project, state, one, one.places[0], "false-alarm").lines
    assert kept and marked(kept) == ["•" * len(PASSWORD)]
    blocked = preview(project, state, one, one.places[0], "block")
    assert blocked.lines is None and "blocks" in blocked.kept_out
    key = by_name["private-key k.pem"]
    block = preview(project, state, key, key.places[0], "scrub").lines
    assert block and block.lines[1] == "after" and block.numbers[1] == len(KEY.splitlines()) + 1


def test_that_commits_are_told_by_author_and_date(found: tuple[Project, str, dict[str, Finding]]) -> None:
    project, state, by_name = found
    (one,) = written(project, state, by_name["private-key k.pem"].places[:1])
    assert one and (one.author, one.authored_at) == ("Ann", START)


def test_that_the_reason_shows_numbers_and_no_text(found: tuple[Project, str, dict[str, Finding]]) -> None:
    project, state, by_name = found
    one = by_name["github-token a.py"]
    told = why(one, one.places[0], text_of(project, state, one.places[0]))
    assert (told.prefix, told.length) == ("ghp_", 40) and told.bits > 3
    assert GITHUB not in repr(told)


def test_that_a_weighed_value_says_what_spoke_for_and_against_it_and_a_format_which(
    found: tuple[Project, str, dict[str, Finding]],
) -> None:
    project, state, by_name = found

    def told(name: str) -> Why:
        return why(by_name[name], by_name[name].places[0], text_of(project, state, by_name[name].places[0]))

    password, token = told("password-assignment a.py"), told("github-token a.py")
    assert "named like a password" in password.speaks_for and password.format == ""
    assert PASSWORD not in repr(password)
    assert token.format == token.description and (token.speaks_for, token.speaks_against) == ((), ())


def test_that_what_stands_under_an_encoding_is_not_weighed_as_it_stands(tmp_path: Path) -> None:
    run = base64.b64encode(f'password = "{PASSWORD}"\n'.encode() * 2).decode()
    with desk(tmp_path, {"a.txt": f"x: {run}\n"}) as (project, _, state):
        scanned(project, state)
        (one,) = findings(project, state)
        told = why(one, one.places[0], text_of(project, state, one.places[0]))
        assert (told.speaks_for, told.speaks_against) == (("readable text under an encoding",), ())


def test_that_the_verb_tells_reasons_and_goes_without_where_the_repository_is_gone(
    found: tuple[Project, str, dict[str, Finding]], tmp_path: Path
) -> None:
    project, _, by_name = found
    name = by_name["password-assignment a.py"].fingerprint
    said = espalier("findings", "show", project.path, name).stdout
    assert "named like a password" in said and PASSWORD not in said
    told = json.loads(espalier("findings", "show", project.path, name, "--json").stdout)
    assert "named like a password" in told["reasons"]["for"] and told["reasons"]["format"] is None
    (tmp_path / "shop").rename(tmp_path / "gone")
    told = json.loads(espalier("findings", "show", project.path, name, "--json").stdout)
    assert (told["fingerprint"], told["reasons"]) == (name, None)
