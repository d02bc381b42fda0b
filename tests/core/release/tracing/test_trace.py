"""How far a secret came: exactly, by the text itself, and onwards by what was made of it."""

import json
from base64 import b64encode
from pathlib import Path

import pytest
from tests.core.release.finished import finished
from tests.core.release.tracing.leaked import HELD_OUT, MAIL, SECRET, TOKEN, Leaked

from espalier.core.cli.__main__ import main
from espalier.core.examples.example import Example, examples
from espalier.core.examples.export import export
from espalier.core.failures import UnusableInput
from espalier.core.findings.detection.detect import Detector
from espalier.core.findings.detection.rules import bundled
from espalier.core.findings.detection.specimens import specimen
from espalier.core.findings.findings import Place
from espalier.core.findings.fingerprint import fingerprint
from espalier.core.project import artifacts
from espalier.core.project.canonical import canonical_text
from espalier.core.project.file import Project
from espalier.core.project.key import project_key
from espalier.core.release import bundle, sign_off
from espalier.core.release.tracing.loose import ERASABLE, LEFT
from espalier.core.release.tracing.sought import Named, Sought, sought
from espalier.core.release.tracing.trace import Trace, as_json, trace

# Columns of text that hold ids, hashes, times, numbers and words of ours: nothing that was read from a repository is in them.
PLAIN = """
id hash sha256 corpus snapshot build scrub rights tokenizer ruleset fingerprint decisions_hash signature public_key identity
role roles state at created_at added_at signed_at decided_at finished_at begun_at reviewed_at marked_at refreshed_at frozen_at
committed_at started_at attempt_started_at heartbeat_at registered_at stored_at drawn_at rated_at approved_at muted_at previous action
namespace media_type object blob commit source kind type rule severity confidence label language licence export_class category
decision decided_by request ended_by host boot lane example task split suite tier self_test origin arm check finished rater
seed verdict bundle base adapter head chat_template files revision not_scanned week first_commit last_commit key prefix
repository name subject languages excluded pack accepted_at reading writer tips heads order mode signs interpreter
"""
OF_OTHERS = {  # looked through, and erased, by modules of their own
    "examples": {
        "task",
        "context",
        "constraints",
        "solution",
        "rationale",
        "path",
        "qualified_name",
        "service",
        "reason",
    },
    "tasks": {"title", "messages", "reference", "tests", "path", "qualified_name", "service"},
    "answers": {"text"},
}


def states(found: Trace) -> dict[str, list[str]]:
    return {kind: list(of) for kind, of in found.states.items() if of}


def example_of(made: Leaked, word: str) -> Example:
    return next(one for one in examples(made.project, state=None) if one.provenance.path == f"{word}.py")


def gone(project: Project) -> None:
    """The repositories are nowhere on this machine any more."""
    with project.write() as db:
        db.execute("UPDATE repositories SET path = '/nowhere/' || name")
        db.execute("UPDATE corpus_repositories SET path = '/nowhere/' || repository")


def test_that_a_secret_in_a_training_example_is_followed_to_the_adapter_and_what_it_wrote(made: Leaked) -> None:
    found = trace(made.project, made.secret[:10])
    example = example_of(made, "beta")
    [held] = found.examples
    assert (held.id, held.where, held.own) == (example.id, ("solution",), True)
    assert (held.path, held.commit, held.first_line) == ("beta.py", example.provenance.commit, 1)
    assert found.snapshots[0].splits == {"train": {example.id: "reached"}}
    assert (found.runs[0].id, found.runs[0].state, found.runs[0].stored) == (made.run, "reached", True)
    assert {where for task in found.evaluations[0].tasks for where in task.where} == {
        "answer of the adapter",
        "verdict",
    }
    assert {(one.table, one.column) for one in found.texts} == {("evaluations", "summary"), ("results", "detail")}
    assert not found.clean


def test_that_what_was_scrubbed_reached_nothing(made: Leaked) -> None:
    found = trace(made.project, made.token)
    assert [one.id for one in found.examples] == [example_of(made, "gamma").id]
    assert {state for of in states(found).values() for state in of} == {"scrubbed"}
    assert found.clean


def test_that_a_run_has_not_learnt_what_stands_in_the_held_out_part_only(made: Leaked) -> None:
    found = trace(made.project, made.held_out)
    assert states(found) == {
        "examples": ["reached"],
        "snapshots": ["reached"],
        "runs": ["held-out"],
        "evaluations": ["reached"],
    }
    assert [one.where for one in found.evaluations[0].tasks] == [("reference",)]


