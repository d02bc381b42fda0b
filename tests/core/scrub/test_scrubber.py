"""Scrubbing: whatever carries a decided secret comes out without it, in every encoding, and stays as it is."""

import ast
import base64
import json
import os
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.findings.desk import GITHUB, KEY, PASSWORD, desk, scanned
from tests.core.findings.detection.test_encoded import ENCODINGS
from tests.core.repositories.workshop import Content

from espalier.core.failures import GateShut, UnusableInput
from espalier.core.findings.approval import approve
from espalier.core.findings.decisions import automatic_decisions, decide
from espalier.core.findings.detection.detect import Detector
from espalier.core.findings.detection.rules import bundled
from espalier.core.findings.detection.specimens import specimen
from espalier.core.findings.detection.values import is_distinctive
from espalier.core.findings.findings import findings
from espalier.core.project import identities
from espalier.core.project.key import ProjectKey
from espalier.core.scrub.known import Known
from espalier.core.scrub.scrubber import Blocked, Scrubber, project_scrubber
from espalier.core.scrub.values import known_values

DETECTOR = Detector(bundled())
PROJECT_KEY = ProjectKey(bytes(range(32)))
MAIL = "jane.roe@orchard-tools.com"

VALUES = st.builds(
    specimen,
    st.sampled_from(
        ["{alnum:12}", "{alnum:24}", "{hex:32}", "{base64:40}", "{url:30}", "ghp_{alnum:36}", "{alnum:9}!{digits:3}"]
    ),
    st.integers(0, 10_000).map(str),
).filter(is_distinctive)  # chance letters may read like words, and those are secrets in their place only
CARRIERS = st.sampled_from(
    [
        ("a.py", 'PASSWORD = "{}"\nother = "{}"\n'),
        ("b.py", "# {}\ndef f():\n    return ['x', '{}']\n"),
        ("c.yaml", "db:\n  note: {}\n  password: {}\n"),
        ("d.json", '{{"a": "{}", "b": ["{}"]}}\n'),
        (".env", "A={}\nB='{}'\n"),
        ("COMMIT_EDITMSG", "Rotate {}\n\nold was {}, really\n"),
        ("e.md", "`{}` and x{}x\n"),
    ]
)


def scrubber(known: Iterable[Known]) -> Scrubber:
    return Scrubber(PROJECT_KEY, known, DETECTOR)


def known(value: str, state: str = "scrub") -> Known:
    return Known(value=value, kind="secret", type="PASSWORD", state=state)


@given(VALUES, CARRIERS, st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=20))
def test_that_a_decided_secret_never_comes_through(value: str, carrier: tuple[str, str], noise: str) -> None:
    path, form = carrier
    text = f"# {noise}\n" + form.format(value, value)
    scrubbed = scrubber([known(value)]).scrub(text, path)
    assert value not in scrubbed.text and len(scrubbed.edits) >= 2
    assert value.encode("utf-16-le") not in scrubbed.text.encode("utf-16-le", "surrogatepass")
    assert scrubber([known(value)]).verify(scrubbed.text, path) == []


@given(VALUES, st.binary(max_size=5), st.binary(max_size=5), st.booleans())
def test_that_base64_of_a_secret_never_comes_through(value: str, before: bytes, after: bytes, wide: bool) -> None:
    data = value.encode("utf-16-le" if wide else "utf-8")
    held = base64.b64encode((before + b"\0" if wide and len(before) % 2 else before) + data + after).decode()
    scrubbed = scrubber([known(value)]).scrub(f'x = "{held}"\n', "a.py").text
    assert held not in scrubbed and "SECRET_" in scrubbed


@given(VALUES)
def test_that_escaped_and_quoted_forms_never_come_through(value: str) -> None:
    odd = value[:6] + '"/<é' + value[6:]
    one = scrubber([known(odd)])
    for form in (json.dumps(odd), quote(odd, safe=""), repr(odd), odd.encode().hex(), odd.replace("/", "\\/")):
        assert value[6:] not in one.scrub(f"x: {form}\n", "a.txt").text


