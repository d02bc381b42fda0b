"""Reports of other scanners: seen again in git, kept as findings where no rule had found them, and decided by nobody else."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.core.findings.desk import PASSWORD, desk, scanned
from tests.core.findings.reports.written import (
    baseline,
    fish,
    fish_lines,
    leak,
    leaks,
    leaks_csv,
    result,
    sarif,
    truffle,
)
from tests.core.repositories.workshop import START, Content, Made, make

from espalier.core.failures import UnusableInput
from espalier.core.findings import index, muting, scan
from espalier.core.findings.approval import scrub_gate
from espalier.core.findings.decisions import decide, decide_all
from espalier.core.findings.detection.detect import Detector, bundled_digest
from espalier.core.findings.detection.people import People
from espalier.core.findings.detection.rules import Ruleset, described
from espalier.core.findings.detection.specimens import specimen
from espalier.core.findings.export import export
from espalier.core.findings.findings import Finding, findings
from espalier.core.findings.reports import imported
from espalier.core.findings.reports.imported import Imported, bring_in
from espalier.core.findings.reports.report import read
from espalier.core.project import audit, identities
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity
from espalier.core.repositories import corpus, repository
from espalier.core.scrub.scrubber import project_scrubber

VALUE = "tangerine-77-harbour"  # no rule takes it for a secret
GATE = f"# é ask the gate\nsay('{VALUE}')\n"
FILES: dict[str, Content] = {
    "a.py": f'x = 1\npassword = "{PASSWORD}"\n',
    "src/gate.py": GATE,
    "other.py": f"y = '{VALUE}'\n",
    "more.py": "z = 'marigold-88-lantern'\n",
    "big.txt": b"\0" + VALUE.encode(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A scanned project with one repository, at whose second commit the value is gone from the gate."""

    project: Project
    made: Made
    first: str
    state: str
    folder: Path
    ann: Identity

    def bring(self, text: str | bytes, **more: Any) -> Imported:
        file = self.folder / "report"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        told = bring_in(self.project, self.state, read(file), self.ann, **more)
        assert told.reported == told.known + told.placed + told.left_alone + len(told.not_placed)
        return told

    def found(self) -> dict[str, Finding]:
        return {one.rule: one for one in findings(self.project, self.state)}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with desk(tmp_path, FILES) as (project, made, _):
        first = made.oid("HEAD")
        made.commit({"src/gate.py": "say(read())\n"}, when=START + 9)
        state = corpus.refresh(project).hash
        scanned(project, state)
        ann = identities.add(project, "ann", roles=("security",))
        yield Bench(project=project, made=made, first=first, state=state, folder=tmp_path, ann=ann)


def reason(told: Imported) -> str:
    (one,) = told.not_placed
    return one.reason


def test_that_what_no_rule_found_becomes_an_open_finding(bench: Bench) -> None:
    told = bench.bring(leaks(leak("src/gate.py", bench.first, VALUE, 2)))
    assert (told.placed, len(told.findings), told.not_placed) == (1, 1, ())
    one = bench.found()["gitleaks:generic-api-key"]
    (place,) = one.places
    assert (one.fingerprint, one.state, one.kind) == (told.findings[0], "open", "secret")
    assert (place.path, place.commit, place.line) == ("src/gate.py", bench.first, 2)
    assert GATE[place.start : place.end] == VALUE
    assert described(one.rule) == "Reported by gitleaks as generic-api-key"
    number = index.list_of(bench.project, bench.state, bundled_digest())
    assert number is not None and index.counts(bench.project, number)["open"] == 2
    assert "2 findings" in scrub_gate(bench.project, bench.state).items[0]


def test_that_a_muted_rule_is_muted_in_later_reports_too(bench: Bench) -> None:
    bench.bring(leaks(leak("src/gate.py", bench.first, VALUE, 2)))
    rule = "gitleaks:generic-api-key"
    assert muting.mute(bench.project, bench.state, rule, "its fixtures", bench.ann) == 1
    bench.bring(leaks(leak("more.py", bench.first, "marigold-88-lantern", 1)))
    found = [one for one in findings(bench.project, bench.state) if one.rule == rule]
    assert [(one.state, one.muted) for one in found] == [("false-alarm", True)] * 2