def test_that_personal_data_is_followed_in_any_case_of_its_letters(made: Leaked) -> None:
    example = example_of(made, "delta")
    assert MAIL in example.solution
    with made.project.write() as db:
        db.execute("UPDATE examples SET solution = ? WHERE id = ?", (f"write({MAIL.upper()!r})", example.id))
    found = trace(made.project, made.mail)
    assert states(found)["examples"] == ["reached"] and states(found)["runs"] == ["reached"]


@pytest.mark.parametrize(
    "form", [SECRET, SECRET.encode().hex(), b64encode(b"say " + SECRET.encode()).decode(), f"x{SECRET}y"]
)
def test_that_it_is_found_in_the_forms_that_files_carry(made: Leaked, form: str) -> None:
    other = example_of(made, "eta")
    with made.project.write() as db:
        db.execute("UPDATE examples SET context = ? WHERE id = ?", (f"say({form!r})", other.id))
    found = {one.id: one for one in trace(made.project, made.secret).examples}
    assert (found[other.id].where, found[other.id].own) == (("context",), False)


def test_that_a_secret_whose_repository_is_gone_is_found_by_its_fingerprint(made: Leaked) -> None:
    gone(made.project)
    found = trace(made.project, made.secret)
    assert not found.known
    assert states(found)["runs"] == ["reached"]
    assert [one.id for one in found.examples] == [example_of(made, "beta").id]


def test_that_nobody_can_tell_of_an_example_whose_repository_is_gone(made: Leaked) -> None:
    """The placeholder can't be computed without the value, and an encoded form could not be seen."""
    gone(made.project)
    found = trace(made.project, made.token)
    assert {state for of in states(found).values() for state in of} == {"cannot-be-told"}
    assert found.clean


def test_that_nothing_that_is_told_holds_a_secret(made: Leaked, capsys: pytest.CaptureFixture[str]) -> None:
    with made.project.write() as db:
        db.execute("UPDATE examples SET path = ? WHERE id = ?", (f"a/{SECRET}.py", example_of(made, "beta").id))
        db.execute("UPDATE places SET path = ? WHERE fingerprint = ?", (f"{TOKEN}/{SECRET}.py", made.secret))
    for name in (made.secret, made.held_out, made.token, made.mail):
        for more in ((), ("--json",)):
            assert main(["findings", "trace", str(made.project.path), name, *more]) == 0
            out, err = capsys.readouterr()
            assert not [one for one in (SECRET, HELD_OUT, TOKEN, MAIL, MAIL.lower()) if one in out + err]
    with pytest.raises(UnusableInput, match="no fingerprint") as refused:
        trace(made.project, SECRET)
    assert SECRET not in str(refused.value)


def test_that_an_ordinary_word_counts_where_it_stands_and_nowhere_else(made: Leaked) -> None:
    """A password that is a word of the language would otherwise be in half of the code."""
    key, word = project_key(made.project), "return"
    place = Place(
        source="file", repository="shop", object="0" * 40, blob=None, path="a.py", commit=None, line=1, start=0, end=6
    )
    one = Named(fingerprint=fingerprint(key, word, "secret"), rule="r", kind="secret", state="open", places=(place,))
    value = Sought(key, one, [word], Detector(bundled()), marked=False)
    assert value.holds("    return value", own=True)
    assert not value.holds("    return value")
    assert not value.holds("    retur value", own=True)
    assert Sought(key, one, [word], Detector(bundled()), marked=True).holds("    return value")


def test_that_a_part_of_a_key_is_a_leak_of_the_key(made: Leaked) -> None:
    block = specimen("-----BEGIN RSA PRIVATE KEY-----\n{base64:64}\n{base64:64}\n-----END RSA PRIVATE KEY-----", "part")
    key = project_key(made.project)
    one = Named(fingerprint=fingerprint(key, block, "secret"), rule="r", kind="secret", state="open", places=())
    value = Sought(key, one, [block], Detector(bundled()), marked=False)
    assert value.holds(f"KEY = '{block.split(chr(10))[2]}'")
    assert value.holds('KEY = (\n    "' + '\\n"\n    "'.join(block.split("\n")) + '")')
    assert not value.holds("KEY = '''-----BEGIN RSA PRIVATE KEY-----\n'''")
    assert "RSA" not in repr(value)


