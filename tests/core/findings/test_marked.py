"""Marks of a sampled review: findings like others, scrubbed like others, and not forgotten by a change of the rules."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.findings.desk import PASSWORD, desk, scanned
from tests.core.repositories.workshop import START, Content, Made

from espalier.core.failures import GateShut, UnusableInput
from espalier.core.findings import index, scan
from espalier.core.findings.approval import scrub_gate
from espalier.core.findings.decisions import decide, decide_all
from espalier.core.findings.detection.detect import Detector, bundled_digest
from espalier.core.findings.detection.people import People
from espalier.core.findings.detection.rules import Ruleset
from espalier.core.findings.findings import finding, findings
from espalier.core.findings.marked import RULE, Mark, mark
from espalier.core.findings.sampling import draws, one_sample
from espalier.core.findings.sampling.review import review_of
from espalier.core.project import audit, identities
from espalier.core.project.file import Project
from espalier.core.repositories import corpus
from espalier.core.scrub.scrubber import project_scrubber

WORD = "sunflower"  # no rule takes it for a secret
TEXT = f"# ask the gate for {WORD} first\nopen()\n"
FILES: dict[str, Content] = {"a.py": f'password = "{PASSWORD}"\n', "gate.py": TEXT, "other.py": f"x = '{WORD}'\n"}


@pytest.fixture
def desk_(tmp_path: Path) -> Iterator[tuple[Project, Made, str]]:
    with desk(tmp_path, FILES) as (project, made, state):
        identities.add(project, "ann", roles=("security", "builder"))
        scanned(project, state)
        yield project, made, state


def seen(made: Made, start: int, end: int) -> Mark:
    oid = made.oid("HEAD:gate.py")
    return Mark(repository="shop", object=oid, path="gate.py", commit=made.oid("HEAD"), start=start, end=end)


def marked(project: Project, made: Made, state: str) -> str:
    start = TEXT.index(WORD)
    return mark(
        project, state, bundled_digest(), seen(made, start - 1, start + len(WORD) + 1), identities.identity(project)
    )


def test_that_a_mark_is_an_open_finding_that_shuts_the_gate(desk_: tuple[Project, Made, str]) -> None:
    project, made, state = desk_
    name = marked(project, made, state)
    one = finding(project, state, name)
    assert (one.rule, one.state, one.places[0].path, one.places[0].line) == (RULE, "open", "gate.py", 1)
    assert one.places[0].end - one.places[0].start == len(WORD)
    number = index.list_of(project, state, bundled_digest())
    assert number is not None and index.counts(project, number)["open"] == 2
    assert "2 findings" in scrub_gate(project, state).items[0]
    assert WORD not in str(audit.entries(project)[-1])


def test_that_the_scrubber_scrubs_it_wherever_it_stands(desk_: tuple[Project, Made, str]) -> None:
    project, made, state = desk_
    name, who = marked(project, made, state), identities.identity(project)
    with pytest.raises(GateShut, match="are open"):
        project_scrubber(project, state)
    decide_all(project, [one.fingerprint for one in findings(project, state)], "scrub", who=who)
    one = project_scrubber(project, state)
    for path, text in (("gate.py", TEXT), ("other.py", str(FILES["other.py"]))):
        scrubbed = one.scrub_blob(made.oid(f"HEAD:{path}"), text, path)
        assert WORD not in scrubbed.text and "SECRET_MARKED_" in scrubbed.text
        assert one.verify(scrubbed.text, path) == []
    decide(project, state, name, "false-alarm", who=who, reason="no secret")
    assert project_scrubber(project, state).scrub(TEXT, "gate.py").text == TEXT


def test_that_a_later_corpus_and_other_rules_keep_it(
    desk_: tuple[Project, Made, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project, made, state = desk_
    name = marked(project, made, state)
    made.commit({"n.py": "x = 1\n"}, when=START + 9)
    newer = corpus.refresh(project).hash
    scanned(project, newer)
    assert finding(project, newer, name).rule == RULE

    class Other(Detector):
        def __init__(self, ruleset: Ruleset, people: People) -> None:
            super().__init__(ruleset, people)
            self.digest = "other rules"

    monkeypatch.setattr(scan, "Detector", Other)
    scanned(project, newer)
    assert name in {one.fingerprint for one in findings(project, newer, "other rules")}


def test_that_the_count_of_clean_files_stays_what_the_rules_say(desk_: tuple[Project, Made, str]) -> None:
    project, made, state = desk_
    before = review_of(project, state, bundled_digest()).population
    marked(project, made, state)
    assert review_of(project, state, bundled_digest()).population == before


@pytest.mark.parametrize(("start", "end"), [(0, 3), (2, 2), (20, len(TEXT))])
def test_that_what_can_not_be_looked_for_is_refused(desk_: tuple[Project, Made, str], start: int, end: int) -> None:
    project, made, state = desk_
    with pytest.raises(UnusableInput, match="on one line"):
        mark(project, state, bundled_digest(), seen(made, start, end), identities.identity(project))


def test_that_drawing_again_draws_what_was_not_drawn(desk_: tuple[Project, Made, str]) -> None:
    project, _, state = desk_
    drawn = []
    for _ in range(3):
        sample = draws.draw(project, state, bundled_digest(), 1)
        drawn += draws.waiting(project, sample)
    assert len(drawn) == len(set(drawn)) == 2


def test_that_the_number_to_read_meets_the_bound_and_one_less_does_not() -> None:
    for population, missed, asked in ((500, 0, 0.01), (5000, 1, 0.01), (60, 0, 0.05)):
        needed = one_sample.required(population, missed, asked)
        assert needed is not None
        assert (
            one_sample.miss_bound(population, needed, missed)
            <= asked
            < one_sample.miss_bound(population, needed - 1, missed)
        )
    assert one_sample.required(50, 1, 0.01) is None
    assert one_sample.required(0, 0, 0.01) == 0