def test_that_every_format_leads_to_the_same_finding(bench: Bench) -> None:
    texts = (
        baseline("src/gate.py", VALUE, 2),
        leaks_csv(leak("src/gate.py", bench.first, VALUE, 2)),
        leaks(leak("src/gate.py", bench.first, "REDACTED", 2, (2, 28), Entropy=3.6841836)),
        leaks(leak("shop/src/gate.py", "", VALUE, 2)),
        fish_lines(fish("src/gate.py", bench.first, VALUE, 2)),
        fish_lines(fish("src/gate.py", bench.first, "[REDACTED:28a04e8e]", 2, (5, 24), entropy="3.68")),
        truffle("src/gate.py", bench.first, VALUE, 9, Verified=True),
        sarif(result("src/gate.py", {"startLine": 2, "snippet": {"text": VALUE}}), tool="gitleaks"),
        sarif(
            result(
                "src/gate.py",
                {"startLine": 2, "startColumn": 6, "endColumn": 26, "snippet": {"text": f"say('{VALUE}')"}},
                partialFingerprints={"commitSha": bench.first},
            )
        ),
    )
    told = [bench.bring(text) for text in texts]
    assert [one.known + one.placed for one in told] == [1] * len(texts)
    assert len({name for one in told for name in one.findings}) == 1
    assert len([one for one in findings(bench.project, bench.state) if ":" in one.rule]) == 1


def test_that_a_report_that_is_imported_twice_makes_no_doubles(bench: Bench) -> None:
    text = leaks(leak("src/gate.py", bench.first, VALUE, 2), leak("src/gate.py", bench.first, VALUE, 2))
    first = bench.bring(text)
    again = bench.bring(text)
    assert (first.known, first.placed, len(first.findings)) == (1, 1, 1)
    assert (again.known, again.placed, again.findings) == (2, 0, ())
    assert bench.project.value("SELECT count(*) FROM marked_places") == 1


def test_that_what_a_rule_found_is_known(bench: Bench) -> None:
    texts = (
        leaks(leak("a.py", bench.first, PASSWORD, 2)),
        leaks(leak("a.py", bench.first, "REDACTED", 2, (2, 28))),
        baseline("a.py", PASSWORD, 2),
        sarif(result("a.py", {"startLine": 2})),
        truffle("a.py", bench.first, "what it decoded", 2, DecoderName="BASE64"),
        truffle("", bench.first, PASSWORD, 1),
    )
    for text in texts:
        told = bench.bring(text)
        assert (told.known, told.placed) == (1, 0)
    assert len(findings(bench.project, bench.state)) == 1


def test_that_no_text_of_the_report_is_kept(bench: Bench) -> None:
    hidden = specimen("ghp_{alnum:36}", "imported")
    region, other = {"startLine": 1, "startColumn": 6, "endColumn": 26}, "marigold-88-lantern"
    texts = (
        leaks(leak("src/gate.py", bench.first, VALUE, 2, RuleID=VALUE.upper(), Description=hidden)),
        leaks(leak("more.py", bench.first, other, 1, RuleID=hidden)),
        leaks(leak(f"{hidden}/b.py", bench.first, "another-77-value", 2)),
        sarif(result("other.py", region, ruleId=VALUE), tool=hidden),
    )
    told = [bench.bring(text) for text in texts]
    assert {one.rule for one in findings(bench.project, bench.state)} == {"password-assignment", "imported"}
    said = json.dumps([imported.as_json(one) for one in told]) + str(audit.entries(bench.project))
    bench.project.close()
    for secret in (VALUE, VALUE.upper(), other, hidden, hidden.lower(), "another-77-value"):
        assert secret not in said
        for file in bench.folder.glob("p.espalier*"):
            assert secret.encode() not in file.read_bytes()