def test_that_an_export_is_named_because_it_is_somewhere_else_now(made: Leaked, tmp_path: Path) -> None:
    export(made.project, tmp_path / "examples.jsonl", actor="ana")
    [one] = trace(made.project, made.secret).exports
    assert (one.action, one.actor) == ("examples.exported", "ana")
    assert trace(made.project, made.token).exports == ()


def test_that_a_copy_that_a_migration_kept_is_named(made: Leaked) -> None:
    kept = made.project.path.with_name("p.format-1.espalier")
    kept.write_bytes(b"")
    assert trace(made.project, made.secret).copies == (kept.name,)


def test_that_a_release_follows_its_run(tmp_path: Path) -> None:
    done = finished(tmp_path)
    with done.project as project:
        sign_off.sign(project, done.run, "release", done.ana)
        bundle.create(project, done.run, tmp_path / "bundle", done.ana)
        name = planted(project, "THE TEXT OF AN EXAMPLE")
        found = trace(project, name)
        assert states(found)["releases"] == ["reached"]
        assert found.releases[0].version == 1


def planted(project: Project, value: str) -> str:
    """A finding whose place is in a repository that is not on this machine."""
    name = fingerprint(project_key(project), value, "secret")
    with project.write() as db:
        db.execute("INSERT INTO findings VALUES (?, 'reviewer', 'MARKED', 'secret', 'high', 'high')", (name,))
        row = (name, "orders", "b" * 40, "a.py", "a" * 40, len(value))
        db.execute("INSERT INTO marked_places VALUES (?, ?, ?, ?, ?, 1, 0, ?, 'ana', '')", row)
    return name


def test_that_bytes_of_a_snapshot_that_was_never_finished_are_looked_through(made: Leaked) -> None:
    line = {"id": "e", "split": "train", "messages": [{"role": "user", "content": f"say {SECRET}"}]}
    name = artifacts.store(made.project, canonical_text(line).encode(), "application/jsonl")
    with made.project.write() as db:
        db.execute("INSERT INTO artifact_chunks VALUES ('half', 0, ?)", (canonical_text(line).encode()[:-9],))
    found = {one.hash: one for one in trace(made.project, made.secret).snapshots}
    assert [(found[one].state, found[one].frozen_at) for one in (name, "half")] == [("reached", None)] * 2


@pytest.mark.parametrize("prefix", ["", "g", "abc def", "zz", "0" * 65, "%", "' OR 1=1"])
def test_that_what_names_no_finding_is_refused(made: Leaked, prefix: str) -> None:
    with pytest.raises(UnusableInput, match="no fingerprint"):
        trace(made.project, prefix)


def test_that_a_damaged_file_of_others_does_not_break_a_trace(made: Leaked) -> None:
    """Lines that are no examples, and JSON that is none of ours."""
    with made.project.write() as db:
        db.execute("UPDATE artifact_chunks SET bytes = x'ff00' WHERE sha256 = ?", (made.snapshot,))
        db.execute("UPDATE evaluations SET summary = '{' WHERE id = 1")
        db.execute("UPDATE examples SET constraints = 'no' WHERE id = ?", (example_of(made, "eta").id,))
    assert states(trace(made.project, made.secret))["runs"] == ["reached"]


def test_that_every_column_of_text_is_looked_through_or_holds_none_of_a_repository(made: Leaked) -> None:
    tables = made.project.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    unknown = []
    for table in (row["name"] for row in tables if not row["name"].startswith("_")):
        known = {name.strip('"') for name in LEFT.get(table, ())} | OF_OTHERS.get(table, set())
        if table in ERASABLE:
            known |= {*ERASABLE[table].texts, *ERASABLE[table].json, *ERASABLE[table].key}
        for row in made.project.rows(f"SELECT name, type FROM pragma_table_info('{table}')"):
            if row["type"] in ("TEXT", "BLOB") and row["name"] not in known | {*PLAIN.split(), "bytes"}:
                unknown.append(f"{table}.{row['name']}")
    assert unknown == []


def test_that_the_document_names_every_kind(made: Leaked) -> None:
    said = json.loads(json.dumps(as_json(trace(made.project, made.secret))))
    assert said["adapters"] == [
        {"sha256": said["runs"][0]["adapter"], "run": made.run, "state": "reached", "stored": True}
    ]
    assert repr(sought(made.project, trace(made.project, made.secret).finding)) == f"Sought({made.secret[:12]})"
