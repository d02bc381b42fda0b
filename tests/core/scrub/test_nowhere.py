"""Nowhere: a decided secret, in whatever carrier, spelling and encoding it stands in git, is in nothing that a project keeps or tells.

The whole way is gone by the real stages: scan, decisions, build, freeze, every export and what the command line says. Then all that
was written is looked through for the secret, as it is and as it was spelled, in the escapes of whatever holds it.
"""

import contextlib
import csv
import html
import io
import json
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from tests.core.examples.telling import build_args, context_of
from tests.core.models.tiny import build_tiny_model
from tests.core.repositories.workshop import DAY, START, make
from tests.core.scrub.carried import CARRIERS, ENCODINGS, FILES, LINES, PEOPLE, VALUES, WORDS, Carrier, history
from tests.core.scrub.test_spelled import SPELLINGS

from espalier.core.cli.__main__ import main
from espalier.core.dataset import export as exporting
from espalier.core.dataset import stage as freezing
from espalier.core.examples import stage as building
from espalier.core.examples.example import examples
from espalier.core.findings import approval, decisions, scan
from espalier.core.findings.detection.detect import bundled_digest
from espalier.core.findings.detection.specimens import specimen
from espalier.core.jobs.follow import follow
from espalier.core.jobs.job import enqueue
from espalier.core.models import register
from espalier.core.project.file import Project
from espalier.core.repositories import corpus as corpora
from espalier.core.repositories import repository as repositories
from espalier.core.scrub.known import Known, KnownValues
from espalier.core.scrub.scrubber import Blocked, project_scrubber

# A whole way takes a second: what fails is told as it was drawn.
AS_DRAWN = settings(
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much, HealthCheck.too_slow],
)
STAGES = {
    "findings.scan": scan.run,
    "examples.build": building.run,
    "dataset.freeze": freezing.run,
    "dataset.export": exporting.run,
}
Told = list[tuple[str, str]]  # where something was written, and what
Doing = Callable[[Project, str, dict[str, object]], Mapping[str, object]]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("model") / "tiny")


@settings(AS_DRAWN, max_examples=3)
@given(value=VALUES, carriers=CARRIERS)
def test_that_a_decided_secret_is_nowhere(tiny: Path, value: str, carriers: Sequence[Carrier]) -> None:
    with TemporaryDirectory() as folder:
        _look(_way(Path(folder), tiny, value, carriers, _in_process), value, carriers)


@pytest.mark.slow
@settings(AS_DRAWN, max_examples=30)
@given(value=VALUES, carriers=CARRIERS)
def test_that_many_decided_secrets_are_nowhere(tiny: Path, value: str, carriers: Sequence[Carrier]) -> None:
    with TemporaryDirectory() as folder:
        _look(_way(Path(folder), tiny, value, carriers, _in_process), value, carriers)


@pytest.mark.slow
def test_that_workers_write_no_secret_into_their_logs_and_parquet(tmp_path: Path, tiny: Path) -> None:
    """Every spelling, file and encoding at once."""
    names, files, encodings = sorted(SPELLINGS), sorted(FILES), sorted(ENCODINGS)
    carriers = [
        Carrier(
            lines=tuple((LINES[at % len(LINES)], name) for at, name in enumerate(names) if at % len(files) == number),
            file=file,
            spelling=names[number],
            said=names[-number],
            encodings=(encodings[number % len(encodings)], encodings[-number % len(encodings)]),
        )
        for number, file in enumerate(files)
    ]
    value = specimen("{alnum:14}", "worker")
    told = _way(tmp_path, tiny, value, carriers, _by_worker)
    assert {"worker-cpu.log", "train.parquet", "examples.jsonl"} <= {where for where, _ in told}
    _look(told, value, carriers)


def _in_process(project: Project, kind: str, args: dict[str, object]) -> Mapping[str, object]:
    return STAGES[kind](context_of(project, kind, args))


def _by_worker(project: Project, kind: str, args: dict[str, object]) -> Mapping[str, object]:
    *_, done = follow(project, enqueue(project, kind, args, "cpu"))
    assert done.state == "done" and done.result is not None, done.failure
    return done.result


