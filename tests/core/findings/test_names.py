"""Names of those who signed the history, found in what is in it: one finding for a person, and nothing read twice without need."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.core.findings.desk import desk, scanned
from tests.core.repositories.workshop import START, Content, Made

from espalier.core.findings import scan
from espalier.core.findings.decisions import decide_all
from espalier.core.findings.detection.detect import Naming
from espalier.core.findings.findings import findings
from espalier.core.project import identities
from espalier.core.project.file import Project
from espalier.core.repositories import corpus, repository
from espalier.core.scrub.scrubber import project_scrubber

JANE, BEN = b"Jane Roe <jroe@orchard-tools.com>", b"Ben Ito <ben@orchard-tools.com>"
FILES: Mapping[str, Content] = {
    "a.py": "# Copyright (c) 2019 Jane Roe\nx = 1  # TODO(jroe): mend\n",
    "b.py": '__author__ = "Jane Roe and Ben Ito"\n',
    "c.py": "jane, roe = 1, 2\n",
    "AUTHORS": "Jane Roe\nBen Ito\n",
}


def people_in(project: Project, state: str) -> list[tuple[str, list[tuple[str, int, int, int]]]]:
    """How sure each is, and the places; '' for a message."""
    found = [one for one in findings(project, state) if one.rule == "person-name"]
    return sorted(
        (one.confidence, sorted((place.path or "", place.line, place.start, place.end) for place in one.places))
        for one in found
    )


def paths(project: Project, state: str) -> list[list[str]]:
    return sorted([path for path, *_ in places] for _, places in people_in(project, state))


def test_that_one_finding_is_one_person_wherever_the_name_stands(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, made, _):
        made.commit({"d.py": "y = 1\n"}, "Thank JANE ROE\n", author=JANE, when=START + 1)
        state = corpus.refresh(project).hash
        scanned(project, state)
        assert paths(project, state) == [["", "a.py", "b.py"], ["a.py"]]


def found_by_a_first_scan(folder: Path, made: Made) -> list[tuple[str, list[tuple[str, int, int, int]]]]:
    with Project.create(folder / "first") as project:
        repository.add(project, made.path)
        state = corpus.refresh(project).hash
        scanned(project, state)
        return people_in(project, state)


def test_that_someone_new_is_found_in_what_was_read_before_as_a_first_scan_would(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, made, state):
        scanned(project, state)
        assert people_in(project, state) == []
        made.commit({"d.py": "y = 1\n"}, author=JANE, when=START + 1)
        state = corpus.refresh(project).hash
        scanned(project, state)
        assert paths(project, state) == [["a.py"], ["a.py", "b.py"]]
        made.commit({"e.py": "by = 'Jane Roe'\n"}, author=BEN, when=START + 2)
        state = corpus.refresh(project).hash
        scanned(project, state)
        assert paths(project, state) == [["a.py"], ["a.py", "b.py", "e.py"], ["b.py"]]
        assert people_in(project, state) == found_by_a_first_scan(tmp_path, made)


def test_that_without_anybody_new_nothing_is_looked_through_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk(tmp_path, FILES) as (project, made, _):
        made.commit({"d.py": "y = 1\n"}, author=JANE, when=START + 1)
        scanned(project, corpus.refresh(project).hash)
        made.commit({"e.py": "z = 1\n"}, author=JANE, when=START + 2)
        state = corpus.refresh(project).hash
        read: list[str] = []

        class Watched(Naming):
            def holds(self, text: str, path: str) -> bool:
                read.append(path)
                return super().holds(text, path)

        monkeypatch.setattr(scan, "Naming", Watched)
        scanned(project, state)
        assert read == []
        made.commit({"f.py": "w = 1\n"}, author=BEN, when=START + 3)
        scanned(project, corpus.refresh(project).hash)
        assert {"a.py", "b.py", "c.py", "AUTHORS", "d.py", "e.py"} <= set(read)
        assert "f.py" not in read


def test_that_who_left_the_history_and_comes_back_is_looked_for_again(tmp_path: Path) -> None:
    with desk(tmp_path, {"a.py": "x = 1\n"}) as (project, made, _):
        before = made.oid("main")
        away = made.commit({"b.py": "y = 1\n"}, author=JANE, when=START + 1)
        scanned(project, corpus.refresh(project).hash)
        made.run("update-ref", "refs/heads/main", before)
        made.commit({"c.py": "# Jane Roe\n"}, when=START + 2)
        state = corpus.refresh(project).hash
        scanned(project, state)
        assert people_in(project, state) == []
        made.run("update-ref", "refs/heads/back", away)
        state = corpus.refresh(project).hash
        scanned(project, state)
        assert paths(project, state) == [["c.py"]]


def test_that_no_name_is_in_the_project_file(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, made, _):
        made.commit({"d.py": "y = 1\n"}, "Said by Jane Roe\n", author=JANE, when=START + 1)
        scanned(project, corpus.refresh(project).hash)
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("p.*") if path.is_file())
    assert b"Jane" not in raw
    assert b"jroe" not in raw


def test_that_a_decided_name_gives_way_to_one_pseudonym_in_every_text(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, made, _):
        made.commit({"d.py": "y = 1\n"}, author=JANE, when=START + 1)
        made.commit({"e.py": "z = 1\n"}, author=BEN, when=START + 2)
        state = corpus.refresh(project).hash
        scanned(project, state)
        ann = identities.add(project, "ann")
        names = [one.fingerprint for one in findings(project, state)]
        decide_all(project, names, "scrub", who=ann, reason="")
        scrubber = project_scrubber(project, state)
        text = "# JANE ROE, Jane Roe and Ben Ito; TODO(jroe)\n"
        scrubbed = scrubber.scrub(text, "new.py").text
        _, first, *_ = scrubbed.split("# ")[1].replace(",", "").split()
        assert first.startswith("PERSON_NAME_")
        assert scrubbed.count(first) == 2
        assert not any(word in scrubbed for word in ("Jane", "JANE", "Ben", "jroe"))
        assert scrubber.verify(scrubbed, "new.py") == []
        false = [one.fingerprint for one in findings(project, state) if len(one.places) == 2]
        decide_all(project, false, "false-alarm", who=ann, reason="A character of ours")
        assert "Jane Roe" in project_scrubber(project, state).scrub(text, "new.py").text
