"""The report for an auditor: everything that was decided, nothing that a browser would run or fetch, and no secret in any byte."""

import base64
import hashlib
import re
import stat
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.core.cli.test_findings_verbs import espalier
from tests.core.findings import pdf_text
from tests.core.findings.desk import GITHUB, KEY, PASSWORD, desk, scanned
from tests.core.findings.packs.packed import known
from tests.core.repositories.workshop import START, Content

from espalier.core.cli.__main__ import main
from espalier.core.failures import UnusableInput, WorkFailed
from espalier.core.findings import approval, decisions, report
from espalier.core.findings.detection.detect import bundled_digest
from espalier.core.findings.detection.specimens import specimen
from espalier.core.findings.findings import findings
from espalier.core.findings.sampling import draws, reads, second_reads
from espalier.core.project import audit, identities
from espalier.core.project.file import Project
from espalier.core.repositories import corpus
from espalier.core.sample import write
from espalier.core.sample.planted import values

SHORT = GITHUB[:4] + GITHUB[4:][::-1]  # another token
BODY = KEY.splitlines()[1:-1]
OTHER = specimen("ghp_{alnum:36}", "report")
SECRETS = (PASSWORD, GITHUB, SHORT, OTHER, *BODY)
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
FILES: dict[str, Content] = {
    "a.py": f'# {HOSTILE}\npassword = "{PASSWORD}"\n# \x1b[31m \u202e {{{{ 7*7 }}}}\n',
    "t.txt": f"token {GITHUB}\n",
    f"{SHORT}.txt": f"token {OTHER}\n",
    f"k/{HOSTILE.replace('/', '_')}.pem": f"{KEY}\n",
    "b.bin": b"\0\1\2",
}
TAGS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "h1",
        "h2",
        "h3",
        "p",
        "b",
        "ul",
        "li",
        "table",
        "tr",
        "th",
        "td",
    ),
    *("span", "pre", "code"),
}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "width"}


