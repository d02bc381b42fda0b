import os
import threading
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.repositories.workshop import Made, make

from espalier.core.failures import UnusableInput, WorkFailed
from espalier.core.repositories import git as hardened
from espalier.core.repositories.git import DamagedObject, LargeObject, MissingObject, ObjectReader, git, records, stream


@pytest.fixture
def made(tmp_path: Path) -> Made:
    repository = make(tmp_path / "repository")
    repository.commit({"a.py": "x = 1\n", "b.bin": bytes(range(256)) * 40})
    return repository


@given(st.lists(st.binary(min_size=1).filter(lambda part: b"\0" not in part)), st.integers(1, 9))
def test_that_records_do_not_depend_on_how_the_stream_is_cut(parts: list[bytes], cut: int) -> None:
    whole = b"".join(part + b"\0" for part in parts)
    pieces = [whole[at : at + cut] for at in range(0, len(whole), cut)]
    assert list(records(pieces)) == parts


def test_that_an_object_comes_back_byte_for_byte(made: Made) -> None:
    with ObjectReader(made.path) as reader:
        assert reader.read(made.oid("main:b.bin")) == bytes(range(256)) * 40
        assert reader.read(made.oid("main:a.py")) == b"x = 1\n"


def test_that_many_objects_come_in_the_order_asked(made: Made) -> None:
    asked = [made.oid("main:a.py"), made.oid("main:b.bin")] * 500
    with ObjectReader(made.path) as reader:
        assert [oid for oid, _ in reader.read_all(asked)] == asked


def test_that_a_missing_object_is_named_and_the_reader_goes_on(made: Made) -> None:
    with ObjectReader(made.path) as reader:
        with pytest.raises(MissingObject, match="f" * 40):
            reader.read("f" * 40)
        assert reader.read(made.oid("main:a.py")) == b"x = 1\n"


def test_that_an_object_over_the_limit_is_not_kept_and_the_reader_goes_on(made: Made) -> None:
    with ObjectReader(made.path, limit=100) as reader:
        with pytest.raises(LargeObject):
            reader.read(made.oid("main:b.bin"))
        assert reader.read(made.oid("main:a.py")) == b"x = 1\n"


def test_that_bytes_under_a_false_id_are_refused(made: Made, tmp_path: Path) -> None:
    made.run("repack", "-adq")
    loose = make(tmp_path / "other")
    false, true = loose.run("hash-object", "-w", "--stdin", input=b"evil"), "1" * 40
    target = made.path / ".git" / "objects" / true[:2] / true[2:]
    target.parent.mkdir()
    (loose.path / ".git" / "objects" / false[:2] / false[2:]).rename(target)
    with ObjectReader(made.path) as reader, pytest.raises((DamagedObject, MissingObject)):
        reader.read(true)


def test_that_a_false_id_in_a_pack_is_refused_though_git_accepts_it(made: Made) -> None:
    """The index of a pack says which bytes are whose, and git believes it."""
    made.run("repack", "-adq")
    true = bytes.fromhex(made.oid("main:a.py"))
    false = true[:-1] + bytes([true[-1] ^ 1])
    index = next((made.path / ".git" / "objects" / "pack").glob("*.idx"))
    index.chmod(0o600)
    index.write_bytes(index.read_bytes().replace(true, false))
    assert made.run("cat-file", "-p", false.hex()) == "x = 1", "git itself has begun to check"
    with ObjectReader(made.path) as reader, pytest.raises(DamagedObject):
        reader.read(false.hex())


def test_that_a_loop_left_early_leaves_no_process(made: Made) -> None:
    for _ in stream(made.path, "cat-file", "--batch-check", "--batch-all-objects"):
        break
    assert not psutil.Process().children(recursive=True)


def test_that_an_error_in_the_caller_leaves_no_process(made: Made) -> None:
    with pytest.raises(ZeroDivisionError), ObjectReader(made.path):
        raise ZeroDivisionError
    assert not psutil.Process().children(recursive=True)


def test_that_no_view_is_left_behind(made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    git(made.path, "rev-parse", "main")
    assert not list((tmp_path / "temporary").iterdir())


def test_that_git_that_says_nothing_is_given_up(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """A named pipe in place of an object makes git wait for ever."""
    oid = "2" * 40
    folder = made.path / ".git" / "objects" / oid[:2]
    folder.mkdir()
    os.mkfifo(folder / oid[2:])
    monkeypatch.setattr(hardened, "STALL", 0.2)
    with pytest.raises(WorkFailed, match="said nothing"), ObjectReader(made.path) as reader:
        reader.read(oid)
    assert not psutil.Process().children(recursive=True)


@pytest.mark.parametrize("command", ["update-ref", "gc", "log", "fetch", "-c"])
def test_that_only_commands_that_read_are_run(made: Made, command: str) -> None:
    with pytest.raises(ValueError, match="only read"):
        git(made.path, command)


def test_that_a_folder_without_a_repository_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="no git repository"):
        git(tmp_path, "rev-parse", "HEAD")


def test_that_the_environment_of_the_caller_does_not_reach_git(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make(tmp_path / "other")
    other.commit({"z": "z"})
    monkeypatch.setenv("GIT_DIR", str(other.path / ".git"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other.path / ".git" / "objects"))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.bare")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "nonsense")
    assert git(made.path, "rev-parse", "main").decode().strip() == _unset(monkeypatch, made)


def _unset(monkeypatch: pytest.MonkeyPatch, made: Made) -> str:
    monkeypatch.undo()
    return made.oid("main")


def test_that_a_git_in_the_current_folder_is_not_believed(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = tmp_path / "git"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/fired\n")
    trap.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f".::{os.environ['PATH']}")
    git(made.path, "rev-parse", "main")
    assert not (tmp_path / "fired").exists()


def test_that_a_replaced_object_is_read_as_it_is(made: Made) -> None:
    old, new = made.oid("main:a.py"), made.run("hash-object", "-w", "--stdin", input=b"other")
    made.run("replace", old, new)
    assert made.run("cat-file", "-p", old) == "other"
    with ObjectReader(made.path) as reader:
        assert reader.read(old) == b"x = 1\n"


def test_that_a_repository_by_sha256_is_read(tmp_path: Path) -> None:
    made = make(tmp_path / "new", "--object-format=sha256")
    made.commit({"a.py": "x = 1\n"})
    with ObjectReader(made.path) as reader:
        assert reader.read(made.oid("main:a.py")) == b"x = 1\n"


def test_that_a_ref_format_we_cannot_read_is_named(made: Made) -> None:
    with (made.path / ".git" / "config").open("a") as config:
        config.write("[extensions]\n\trefStorage = reftable\n")
    with pytest.raises(UnusableInput, match="reftable"):
        git(made.path, "rev-parse", "main")


def test_that_two_readers_in_two_threads_do_not_disturb_each_other(made: Made) -> None:
    oid = made.oid("main:b.bin")
    wrong: list[bytes] = []

    def read() -> None:
        with ObjectReader(made.path) as reader:
            wrong.extend(data for _, data in reader.read_all([oid] * 300) if len(data) != 10240)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
