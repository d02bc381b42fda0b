"""Quarantine: the text is nowhere afterwards, ids and hashes are where they were, and what learnt it stays in the house."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.core.examples.telling import built
from tests.core.release.finished import finished
from tests.core.release.tracing.leaked import HELD_OUT, MAIL, SECRET, WORDS, Leaked, decided, raw
from tests.core.release.tracing.test_trace import example_of, gone, planted, states
from tests.core.training.made import work

from espalier.core.cli.__main__ import main
from espalier.core.dataset.snapshot import shown
from espalier.core.evaluation import evaluations
from espalier.core.evaluation.answered import answered
from espalier.core.evaluation.tasks import asked
from espalier.core.examples.example import examples, listed
from espalier.core.failures import EspalierError, GateShut, UnusableInput, WorkFailed
from espalier.core.findings import approval
from espalier.core.jobs.claim import claim
from espalier.core.jobs.job import Failure, enqueue, job
from espalier.core.jobs.life import this_process
from espalier.core.project import artifacts, audit, identities, signoffs
from espalier.core.project.canonical import canonical_text
from espalier.core.project.file import Project
from espalier.core.release import bundle, checklist, sign_off
from espalier.core.release.remaining import remaining
from espalier.core.release.tracing.quarantine import quarantine
from espalier.core.release.tracing.trace import trace
from espalier.core.training import runs
from espalier.core.training.recipe import load

WHY = "seen in the sampled review"

DYING = """
import os, signal, sys
from pathlib import Path
from espalier.core.project import identities
from espalier.core.project.file import Project
from espalier.core.release.tracing import outside, quarantine

limit, count = int(sys.argv[3]), 0

def dying(function):
    def counted(*arguments):
        global count
        count += 1
        if count == limit:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments)
    return counted

Project.write, Project.scour = dying(Project.write), dying(Project.scour)
quarantine.erase.__globals__["erase_work"] = dying(outside.erase_work)
with Project.open(Path(sys.argv[1])) as project:
    quarantine.quarantine(project, sys.argv[2], "seen in the sampled review", identities.identity(project, "ana"))