class Elements(HTMLParser):
    """Every tag and attribute of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags, self.attributes, self.words = set[str](), set[str](), list[str]()
        self.feed(page)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture
def reported(tmp_path: Path) -> Iterator[tuple[Project, str]]:
    """Every finding decided but one: a false alarm with a hostile reason by ann, the others scrubbed."""
    with desk(tmp_path, FILES) as (project, made, _):
        made.commit({}, f"Rotate\n\nwas {GITHUB}\n", when=START + 9)
        ann = identities.add(project, "ann", person="Ann <b>Lee</b>", roles=("security",))
        state = corpus.refresh(project).hash
        scanned(project, state)
        by_rule = {one.rule: one.fingerprint for one in findings(project, state)}
        decisions.decide(
            project, state, by_rule["password-assignment"], "false-alarm", who=ann, reason=f"{HOSTILE} made up"
        )
        decisions.decide(project, state, by_rule["private-key"], "block", who=ann)
        yield project, state


def page(project: Project, state: str, most: int = 99) -> str:
    return report.page(project, state, known(project, state), most)


def test_that_a_report_says_what_was_found_decided_and_by_whom(reported: tuple[Project, str]) -> None:
    project, state = reported
    said = Elements(page(project, state)).text
    for words in (
        state,
        bundled_digest(),
        "solo: One person may build and approve",
        "Not approved.",
        "2 findings of corpus",
        "There is nothing to read",
        "decision open 2 block 1 false-alarm 1",
        "kind secret 4",
        "binary 1",
        "password-assignment 1 0 1 0%",
        "private-key 1 1 0 100%",
        f"Decided: false-alarm, by ann (Ann <b>Lee</b>) on {project.value('SELECT min(decided_at) FROM decisions')}",
        f"{HOSTILE} made up",
        "Not decided.",
        "2 places, the first of them here",
        f"shop · file · {'•' * len(SHORT)}.txt",
        f"1 token ghp_{'•' * 36}",
        f"{audit.length(project)} entries, the last with the hash {audit.verify(project).head}",
    ):
        assert words in said, words


def test_that_nothing_in_a_report_is_run_or_fetched(reported: tuple[Project, str]) -> None:
    made = page(*reported)
    found = Elements(made)
    assert found.tags == TAGS and found.attributes == ATTRIBUTES
    assert not re.search(r"https?:|//|url\(|@import|javascript:", re.sub(r"(?s)<body>.*", "", made))
    assert "{{ 7*7 }}" in found.text and "49" not in found.text.split("{{ 7*7 }}")[0][-9:]
    assert all(letter.isprintable() or letter == "\n" for letter in made)


def test_that_the_policy_of_its_content_allows_its_own_style_only(reported: tuple[Project, str]) -> None:
    made = page(*reported)
    (style,) = re.findall(r"(?s)<style>(.*?)</style>", made)
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in made
    assert made.index("Content-Security-Policy") < made.index("<style>")


def test_that_no_secret_is_in_a_byte_of_a_report(reported: tuple[Project, str], tmp_path: Path) -> None:
    project, state = reported
    hide = known(project, state)
    for form in report.FORMS:
        report.write(project, state, tmp_path / f"a.{form}", form, hide)
        assert stat.S_IMODE((tmp_path / f"a.{form}").stat().st_mode) == 0o600
    assert not any(secret in (tmp_path / "a.html").read_text() for secret in SECRETS)
    data = (tmp_path / "a.pdf").read_bytes()
    assert not any(form in one for one in (data, *pdf_text.streams(data)) for form in _bytes_of(SECRETS))
    drawn = "".join(pdf_text.text(data).split())
    assert f"shop·file·{'•' * len(SHORT)}.txt" in drawn and f"ghp_{'•' * 36}" in drawn and "madeup" in drawn
    assert not any("".join(secret.split()) in drawn for secret in SECRETS)


def _bytes_of(secrets: tuple[str, ...]) -> list[bytes]:
    return [secret.encode(coding) for secret in secrets for coding in ("utf-8", "utf-16-be", "utf-16-le")]


def test_that_a_secret_in_a_stored_reason_is_masked(reported: tuple[Project, str]) -> None:
    """As it may stand in a file that was made before reasons were looked at."""
    project, state = reported
    name = findings(project, state)[0].fingerprint
    with project.write() as db:
        sql = "INSERT INTO decisions (fingerprint, state, reason, identity, role, decided_at)"
        db.execute(f"{sql} VALUES (?, 'scrub', ?, 'ann', 'security', 'x')", (name, f"was {PASSWORD} and {SHORT}"))
    made = page(project, state)
    assert PASSWORD not in made and SHORT not in made and f"was {'•' * len(PASSWORD)} and" in made


def test_that_an_approval_and_the_sampled_review_are_told(tmp_path: Path) -> None:
    with desk(tmp_path, {"a.py": f'password = "{PASSWORD}"\n', "b.py": "x = 1\n"}) as (project, _, state):
        ann = identities.add(project, "ann", roles=("security",))
        scanned(project, state)
        decisions.decide_all(project, [one.fingerprint for one in findings(project, state)], "scrub", who=ann)
        sample = draws.draw(project, state, bundled_digest(), 5)
        reads.reviewed(project, sample, draws.waiting(project, sample), missed=0, who=ann)
        given = approval.approve(project, state, ann)
        said = Elements(page(project, state)).text
        assert f"Signed on {given.approved_at} by ann with the key {ann.fingerprint}" in said
        assert "People read 1 of 1 files without a finding and saw a missed secret in 0." in said
        assert "at most 0.00% of them hold one, at 95 % confidence. The policy allows 1.00%." in said
        assert "Everything was scanned." in said and "Not approved" not in said
        assert "two people" not in said

        ben = identities.add(project, "ben", roles=("security",))
        (again,) = second_reads.waiting(project, state, bundled_digest(), ben)
        second_reads.read(project, again, missed=0, who=ben)
        said = Elements(page(project, state)).text
        assert "earlier corpus" not in said
        assert "Files read by two people, blind: 1; they agreed on 1; Cohen's kappa is not defined" in said


def test_that_a_demonstration_says_that_it_is_none_of_an_approval(tmp_path: Path) -> None:
    with desk(tmp_path, FILES, "demo") as (project, _, state):
        scanned(project, state)
        decisions.automatic_decisions(project, state)
        said = Elements(page(project, state)).text
        assert "Demonstration, not approved." in said and "by demo (automatic) (nobody) on" in said
        assert "scrubbed without being looked at" in said


def test_that_a_chain_that_does_not_hold_is_told(reported: tuple[Project, str]) -> None:
    project, state = reported
    with project.write() as db:
        db.execute("DROP TRIGGER audit_never_changes")
        db.execute("UPDATE audit SET actor = 'eve' WHERE seq = 2")
    assert "The chain does not hold: Entry 2 was changed." in Elements(page(project, state)).text


def test_that_what_is_too_much_or_not_scanned_is_refused(reported: tuple[Project, str], tmp_path: Path) -> None:
    project, state = reported
    with pytest.raises(UnusableInput, match="has 4 findings, and a report of this form holds 2"):
        page(project, state, 2)
    with pytest.raises(UnusableInput, match="not scanned"):
        report.page(project, "e" * 64, lambda text: (), 99)


@pytest.mark.parametrize("answer", ["import sys; sys.exit(3)", "print('no page')", "import time; time.sleep(9)"])
def test_that_a_layout_that_fails_leaves_no_file(
    reported: tuple[Project, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    (tmp_path / "python").write_text(f'#!/bin/sh\nexec python3 -c "{answer}"\n')
    (tmp_path / "python").chmod(0o755)
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    monkeypatch.setattr("espalier.core.findings.paper.SECONDS", 0.5)
    project, state = reported
    with pytest.raises(WorkFailed, match="laid out"):
        report.write(project, state, tmp_path / "a.pdf", "pdf", known(project, state))
    assert not [one for one in tmp_path.iterdir() if "a.pdf" in one.name]


def test_that_the_command_line_writes_both_and_says_what_is_wrong(
    reported: tuple[Project, str], tmp_path: Path
) -> None:
    project, _ = reported
    for name, first in (("a.html", b"<!doctype html>"), ("A.PDF", b"%PDF-")):
        done = espalier("findings", "export", project.path, tmp_path / name)
        assert (done.returncode, done.stdout) == (0, f"Wrote {tmp_path / name}.\n"), done.stderr
        assert (tmp_path / name).read_bytes().startswith(first)
        again = espalier("findings", "export", project.path, tmp_path / name)
        assert again.returncode == 2 and "there already" in again.stderr


def test_that_a_report_of_the_sample_holds_none_of_its_secrets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project, company = tmp_path / "p.espalier", write(tmp_path / "company")
    for verb, *given in (
        ("init",),
        ("repo add", company.path),
        ("repo refresh",),
        ("findings scan",),
        ("findings export", tmp_path / "a.html"),
        ("findings export", tmp_path / "a.pdf"),
    ):
        assert main([*verb.split(), str(project), *map(str, given)]) == 0
    planted = tuple(line for value in values().values() for line in value.splitlines() if "PRIVATE" not in line)
    data = (tmp_path / "a.pdf").read_bytes()
    held = ((tmp_path / "a.html").read_bytes(), data, *pdf_text.streams(data))
    assert len(planted) > 30 and not any(form in one for one in held for form in _bytes_of(planted))
    drawn = "".join(pdf_text.text(data).split())
    assert "deploy/settings.toml" in drawn and 'aws_access_key_id="AKIA' in drawn
    assert not any("".join(line.split()) in drawn for line in planted)
