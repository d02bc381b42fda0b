"""Lines for files that leave the machine: masked as on the screen, and wherever else a known value stands."""

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.findings.desk import GITHUB, KEY, PASSWORD, desk, scanned
from tests.core.findings.packs.packed import known
from tests.core.repositories.workshop import Content

from espalier.core.findings import marked
from espalier.core.findings.context import context
from espalier.core.findings.detection.detect import Detector, bundled_digest
from espalier.core.findings.detection.rules import bundled
from espalier.core.findings.excerpts import AROUND, MOST_LINES, Shown, excerpts, visible, words_shown
from espalier.core.findings.findings import findings
from espalier.core.project import identities
from espalier.core.repositories import corpus

HIDDEN = base64.b64encode(f"x{PASSWORD}y".encode()).decode()


def shown(folder: Path, files: dict[str, Content]) -> dict[tuple[str, str], Shown]:
    """By rule and path."""
    with desk(folder, files) as (project, _, state):
        scanned(project, state)
        found = findings(project, state)
        made = excerpts(project, state, found, known(project, state), Detector(bundled()))
        return {(one.rule, one.places[0].path or ""): made[one.fingerprint] for one in found}


def test_that_lines_are_those_of_the_screen(tmp_path: Path) -> None:
    text = "".join(f"line {number}\n" for number in range(9))
    files: dict[str, Content] = {"a.py": f'{text}token = "{GITHUB}"\n{text}', "k.pem": f"a\n\n{KEY}\nafter\n"}
    with desk(tmp_path, files) as (project, _, state):
        scanned(project, state)
        found = findings(project, state)
        made = excerpts(project, state, found, known(project, state), Detector(bundled()))
        for one in found:
            lines = context(project, state, one, one.places[0], AROUND)
            assert (made[one.fingerprint].first_line, made[one.fingerprint].lines) == (lines.first_line, lines.lines)
        assert {len(one.lines) for one in made.values()} == {2 * AROUND + 1, len(KEY.splitlines()) + AROUND}


def test_that_a_value_is_masked_where_no_rule_would_see_it(tmp_path: Path) -> None:
    """In a comment, under base64, and beside a finding of another file."""
    files: dict[str, Content] = {
        "a.py": f'password = "{PASSWORD}"\n# {PASSWORD}\n',
        "b.py": f'# {HIDDEN}\ntoken = "{GITHUB}"\n# was {PASSWORD[:-1]}{PASSWORD[-1]}\n',
    }
    lines = "\n".join(line for one in shown(tmp_path, files).values() for line in one.lines)
    assert PASSWORD not in lines and HIDDEN not in lines and GITHUB not in lines
    assert lines.count("•" * len(PASSWORD)) >= 3 and "# was" in lines


def test_that_an_ordinary_word_is_masked_beside_the_place_where_it_is_a_secret(tmp_path: Path) -> None:
    with desk(tmp_path, {"gate.py": "x = 1\n# say sunflower\n# or sunflower\n"}) as (project, made, state):
        scanned(project, state)
        ann = identities.add(project, "ann", roles=("security",))
        seen = marked.Mark(
            repository="shop", object=made.oid("HEAD:gate.py"), path="gate.py", commit=None, start=12, end=21
        )
        marked.mark(project, state, bundled_digest(), seen, ann)
        found = findings(project, state)
        (only,) = excerpts(project, state, found, lambda text: (), Detector(bundled())).values()
    assert only.lines == ("x = 1", f"# say {'•' * 9}", f"# or {'•' * 9}")


def test_that_people_in_a_header_are_masked_beside_a_secret(tmp_path: Path) -> None:
    with desk(tmp_path, {"a.py": "x = 1\n"}) as (project, made, _):
        made.commit({"b.py": "y = 2\n"}, "Second\n", author=f"{GITHUB} <mia@tallyfen.com>".encode())
        state = corpus.refresh(project).hash
        scanned(project, state)
        found = findings(project, state)
        assert {one.places[0].source for one in found} == {"author"}
        made_of = excerpts(project, state, found, known(project, state), Detector(bundled()))
    lines = "\n".join(line for one in made_of.values() for line in one.lines)
    assert "ghp_" in lines and GITHUB not in lines and "mia@" not in lines


def test_that_a_long_finding_is_cut_and_a_path_has_no_secret(tmp_path: Path) -> None:
    body = "\n".join([KEY.splitlines()[1]] * 90)
    text = f"-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----\n"
    (only,) = shown(tmp_path, {"k.pem": text}).values()
    assert len(only.lines) == MOST_LINES and KEY.splitlines()[1] not in "\n".join(only.lines)
    assert words_shown(f"x/{GITHUB}.txt", lambda text: (), Detector(bundled())) == f"x/{'•' * len(GITHUB)}.txt"


@pytest.mark.parametrize("text", ["\x1b[31mred", "a\u202eb", "a\rb", "a\u2028b", "\x00"])
def test_that_nothing_is_left_that_a_terminal_obeys(text: str) -> None:
    assert visible(text).isprintable() and len(visible(text)) == len(text)


@given(st.text())
def test_that_any_line_can_be_shown(text: str) -> None:
    assert visible(text).isprintable()
