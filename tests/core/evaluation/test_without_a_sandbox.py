"""Where nothing may be run nothing is: every check says why, what needs no sandbox goes on, and the security gate is shut."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.core.examples.telling import built, commit, context_of, function, scanned, told
from tests.core.models.tiny import build_tiny_model

from espalier.core.dataset.snapshot import Origin, freeze
from espalier.core.dataset.split import Cut, Parts
from espalier.core.evaluation import evaluations
from espalier.core.evaluation.checks.static import TOOLS
from espalier.core.evaluation.evaluations import Settings
from espalier.core.evaluation.judging import judge
from espalier.core.evaluation.preparing import prepare
from espalier.core.evaluation.sandbox import run as door
from espalier.core.evaluation.sandbox import tier
from espalier.core.evaluation.sandbox.tier import Capability, capability
from espalier.core.evaluation.summary import summarise
from espalier.core.evaluation.tasks import EvaluationTask, asked
from espalier.core.evaluation.trees import scrubbed_trees
from espalier.core.examples.build import standing
from espalier.core.examples.example import of_build
from espalier.core.failures import WorkFailed
from espalier.core.findings.approval import required_approval
from espalier.core.jobs.context import JobContext
from espalier.core.models import register
from espalier.core.project.file import Project
from espalier.core.project.policy import project_policy
from espalier.core.repositories import repository as repositories
from espalier.core.repositories.corpus import corpus as corpus_named
from espalier.core.scrub.scrubber import project_scrubber

TEST = "from a import a\n\n\ndef test_a():\n    assert a(1)\n"
KEY = "AKIA" + "QWERTYUIOPASDFGH"  # the form of a cloud key
IDIOM = 'name = "x"\n[[part]]\nname = "result"\npattern = \'return _\'\n'
TICKETS = "id,title,body,kind,path,function\nT-1,Wrong,It is wrong,ticket,a.py,a\nT-2,Other,No,ticket,z.py,z\n"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p", policy="demo") as made:
        register.register(made, build_tiny_model(tmp_path / "tiny"), "tiny", actor="test")
        yield made


@pytest.fixture
def snapshot(project: Project, tmp_path: Path) -> str:
    repository = told(tmp_path / "shop")
    files = {"a.py": function("a", "alpha"), "b.py": function("b", "beta"), f"{KEY}.py": function("c", "gamma")}
    commit(repository, 1, "Start", {**files, "tests/test_a.py": TEST, f"tests/test_{KEY}.py": TEST})
    repositories.add(project, repository)
    corpus = scanned(project)
    built(project, corpus)
    build = standing(project, corpus)
    assert build is not None
    kept = of_build(project, build)
    approval = required_approval(project, corpus)
    origin = Origin(corpus=corpus, build=build, seed=1, tokenizer="t", approval=approval.id, settings={})
    parts = Parts(train=(), validation=(), test=tuple(kept), leaks={})
    cut = Cut(test_from="2025-01-01T00:00:00.000Z", quarters=1)
    return freeze(project, [(one, "test", 1) for one in kept], parts, cut, origin, "test")


@pytest.fixture
def none(monkeypatch: pytest.MonkeyPatch) -> Iterator[Capability]:
    """No bubblewrap on this machine, and a door behind which nothing may happen."""

    def missing() -> str:
        raise WorkFailed("bubblewrap is not installed.", "Install the package 'bubblewrap'.")

    def entered(*_: object, **__: object) -> None:
        raise AssertionError("something was run")

    monkeypatch.setattr(tier, "bubblewrap", missing)
    monkeypatch.setattr(door, "confined", entered)
    capability.cache_clear()
    yield capability()
    capability.cache_clear()


def _evaluated(
    project: Project, snapshot: str, can: Capability, settings: Settings, answers: Mapping[str, str]
) -> tuple[list[EvaluationTask], dict[str, object]]:
    number = evaluations.create(project, 1, settings)
    one = evaluations.evaluation(project, number)
    corpus = project.value("SELECT corpus FROM snapshots WHERE hash = ?", (snapshot,))
    scrubber = project_scrubber(project, corpus)
    context: JobContext = context_of(project, "evaluation.run", {"evaluation": number})
    folder = context.work / "trees"
    with scrubbed_trees(corpus_named(project, corpus), folder, scrubber, context.safe_point) as trees:
        assert not any(KEY in path.name for path in folder.rglob("*"))
        tasks = prepare(context, one, snapshot, trees, can, scrubber)
        rows = [(number, task.id, arm, answers[arm], 1, "stop") for task in tasks for arm in answers]
        with project.write() as db:
            db.executemany("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?)", rows)
        judge(context, one, tasks, trees, can, scrubber)
        judge(context, one, tasks, trees, can, scrubber)
        assert prepare(context, one, snapshot, trees, can, scrubber) == tasks
    assert not folder.exists()
    return tasks, summarise(project, one, tasks, can, project_policy(project))


def test_that_nothing_is_run_and_every_check_says_why(
    project: Project, snapshot: str, none: Capability, tmp_path: Path
) -> None:
    assert none.tier == "none"
    tickets = tmp_path / "tickets.csv"
    tickets.write_text(TICKETS)
    settings = Settings(idiom=IDIOM, tickets=str(tickets))
    tasks, summary = _evaluated(project, snapshot, none, settings, {"base": "    pass", "adapter": "    return value"})
    assert sorted((task.origin, task.qualified_name) for task in tasks) == [
        ("completion", "a"), ("completion", "b"), ("ticket", "a"),
    ]  # fmt: skip
    why = "not run: bubblewrap is not installed."
    assert summary["not_run"] == {f"{check}: {why}": 3 for check in (*TOOLS, "tests")}
    arms = summary["arms"]
    assert isinstance(arms, dict)
    assert {check: arms["adapter"][check]["ran"] for check in (*TOOLS, "tests", "idiom")} == {
        **dict.fromkeys((*TOOLS, "tests"), 0),
        "idiom": 3,
    }
    assert (arms["base"]["idiom"]["passed"], arms["adapter"]["idiom"]["passed"]) == (0, 3)
    assert summary["decided_by"] == "idiom"
    gates = {gate["name"]: gate for gate in summary["gates"]}  # type: ignore[attr-defined]  # JSON
    assert not gates["security"]["passed"]
    assert "not run" in gates["security"]["why"]


def test_that_each_evaluation_pins_its_own_tasks(
    project: Project, snapshot: str, none: Capability, tmp_path: Path
) -> None:
    plain, _ = _evaluated(project, snapshot, none, Settings(), {"base": "", "adapter": ""})
    tickets = tmp_path / "tickets.csv"
    tickets.write_text(TICKETS)
    with_tickets, _ = _evaluated(project, snapshot, none, Settings(tickets=str(tickets)), {"base": "", "adapter": ""})
    few, _ = _evaluated(
        project, snapshot, none, Settings(most_tasks=2, tickets=str(tickets)), {"base": "", "adapter": ""}
    )
    assert [len(one) for one in (plain, with_tickets, few)] == [2, 3, 2]
    assert {task.origin for task in few} == {"completion", "ticket"}
    assert asked(project, 1) == plain


def test_that_an_evaluation_without_tasks_passes_no_gate(project: Project, snapshot: str, none: Capability) -> None:
    _, summary = _evaluated(project, snapshot, none, Settings(most_tasks=0), {"base": "", "adapter": ""})
    assert summary["tasks"] == 0
    assert not any(gate["passed"] for gate in summary["gates"])  # type: ignore[attr-defined]  # JSON