def test_that_the_scrubber_looks_for_it_everywhere_and_other_rules_keep_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    (name,) = bench.bring(baseline("src/gate.py", VALUE, 2)).findings
    decide_all(bench.project, [one.fingerprint for one in findings(bench.project, bench.state)], "scrub", who=bench.ann)
    scrubbed = project_scrubber(bench.project, bench.state).scrub(f"z = '{VALUE}'", "z.py").text
    assert VALUE not in scrubbed and "SECRET_IMPORTED_" in scrubbed

    class Other(Detector):
        def __init__(self, ruleset: Ruleset, people: People) -> None:
            super().__init__(ruleset, people)
            self.digest = "other rules"

    monkeypatch.setattr(scan, "Detector", Other)
    scanned(bench.project, bench.state)
    assert name in {one.fingerprint for one in findings(bench.project, bench.state, "other rules")}


def test_that_an_ordinary_word_is_of_low_confidence_and_a_verified_one_of_high(bench: Bench) -> None:
    bench.made.commit({"w.py": "sunflower\nmarigolds\nq7x-k9z-81vv\n"}, when=START + 20)
    state = corpus.refresh(bench.project).hash
    scanned(bench.project, state)
    verified = truffle("w.py", "", "marigolds", 2, Verified=True)
    lines = (truffle("w.py", "", "sunflower", 1), verified, truffle("w.py", "", "q7x-k9z-81vv", 3))
    file = bench.folder / "report"
    file.write_text("\n".join(lines))
    bring_in(bench.project, state, read(file), bench.ann)
    kept = [one.confidence for one in findings(bench.project, state) if one.rule == "trufflehog:custom"]
    assert sorted(kept) == ["high", "low", "medium"]


def test_that_what_can_not_be_placed_is_told_with_its_reason(bench: Bench) -> None:
    gate = ("src/gate.py", bench.first)
    reasons = {
        "not in the history": leaks(leak("src/gone.py", bench.first, VALUE, 2)),
        "the commit is not in the corpus": leaks(leak("src/gate.py", "0" * 40, "REDACTED", 2)),
        "the text differs": leaks(leak(*gate, "marigold-88", 2)),
        "the file is not scanned": leaks(leak("big.txt", bench.first, VALUE, 1)),
        "the value is not told": sarif(result("other.py", {"startLine": 1})),
        "the value is too short": leaks(leak(*gate, "gate", 1)),
        "the value spans lines": leaks(leak(*gate, "gate\nsay", 1)),
        "no file is named": truffle("", bench.first, VALUE, 1),
        "no line is named": sarif(result("other.py", {})),
        "no value there has its fingerprint": sarif(
            result("other.py", {"startLine": 1}, partialFingerprints={"espalier/v1": "0" * 64}), tool="Espalier"
        ),
    }
    assert {expected: reason(bench.bring(text)) for expected, text in reasons.items()} == {one: one for one in reasons}
    assert len(findings(bench.project, bench.state)) == 1


def test_that_what_was_never_told_is_found_in_no_other_version(bench: Bench) -> None:
    """The columns of a redacted report mean the one version that it names."""
    told = bench.bring(leaks(leak("src/gate.py", "", "REDACTED", 1, (6, 25), Entropy=3.6841836)))
    assert reason(told) == "the value is not told"


def test_that_verdicts_are_proposed_and_nothing_more(bench: Bench) -> None:
    texts = (
        baseline("a.py", PASSWORD, 2, is_secret=False),
        f"{bench.first}:a.py:generic-api-key:2\n",
        "a.py:generic-api-key:2\n",
        sarif(result("a.py", {"startLine": 2}, suppressions=[{"kind": "inSource"}])),
    )
    (name,) = [one.fingerprint for one in findings(bench.project, bench.state)]
    for text in texts:
        told = bench.bring(text)
        assert (told.known, told.proposed, told.accepted) == (1, (name,), 0)
    assert not bench.project.rows("SELECT * FROM decisions")


def test_that_a_verdict_on_what_no_rule_found_is_left_alone(bench: Bench) -> None:
    for text in (baseline("src/gate.py", VALUE, 2, is_secret=False), "other.py:generic-api-key:1\n"):
        told = bench.bring(text)
        assert (told.left_alone, told.findings, told.proposed) == (1, (), ())


