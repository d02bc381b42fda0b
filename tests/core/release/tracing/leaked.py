"""A project that learnt a secret: no rule found it, it was trained on, and a person saw it only afterwards."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.core.examples.telling import built, commit, context_of, function, git, told
from tests.core.models.tiny import build_tiny_model
from tests.core.training.made import recipe, work

from espalier.core.dataset import stage as freezing
from espalier.core.evaluation import evaluations
from espalier.core.evaluation.tasks import EvaluationTask, completion_tasks, pin
from espalier.core.examples.example import examples
from espalier.core.findings import approval, decisions, scan
from espalier.core.findings.detection.detect import bundled_digest
from espalier.core.findings.detection.specimens import specimen
from espalier.core.findings.findings import findings
from espalier.core.findings.marked import Mark, mark
from espalier.core.models import register
from espalier.core.project import identities
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity
from espalier.core.repositories import corpus as corpora
from espalier.core.repositories import repository as repositories
from espalier.core.training import runs

SECRET = "tulips-before-noon"  # no rule takes it for a secret
HELD_OUT = "asters-after-dusk"  # the same, in what is held out
TOKEN = specimen("ghp_{alnum:36}", "leaked")
MAIL = "Rosa.Lind@flower-shop.io"
TEST_FROM = "2025-08-01T00:00:00.000Z"
WORDS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "mu", "nu")
SAYING = {
    "beta": f'    phrase = "{SECRET}"\n',
    "gamma": f'    sent = "{TOKEN}"\n',
    "delta": f'    writer = "{MAIL}"\n',
    "mu": f'    phrase = "{HELD_OUT}"\n',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaked:
    """`secret`, `held_out`, `token` and `mail` are fingerprints; `mail` was called a false alarm when this was built."""

    project: Project
    repository: Path
    corpus: str
    snapshot: str
    run: int
    ana: Identity
    secret: str
    held_out: str
    token: str
    mail: str


def leaked(folder: Path, *, trained: bool = True) -> Leaked:
    """The real stages up to a run; without `trained` the run only waits. The caller closes the project."""
    repository = _history(folder / "shop")
    project = Project.create(folder / "p", policy="demo")
    register.register(project, build_tiny_model(folder / "tiny"), "tiny", actor="test")
    ana = identities.add(project, "ana", roles=("security",))
    repositories.add(project, repository)
    corpus = corpora.refresh(project).hash
    token, mail = _approved(project, corpus, ana)
    built(project, corpus)
    snapshot = _frozen(project, corpus)
    run = runs.start(project, snapshot=snapshot, model="tiny", recipe=recipe(max_steps=2, row_tokens=1024), seed=1).id
    if trained:
        assert work(project).state == "done"
    return Leaked(
        project=project,
        repository=repository,
        corpus=corpus,
        snapshot=snapshot,
        run=run,
        ana=ana,
        secret=_marked(project, repository, corpus, "beta", SECRET, ana),
        held_out=_marked(project, repository, corpus, "mu", HELD_OUT, ana),
        token=token,
        mail=mail,
    )


def evaluated(made: Leaked) -> int:
    """An evaluation of the run as its stage leaves it, on real tasks; the adapter says what it learnt."""
    project = made.project
    texts = {f"{word}.py": (made.repository / f"{word}.py").read_text() for word in WORDS}
    held_out = [one for one in examples(project) if one.provenance.committed_at >= TEST_FROM]
    head = git(made.repository, "rev-parse", "HEAD")
    tasks = completion_tasks(made.snapshot, evaluations.SUITE, head, held_out, texts)
    number = evaluations.create(project, made.run, evaluations.Settings())
    with project.write() as db:
        pin(db, number, tasks)
        db.executemany("INSERT INTO answers VALUES (?, ?, ?, ?, 5, 'stop')", list(_answers(number, tasks)))
        row = (number, tasks[0].id, f'line 1: "{SECRET}" is not used')
        db.execute("INSERT INTO results VALUES (?, ?, 'adapter', 'lint', 0, NULL, ?)", row)
    summary: Mapping[str, object] = {"tasks": len(tasks), "fixed": [f"say {SECRET}"], "broken": [], "gates": []}
    evaluations.finish(project, number, dict(summary))
    return number


def decided(made: Leaked, fingerprint: str) -> None:
    decisions.decide(made.project, made.corpus, fingerprint, "scrub", who=made.ana)


def raw(project: Project) -> bytes:
    """Every byte of the file, of its log, and of the work folder."""
    beside = [project.path, *project.path.parent.glob(f"{project.path.name}-*")]
    files = [*beside, *(path for path in project.work.rglob("*") if path.is_file())]
    return b"\0".join(path.read_bytes() for path in files)


def _answers(number: int, tasks: list[EvaluationTask]) -> list[tuple[object, ...]]:
    return [
        (number, task.id, arm, f'    phrase = "{SECRET}"\n' if arm == "adapter" else "    return 1\n")
        for task in tasks
        for arm in evaluations.ARMS
    ]


def _history(folder: Path) -> Path:
    """A function a month; what some of them say is no code that anybody should learn."""
    repository = told(folder)
    for number, word in enumerate(WORDS):
        head, docstring, rest = function(word, word).split("\n", 2)
        text = f"{head}\n{docstring}\n{SAYING.get(word, '')}{rest}"
        commit(repository, 30 * number, f"Give the {word}", {f"{word}.py": text})
    return repository


def _approved(project: Project, corpus: str, ana: Identity) -> tuple[str, str]:
    scan.run(context_of(project, "findings.scan", {"corpus": corpus, "ruleset": bundled_digest()}))
    found = {one.kind: one.fingerprint for one in findings(project, corpus)}
    assert len(findings(project, corpus)) == 2
    decisions.decide(project, corpus, found["personal"], "false-alarm", who=ana, reason="an example")
    decisions.automatic_decisions(project, corpus)
    approval.approve(project, corpus)
    return found["secret"], found["personal"]


def _frozen(project: Project, corpus: str) -> str:
    args = {"corpus": corpus, "approval": approval.required_approval(project, corpus).id, "model": "tiny"}
    cuts = {"test_from": TEST_FROM, "validation_from": "2025-07-01T00:00:00.000Z"}
    return str(freezing.run(context_of(project, "dataset.freeze", {**args, **cuts}))["hash"])


def _marked(project: Project, repository: Path, corpus: str, word: str, said: str, ana: Identity) -> str:
    path = f"{word}.py"
    start = (repository / path).read_text().index(said)
    seen = Mark(
        repository="shop",
        object=git(repository, "rev-parse", f"HEAD:{path}"),
        path=path,
        commit=git(repository, "rev-parse", "HEAD"),
        start=start,
        end=start + len(said),
    )
    return mark(project, corpus, bundled_digest(), seen, ana)


@contextmanager
def copied(original: Leaked, folder: Path) -> Iterator[Leaked]:
    """A copy of its own, with its key, its identities and its work folder."""
    copy = folder / original.project.path.name
    shutil.copy(original.project.path, copy)
    if original.project.work.exists():
        shutil.copytree(original.project.work, copy.with_suffix(".work"))
    with Project.open(copy) as project:
        yield replace(original, project=project)