@given(
    st.lists(VALUES, min_size=1, max_size=3),
    st.lists(
        st.sampled_from(['token = "{}"', "{}{}", "x={} # {}", '"{}"', "://u:{}@h", "\n", "SECRET_X_", MAIL]), max_size=8
    ),
    st.sampled_from(["a.py", ".env", "c.yaml", "COMMIT_EDITMSG", "d.json"]),
)
def test_that_scrubbing_twice_is_scrubbing_once(values: list[str], pieces: list[str], path: str) -> None:
    text = "\n".join(piece.format(values[0], values[-1]) for piece in pieces)
    one = scrubber(map(known, values))
    scrubbed = one.scrub(text, path)
    assert one.scrub(scrubbed.text, path).edits == ()
    assert one.verify(scrubbed.text, path) == []


def test_that_one_value_has_one_placeholder_everywhere() -> None:
    one = scrubber([known(PASSWORD)])
    texts = [one.scrub(f'password = "{PASSWORD}"', "a.py").text, one.scrub(f"A={PASSWORD}", "b.txt").text]
    placeholders = {text.split("SECRET_")[1].strip('"') for text in texts}
    assert len(placeholders) == 1 and placeholders.pop().startswith("PASSWORD_")


def test_that_code_still_parses_and_a_key_is_one_line() -> None:
    text = f'KEY = """{KEY}"""\nB = b"{GITHUB}"\nC = f"{{x}}:{PASSWORD}"\n'
    scrubbed = scrubber([known(PASSWORD)]).scrub(text, "a.py")
    ast.parse(scrubbed.text)
    assert len(scrubbed.text.splitlines()) == 3
    assert scrubbed.original_line(2) == 1 + len(KEY.splitlines())


def test_that_what_would_break_a_file_is_blocked() -> None:
    name = specimen("{alpha:24}", "name")
    with pytest.raises(Blocked, match="syntax"):
        scrubber([known(f"({name} +")]).scrub(f"x = ({name} + 1)\n", "a.py")


def test_that_a_file_in_which_python_finds_errors_must_not_get_more_of_them() -> None:
    name = specimen("{alpha:24}", "name")
    old = f'print "of Python 2"\nx = ({name} + 1)\n'
    assert "SECRET_" in scrubber([known(name)]).scrub(old, "a.py").text
    with pytest.raises(Blocked, match="syntax"):
        scrubber([known(f"({name} +")]).scrub(old, "a.py")


@pytest.mark.parametrize(("path", "text"), [("a.json", '{{"pin": {}}}'), ("a.toml", "pin = {}\n")])
def test_that_settings_that_would_not_be_read_any_more_are_left_out(path: str, text: str) -> None:
    pin = "48151623420815"
    one = scrubber([known(pin)])
    with pytest.raises(Blocked, match="syntax"):
        one.scrub(text.format(pin), path)
    quoted = text.format(f'"{pin}"')
    assert pin not in one.scrub(quoted, path).text


@pytest.mark.parametrize(("path", "text"), [("a.yaml", "x: [[{}], 1]\n"), ("pom.xml", "<x>{}</x>\n")])
def test_that_brackets_and_tags_are_not_torn_apart(path: str, text: str) -> None:
    opened = {"a.yaml": f"[{PASSWORD}", "pom.xml": f">{PASSWORD}"}[path]
    with pytest.raises(Blocked, match="syntax"):
        scrubber([known(opened)]).scrub(text.format(PASSWORD), path)
    assert PASSWORD not in scrubber([known(PASSWORD)]).scrub(text.format(PASSWORD), path).text


def test_that_a_person_becomes_nobody() -> None:
    text = f"mail {MAIL} or {MAIL.title()}\n"
    scrubbed = scrubber([]).scrub(text, "a.md").text
    first, second = (word for word in scrubbed.split() if "@" in word)
    assert first == second and first.startswith("person-") and first.endswith("@example.invalid")


