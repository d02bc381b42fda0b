"""The judge: what speaks for a candidate and against it, and that it learns no secret by heart."""

import csv
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.core.findings.detection.detect import detect
from espalier.core.findings.detection.grounds import PHRASES, UNTOLD, code
from espalier.core.findings.detection.judge import candidate, judged, likelihood, model, reasons
from espalier.core.findings.detection.specimens import specimen
from espalier.core.findings.detection.traits import Candidate, of_path, traits

LABELLED = Path(__file__).resolve().parents[3] / "data" / "labelled"
LETTERS = "qzkwvhtpx"


def surest(text: str, path: str) -> set[str]:
    return {span.confidence for span in detect(text, path) if span.kind == "secret"}


@pytest.mark.parametrize(
    ("carrier", "path"),
    [
        ('db_password = "{}"\n', "src/shop.py"),
        ("    password: '{}',\n", "lib/shop.js"),
        ("DB_PASSWORD={}\n", ".env"),
        ("spring.datasource.password={}\n", "conf/application.properties"),
        ("      - MYSQL_ROOT_PASSWORD={}\n", "docker-compose.yml"),
        ('connect("host=db user=app password={} dbname=shop")\n', "src/shop.go"),
        ("curl https://api.internal/items?access_token={}\n", "docs/api.md"),
        ('  "clientSecret": "{}",\n', "config/local.json"),
        ('var dbPassword string = "{}"\n', "src/shop.go"),
        ('password: str = "{}"\n', "src/shop.py"),
        ('private val dbPassword: String = "{}"\n', "src/Shop.kt"),
        ('$db_password .= "{}";\n', "src/shop.php"),
        ("<db>\n  <password>\n    {}\n  </password>\n</db>\n", "config/shop.xml"),
    ],
)
@pytest.mark.parametrize("value", [specimen("{alnum:24}", "judge"), "Falcon7Summer!", LETTERS])
def test_that_a_value_with_a_telling_name_is_found_at_the_default(carrier: str, path: str, value: str) -> None:
    assert surest(carrier.format(value), path) & {"medium", "high"}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("password=Wachtwoord\n", "i18n/messages_nl.properties"),
        ('  "forgotPassword": "Forgot your password?",\n', "src/locales/en.json"),
        ('PASSWORD_FIELD = "user_password_field"\n', "src/forms.py"),
        ("opts.Password = redisPassword\n", "src/options.go"),
        (specimen('  "kid": "{url:43}",\n', "kid"), "data/keys.json"),
        (specimen('  "x-request-id": "{hex:24}",\n', "id"), "data/answer.json"),
        ("password: ${DB_PASSWORD:-none}\n", "docker-compose.yml"),
        ('client_secret = "your-client-secret"\n', "docs/setup.py"),
        ("If the password is already set, go on.\n", "docs/use.md"),
        (specimen('<input name="csrf_token" value="{url:64}">\n', "csrf"), "web/form.html"),
        (specimen("authenticity_token = '{alnum:40}'\n", "forgery"), "web/form.py"),
        (specimen("foreignKey={alnum:30}\n", "foreign"), "config/orm.properties"),
        ('fields = ["username", "password", "remember"]\n', "src/forms.py"),
    ],
)
def test_that_what_only_looks_like_one_is_not_found_at_the_default(text: str, path: str) -> None:
    assert not surest(text, path) & {"medium", "high"}


def test_that_bars_fall_from_surest_to_least_sure() -> None:
    bars = list(model().least.items())
    assert [name for name, _ in bars] == ["high", "medium", "low"]
    assert [bar for _, bar in bars] == sorted((bar for _, bar in bars), reverse=True)


TEXT = st.text(max_size=60)


@given(TEXT.filter(bool), TEXT, TEXT, st.sampled_from(["", "a.py", "i18n/de.json", "x/y/.env", "é.min.js"]))
def test_that_anything_can_be_judged(value: str, before: str, after: str, path: str) -> None:
    one = Candidate(value=value, before=before, after=after, rule="entropy")
    told = traits(one, of_path(path))
    assert all(math.isfinite(number) for number in told.values())
    assert 0 <= likelihood(one, of_path(path)) <= 1


