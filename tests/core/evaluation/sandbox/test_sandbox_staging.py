"""The private copy of a tree: what is copied, what is left out, who can read it, and that it goes."""

import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.core.evaluation.sandbox.outcome import MARK, received
from espalier.core.evaluation.sandbox.staging import PREFIX, birth, place, staged
from espalier.core.evaluation.sandbox.uid import Account, account
from espalier.core.failures import UnusableInput, WorkFailed


def own_copies() -> list[Path]:
    return list(place(account()).glob(f"{PREFIX}-{os.getpid()}-*"))


def test_that_links_stay_links_and_special_files_stay_behind(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    tree = tmp_path / "tree"
    (tree / "inner").mkdir(parents=True)
    (tree / "inner" / "file").write_text("text")
    (tree / "link").symlink_to(secret)
    (tree / "folder").symlink_to(tmp_path)
    os.mkfifo(tree / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tree / "socket"))
    with staged(tree, {}, 1000, account()) as copies:
        names = sorted(str(path.relative_to(copies.source)) for path in copies.source.rglob("*"))
        assert names == ["folder", "inner", "inner/file", "link"]
        assert (copies.source / "link").readlink() == secret
        assert (copies.source / "folder").is_symlink()


def test_that_a_set_uid_bit_is_not_copied(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text("")
    program.chmod(0o4755)
    with staged(tmp_path, {}, 1000, account()) as copies:
        assert (copies.source / "program").stat().st_mode & 0o7777 == 0o755


def test_that_a_tree_larger_than_the_disk_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(bytes(600))
    (tmp_path / "two").write_bytes(bytes(600))
    with pytest.raises(UnusableInput, match="larger"), staged(tmp_path, {}, 1000, account()):
        pass
    assert own_copies() == []


def test_that_a_missing_tree_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="can't be read"), staged(tmp_path / "nothing", {}, 1000, account()):
        pass


def test_that_nobody_else_can_enter_the_copy(tmp_path: Path) -> None:
    who = account()
    with staged(tmp_path, {}, 1000, who) as copies:
        state = copies.source.parent.stat()
        assert state.st_mode & 0o007 == 0
        assert state.st_gid == who.gid
    assert own_copies() == []


def test_that_the_copy_of_a_killed_process_is_removed_and_that_of_a_living_one_kept(tmp_path: Path) -> None:
    base = place(account())
    living = f"{os.getpid()}-{birth(os.getpid())}"
    stale, kept = (base / f"{PREFIX}-{mark}-test" for mark in (f"{os.getpid()}-1", living))
    try:
        stale.mkdir()
        kept.mkdir()
        with staged(tmp_path, {}, 1000, account()):
            assert not stale.exists()
            assert kept.exists()
    finally:
        kept.rmdir()


def test_that_a_place_without_room_is_not_taken() -> None:
    with pytest.raises(WorkFailed, match="room"):
        place(account(), room=1 << 60)


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".", "..", "-x", "a\nb"])
def test_that_inputs_have_plain_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="plain"), staged(tmp_path, {name: b""}, 1000, account()):
        pass


def test_that_the_account_is_never_root() -> None:
    who = account()
    assert who.uid != 0 and who.gid != 0
    assert who.dropped == (os.geteuid() == 0)
    assert isinstance(who, Account)


@given(st.binary(max_size=200))
def test_that_no_stream_breaks_its_reader(stream: bytes) -> None:
    files = received(MARK + stream, ["one", "two"], 50)
    assert all(len(data) <= 50 for data in files.values())


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_that_files_come_back_as_they_were(one: bytes, two: bytes) -> None:
    stream = MARK + b"1 %d\n" % len(two) + two + b"0 %d\n" % len(one) + one
    assert received(stream, ["one", "two"], 60) == {"one": one, "two": two}


@pytest.mark.parametrize(
    "stream", [b"2 1\nx", b"0 9\nx", b"0 1\nx0 1\ny", b"0 1\nxnonsense", b"\xc2\xb2 1\nx", b"0 -1\n"]
)
def test_that_a_forged_stream_brings_nothing(stream: bytes) -> None:
    assert received(MARK + stream, ["one"], 60) == {}


def test_that_a_file_over_the_bound_does_not_come_back() -> None:
    assert received(MARK + b"0 5\nxxxxx1 1\ny", ["one", "two"], 4) == {"two": b"y"}