"""


def worked(made: Leaked) -> None:
    """What an unfinished run and a killed evaluation leave in the work folder."""
    folder = runs.checkpoint_folder(made.project, made.run)
    (folder / "step-00000002").mkdir(parents=True)
    (folder / "step-00000002" / "adapter.safetensors").write_bytes(b"weights")
    tree = made.project.work / "job-9" / "trees" / "shop"
    tree.mkdir(parents=True)
    (tree / "beta.py").write_text(f'phrase = "{SECRET}"\n')
    (tree / "alpha.py").write_text("phrase = 1\n")
    failure = canonical_text({"kind": "WorkFailed", "sentence": f"{SECRET}.py is gone.", "remedy": ""})
    with made.project.write() as db:
        db.execute("UPDATE jobs SET failure = ?, message = ? WHERE id = 1", (failure, f"reading {SECRET}.py"))


def test_that_the_secret_is_in_no_byte_afterwards(made: Leaked) -> None:
    worked(made)
    decided(made, made.secret)
    assert SECRET.encode() in raw(made.project)
    done = quarantine(made.project, made.secret, WHY, made.ana)
    assert SECRET.encode() not in raw(made.project)
    assert done.after.clean and [len(one) for one in (done.plan.examples, done.plan.snapshots)] == [1, 1]
    log = made.project.path.with_name(f"{made.project.path.name}-wal")
    made.project.scour()
    assert not log.exists() or log.stat().st_size == 0
    assert not runs.checkpoint_folder(made.project, made.run).exists()
    assert (made.project.work / "job-9" / "trees" / "shop" / "alpha.py").exists()
    assert made.project.value("PRAGMA integrity_check") == "ok"
    assert job(made.project, 1).failure == Failure(kind="WorkFailed", sentence="(quarantined)", remedy="")
    made.project.close()
    assert SECRET.encode() not in made.project.path.read_bytes()


def test_that_ids_hashes_and_the_chain_stay(made: Leaked) -> None:
    decided(made, made.secret)
    before = example_of(made, "beta")
    run, size = runs.run(made.project, made.run), made.project.value("SELECT sum(size) FROM artifacts")
    tasks = [one.id for one in asked(made.project, 1)]
    others = {one.id: one for one in examples(made.project, state=None) if one.id != before.id}
    quarantine(made.project, made.secret, WHY, made.ana)
    after = example_of(made, "beta")
    assert (after.id, after.state, after.reason, after.solution) == (before.id, "dropped", "quarantined", "")
    assert (after.provenance, after.tokens, after.qualified_name) == (
        *(before.provenance, before.tokens),
        before.qualified_name,
    )
    assert {one.id: one for one in examples(made.project, state=None) if one.id != before.id} == others
    assert runs.run(made.project, made.run).adapter == run.adapter
    assert made.project.value("SELECT sum(size) FROM artifacts") == size
    assert [one.id for one in asked(made.project, 1)] == tasks
    assert audit.verify(made.project).passed


def test_that_who_did_it_and_why_is_signed_and_in_the_audit(made: Leaked) -> None:
    decided(made, made.secret)
    quarantine(made.project, made.secret, WHY, made.ana)
    [signed] = signoffs.sign_offs(made.project, f"quarantine:{made.secret}")
    assert signoffs.check(made.project, signed) == made.ana
    assert (signed.statement["reason"], signed.statement["runs"]) == (WHY, [made.run])
    told = [one for one in audit.entries(made.project) if one.subject == f"finding:{made.secret}"]
    assert [one.action for one in told[-2:]] == ["findings.quarantined", "findings.quarantine-done"]
    assert told[-2].actor == "ana" and told[-2].detail["snapshots"] == [made.snapshot]


def test_that_everything_that_shows_it_says_quarantined(made: Leaked, capsys: pytest.CaptureFixture[str]) -> None:
    decided(made, made.secret)
    quarantine(made.project, made.secret, WHY, made.ana)
    line = next(one for one in listed(made.project) if one["id"] == example_of(made, "beta").id)
    assert (line["state"], line["reason"]) == ("dropped", "quarantined")
    assert shown(made.project, made.snapshot)["quarantined"] is True
    assert runs.show(runs.run(made.project, made.run))["quarantined"] is True
    task = asked(made.project, 1)[0]
    answer = answered(made.project, 1, task.id).adapter
    assert (answer.text, answer.finished) == ("(quarantined)", "quarantined")
    assert evaluations.evaluation(made.project, 1).summary["fixed"] == ["(quarantined)"]
    for verb in ("examples", "dataset", "train"):
        assert main([verb, "list", str(made.project.path)]) == 0
        assert "quarantined" in capsys.readouterr().out
    assert states(trace(made.project, made.secret)) == {
        "examples": ["quarantined"],
        "snapshots": ["quarantined"],
        "runs": ["quarantined"],
        "evaluations": ["quarantined"],
    }


def test_that_what_learnt_it_is_used_for_nothing_any_more(made: Leaked, tmp_path: Path) -> None:
    decided(made, made.secret)
    quarantine(made.project, made.secret, WHY, made.ana)
    project, run = made.project, runs.run(made.project, made.run)
    with pytest.raises(UnusableInput, match=r"The snapshot .* is quarantined: it held what the finding"):
        runs.start(project, snapshot=made.snapshot, model="tiny", recipe=load("demo"), seed=1)
    with pytest.raises(UnusableInput, match=r"Run 1 is quarantined: it learnt from what the finding"):
        evaluations.queue(project, made.run, evaluations.Settings())
    with pytest.raises(UnusableInput, match=r"The snapshot .* is quarantined"):
        artifacts.export(project, made.snapshot, tmp_path / "out.jsonl")
    assert run.adapter is not None
    with pytest.raises(UnusableInput, match=r"The adapter .* is quarantined"):
        artifacts.read(project, run.adapter)
    assert main(["train", "export", str(project.path), "1", str(tmp_path / "adapter")]) == 2
    assert main(["dataset", "export", str(project.path), str(tmp_path / "out.jsonl")]) == 2
    assert not (tmp_path / "out.jsonl").exists()
    assert [one.kind for one in remaining(project) if one.kind in ("freeze", "train")] == ["freeze", "train"]


def test_that_a_run_that_is_quarantined_is_not_released(tmp_path: Path) -> None:
    done = finished(tmp_path)
    with done.project as project:
        sign_off.sign(project, done.run, "release", done.ana)
        assert checklist.check(project, done.run).passed
        name = planted(project, "THE TEXT OF AN EXAMPLE")
        quarantine(project, name, WHY, done.ana)
        found = checklist.check(project, done.run)
        assert [one.name for one in found.checks if not one.passed] == ["run"]
        assert found.checks[0].why.startswith("Run 1 is quarantined")
        with pytest.raises(GateShut, match="can't be released: run: Run 1 is quarantined"):
            bundle.create(project, done.run, tmp_path / "release", done.ana)
        assert not (tmp_path / "release").exists()
        with pytest.raises(GateShut, match="is quarantined"):
            sign_off.sign(project, done.run, "release", done.ana)
        assert b"THE TEXT OF AN EXAMPLE" not in raw(project)


def test_that_a_run_that_only_was_measured_by_it_keeps_its_adapter(made: Leaked) -> None:
    decided(made, made.held_out)
    done = quarantine(made.project, made.held_out, WHY, made.ana)
    assert (len(done.plan.snapshots), done.plan.runs, done.plan.adapters) == (1, (), ())
    assert HELD_OUT.encode() not in raw(made.project)
    run = runs.run(made.project, made.run)
    assert run.adapter is not None and not run.quarantined
    assert artifacts.read(made.project, run.adapter)
    [task] = [one for one in asked(made.project, 1) if one.path == "mu.py"]
    assert (task.title, task.reference, task.messages[-1]["content"]) == ("(quarantined)",) * 3


def test_that_a_name_that_holds_it_goes_with_the_text(made: Leaked) -> None:
    decided(made, made.secret)
    with made.project.write() as db:
        db.execute("UPDATE examples SET path = ? WHERE id = ?", (f"a/{SECRET}.py", example_of(made, "eta").id))
    done = quarantine(made.project, made.secret, WHY, made.ana)
    assert len(done.plan.examples) == 2
    assert SECRET.encode() not in raw(made.project)
    assert "(withheld)" in {one.provenance.path for one in examples(made.project, state=None)}


def test_that_personal_data_is_erased_alike(made: Leaked) -> None:
    with pytest.raises(UnusableInput, match="called a false alarm"):
        quarantine(made.project, made.mail, WHY, made.ana)
    decided(made, made.mail)
    assert MAIL.encode() in raw(made.project)
    quarantine(made.project, made.mail, WHY, made.ana)
    assert MAIL.lower().encode() not in raw(made.project).lower()


def test_that_what_is_only_ever_added_is_told_and_left(made: Leaked) -> None:
    decided(made, made.secret)
    with made.project.write() as db:
        audit.record(db, "ana", "note", "x", {"said": SECRET})
    done = quarantine(made.project, made.secret, WHY, made.ana)
    assert [(one.table, one.column, one.erasable) for one in done.after.texts] == [("audit", "detail", False)]
    assert audit.verify(made.project).passed
    assert audit.entries(made.project)[-1].detail["left"] == {"audit.detail": 1}


def test_that_a_rehearsal_changes_nothing(made: Leaked, capsys: pytest.CaptureFixture[str]) -> None:
    before = made.project.data_version(), audit.length(made.project)
    words = ["findings", "quarantine", str(made.project.path), made.secret, "--reason", WHY]
    assert main([*words, "--dry-run"]) == 0
    assert "Would be quarantined: 1 examples, 1 snapshots, 1 runs, 1 adapters." in capsys.readouterr().out
    assert (made.project.data_version(), audit.length(made.project)) == before
    assert main([*words, "--as", "ana"]) == 0
    out = capsys.readouterr().out
    assert "Quarantined: 1 examples, 1 snapshots, 1 runs, 1 adapters." in out and SECRET not in out


def test_that_a_second_time_there_is_nothing_to_do(made: Leaked, capsys: pytest.CaptureFixture[str]) -> None:
    decided(made, made.secret)
    quarantine(made.project, made.secret, WHY, made.ana)
    length = audit.length(made.project)
    assert quarantine(made.project, made.secret, WHY, made.ana).number is None
    assert audit.length(made.project) == length
    assert main(["findings", "quarantine", str(made.project.path), made.secret, "--reason", WHY, "--as", "ana"]) == 0
    assert "Nothing in the project holds it." in capsys.readouterr().out


def test_that_only_a_person_of_security_may_and_says_why(made: Leaked) -> None:
    project = made.project
    ben = identities.add(project, "ben", roles=("builder", "release"))
    with pytest.raises(GateShut, match="ben does not have the role security"):
        quarantine(project, made.secret, WHY, ben)
    with pytest.raises(GateShut, match="stands for nobody"):
        quarantine(project, made.secret, WHY, identities.stand_in(project))
    with pytest.raises(UnusableInput, match="needs a reason"):
        quarantine(project, made.secret, "  ", made.ana)
    with pytest.raises(UnusableInput, match="holds the secret itself") as refused:
        quarantine(project, made.secret, f"it was {SECRET}", made.ana)
    assert SECRET not in str(refused.value)
    assert states(trace(project, made.secret))["runs"] == ["reached"]


def test_that_it_waits_for_a_job_that_runs(made: Leaked) -> None:
    with made.project.write() as db:
        db.execute("UPDATE jobs SET state = 'done'")
    enqueue(made.project, "findings.scan", {"corpus": "c"}, "cpu")
    taken = claim(made.project, "cpu", this_process())
    assert taken is not None
    with pytest.raises(UnusableInput, match=rf"Job {taken.id} \(findings.scan\) runs"):
        quarantine(made.project, made.secret, WHY, made.ana)
    assert made.project.value("SELECT count(*) FROM quarantines") == 0


def test_that_a_reader_who_holds_the_log_is_told_and_the_quarantine_is_gone_on_with(made: Leaked) -> None:
    decided(made, made.secret)
    with Project.open(made.project.path, read_only=True) as other:
        cursor = other._connection.execute("SELECT * FROM examples")
        cursor.fetchone()
        made.project.value("PRAGMA busy_timeout = 200")
        with pytest.raises(WorkFailed, match=r"is being read|stayed locked"):
            quarantine(made.project, made.secret, WHY, made.ana)
        cursor.close()
    assert made.project.value("SELECT finished_at FROM quarantines") is None
    quarantine(made.project, made.secret, WHY, made.ana)
    assert made.project.value("SELECT count(*) FROM quarantines WHERE finished_at IS NOT NULL") == 1
    assert SECRET.encode() not in raw(made.project)


@pytest.mark.parametrize("limit", [2, 3, 4, 7, 9, 10, 11, 12, 13, 14, 15])
def test_that_a_killed_quarantine_is_finished_by_asking_again(made: Leaked, limit: int) -> None:
    """At any write: after the plan, between two texts, before the log is emptied."""
    worked(made)
    decided(made, made.secret)
    made.project.close()
    command = [sys.executable, "-c", DYING, str(made.project.path), made.secret, str(limit)]
    died = subprocess.run(command, env=dict(os.environ), capture_output=True, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    with Project.open(made.project.path) as project:
        assert project.value("SELECT finished_at FROM quarantines") is None
        planned = project.value("SELECT count(*) FROM quarantines")
        if planned:
            with pytest.raises(EspalierError, match="is quarantined"):
                runs.start(project, snapshot=made.snapshot, model="tiny", recipe=load("demo"), seed=1)
        done = quarantine(project, made.secret, WHY, made.ana)
        assert [len(one) for one in (done.plan.examples, done.plan.runs, done.plan.adapters)] == [1, 1, 1]
        assert project.value("SELECT count(*) FROM quarantines WHERE finished_at IS NULL") == 0
        assert SECRET.encode() not in raw(project)
        assert audit.verify(project).passed and project.value("PRAGMA integrity_check") == "ok"
        adapter = runs.run(project, made.run).adapter
        assert project.value("SELECT count(*) FROM artifact_chunks WHERE sha256 = ?", (adapter,)) == 0
    assert SECRET.encode() not in made.project.path.read_bytes()


def test_that_links_in_the_work_folder_lead_nowhere(made: Leaked, tmp_path: Path) -> None:
    """What a link names is not ours to delete."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "notes.txt").write_text(SECRET)
    folder = runs.checkpoint_folder(made.project, made.run)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.symlink_to(outside)
    (made.project.work / "notes.txt").symlink_to(outside / "notes.txt")
    decided(made, made.secret)
    quarantine(made.project, made.secret, WHY, made.ana)
    assert (outside / "notes.txt").read_text() == SECRET
    assert not folder.is_symlink()


