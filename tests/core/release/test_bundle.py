"""From a finished run to a signed folder: nothing half made, nothing without its gates, nothing of the data in it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.core.release import made
from tests.core.release.finished import CORPUS, GATE, Finished, finished

from espalier.core.failures import GateShut, UnusableInput, WorkFailed
from espalier.core.findings.approval import approve
from espalier.core.findings.decisions import decide
from espalier.core.findings.detection.detect import bundled_digest
from espalier.core.project import audit, identities
from espalier.core.release import bundle, checklist, manifest, sign_off
from espalier.core.release.manifest import DEMONSTRATION
from espalier.core.release.verify import verify
from espalier.core.repositories.licence_decisions import decide_licence

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def still() -> datetime:
    return NOW


@pytest.fixture
def ready(tmp_path: Path) -> Iterator[Finished]:
    """Everything that the solo policy asks for is there."""
    done = finished(tmp_path)
    sign_off.sign(done.project, done.run, "release", done.ana, still)
    with done.project:
        yield done


def shut(done: Finished) -> dict[str, str]:
    found = checklist.check(done.project, done.run)
    assert found.passed is all(one.passed for one in found.checks)
    return {one.name: one.why for one in found.checks if not one.passed}


def test_that_a_ready_run_becomes_a_bundle_that_verifies(ready: Finished, tmp_path: Path) -> None:
    assert shut(ready) == {}
    folder = bundle.create(ready.project, ready.run, tmp_path / "release", ready.ana, still)
    found = verify(folder)
    assert found.passed and found.approved and found.signer == ready.ana.fingerprint
    said = manifest.read((folder / "manifest.json").read_bytes())
    assert said.bundle.created_at == "2026-06-01T12:00:00.000Z" and said.bundle.version == 1
    assert said.dataset.repositories[0].head == "a" * 40
    assert said.tokenizer.special_tokens["eos_token"] == "<|im_end|>"
    assert said.licences.export == "internal"
    assert set(said.base.files) >= {"model.safetensors", "config.json", "tokenizer.json"}


def test_that_a_bundle_is_recorded(ready: Finished, tmp_path: Path) -> None:
    folder = bundle.create(ready.project, ready.run, tmp_path / "release", ready.ana, still)
    row = ready.project.row("SELECT * FROM releases")
    assert row is not None
    assert row["manifest"].encode() == (folder / "manifest.json").read_bytes()
    assert row["signature"] == (folder / "manifest.sig").read_text()
    last = audit.entries(ready.project)[-1]
    assert (last.action, last.subject) == ("release.created", f"release:{ready.run}")
    assert last.detail["manifest"] == made.sha((folder / "manifest.json").read_bytes())


def test_that_the_checkpoint_in_a_bundle_holds_the_chain(ready: Finished, tmp_path: Path) -> None:
    folder = bundle.create(ready.project, ready.run, tmp_path / "release", ready.ana, still)
    kept = json.loads((folder / "checkpoint.json").read_bytes())["statement"]
    assert audit.verify(ready.project, (kept["seq"], kept["head"])).passed


def test_that_no_text_of_the_data_or_the_model_is_in_a_bundle(ready: Finished, tmp_path: Path) -> None:
    folder = bundle.create(ready.project, ready.run, tmp_path / "release", ready.ana, still)
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not any(text in data for text in (b"TEXT OF AN EXAMPLE", b"THE MODEL WROTE", b"TITLE OF A TASK"))
            assert str(tmp_path).encode() not in data


def test_that_the_same_inputs_and_clock_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = finished(tmp_path)
    sign_off.sign(done.project, done.run, "release", done.ana, still)
    done.project.close()
    monkeypatch.setattr("espalier.core.project.checkpoints.utc_now", lambda: "2026-06-01T12:00:00.000Z")
    copies = []
    for name in ("one", "two"):
        (tmp_path / f"{name}.espalier").write_bytes(done.project.path.read_bytes())
        with type(done.project).open(tmp_path / f"{name}.espalier") as project:
            copies.append(bundle.create(project, done.run, tmp_path / name, done.ana, still))
    for path in copies[0].rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (copies[1] / path.relative_to(copies[0])).read_bytes(), path.name


def test_that_a_second_release_of_a_run_is_version_two(ready: Finished, tmp_path: Path) -> None:
    bundle.create(ready.project, ready.run, tmp_path / "one", ready.ana, still)
    folder = bundle.create(ready.project, ready.run, tmp_path / "two", ready.ana, still)
    assert manifest.read((folder / "manifest.json").read_bytes()).bundle.version == 2


@pytest.mark.parametrize("kind", ["file", "full folder", "link", "no parent"])
def test_that_nothing_that_is_there_is_overwritten(ready: Finished, tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "release"
    if kind == "file":
        folder.write_text("kept")
    elif kind == "full folder":
        folder.mkdir()
        (folder / "kept").touch()
    elif kind == "link":
        (tmp_path / "elsewhere").mkdir()
        folder.symlink_to(tmp_path / "elsewhere")
    else:
        folder = tmp_path / "none" / "release"
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UnusableInput):
        bundle.create(ready.project, ready.run, folder, ready.ana, still)
    assert sorted(tmp_path.rglob("*")) == before
    assert ready.project.value("SELECT COUNT(*) FROM releases") == 0


def test_that_an_empty_folder_may_be_filled(ready: Finished, tmp_path: Path) -> None:
    (tmp_path / "release").mkdir()
    assert verify(bundle.create(ready.project, ready.run, tmp_path / "release", ready.ana, still)).passed


def test_that_a_folder_filled_meanwhile_undoes_the_record(
    ready: Finished, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "release"

    def fill_it_meanwhile(_: Path) -> None:
        folder.mkdir()
        (folder / "somebody else's").touch()

    monkeypatch.setattr(bundle, "_flush", fill_it_meanwhile)
    entries = len(audit.entries(ready.project))
    with pytest.raises(UnusableInput, match="already holds"):
        bundle.create(ready.project, ready.run, folder, ready.ana, still)
    assert ready.project.value("SELECT COUNT(*) FROM releases") == 0
    assert len(audit.entries(ready.project)) == entries
    assert [path.name for path in folder.iterdir()] == ["somebody else's"]
    assert not list(tmp_path.glob(".release.*"))


def test_that_a_missing_sign_off_shuts_the_gate(tmp_path: Path) -> None:
    done = finished(tmp_path)
    with done.project:
        assert list(shut(done)) == ["sign-offs"] and "role release" in shut(done)["sign-offs"]
        with pytest.raises(GateShut, match="sign-offs") as refused:
            bundle.create(done.project, done.run, tmp_path / "release", done.ana, still)
        assert len(refused.value.items) == 1
        assert not (tmp_path / "release").exists()


def test_that_a_gate_of_the_evaluation_shuts_the_release(tmp_path: Path) -> None:
    bad = {"name": "security", "passed": False, "why": "3 new findings, at most 0"}
    done = finished(tmp_path, gates=(GATE, bad))
    with done.project:
        sign_off.sign(done.project, done.run, "release", done.ana, still)
        assert shut(done) == {"evaluation": "security: 3 new findings, at most 0"}


def test_that_decisions_made_after_the_freeze_shut_the_gate(ready: Finished) -> None:
    """An approval of the new decisions opens the corpus again, and not the snapshot that was scrubbed by the old ones."""
    project = ready.project
    with project.write() as db:
        db.execute("INSERT INTO findings VALUES ('f', 'r', 't', 'secret', 'high', 'high')")
        db.execute(
            """INSERT INTO places (fingerprint, ruleset, source, repository, object, line, start, "end")
               VALUES ('f', ?, 'file', 'orders', 'o', 1, 0, 1)""",
            (bundled_digest(),),
        )
        db.execute("INSERT INTO noted VALUES (?, ?, 'orders', 'o', NULL)", (CORPUS, bundled_digest()))
    assert "open" in shut(ready)["scrub"]
    decide(project, CORPUS, "f", "scrub", who=ready.ana, reason="it is one")
    assert "No approval covers" in shut(ready)["scrub"]
    approve(project, CORPUS, ready.ana)
    assert "other decisions" in shut(ready)["scrub"]


def test_that_a_source_denied_since_shuts_the_gate(ready: Finished) -> None:
    decide_licence(ready.project, "orders", "", None, "deny", identity="ana", reason="it was another's after all")
    assert "may no longer be learnt from" in shut(ready)["rights"] and "orders/a.py" in shut(ready)["rights"]


def test_that_an_undecided_source_shuts_the_gate(ready: Finished) -> None:
    with ready.project.write() as db:
        db.execute("INSERT INTO sources SELECT corpus, repository, 'vendor/', 'MIT', 'permissive', '' FROM sources")
    assert "undecided" in shut(ready)["dataset"]


def test_that_a_new_evaluation_asks_for_a_new_sign_off(ready: Finished) -> None:
    with ready.project.write() as db:
        db.execute(
            """INSERT INTO evaluations (run, suite, settings, state, summary, created_at)
               SELECT run, suite, settings, state, summary, created_at FROM evaluations"""
        )
    assert list(shut(ready)) == ["sign-offs"]


def test_that_one_person_does_not_sign_twice_where_two_are_asked_for(tmp_path: Path) -> None:
    done = finished(tmp_path, policy="two-person")
    with done.project as project:
        again = identities.add(project, "ana at home", person="ana", roles=["legal"])
        ben = identities.add(project, "ben", roles=["ml", "legal"])
        sign_off.sign(project, done.run, "security", done.ana, still)
        sign_off.sign(project, done.run, "legal", again, still)
        assert "asks for a sign-off in the role ml" in shut(done)["sign-offs"]
        sign_off.sign(project, done.run, "ml", ben, still)
        assert "one person signed twice" in shut(done)["sign-offs"]
        carla = identities.add(project, "carla", roles=["legal"])
        sign_off.sign(project, done.run, "legal", carla, still)
        assert "sign-offs" not in shut(done)


def test_that_a_role_is_needed_to_sign_and_to_release(ready: Finished, tmp_path: Path) -> None:
    ben = identities.add(ready.project, "ben", roles=["builder"])
    with pytest.raises(GateShut, match="does not have the role legal"):
        sign_off.sign(ready.project, ready.run, "legal", ben, still)
    with pytest.raises(GateShut, match="does not have the role release"):
        bundle.create(ready.project, ready.run, tmp_path / "release", ben, still)


def test_that_an_unfinished_run_is_not_released(ready: Finished) -> None:
    with ready.project.write() as db:
        db.execute("UPDATE runs SET state = 'stopped'")
    assert "is stopped" in shut(ready)["run"]


def test_that_another_base_under_the_same_name_shuts_the_gate(ready: Finished) -> None:
    with ready.project.write() as db:
        db.execute("UPDATE models SET files = json_set(files, '$.\"config.json\"', ?)", ("0" * 64,))
    assert "not the one that run" in shut(ready)["run"]


def test_that_a_damaged_adapter_leaves_nothing_behind(ready: Finished, tmp_path: Path) -> None:
    with ready.project.write() as db:
        db.execute("UPDATE artifact_chunks SET bytes = zeroblob(10) WHERE sha256 IN (SELECT adapter FROM runs)")
    with pytest.raises(WorkFailed, match="damaged"):
        bundle.create(ready.project, ready.run, tmp_path / "release", ready.ana, still)
    assert not list(tmp_path.glob("*release*"))
    assert ready.project.value("SELECT COUNT(*) FROM releases") == 0


def test_that_a_demonstration_says_so_everywhere(tmp_path: Path) -> None:
    done = finished(tmp_path, policy="demo")
    with done.project as project:
        sign_off.sign(project, done.run, "release", done.ana, still)
        policy = next(one for one in checklist.check(project, done.run).checks if one.name == "policy")
        assert policy.why.startswith(DEMONSTRATION)
        folder = bundle.create(project, done.run, tmp_path / "release", done.ana, still)
    found = verify(folder)
    assert found.passed and not found.approved
    assert [(one.name, one.why) for one in found.checks if not one.passed] == [("approved", DEMONSTRATION)]
    said = manifest.read((folder / "manifest.json").read_bytes())
    assert said.demonstration and said.notice == DEMONSTRATION
    assert {"Approval of the scrub by a person", "Legal sign-off"} <= set(said.not_done)
    card = (folder / "MODEL_CARD.md").read_text()
    assert "Demonstration, not approved" in card and "a stand-in and no person" in card


def test_that_a_stand_in_signs_only_demonstrations(ready: Finished) -> None:
    with pytest.raises(GateShut, match="stand-in"):
        sign_off.sign(ready.project, ready.run, "release", identities.stand_in(ready.project), still)