def test_that_a_verdict_on_a_line_or_a_part_is_no_verdict_on_what_else_stands_there(bench: Bench) -> None:
    other = specimen("ghp_{alnum:36}", "verdict")
    bench.made.commit(
        {"two.py": f'password = "{PASSWORD}"; t = "{other}"\npassword = "{PASSWORD}-x"\n'}, when=START + 20
    )
    state = corpus.refresh(bench.project).hash
    scanned(bench.project, state)
    for text, expected in (
        ("two.py:generic-api-key:1\n", "several findings stand there"),
        (baseline("two.py", PASSWORD[:9], 1, is_secret=False), "the text differs"),
        (baseline("two.py", PASSWORD, 2, is_secret=False), "another value stands there"),
        (baseline("two.py", "t", 1, is_secret=False), ""),
    ):
        file = bench.folder / "report"
        file.write_text(text)
        told = bring_in(bench.project, state, read(file), bench.ann)
        assert told.proposed == () and "".join(one.reason for one in told.not_placed) == expected


def test_that_a_person_takes_verdicts_over_for_a_reason_that_names_the_file(bench: Bench) -> None:
    told = bench.bring(baseline("a.py", PASSWORD, 2, is_secret=False), accept="made up for a test")
    assert (told.accepted, len(told.proposed)) == (1, 1)
    (row,) = bench.project.rows("SELECT * FROM decisions")
    assert (row["state"], row["identity"]) == ("false-alarm", "ann")
    assert row["reason"].startswith("made up for a test (taken over from detect-secrets, report sha256 ")
    assert told.sha256 in row["reason"]
    again = bench.bring(baseline("a.py", PASSWORD, 2, is_secret=False), accept="made up for a test")
    assert (again.accepted, len(again.proposed)) == (0, 1)


def test_that_what_a_person_decided_stays_decided(bench: Bench) -> None:
    (one,) = findings(bench.project, bench.state)
    decide(bench.project, bench.state, one.fingerprint, "scrub", who=bench.ann)
    told = bench.bring(baseline("a.py", PASSWORD, 2, is_secret=False), accept="said so")
    assert told.accepted == 0
    assert bench.found()[one.rule].state == "scrub"


def test_that_a_reason_holds_no_secret_and_nothing_is_written_before_it_is_read(bench: Bench) -> None:
    text = leaks(leak("src/gate.py", bench.first, VALUE, 2))
    before = audit.length(bench.project)
    with pytest.raises(UnusableInput, match="looks like a secret"):
        bench.bring(text, accept=f"it is {specimen('ghp_{alnum:36}', 'reason')}")
    with pytest.raises(UnusableInput, match="needs a reason"):
        bench.bring(text, accept=" ")
    with pytest.raises(UnusableInput, match="no repository 'other'"):
        bench.bring(text, repository="other")
    nobody = identities.stand_in(bench.project)
    file = bench.folder / "report"
    with pytest.raises(UnusableInput, match="stands for nobody"):
        bring_in(bench.project, bench.state, read(file), nobody)
    assert audit.length(bench.project) == before + 1  # the stand-in that was added
    assert not bench.project.rows("SELECT * FROM marked_places")


def test_that_verdicts_travel_between_projects_that_share_a_key(bench: Bench, tmp_path: Path) -> None:
    bench.bring(baseline("src/gate.py", VALUE, 2))
    copy = bench.project.copy_to(tmp_path / "copy")
    names = [one.fingerprint for one in findings(bench.project, bench.state)]
    decide_all(bench.project, names, "false-alarm", who=bench.ann, reason="made up")
    export(bench.project, bench.state, tmp_path / "out.sarif", "sarif")
    with Project.open(copy) as other:
        told = bring_in(other, bench.state, read(tmp_path / "out.sarif"), bench.ann, accept="as in the other project")
        assert (told.known, set(told.proposed), told.accepted) == (2, set(names), 2)
    with Project.create(tmp_path / "stranger") as stranger:
        repository.add(stranger, bench.made.path)
        state = corpus.refresh(stranger).hash
        scanned(stranger, state)
        told = bring_in(stranger, state, read(tmp_path / "out.sarif"), identities.add(stranger, "bob"))
        assert (told.known, told.proposed) == (0, ())
        assert {one.reason for one in told.not_placed} == {"no value there has its fingerprint"}