def test_that_states_are_obeyed() -> None:
    text = f'password = "{PASSWORD}"\n'
    assert scrubber([known(PASSWORD, "false-alarm")]).scrub(text, "a.py").text == text
    assert scrubber([known(PASSWORD, "false-alarm")]).verify(text, "a.py") == []
    with pytest.raises(Blocked):
        scrubber([known(PASSWORD, "block")]).scrub(f"# {PASSWORD}\n", "a.py")
    with pytest.raises(GateShut, match="1 findings are open"):
        scrubber([known(PASSWORD, "open")])


def test_that_an_undecided_secret_is_scrubbed_too() -> None:
    assert GITHUB not in scrubber([]).scrub(f"t = '{GITHUB}'\n", "a.py").text


@given(
    st.sampled_from(sorted(ENCODINGS)),
    st.sampled_from(sorted(ENCODINGS)),
    st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=20),
    CARRIERS,
)
def test_that_an_undecided_secret_under_encodings_is_scrubbed_too(
    inner: str, outer: str, note: str, carrier: tuple[str, str]
) -> None:
    path, form = carrier
    run = ENCODINGS[outer](ENCODINGS[inner](f"{note}\nTOKEN={GITHUB}\n"))
    scrubbed = scrubber([]).scrub(form.format(run, run), path)
    assert run.rstrip("=") not in scrubbed.text
    assert scrubber([]).verify(scrubbed.text, path) == []


def test_that_an_ordinary_word_is_a_secret_only_in_its_place() -> None:
    text = 'password = "sunflower"\nsunflower = plant("sunflower")\n'
    scrubbed = scrubber([known("sunflower")]).scrub(text, "a.py").text
    assert scrubbed.splitlines()[1] == 'sunflower = plant("sunflower")'
    assert "sunflower" not in scrubbed.splitlines()[0]


def test_that_verification_sees_what_remains() -> None:
    one = scrubber([known(PASSWORD)])
    text = f"a {base64.b64encode(PASSWORD.encode()).decode()}\nb {GITHUB}\n"
    assert {span.rule for span in one.verify(text, "a.md")} == {"known-value", "github-token"}


def test_that_nothing_of_a_secret_shows_in_a_representation() -> None:
    one = known(PASSWORD)
    assert PASSWORD not in repr(one) + repr([one]) + repr(scrubber([one]))


def test_that_a_corpus_is_scrubbed_from_its_decisions(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "a.py": f'password = "{PASSWORD}"\n',
        "b.py": f"# was {PASSWORD}\n",
        "k.pem": KEY,
        "x.gif": b"GIF8\0",
    }
    with desk(tmp_path, files, policy="demo") as (project, made, state):
        with pytest.raises(GateShut, match="not scanned"):
            project_scrubber(project, state)
        scanned(project, state)
        with pytest.raises(GateShut, match="are open"):
            project_scrubber(project, state)
        automatic_decisions(project, state)
        approve(project, state)
        one = project_scrubber(project, state)
        for path in ("a.py", "b.py"):
            text = str(files[path])
            assert PASSWORD not in one.scrub_blob(made.oid(f"HEAD:{path}"), text, path).text
        with pytest.raises(Blocked, match="not scanned"):
            one.scrub_blob(made.oid("HEAD:x.gif"), "GIF", "x.gif")
        name = next(place for place in findings(project, state) if place.rule == "private-key").fingerprint
        decide(project, state, name, "block", who=identities.add(project, "ann", roles=("security",)))
        with pytest.raises(Blocked, match="blocks it"):
            project_scrubber(project, state).scrub(f"x\n{KEY}\n", "k.pem")


def test_that_the_key_of_another_project_is_noticed(tmp_path: Path) -> None:
    with desk(tmp_path, {"a.py": f'password = "{PASSWORD}"\n'}, policy="demo") as (project, _, state):
        scanned(project, state)
        automatic_decisions(project, state)
        other = ProjectKey(os.urandom(32))
        with pytest.raises(UnusableInput, match="another key"):
            list(known_values(project, state, other))