@given(st.from_regex(r"[A-Za-z0-9!]{12,40}", fullmatch=True))
def test_that_no_trait_holds_the_value(value: str) -> None:
    one = Candidate(value=value, before='token = "', after='"', rule="token-assignment")
    assert not any(value.lower() in trait.lower() for trait in traits(one, of_path("a.py")))


def test_that_every_weight_has_a_phrase_or_is_not_told_on_purpose() -> None:
    untold = {trait for trait in model().weights if code(trait) is None}
    assert {trait for trait in untold if not trait.startswith("rule ")} <= UNTOLD
    assert {code(trait) for trait in model().weights} - {None} <= PHRASES.keys()


@pytest.mark.parametrize(
    ("text", "value", "path", "speaks_for", "speaks_against"),
    [
        ('token = "{}"', specimen("{alnum:24}", "why"), "a.py", "named token", None),
        ('password = "{}"', "correct horse", "a.py", "named password", "looks like a stand-in"),
        ("password={}", "Wachtwoord", "i18n/messages_nl.properties", "named password", "among translations"),
        ('"kid": "{}"', specimen("{url:43}", "kid"), "data/keys.json", "letters", "named public"),
        ('client_secret = "{}"', "your-client-secret", "docs/setup.py", "named secret", "speaks of secrets"),
        ('sha1: "{}"', specimen("{hex:40}", "digest"), "a.yaml", "letters", "line digest"),
    ],
)
def test_that_reasons_say_what_tells(
    text: str, value: str, path: str, speaks_for: str, speaks_against: str | None
) -> None:
    start = text.index("{}")
    one = candidate(text.format(value), start, start + len(value), "keyword")
    told = reasons(one, of_path(path))
    assert speaks_for in told[0]
    assert speaks_against in told[1] if speaks_against else told[1] == () and judged(one, of_path(path)) == "high"


@given(TEXT.filter(bool), TEXT, TEXT, st.sampled_from(["", "a.py", "i18n/de.json", "x/y/.env", "é.min.js"]))
def test_that_reasons_are_phrases_of_the_table_whatever_is_judged(
    value: str, before: str, after: str, path: str
) -> None:
    """They are few, and of a fixed set: so no text of a file is in one."""
    for told in reasons(Candidate(value=value, before=before, after=after, rule="entropy"), of_path(path)):
        assert len(told) <= 3 and set(told) <= PHRASES.keys()


def test_that_a_value_that_is_its_own_name_is_not_given_away() -> None:
    line = 'password = "password1"'
    start = line.index("password1")
    told = reasons(candidate(line, start, start + 9, "keyword"), of_path("a.py"))
    assert not {"is its own name", "holds its name"} & {*told[0], *told[1]}


def test_that_no_weight_is_of_a_word_that_only_one_secret_has() -> None:
    """A trait names words of names, never of values; the longest word of a name is no token."""
    assert all(len(trait.rsplit(" ", 1)[-1]) <= 24 for trait in model().weights)


@pytest.mark.parametrize("file", sorted(LABELLED.glob("*.csv")), ids=lambda file: file.stem)
def test_that_labels_are_places_and_hold_no_text(file: Path) -> None:
    source, *lines = file.read_text(encoding="utf-8").splitlines()
    assert source.startswith("# https://github.com/")
    for row in csv.DictReader(lines):
        assert len(row["blob"]) == 40 and int(row["line"]) > 0 and int(row["column"]) > 0 and int(row["length"]) > 0
        assert row["label"] in ("secret", "weak", "placeholder", "none")


def test_that_a_thousand_lines_of_two_repositories_are_held_out() -> None:
    held_out = [LABELLED / f"{name}.csv" for name in ("IdentityServer4", "juice-shop")]
    assert sum(len(file.read_text(encoding="utf-8").splitlines()) - 2 for file in held_out) >= 1000
