"""Stages that decide many findings: as the verbs do, and what is left where somebody ended them half way."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.core.findings.desk import GITHUB, desk, scanned
from tests.core.findings.packs.packed import Sent, sent
from tests.core.repositories.workshop import Content

from espalier.core.failures import GateShut, UnusableInput
from espalier.core.findings import mutes
from espalier.core.findings.decisions import decide
from espalier.core.findings.findings import findings
from espalier.core.findings.packs import review
from espalier.core.jobs.job import Job, job, jobs
from espalier.core.jobs.requests import ask, resume
from espalier.core.project import identities
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity
from espalier.core.worker import __main__ as worker
from espalier.core.worker.decisions import queue_accept, queue_mute, queue_unmute

RULE = "password-assignment"
FILES: dict[str, Content] = {
    name: f'password = "{word}"\n'
    for name, word in (("a.py", "correct horse"), ("b.py", "sunshine"), ("c.py", "raincoat"))
}


class Here:
    """Three findings that one rule is unsure of."""

    def __init__(self, project: Project, corpus: str, ann: Identity) -> None:
        self.project, self.corpus, self.ann = project, corpus, ann

    def open(self) -> int:
        return sum(one.state == "open" for one in findings(self.project, self.corpus))

    def mute(self) -> int:
        return queue_mute(self.project, self.corpus, RULE, "fixtures", self.ann)

    def work(self, number: int, terminated: Callable[[], bool] = lambda: False) -> Job:
        worker.work_off(self.project, "cpu", terminated)
        return job(self.project, number)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Here]:
    with desk(tmp_path, FILES) as (project, _, corpus):
        ann = identities.add(project, "ann", roles=("security",))
        scanned(project, corpus)
        yield Here(project, corpus, ann)


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A finding a transaction, so that there is a half way."""
    monkeypatch.setattr(mutes, "BATCH", 1)


def after(calls: int) -> Callable[[], bool]:
    """SIGTERM has come by the time that this was asked so often."""
    left = iter([False] * calls)
    return lambda: next(left, True)


def test_that_a_rule_is_muted_and_unmuted_by_jobs(here: Here) -> None:
    total = here.open()
    done = here.work(here.mute())
    assert (done.state, done.result) == ("done", {"rule": RULE, "findings": total}) and here.open() == 0
    assert (done.done, done.total) == (total, total)
    done = here.work(queue_unmute(here.project, RULE, "", here.ann))
    assert (done.state, done.result) == ("done", {"rule": RULE, "findings": total}) and here.open() == total


@pytest.mark.usefixtures("one_by_one")
def test_that_a_mute_that_was_stopped_stands_and_covers_the_rest_when_it_goes_on(here: Here) -> None:
    total, number = here.open(), here.mute()
    stopped = here.work(number, after(2))
    assert stopped.state == "stopped" and 0 < here.open() < total and RULE in mutes.standing(here.project)
    resume(here.project, number)
    assert here.work(number).state == "done" and here.open() == 0


@pytest.mark.usefixtures("one_by_one")
def test_that_a_rule_is_muted_until_all_of_it_is_open_again(here: Here) -> None:
    total = here.open()
    here.work(here.mute())
    number = queue_unmute(here.project, RULE, "", here.ann)
    assert here.work(number, after(2)).state == "stopped"
    assert 0 < here.open() < total and RULE in mutes.standing(here.project)
    resume(here.project, number)
    assert here.work(number).state == "done"
    assert here.open() == total and RULE not in mutes.standing(here.project)


def test_that_nothing_is_queued_that_would_be_refused_or_keep_a_secret(here: Here) -> None:
    ben = identities.add(here.project, "ben", roles=("builder",))
    before = len(jobs(here.project))
    with pytest.raises(GateShut, match="does not have the role security"):
        queue_mute(here.project, here.corpus, RULE, "fixtures", ben)
    with pytest.raises(UnusableInput, match="looks like a secret") as refused:
        queue_mute(here.project, here.corpus, RULE, f"it is {GITHUB}", here.ann)
    with pytest.raises(UnusableInput, match="is not muted"):
        queue_unmute(here.project, RULE, "", here.ann)
    assert len(jobs(here.project)) == before and GITHUB not in str(refused.value)


@pytest.fixture
def back(tmp_path: Path) -> Iterator[Sent]:
    with sent(tmp_path) as given:
        yield given


def signed(back: Sent) -> Path:
    path = back.path.with_name("back.json")
    review.decide(back.pack, back.pack.contents.findings, "scrub", "real")
    review.sign(back.pack, path, back.key)
    return path


def test_that_decisions_are_accepted_by_a_job_once_and_what_stays_is_told(back: Sent) -> None:
    names = [one.fingerprint for one in back.pack.contents.findings]
    decide(back.project, back.corpus, names[0], "block", who=back.bob, reason="real")
    path = signed(back)
    number = queue_accept(back.project, path)
    worker.work_off(back.project, "cpu", lambda: False)
    result = job(back.project, number).result
    assert result is not None and (result["decided"], result["differing"]) == (len(names) - 1, 1)
    assert result["conflicts"] == [{"fingerprint": names[0], "here": "block", "by": "bob", "there": "scrub"}]
    again = queue_accept(back.project, path)
    worker.work_off(back.project, "cpu", lambda: False)
    failure = job(back.project, again).failure
    assert failure is not None and failure.kind == "GateShut" and "were accepted before" in failure.sentence


def test_that_decisions_that_were_called_off_in_time_are_not_accepted(back: Sent) -> None:
    number = queue_accept(back.project, signed(back))
    ask(back.project, number, "cancel")
    worker.work_off(back.project, "cpu", lambda: False)
    assert job(back.project, number).state == "cancelled"
    assert {one.state for one in findings(back.project, back.corpus)} == {"open"}
