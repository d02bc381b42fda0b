"""Draft rules: they find the value where it stands, load as TOML, and tell nothing of it."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.findings.desk import KEY, desk, scanned

from espalier.core.failures import UnusableInput
from espalier.core.findings.drafts import RUN, draft, draft_for
from espalier.core.findings.findings import findings

VALUES = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=("C", "Z")), min_size=6, max_size=80
)
NAMES = st.one_of(st.from_regex(r"[A-Za-z][A-Za-z_.-]{1,20}", fullmatch=True), st.just(""))
FORMS = (
    "{name} = '{value}'",
    '{name}: "{value}"',
    "call({value})",
    '"{name}" => "{value}"',
    "{value}",
    "{name}={value}\n",
)


@given(VALUES, NAMES, st.sampled_from(FORMS), st.booleans())
def test_that_a_draft_holds_nothing_of_the_value(value: str, name: str, form: str, same: bool) -> None:
    text = "x = 1\n" + form.format(name=value if same else name, value=value)
    start = text.rindex(value)
    made = draft(text, start, start + len(value))
    if made is None:
        return
    runs = [value[at : at + RUN] for at in range(len(value) - RUN + 1)]
    assert all(run.casefold() not in made.toml.casefold() for run in runs)
    (rule,) = tomllib.loads(made.toml)["rules"]
    assert set(rule) <= {"id", "description", "regex", "secretGroup", "entropy", "keywords"}
    found = re.search(rule["regex"], text)
    assert made.name is None or found is not None
    assert rule["regex"] == made.regex


@pytest.mark.parametrize(
    ("line", "value", "name", "kind"),
    [
        ('gate_word = "sunflower"', "sunflower", "gate_word", "[a-z0-9]{6,17}"),
        ("pin: 4711471147114711", "4711471147114711", "pin", "[0-9]{16}"),
        ("'api.key' => 'Zq8-aaaaXXXX_9'", "Zq8-aaaaXXXX_9", "api.key", "[A-Za-z0-9_-]{10,22}"),
        ("login(Zq8aaaaXXXX9)", "Zq8aaaaXXXX9", None, "[A-Za-z0-9]{8,20}"),
        ("sunflower = 'sunflower'", "sunflower", None, "[a-z0-9]{6,17}"),
    ],
)
def test_that_a_draft_is_made_from_name_and_form(line: str, value: str, name: str | None, kind: str) -> None:
    start = line.rindex(value)
    made = draft(line, start, start + len(value))
    assert made is not None and made.name == name and kind in made.regex
    found = re.search(made.regex, line)
    assert found is not None and value in {one[1] for one in re.finditer(made.regex, line)}


def test_that_no_draft_is_made_where_its_own_words_would_tell_the_value() -> None:
    assert draft("x = 'entropy'", 5, 12) is None
    assert draft("say('description')", 5, 16) is None


def test_that_a_key_of_several_lines_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with desk(tmp_path, {"relay.pem": f"{KEY}\n"}) as (project, _, state):
        scanned(project, state)
        (key,) = findings(project, state)
        with pytest.raises(UnusableInput, match="several lines"):
            draft_for(project, state, key.fingerprint)