def _way(folder: Path, tiny: Path, value: str, carriers: Sequence[Carrier], do: Doing) -> Told:
    """All that a project writes and says on the way from git to its exports."""
    made = make(folder / "shop")
    history(made.commit, value, carriers)
    heard = io.StringIO()
    listening = logging.StreamHandler(heard)
    logging.getLogger().addHandler(listening)
    try:
        with (
            contextlib.redirect_stdout(heard),
            contextlib.redirect_stderr(heard),
            Project.create(folder / "p", policy="demo") as project,
        ):
            register.register(project, tiny, "tiny", actor="test")
            repositories.add(project, made.path)
            corpus = corpora.refresh(project).hash
            do(project, "findings.scan", {"corpus": corpus, "ruleset": bundled_digest()})
            decisions.automatic_decisions(project, corpus)
            approval.approve(project, corpus)
            do(project, "examples.build", build_args(project, corpus))
            _require_seen(project, corpus, value, carriers)
            cut = {"test_from": _day(150), "validation_from": _day(100)}
            frozen = do(project, "dataset.freeze", {**build_args(project, corpus), **cut})
            if do is _by_worker:
                do(project, "dataset.export", {"snapshot": frozen["hash"], "folder": str(folder / "parquet")})
            _say(project, folder)
            told = list(_cells(project))
    finally:
        logging.getLogger().removeHandler(listening)
    return [*told, ("said", heard.getvalue()), *_files(folder, made.path)]


def _day(number: int) -> str:
    return datetime.fromtimestamp(START + number * DAY, UTC).isoformat()


def _require_seen(project: Project, corpus: str, value: str, carriers: Sequence[Carrier]) -> None:
    """What a carrier holds comes into a build, unless its quotes and the secret's make no Python of it."""
    seen = {one.qualified_name for one in examples(project, state=None)}  # near duplicates are dropped
    scrubber = project_scrubber(project, corpus)
    for number, one in enumerate(carriers):
        path, text = f"notes_{number}.py", one.noted(number, WORDS[0], value)
        try:
            for version in (text, scrubber.scrub(text, path).text):
                _compile(version, path)
        except (Blocked, SyntaxError):
            continue
        assert f"noted_{number}" in seen


def _compile(text: str, path: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # of escapes that Python has not
        compile(text, path, "exec")


def _say(project: Project, folder: Path) -> None:
    path, out = str(project.path), folder / "out"
    out.mkdir()
    for words in (
        ["findings", "list", path, "--json"],
        ["findings", "export", path, str(out / "findings.sarif")],
        ["findings", "export", path, str(out / "findings.csv")],
        ["findings", "export", path, str(out / "findings.html")],
        ["examples", "list", path, "--json"],
        ["examples", "export", path, str(out / "examples.jsonl")],
    ):
        assert main(words) == 0, words


def _cells(project: Project) -> Iterator[tuple[str, str]]:
    """Whatever the project's tables hold, put together from the pages of the file that it is spread over."""
    for (table,) in project.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"):
        for row in project.rows(f'SELECT * FROM "{table}"'):
            for cell in tuple(row):
                if isinstance(cell, str | bytes):
                    yield table, cell if isinstance(cell, str) else cell.decode("utf-8", "replace")


def _files(folder: Path, repository: Path) -> Iterator[tuple[str, str]]:
    """What lies in the folder, the user's own git left out; of Parquet, its rows."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or repository in path.parents:
            continue
        if path.suffix == ".parquet":
            import pyarrow.parquet as parquet

            yield path.name, json.dumps(parquet.read_table(path).to_pylist(), ensure_ascii=False)
        yield path.name, path.read_bytes().decode("utf-8", "replace")


def _look(told: Told, value: str, carriers: Sequence[Carrier]) -> None:
    written = {form for one in carriers for spelled in one.spelled(value) for form in _in_files(spelled)}
    known = KnownValues([Known(value=value, kind="secret", type="PASSWORD", state="scrub")])
    assert len(told) > 100
    for where, text in dict.fromkeys(told):
        assert not [form for form in written if form in text], where
        assert not [one for one in PEOPLE.values() if one in text], where
        assert next(known.find(text), None) is None, where


def _in_files(spelled: str) -> Iterator[str]:
    """As what is written holds it: text, JSON, JSON in a row of JSON, markup, and a table of commas."""
    encoded = [json.dumps(spelled, ensure_ascii=plain)[1:-1] for plain in (True, False)]
    table = io.StringIO()
    csv.writer(table).writerow([spelled])
    twice = (json.dumps(one)[1:-1] for one in encoded)
    yield from (spelled, html.escape(spelled), table.getvalue().strip(), *encoded, *twice)
