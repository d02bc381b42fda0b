"""Where a project stands: its gates, and what is left to do before a release."""

from pathlib import Path

from tests.core.findings.desk import desk, scanned
from tests.core.release.finished import finished
from tests.core.repositories.workshop import Content

from espalier.core.findings import index
from espalier.core.findings.decisions import decide_all
from espalier.core.findings.detection.detect import bundled_digest
from espalier.core.findings.detection.specimens import specimen
from espalier.core.findings.sampling import draws, reads, second_reads
from espalier.core.jobs.job import enqueue
from espalier.core.project import identities
from espalier.core.project.file import Project
from espalier.core.release import bundle, sign_off
from espalier.core.release.gates import Gates, standing_gates
from espalier.core.release.inputs import inputs
from espalier.core.release.preview import preview
from espalier.core.release.remaining import remaining

TOKEN = specimen("ghp_{alnum:36}", "standing")


def kinds(project: Project) -> list[str]:
    return [step.kind for step in remaining(project)]


def test_that_an_empty_project_begins_with_a_repository(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        steps = remaining(project)
        assert steps[0].kind == "add"
        assert [step.kind for step in steps if step.reachable] == ["add"]
        assert [(gate.name, gate.open) for gate in standing_gates(project)] == [
            ("scrub", False),
            ("dataset", False),
            ("evaluation", False),
            ("release", False),
        ]


def test_that_each_step_of_the_scrub_goes_when_it_is_done(tmp_path: Path) -> None:
    with desk(tmp_path, {"deploy.env": f"TOKEN={TOKEN}\n"}, policy="demo") as (project, _, corpus):
        assert kinds(project)[0] == "scan"
        scanned(project, corpus)
        first = remaining(project)[0]
        number = index.list_of(project, corpus, bundled_digest())
        assert number is not None
        waiting = index.counts(project, number)["open"]
        assert (first.kind, first.count, first.about, first.reachable) == ("decide", waiting, corpus, True)
        rows = index.page(project, index.ids(project, number, index.Query()))
        who = identities.add(project, "Rev Iewer", roles=("security",))
        decide_all(project, [row.fingerprint for row in rows], "scrub", who=who)
        assert "decide" not in kinds(project)
        assert "approve" in kinds(project)


def test_that_files_that_one_person_read_wait_for_the_second_where_two_are_asked(tmp_path: Path) -> None:
    files: dict[str, Content] = {f"m{number}.py": f"x = {number}\n" for number in range(5)}
    with desk(tmp_path, files, policy="two-person") as (project, _, corpus):
        ann, ben = (identities.add(project, name, roles=("security",)) for name in ("ann", "ben"))
        scanned(project, corpus)
        first = remaining(project)[0]
        assert (first.kind, first.count) == ("sample", 5) and "second" not in kinds(project)
        number = draws.draw(project, corpus, bundled_digest(), 5)
        reads.reviewed(project, number, draws.waiting(project, number), missed=0, who=ann)
        first = remaining(project)[0]
        assert (first.kind, first.count, first.reachable) == ("second", 5, True)
        for one in second_reads.waiting(project, corpus, bundled_digest(), ben):
            second_reads.read(project, one, missed=0, who=ben)
        assert "second" not in kinds(project)


def test_that_a_job_at_work_is_named_by_its_step(tmp_path: Path) -> None:
    with desk(tmp_path, {"a.py": "x = 1\n"}) as (project, _, corpus):
        job = enqueue(project, "findings.scan", {"corpus": corpus, "ruleset": bundled_digest()}, "cpu")
        found = remaining(project)[0]
        assert found.job is not None
        assert found.job.id == job


def test_that_a_signed_and_bundled_run_leaves_nothing_to_do(tmp_path: Path) -> None:
    made = finished(tmp_path)
    with made.project as project:
        assert [step.kind for step in remaining(project)] == ["sign", "bundle"]
        assert [gate.open for gate in standing_gates(project)] == [True, True, True, False]
        sign_off.sign(project, made.run, "release", made.ana)
        assert [gate.open for gate in standing_gates(project)] == [True, True, True, True]
        bundle.create(project, made.run, tmp_path / "bundle", made.ana)
        assert remaining(project) == ()


def test_that_a_failing_threshold_is_a_step_and_shuts_its_gate(tmp_path: Path) -> None:
    gate = {"name": "loss", "passed": False, "why": "1.20 of the base's loss, at most 1.00"}
    with finished(tmp_path, gates=(gate,)).project as project:
        step = next(step for step in remaining(project) if step.kind == "gate")
        assert step.why == "loss: 1.20 of the base's loss, at most 1.00"
        shut = {one.name: one for one in standing_gates(project) if not one.open}
        assert shut["evaluation"].items == (step.why,)
        assert shut["evaluation"].about == "run 1, evaluation 1"


def test_that_gates_are_looked_at_again_only_when_something_changed(tmp_path: Path) -> None:
    made = finished(tmp_path)
    with made.project as project:
        gates = Gates()
        first = gates(project)
        assert gates(project) is first
        sign_off.sign(project, made.run, "release", made.ana)
        assert gates(project) != first


def test_that_a_preview_says_who_signed_and_names_no_source(tmp_path: Path) -> None:
    made = finished(tmp_path)
    with made.project as project:
        before = preview(project, inputs(project, made.run))
        assert before["sign_offs"] == []
        sign_off.sign(project, made.run, "release", made.ana)
        said = preview(project, inputs(project, made.run))
        assert said["sign_offs"] == ["release"]
        assert said["export"] == "internal"  # as its example was built
        assert "THE TEXT OF AN EXAMPLE" not in str(said)
