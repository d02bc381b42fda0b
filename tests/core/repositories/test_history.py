import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.repositories.workshop import DAY, START, Made, make

from espalier.core.failures import UnusableInput
from espalier.core.repositories.history import (
    Change,
    changes,
    commits,
    first_places,
    head,
    objects,
    parse_changes,
    tips,
    tree,
)
from espalier.core.repositories.pathname import raw, shown

PATHS = st.binary(min_size=1, max_size=12).filter(lambda path: b"\0" not in path)
OIDS = st.text("0123456789abcdef", min_size=40, max_size=40)


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return make(tmp_path / "repository")


def all_of(repository: Made) -> list[str]:
    return list(tips(repository.path).values())


def test_that_commits_come_oldest_first_and_after_their_parents(made: Made) -> None:
    root = made.commit({"a": "1"}, when=START + 9 * DAY)  # a root whose clock was wrong
    left = made.commit({"b": "1"}, when=START + DAY, branch="left", parents=(root,))
    right = made.commit({"c": "1"}, when=START + 2 * DAY, branch="right", parents=(root,))
    both = made.commit({"d": "1"}, when=START + 3 * DAY, branch="main", parents=(left, right))
    assert [commit.oid for commit in commits(made.path, all_of(made))] == [root, left, right, both]


def test_that_the_order_of_tips_does_not_matter(made: Made) -> None:
    for branch in "abc":
        made.commit({branch: branch}, branch=branch)
    named = all_of(made)
    assert list(commits(made.path, named)) == list(commits(made.path, reversed(named)))
    assert list(changes(made.path, named)) == list(changes(made.path, reversed(named)))


def test_that_a_commit_tells_who_when_and_why(made: Made) -> None:
    made.commit({"a": "1"}, "Fix it\n\nBecause.\n", when=START, author="Åsa Ö <asa@example.org>".encode())
    (commit,) = commits(made.path, all_of(made))
    assert (commit.author_name, commit.author_email, commit.message) == (
        "Åsa Ö",
        "asa@example.org",
        "Fix it\n\nBecause.\n",
    )
    assert (commit.committed_at, commit.authored_at, commit.parents) == (START, START, ())


def test_that_a_message_in_latin_1_is_read_as_such(made: Made) -> None:
    made.commit({"a": "1"}, "größer".encode("latin-1"), header=b"encoding ISO-8859-1")
    assert [commit.message for commit in commits(made.path, all_of(made))] == ["größer"]


@pytest.mark.parametrize("encoding", [b"zlib", b"hex", b"idna", b"punycode", b"undefined", b"no such thing", b"\xff"])
def test_that_an_encoding_that_is_a_program_is_not_run(made: Made, encoding: bytes) -> None:
    made.commit({"a": "1"}, "plain", header=b"encoding " + encoding)
    assert [commit.message for commit in commits(made.path, all_of(made))] == ["plain"]


@pytest.mark.parametrize(
    "body",
    [
        b"tree %s\n\nno author",
        b"tree %s\nauthor\ncommitter\n\nbare words",
        b"tree %s\nauthor A <a> 99999999999999999999999999 +9999\ncommitter A <a> -5 +0000\n\nodd times",
        b"tree %s\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\ngpgsig x\n\n",
        b"tree %s\nauthor \xff\xfe <\x00> 1 +0000\ncommitter A <a> 1 +0000\n\nzero byte",
    ],
)
def test_that_a_malformed_commit_is_listed_and_its_text_is_not_lost(made: Made, body: bytes) -> None:
    body = body % made.run("mktree", input=b"").encode()
    oid = made.run("hash-object", "-t", "commit", "-w", "--stdin", "--literally", input=body)
    (commit,) = commits(made.path, [oid])
    assert commit.oid == oid
    assert body.split(b"\n\n")[1].decode() in commit.message
    assert 0 <= commit.committed_at <= 253402300799
    assert 0 <= commit.authored_at <= 253402300799