def test_that_a_finding_of_a_project_with_the_same_key_is_placed_by_its_fingerprint(bench: Bench) -> None:
    (name,) = bench.bring(baseline("src/gate.py", VALUE, 2)).findings
    with bench.project.write() as db:
        for table in ("listed_findings", "places", "marked_places"):
            db.execute(f"DELETE FROM {table} WHERE fingerprint = ?", (name,))
    text = sarif(result("other.py", {"startLine": 1}, partialFingerprints={"espalier/v1": name}), tool="Espalier")
    told = bench.bring(text)
    assert (told.placed, told.findings) == (1, (name,))
    (place,) = next(one for one in findings(bench.project, bench.state) if one.fingerprint == name).places
    assert (place.path, place.line) == ("other.py", 1)


def test_that_several_repositories_are_told_apart(bench: Bench) -> None:
    bank = make(bench.folder / "bank")
    bank.commit({"b.py": f"z = '{VALUE}'\n"})
    repository.add(bench.project, bank.path)
    state = corpus.refresh(bench.project).hash
    scanned(bench.project, state)
    file = bench.folder / "report"
    file.write_text(baseline("b.py", VALUE, 1))
    with pytest.raises(UnusableInput, match="which of 2 repositories entry 1 is about"):
        bring_in(bench.project, state, read(file), bench.ann)
    assert bring_in(bench.project, state, read(file), bench.ann, repository="bank").placed == 1
    own = result("b.py", {"startLine": 1, "startColumn": 6, "endColumn": 26}, properties={"repository": "bank"})
    file.write_text(sarif(own))
    assert bring_in(bench.project, state, read(file), bench.ann, repository="shop").known == 1


def test_that_the_audit_names_the_file_and_what_came_of_it(bench: Bench) -> None:
    told = bench.bring(leaks(leak("src/gate.py", bench.first, VALUE, 2), leak("gone.py", bench.first, VALUE, 2)))
    entry = audit.entries(bench.project)[-1]
    assert (entry.actor, entry.action, entry.subject) == ("ann", "findings.imported", f"report:{told.sha256}")
    counts = {name: entry.detail[name] for name in ("reported", "known", "placed", "left_alone", "not_placed")}
    assert counts == {"reported": 2, "known": 0, "placed": 1, "left_alone": 0, "not_placed": 1}
    assert (entry.detail["tools"], entry.detail["findings"]) == (["gitleaks"], list(told.findings))


def test_that_places_beyond_one_batch_are_all_kept(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imported, "BATCH", 2)
    words = [f"tangerine-{number}-harbour" for number in range(11, 16)]
    bench.made.commit({"many.txt": "\n".join(words)}, when=START + 20)
    state = corpus.refresh(bench.project).hash
    scanned(bench.project, state)
    file = bench.folder / "report"
    file.write_text(leaks(*[leak("many.txt", "", word, number) for number, word in enumerate(words, 1)]))
    assert len(bring_in(bench.project, state, read(file), bench.ann).findings) == 5
    assert len([one for one in findings(bench.project, state) if ":" in one.rule]) == 5


def test_that_an_import_that_was_killed_is_made_whole_by_the_next(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    text = baseline("src/gate.py", VALUE, 2)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(index, "fill", killed)
        bench.bring(text)
    assert bench.bring(text).known == 1
    number = index.list_of(bench.project, bench.state, bundled_digest())
    assert number is not None and index.counts(bench.project, number)["open"] == 2


def test_that_a_baseline_of_detect_secrets_itself_is_read(bench: Bench) -> None:
    folder = bench.folder / "tree"
    folder.mkdir()
    (folder / "a.py").write_text(str(FILES["a.py"]))
    (folder / "other.py").write_text(f"secret = '{VALUE}'\n")
    command = [sys.executable, "-m", "detect_secrets", "scan", "--all-files", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    told = bench.bring(done.stdout)
    assert told.format == "detect-secrets" and told.reported >= 2
    assert told.known >= 1 and told.placed == 1 and told.not_placed == ()


def test_that_a_corpus_that_is_not_scanned_is_refused(tmp_path: Path) -> None:
    with desk(tmp_path, FILES) as (project, _, state):
        ann = identities.add(project, "ann")
        (tmp_path / "report").write_text("[]")
        with pytest.raises(UnusableInput, match="not scanned under the current rules"):
            bring_in(project, state, read(tmp_path / "report"), ann)
