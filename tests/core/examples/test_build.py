"""The build: what it leaves out, what it resumes, and that other decisions make another one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.examples.telling import build_args, built, commit, function, git, scanned, told
from tests.core.findings.desk import GITHUB, PASSWORD
from tests.core.findings.desk import KEY as PEM
from tests.core.models.tiny import build_tiny_model
from tests.core.scrub.test_spelled import SPELLINGS

from espalier.core.dataset.gate import shut_by
from espalier.core.examples import stage
from espalier.core.examples.build import standing
from espalier.core.examples.example import Example, examples
from espalier.core.jobs.context import JobContext
from espalier.core.jobs.ensure import ensure
from espalier.core.jobs.requests import StopRequested
from espalier.core.models import register
from espalier.core.project.file import Project
from espalier.core.project.identities import stand_in
from espalier.core.repositories import repository as repositories
from espalier.core.repositories.licence_decisions import decide_licence

KEY = "AKIA" + "QWERTYUIOPASDFGH"  # the form of a cloud key
WORDS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return told(tmp_path / "shop")


@pytest.fixture
def project(tmp_path: Path, tiny: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p", policy="demo") as made:
        register.register(made, tiny, "tiny", actor="test")
        yield made


def _added(project: Project, repository: Path) -> str:
    repositories.add(project, repository)
    return scanned(project)


def _rows(project: Project) -> list[tuple[object, ...]]:
    return [tuple(row) for row in project.rows("SELECT * FROM examples ORDER BY build, id")]


def _by_name(project: Project, state: str | None = "kept") -> dict[tuple[str, str], Example]:
    return {(one.kind, one.qualified_name): one for one in examples(project, state=state)}


def test_that_what_attributes_call_generated_or_vendored_is_not_learnt(project: Project, repository: Path) -> None:
    commit(
        repository,
        1,
        "Start",
        {name: function(name[0], word) for name, word in zip(("a.py", "b.py", "c.py"), WORDS, strict=False)},
    )
    commit(repository, 2, "Mark", {".gitattributes": "b.py linguist-generated\nc.py linguist-vendored=true\n"})
    commit(repository, 3, "Change what is generated", {"b.py": function("b", "theta")})
    built(project, _added(project, repository))
    assert {one.provenance.path for one in examples(project, state=None)} == {"a.py"}


def test_that_a_secret_in_a_path_keeps_the_text_and_the_path_out(project: Project, repository: Path) -> None:
    path = f"keys/{KEY}/load.py"
    commit(repository, 1, "Start", {path: function("load", "alpha"), "a.py": function("a", "beta")})
    summary = built(project, _added(project, repository))
    assert [one.provenance.path for one in examples(project)] == ["a.py"]
    assert any(reason.startswith("verification: ") for reason in summary["dropped"])  # type: ignore[attr-defined]  # JSON
    stored = [*_rows(project), *(tuple(row) for row in project.rows("SELECT * FROM built_sources"))]
    assert not any(KEY in str(value) or "alpha(" in str(value) for row in stored for value in row)


def test_that_an_example_says_its_lines_in_the_file_itself(project: Project, repository: Path) -> None:
    """A key that shrinks to one line moves everything below it."""
    text = f'PEM = """{PEM}"""\n\n\n{function("a", "alpha")}\n\n{function("b", "beta")}'
    oid = commit(repository, 1, "Start", {"a.py": text})
    built(project, _added(project, repository))
    lines = git(repository, "show", f"{oid}:a.py").split("\n")
    kept = [one for one in examples(project) if one.kind == "completion"]
    assert {one.qualified_name for one in kept} == {"a", "b"}
    for one in kept:
        where = one.provenance
        assert lines[where.first_line - 1] == f"def {one.qualified_name}(value):"
        assert lines[where.last_line - 1].startswith("    return ")


@pytest.mark.parametrize("kind", ["password", "format", "odd"])
def test_that_no_spelling_of_a_decided_secret_is_anywhere_in_the_project(
    project: Project, repository: Path, kind: str
) -> None:
    """The value stands once where a rule finds it, and everywhere else under encodings that no rule knows it by."""
    value = {"password": PASSWORD, "format": GITHUB, "odd": f"{PASSWORD[:6]}'&/<{PASSWORD[6:]}"}[kind]
    spelled = {name: spelling(value) for name, spelling in SPELLINGS.items()}
    lines = "".join(f"    # {name}: {form}\n" for name, form in spelled.items() if "\n" not in form)
    files = {
        "settings.py": f"DB_PASSWORD = {value!r}\n",
        "notes.py": function("noted", "alpha").replace("    return", f"{lines}    return"),
    }
    commit(repository, 1, f"Rotate {spelled['percents, all']}", files)
    commit(repository, 2, "Change what is noted", {"notes.py": files["notes.py"].replace("alpha", "beta")})
    built(project, _added(project, repository))
    assert any(one.qualified_name == "noted" for one in examples(project))
    project.close()
    held = [path.read_bytes() for path in project.path.parent.glob("p.*") if path.is_file()]
    held += [path.read_bytes() for path in project.work.rglob("*") if path.is_file()]
    for name, form in {"as it is": value, **spelled}.items():
        assert not any(form.encode() in data for data in held), name


def test_that_a_build_stopped_anywhere_comes_to_the_same(
    project: Project, repository: Path, tmp_path: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day, word in enumerate(WORDS):
        commit(
            repository,
            day * 20,
            f"Change the {word} of shops",
            {"a.py": function("f", word), f"{word}.py": function(word, word)},
        )
    corpus = _added(project, repository)
    built(project, corpus)
    monkeypatch.setattr(stage, "MOST_IN_A_BATCH", 2)
    with Project.create(tmp_path / "other", policy="demo") as other:
        register.register(other, tiny, "tiny", actor="test")
        assert _added(other, repository) == corpus
        stops = 0
        while not _ends(other, corpus, steps=stops):
            stops += 1
        assert stops > 10
        assert _rows(other) == _rows(project)
        built(other, corpus)
        assert _rows(other) == _rows(project)


def _ends(project: Project, corpus: str, steps: int) -> bool:
    try:
        stage.run(_Stopping(project, corpus, steps))
    except StopRequested:
        return False
    return True


class _Stopping(JobContext):
    """Asks to stop at the safe point after so many."""

    def __init__(self, project: Project, corpus: str, steps: int) -> None:
        super().__init__(project, ensure(project, "examples.build", build_args(project, corpus), "cpu"))
        self._left = steps

    def safe_point(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise StopRequested


def test_that_each_corpus_has_its_own_examples(project: Project, repository: Path) -> None:
    commit(repository, 1, "Start", {"a.py": function("a", "alpha")})
    first = _added(project, repository)
    built(project, first)
    commit(repository, 2, "Go on", {"b.py": function("b", "beta")})
    second = scanned(project)
    built(project, second)
    assert [len(examples(project, corpus)) for corpus in (first, second)] == [1, 2]
    assert {one.id for one in examples(project, first)} < {one.id for one in examples(project, second)}


def test_that_what_is_decided_anew_is_built_anew_and_the_old_text_is_gone(project: Project, repository: Path) -> None:
    commit(repository, 1, "Start", {"a.py": function("a", "alpha")})
    corpus = _added(project, repository)
    built(project, corpus)
    assert shut_by(project, corpus) == ()
    decide_licence(project, "shop", "", None, "deny", identity=stand_in(project).name, reason="no")
    assert standing(project, corpus) is None
    assert any("as it is decided now" in item for item in shut_by(project, corpus))
    built(project, corpus)
    assert examples(project, corpus) == []
    assert project.value("SELECT count(*) FROM builds") == 1
    assert project.value("SELECT count(*) FROM examples WHERE state = 'kept'") == 0


def test_that_an_unfinished_build_is_not_frozen(project: Project, repository: Path) -> None:
    commit(repository, 1, "Start", {"a.py": function("a", "alpha"), "b.py": function("b", "beta")})
    corpus = _added(project, repository)
    assert not _ends(project, corpus, steps=1)
    assert any("as it is decided now" in item for item in shut_by(project, corpus))


def test_that_code_taken_back_is_never_an_answer(project: Project, repository: Path) -> None:
    good, flawed = function("a", "alpha"), function("a", "beta")
    commit(repository, 1, "Start", {"a.py": good})
    bad = commit(repository, 100, "Give the beta instead", {"a.py": flawed})
    commit(
        repository,
        200,
        f'Revert "Give the beta instead"\n\nThis reverts commit {bad}.\n\nIt was too slow.',
        {"a.py": good},
    )
    built(project, _added(project, repository))
    kept = examples(project)
    assert {one.kind for one in kept} == {"review", "completion"}
    assert not any("beta(" in one.solution for one in kept)
    assert _by_name(project)["review", "a"].solution.startswith("# Rejected: It was too slow.")


REASONED = "Express the alpha as beta\n\nThere were two ways to say the same, and readers mixed them up."


@pytest.mark.parametrize(
    ("message", "files", "kind"),
    [
        (REASONED, {}, "refactor"),
        ("Express the alpha as beta", {}, "change"),
        (REASONED, {"tests/test_a.py": "def test_a():\n    pass\n"}, "change"),
        (REASONED + "\n\nIt was wrong for nought.", {}, "change"),
        (REASONED.replace("Express", "Offer"), {}, "change"),
        (REASONED, {"b.py": function("b", "zeta")}, "refactor"),
        (REASONED, {"a.py": function("a", "beta") + "\n\n" + function("more", "gamma")}, "change"),
        (REASONED, {"a.py": function("a", "beta").replace("(value)", "(value, by=1)", 1)}, "change"),
    ],
)
def test_that_a_refactoring_says_why_and_keeps_what_others_see(
    project: Project, repository: Path, message: str, files: dict[str, str], kind: str
) -> None:
    commit(repository, 1, "Start", {"a.py": function("a", "alpha")})
    commit(repository, 2, message, {"a.py": function("a", "beta"), **files})
    built(project, _added(project, repository))
    assert (kind, "a") in _by_name(project)