def test_that_a_change_names_blobs_paths_and_modes(made: Made) -> None:
    made.commit({"a.py": "1\n", "gone": "x"})
    second = made.commit({"a.py": ("100755", b"2\n"), "gone": None, "new": ("120000", b"a.py")})
    found = {change.path: change for change in changes(made.path, all_of(made)) if change.commit == second}
    assert {path: (change.status, change.mode) for path, change in found.items()} == {
        "a.py": ("M", "100755"),
        "gone": ("D", "100644"),
        "new": ("A", "120000"),
    }
    assert found["a.py"].old_blob == made.oid("main~1:a.py")
    assert found["a.py"].new_blob == made.oid("main:a.py")
    assert found["gone"].new_blob is None


def test_that_a_file_that_only_a_merge_brought_is_found(made: Made) -> None:
    """An evil merge: `git log -p` shows nothing of it."""
    root = made.commit({"a": "1"})
    side = made.commit({"b": "1"}, branch="side", parents=(root,), when=START + 1)
    merge = made.commit({"b": "1", "hidden": "password"}, parents=(root, side), when=START + 2)
    told = [change for change in changes(made.path, all_of(made)) if change.path == "hidden"]
    assert [(change.commit, change.parent) for change in told] == [(merge, root), (merge, side)]
    assert first_places(made.path, all_of(made))[made.oid("main:hidden")].commit == merge


def test_that_a_merge_without_changes_against_one_parent_is_told_for_the_other(made: Made) -> None:
    root = made.commit({"a": "1"})
    side = made.commit({"b": "1"}, branch="side", parents=(root,), when=START + 1)
    merge = made.commit({"b": "1"}, parents=(root, side), when=START + 2)
    assert [change.parent for change in changes(made.path, all_of(made)) if change.commit == merge] == [root]


def test_that_a_blob_is_placed_where_it_first_appeared(made: Made) -> None:
    first = made.commit({"old/name.py": "same\n"}, when=START + DAY)
    made.commit({"old/name.py": None, "new/name.py": "same\n"}, when=START + 2 * DAY)
    place = first_places(made.path, all_of(made))[made.oid("main:new/name.py")]
    assert (place.path, place.commit, place.committed_at, place.mode) == ("old/name.py", first, START + DAY, "100644")


def test_that_every_object_is_counted_once(made: Made) -> None:
    made.commit({"a": "same", "b": "same", "d/c": "other"})
    made.run("tag", "-a", "v1", "-m", "first", "main")
    kinds = sorted(one.kind for one in objects(made.path, all_of(made)))
    assert kinds == ["blob", "blob", "commit", "tag", "tree", "tree"]


def test_that_a_tag_of_a_blob_is_followed(made: Made) -> None:
    made.commit({"a": "1"})
    blob = made.run("hash-object", "-w", "--stdin", input=b"only a tag leads here")
    made.run("tag", "secret", blob)
    assert blob in {one.oid for one in objects(made.path, all_of(made))}
    assert len(list(commits(made.path, all_of(made)))) == 1
    assert blob not in first_places(made.path, all_of(made))


@pytest.mark.parametrize(
    "path", [b"new\nline", b"caf\xe9.py", b'"quoted"', b"tab\there", b"\x1b]0;x\x07", b" ", b":100644", b"-x"]
)
def test_that_an_odd_path_comes_through_whole(made: Made, path: bytes) -> None:
    made.commit({path: "content"})
    blob = made.oid("main^{tree}")
    (entry,) = tree(made.path, made.oid("main"))
    assert raw(entry) == path
    assert [raw(change.path) for change in changes(made.path, all_of(made))] == [path]
    assert blob in {one.oid for one in objects(made.path, all_of(made))}