def test_that_the_rest_can_be_built_frozen_and_learnt_again(made: Leaked) -> None:
    project = made.project
    for name in (made.secret, made.held_out):
        decided(made, name)
        quarantine(project, name, WHY, made.ana)
    approval.approve(project, made.corpus)
    built(project, made.corpus)
    texts = {one.provenance.path: one.solution for one in examples(project)}
    assert "SECRET_MARKED_" in texts["beta.py"] and len(texts) == len(WORDS)
    assert SECRET.encode() not in raw(project)


def test_that_examples_of_which_nobody_can_tell_are_left_and_counted(
    made: Leaked, capsys: pytest.CaptureFixture[str]
) -> None:
    gone(made.project)
    before = example_of(made, "gamma")
    words = ["findings", "quarantine", str(made.project.path), made.token, "--reason", WHY, "--as", "ana"]
    assert main(words) == 0
    assert "Of 1 examples it can't be told" in capsys.readouterr().out
    assert example_of(made, "gamma") == before


def test_that_a_run_that_waits_is_not_gone_on_with(made: Leaked) -> None:
    decided(made, made.secret)
    waiting = runs.start(made.project, snapshot=made.snapshot, model="tiny", recipe=load("demo"), seed=2).id
    quarantine(made.project, made.secret, WHY, made.ana)
    done = work(made.project)
    assert (done.state, runs.run(made.project, waiting).state) == ("failed", "failed")
    assert done.failure is not None and "is quarantined" in done.failure.sentence