@given(st.lists(st.tuples(OIDS, st.lists(st.tuples(PATHS, OIDS, OIDS), max_size=4)), max_size=5))
def test_that_any_raw_listing_is_read_back(told: list[tuple[str, list[tuple[bytes, str, str]]]]) -> None:
    fields: list[bytes] = []
    for commit, files in told:
        fields.append(commit.encode())
        for path, old, new in files:
            fields += [f":100644 100755 {old} {new} M".encode(), path]
    expected = [
        Change(commit=commit, parent=None, status="M", path=shown(path), old_blob=old, new_blob=new, mode="100755")
        for commit, files in told
        for path, old, new in files
    ]
    assert list(parse_changes(iter(fields), [(commit, None) for commit, _ in told])) == expected


def test_that_a_submodule_has_no_blob(made: Made) -> None:
    made.commit({"lib": ("160000", b"1" * 40)})
    (change,) = changes(made.path, all_of(made))
    assert (change.mode, change.new_blob) == ("160000", None)
    assert tree(made.path, made.oid("main"))["lib"].size is None


def test_that_a_detached_head_counts_as_a_tip(made: Made) -> None:
    made.commit({"a": "1"})
    loose = made.commit({"a": "2"}, branch="gone")
    made.run("update-ref", "--no-deref", "HEAD", loose)
    made.run("update-ref", "-d", "refs/heads/gone")
    assert tips(made.path)["HEAD"] == loose
    assert head(made.path, tips(made.path)) == loose


def test_that_an_attached_head_is_no_tip_of_its_own(made: Made) -> None:
    tip = made.commit({"a": "1"})
    assert tips(made.path) == {"refs/heads/main": tip}


def test_that_a_bare_repository_with_an_unborn_head_stands_at_its_newest_branch(tmp_path: Path) -> None:
    made = make(tmp_path / "bare.git", "--bare")
    made.commit({"a": "1"}, branch="old", when=START)
    new = made.commit({"b": "1"}, branch="new", when=START + DAY)
    assert head(made.path, tips(made.path)) == new


def test_that_packed_loose_and_odd_refs_are_all_read(made: Made) -> None:
    tip = made.commit({"a": "1"})
    made.run("tag", "packed")
    made.run("pack-refs", "--all")
    made.run("update-ref", "refs/notes/loose", tip)
    (made.path / ".git" / "refs" / "heads" / os.fsdecode(b"caf\xe9")).write_text(tip + "\n")
    assert set(tips(made.path)) == {"refs/heads/main", "refs/tags/packed", "refs/notes/loose", '"refs/heads/caf\\351"'}


def test_that_a_named_pipe_among_the_refs_is_refused_at_once(made: Made) -> None:
    made.commit({"a": "1"})
    os.mkfifo(made.path / ".git" / "refs" / "heads" / "pipe")
    with pytest.raises(UnusableInput, match="not a regular file"):
        tips(made.path)


def test_that_a_folder_linked_in_among_the_refs_is_refused(made: Made, tmp_path: Path) -> None:
    made.commit({"a": "1"})
    (made.path / ".git" / "refs" / "heads" / "far").symlink_to(tmp_path)
    with pytest.raises(UnusableInput, match="not a regular file"):
        tips(made.path)


def test_that_a_work_tree_of_a_repository_is_read_as_that_repository(made: Made, tmp_path: Path) -> None:
    made.commit({"a": "1"})
    made.run("worktree", "add", "-q", "-b", "other", str(tmp_path / "linked"))
    linked = tmp_path / "linked"
    assert tips(linked) == tips(made.path)
    assert head(linked, tips(linked)) == made.oid("other")


def test_that_a_shallow_clone_ends_where_it_was_cut(made: Made, tmp_path: Path) -> None:
    made.commit({"a": "1"})
    made.commit({"a": "2"}, when=START + 1)
    made.run("clone", "-q", "--depth", "1", f"file://{made.path}", str(tmp_path / "cut"))
    (commit,) = commits(tmp_path / "cut", tips(tmp_path / "cut").values())
    assert commit.parents == ()
    assert [change.status for change in changes(tmp_path / "cut", [commit.oid])] == ["A"]
