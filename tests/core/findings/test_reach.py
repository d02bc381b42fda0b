"""How far a scan reaches: archives, submodules, stashes, what no ref leads to, what a partial clone lacks, and its limits."""

import gzip
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest
from tests.core.findings.archives.packed import single, tarred, zipped
from tests.core.findings.desk import GITHUB, PASSWORD, desk, scanned
from tests.core.repositories.workshop import QUIET, START, Content, Made, make

from espalier.core.failures import EspalierError
from espalier.core.findings import index
from espalier.core.findings.approval import statement
from espalier.core.findings.context import context
from espalier.core.findings.decisions import decide_all
from espalier.core.findings.decode import LIMIT
from espalier.core.findings.detection.detect import Detector, bundled_digest
from espalier.core.findings.detection.rules import bundled
from espalier.core.findings.excerpts import excerpts
from espalier.core.findings.export import rows
from espalier.core.findings.findings import Finding, as_json, excerpt, finding, findings, text_of
from espalier.core.findings.index import Query
from espalier.core.findings.sampling import draws, reads
from espalier.core.project import identities
from espalier.core.project.file import Project
from espalier.core.project.key import project_key
from espalier.core.release.tracing import trace
from espalier.core.release.tracing.sought import named, sought
from espalier.core.repositories import corpus, repository
from espalier.core.repositories.history import tips
from espalier.core.scrub.known import KnownValues
from espalier.core.scrub.preview import preview
from espalier.core.scrub.scrubber import Blocked, project_scrubber
from espalier.core.scrub.values import known_values

DETECTOR = Detector(bundled())
LINE = f'PASSWORD = "{PASSWORD}"\n'.encode()
ENV = b"# first\n" + LINE
PACKED: dict[str, Content] = {
    "clean.py": "x = 1\n",
    "lib/app.jar": zipped({"conf/a.env": ENV, "conf/b.env": b"# two\n" + ENV, "x.class": b"\xca\xfe\0\1"}),
    "dump.sql.gz": gzip.compress(f"-- {GITHUB}\n".encode()),
    "plain.tar": tarred({"only/text.py": b"x = 1\n"}),
}


def traced_places(project: Project, fingerprint: str) -> list[dict[str, object]]:
    told = trace.as_json(trace.trace(project, fingerprint))["places"]
    assert isinstance(told, list)
    return told


def ann(project: Project) -> identities.Identity:
    return identities.add(project, "ann", roles=("security",))


def of_rule(project: Project, state: str, rule: str) -> Finding:
    return next(one for one in findings(project, state) if one.rule == rule)


def test_that_archives_stay_shut_unless_asked_for(tmp_path: Path) -> None:
    with desk(tmp_path, PACKED) as (project, _, state):
        told = scanned(project, state)
        assert (told["secrets"], told["not_scanned"], told["archives"]) == (0, {"archive": 3}, False)
        assert statement(project, state, ann(project))["archives"] is False


def test_that_what_is_in_an_archive_is_found_at_its_place_there(tmp_path: Path) -> None:
    with desk(tmp_path, PACKED) as (project, made, state):
        told = scanned(project, state, archives=True)
        assert (told["secrets"], told["not_scanned"]) == (2, {"archive: binary inside": 1})
        places = of_rule(project, state, "password-assignment").places
        assert [(place.path, place.inner, place.line) for place in places] == [
            ("lib/app.jar!/conf/a.env", "conf/a.env", 2),
            ("lib/app.jar!/conf/b.env", "conf/b.env", 3),
        ]
        assert {place.blob for place in places} == {made.oid("HEAD:lib/app.jar")}
        assert [place.path for place in of_rule(project, state, "github-token").places] == ["dump.sql.gz!/dump.sql"]
        for place in places:
            assert text_of(project, state, place)[place.start : place.end] == PASSWORD


def test_that_a_scan_without_archives_is_no_scan_with_them(tmp_path: Path) -> None:
    with desk(tmp_path, PACKED) as (project, _, state):
        scanned(project, state)
        assert scanned(project, state, archives=True)["secrets"] == 2
        told = scanned(project, state)
        assert (told["secrets"], told["archives"]) == (2, True)  # what was opened stays known
        number = index.list_of(project, state, bundled_digest())
        assert number is not None
        assert len(index.ids(project, number, Query(text="app.jar!/"))) == 1
        assert statement(project, state, ann(project))["archives"] is True


def test_that_a_corpus_before_hears_of_what_is_found_in_its_archives(tmp_path: Path) -> None:
    with desk(tmp_path, PACKED) as (project, made, state):
        scanned(project, state)
        made.commit({"clean.py": "x = 2\n"}, when=START + 9)
        scanned(project, corpus.refresh(project).hash, archives=True)
        assert {one.rule for one in findings(project, state)} == {"password-assignment", "github-token"}
        assert index.state_counts(project, state, bundled_digest())["open"] == 2


def test_that_every_reader_of_a_place_finds_it_in_the_archive(tmp_path: Path) -> None:
    with desk(tmp_path, PACKED) as (project, _, state):
        scanned(project, state, archives=True)
        one = of_rule(project, state, "password-assignment")
        place = one.places[1]
        assert excerpt(project, state, place).lines == ("# two", "# first", f'PASSWORD = "{"•" * len(PASSWORD)}"', "")
        assert context(project, state, one, place).first_line == 1
        assert "archive" in preview(project, state, one, place, "scrub").kept_out
        assert {row.path for row in rows(project, state)} >= {"lib/app.jar!/conf/b.env"}
        assert as_json(finding(project, state, one.fingerprint))["places"]
        values = {known.value for known in known_values(project, state, project_key(project))}
        assert values == {PASSWORD, GITHUB}
        assert sought(project, named(project, one.fingerprint)).holds(f"x {PASSWORD} y")
        assert all("inner" not in told for told in traced_places(project, one.fingerprint))
        known = KnownValues(known_values(project, state, project_key(project)))
        shown = excerpts(project, state, [one], lambda text: ((o.start, o.end) for o in known.find(text)), DETECTOR)
        assert shown[one.fingerprint].lines[:2] == ("# first", f'PASSWORD = "{"•" * len(PASSWORD)}"')


def test_that_an_archive_is_never_learnt_from_nor_drawn_for_reading(tmp_path: Path) -> None:
    files: dict[str, Content] = {"a.py": "x = 1\n", "a.tar": tarred({"b.py": b"x = 1\n"}), "empty.zip": zipped({})}
    for asked in (False, True):
        (tmp_path / str(asked)).mkdir()
        with desk(tmp_path / str(asked), files) as (project, made, state):
            scanned(project, state, archives=asked)
            number = draws.draw(project, state, bundled_digest(), 10)
            assert [blob for _, blob in draws.waiting(project, number)] == [made.oid("HEAD:a.py")]
            assert reads.text_of(project, state, ("shop", made.oid("HEAD:a.tar"))) == ""


def test_that_a_secret_of_an_archive_is_scrubbed_from_files_too(tmp_path: Path) -> None:
    odd = "plain words but secret"
    with desk(tmp_path, {"a.zip": zipped({"k.env": LINE}), "b.py": f"x = '{odd}'\n"}) as (project, _, state):
        scanned(project, state, archives=True)
        who = ann(project)
        decide_all(project, [one.fingerprint for one in findings(project, state)], "scrub", who=who)
        assert PASSWORD not in project_scrubber(project, state).scrub(f"see {PASSWORD} there", "c.txt").text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (single(b"a", LINE, flags=1), "archive: encrypted"),
        (zipped({"a.env": LINE})[:-4], "archive: damaged"),
        (zipped({"a": b"x" * (LIMIT + 1)}), "archive: too large"),
        (zipped({"a.zip": zipped({"b.zip": zipped({"c": b"c"})})}), "archive: too deep"),
        (zipped({"a": b"x" * 99}, zipfile.ZIP_LZMA), "archive: unsupported"),
        (b"7z\xbc\xaf\x27\x1c" + b"x" * 99, "archive: unsupported"),
    ],
)
def test_that_an_archive_that_is_not_read_whole_is_not_scanned(tmp_path: Path, data: bytes, reason: str) -> None:
    with desk(tmp_path, {"a.bin": data, "b.env": LINE}) as (project, _, state):
        told = scanned(project, state, archives=True)
        assert (told["secrets"], told["not_scanned"]) == (1, {reason: 1})


def test_that_a_large_archive_is_opened_and_other_large_files_are_not(tmp_path: Path) -> None:
    large = zipped({"pad": b"\0" * LIMIT, "a.env": LINE}, zipfile.ZIP_STORED)
    assert len(large) > LIMIT
    with desk(tmp_path, {"large.zip": large, "large.txt": LINE * (1 + LIMIT // len(LINE))}) as (project, _, state):
        told = scanned(project, state)
        assert told["not_scanned"] == {"too large": 2}
        told = scanned(project, state, archives=True)
        assert (told["secrets"], told["not_scanned"]) == (1, {"archive: binary inside": 1, "too large": 1})


def test_that_a_submodule_is_not_scanned(tmp_path: Path) -> None:
    with desk(tmp_path, {"a.py": "x\n", "lib": ("160000", b"1" * 40)}) as (project, made, state):
        made.commit({"lib": ("160000", b"2" * 40)}, when=START + 1)
        made.commit({"lib": None, "more": ("160000", b"2" * 40)}, when=START + 2)
        assert scanned(project, state)["not_scanned"] == {"submodule": 1}
        newer = corpus.refresh(project).hash
        assert scanned(project, newer)["not_scanned"] == {"submodule": 3}
        sql = 'SELECT path, "commit" FROM submodules WHERE corpus = ? ORDER BY path, "commit"'
        held = [tuple(row) for row in project.rows(sql, (newer,))]
        assert held == [("lib", "1" * 40), ("lib", "2" * 40), ("more", "2" * 40)]


def test_that_the_target_of_a_link_and_what_only_a_merge_brought_are_read(tmp_path: Path) -> None:
    with desk(tmp_path, {"a.py": "x\n", "link": ("120000", f"https://u:{PASSWORD}@h.example".encode())}) as (
        project,
        made,
        _,
    ):
        root = made.oid("HEAD")
        side = made.commit({"b": "b"}, branch="side", parents=(root,), when=START + 1)
        made.commit({"b": "b", "c.py": f'token = "{GITHUB}"\n'}, parents=(root, side), when=START + 2)
        state = corpus.refresh(project).hash
        assert scanned(project, state)["secrets"] == 2
        paths = {place.path for one in findings(project, state) for place in one.places}
        assert paths == {"link", "c.py"}


def test_that_every_stash_is_read(tmp_path: Path) -> None:
    made = make(tmp_path / "shop")
    made.commit({"a.py": "x = 1\n"})
    made.run("reset", "-q", "--hard")
    for number in range(3):
        (made.path / "a.py").write_text(f'PASSWORD = "{PASSWORD}{number}x"\n')
        (made.path / f"new{number}.env").write_text(f'SECRET_KEY = "{PASSWORD}{number}y"\n')
        made.run("stash", "push", "-q", "-u")
    with Project.create(tmp_path / "p", policy="solo") as project:
        repository.add(project, made.path)
        found = corpus.refresh(project)
        assert {"refs/stash", "refs/stash@{1}", "refs/stash@{2}"} <= found.repositories[0].tips.keys()
        assert scanned(project, found.hash)["secrets"] == 6
        made.run("stash", "drop", "-q", "stash@{1}")
        assert corpus.refresh(project).hash != found.hash


def test_that_a_log_of_stashes_that_lies_stops_nothing(tmp_path: Path) -> None:
    with desk(tmp_path, {"a.py": "x\n"}) as (project, made, state):
        made.run("update-ref", "refs/stash", "HEAD")
        log = made.path / ".git" / "logs" / "refs" / "stash"
        log.parent.mkdir(parents=True, exist_ok=True)
        tree = made.oid("HEAD^{tree}")
        lines = [
            f"{'0' * 40} {oid} A <a@b> 1 +0000\tx\n" for oid in ("e" * 40, tree, made.oid("HEAD"), "--all", "../x")
        ]
        log.write_bytes("".join(lines).encode() + b"\xff\0\n" * 9)
        assert tips(made.path).keys() == {"refs/heads/main", "refs/stash"}
        assert corpus.refresh(project).hash == state
        log.write_bytes(b"x" * (2 << 20))
        with pytest.raises(EspalierError, match="too large"):
            corpus.refresh(project)


def test_that_what_no_ref_leads_to_is_read_when_asked_for(tmp_path: Path) -> None:
    with desk(tmp_path, {"a.py": "x = 1\n"}) as (project, made, _):
        made.commit({"gone.env": LINE}, f"Say {GITHUB}", when=START + 5, branch="lost")
        made.run("update-ref", "-d", "refs/heads/lost")
        state = corpus.refresh(project).hash
        assert scanned(project, state)["secrets"] == 0
        told = scanned(project, state, unreachable=True)
        assert (told["secrets"], told["unreachable"]) == (2, True)
        listed = findings(project, state)
        assert {(p.path, p.commit, p.unreachable) for one in listed for p in one.places} == {(None, None, True)}
        shown = [as_json(one)["places"] for one in listed]
        assert all(place["source"] == "unreachable" for places in shown for place in places)  # type: ignore[attr-defined]
        number = index.list_of(project, state, bundled_digest())
        assert number is not None
        assert {one.source for one in index.page(project, index.ids(project, number, Query()))} == {"unreachable"}
        drawn = draws.draw(project, state, bundled_digest(), 10)
        assert [blob for _, blob in draws.waiting(project, drawn)] == [made.oid("HEAD:a.py")]


def test_that_what_a_ref_leads_to_again_has_its_path_again(tmp_path: Path) -> None:
    with desk(tmp_path, {"a.py": "x = 1\n"}) as (project, made, state):
        lost = made.commit({"back.zip": zipped({"k.env": LINE})}, when=START + 5, branch="lost")
        made.run("update-ref", "-d", "refs/heads/lost")
        scanned(project, state, archives=True, unreachable=True)
        assert [place.path for place in findings(project, state)[0].places] == ["!/k.env"]
        made.run("update-ref", "refs/heads/back", lost)
        newer = corpus.refresh(project).hash
        scanned(project, newer)
        (place,) = findings(project, newer)[0].places
        assert (place.path, place.commit, place.unreachable) == ("back.zip!/k.env", lost, False)
        assert text_of(project, newer, place)[place.start : place.end] == PASSWORD


def test_that_an_unreachable_object_that_git_drops_bars_nothing(tmp_path: Path) -> None:
    with desk(tmp_path, {"a.py": "x = 1\n"}) as (project, made, state):
        made.commit({"gone.env": LINE}, when=START + 5, branch="lost")
        made.run("update-ref", "-d", "refs/heads/lost")
        scanned(project, state, unreachable=True)
        who = ann(project)
        decide_all(project, [one.fingerprint for one in findings(project, state)], "scrub", who=who)
        made.run("gc", "-q", "--prune=now")
        assert project_scrubber(project, state).scrub("x = 1\n", "a.py").text == "x = 1\n"


@pytest.fixture
def partial(tmp_path: Path) -> Made:
    """A clone without its large files, whose origin would leave a mark when it is asked for one."""
    origin = make(tmp_path / "origin")
    origin.commit({"a.py": "x = 1\n", "k.env": LINE, "large.py": "# " + "x" * 5000 + "\n"})
    origin.commit({"large.py": "# " + "y" * 5000 + "\n"}, when=START + 1)
    origin.run("config", "uploadpack.allowFilter", "true")
    clone = ["git", "clone", "-q", "--no-checkout", "--filter=blob:limit=1k", f"file://{origin.path}", "shop"]
    subprocess.run(clone, cwd=tmp_path, env=QUIET, check=True)
    made = Made(tmp_path / "shop")
    mark = f"touch {tmp_path}/asked; git-upload-pack"
    made.run("config", "remote.origin.uploadpack", mark)
    return made


def test_that_what_a_partial_clone_lacks_is_not_scanned_nor_fetched(tmp_path: Path, partial: Made) -> None:
    with Project.create(tmp_path / "p", policy="solo") as project:
        added = repository.add(project, partial.path)
        assert any("partial clone" in note for note in added.notes)
        state = corpus.refresh(project).hash
        (told,) = corpus.listing(project)
        assert told["excluded"] == {"missing": 2}
        found = scanned(project, state)
        assert (found["secrets"], found["not_scanned"]) == (1, {"missing": 2})
        who = ann(project)
        decide_all(project, [one.fingerprint for one in findings(project, state)], "scrub", who=who)
        with pytest.raises(Blocked, match="missing"):
            project_scrubber(project, state).scrub_blob(partial.oid("HEAD:large.py"), "x", "large.py")
    assert not (tmp_path / "asked").exists()


def test_that_a_partial_clone_without_its_licence_is_refused(tmp_path: Path) -> None:
    origin = make(tmp_path / "origin")
    origin.commit({"a.py": "x = 1\n", "LICENSE": "MIT License\n" + "x" * 5000})
    origin.run("config", "uploadpack.allowFilter", "true")
    clone = ["git", "clone", "-q", "--no-checkout", "--filter=blob:limit=1k", f"file://{origin.path}", "shop"]
    subprocess.run(clone, cwd=tmp_path, env=QUIET, check=True)
    with Project.create(tmp_path / "p", policy="solo") as project:
        repository.add(project, tmp_path / "shop")
        with pytest.raises(EspalierError, match="it lacks"):
            corpus.refresh(project)


@pytest.mark.slow
@pytest.mark.parametrize("archives", [False, True])
def test_that_huge_files_neither_stop_a_scan_nor_fill_the_memory(tmp_path: Path, archives: bool) -> None:
    with desk(tmp_path, {"k.env": LINE}) as (project, made, _):
        for name, size in (("sparse.bin", 2 << 30), ("line.txt", 0)):
            path = tmp_path / name
            with path.open("wb") as file:
                file.write(b"" if size else b"a " * (25 << 20))
                file.truncate(size or None)
            oid = made.run("-c", "core.bigFileThreshold=1m", "hash-object", "-w", str(path))
            made.run("update-index", "--add", "--cacheinfo", f"100644,{oid},{name}")
            path.unlink()
        tree = made.run("write-tree")
        commit = made.run("commit-tree", tree, "-p", "HEAD", "-m", "huge")
        made.run("update-ref", "refs/heads/main", commit)
        state = corpus.refresh(project).hash
    script = (
        "import resource, sys; from pathlib import Path; from tests.core.findings.desk import scanned\n"
        "from espalier.core.project.file import Project\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        f"with Project.open(Path(sys.argv[1])) as project: told = scanned(project, sys.argv[2], archives={archives})\n"
        "print(told['secrets'], told['not_scanned'].get('too large'), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "p"), state]
    done = subprocess.run(command, cwd=Path(__file__).parents[3], check=True, capture_output=True, text=True)
    secrets, large, kilobytes = map(int, done.stdout.split())
    assert (secrets, large) == (1, 2)
    assert kilobytes < 150 << 10


def test_that_a_scan_beside_commits_and_pruning_reads_its_corpus(tmp_path: Path) -> None:
    """Nothing that its tips lead to is ever pruned; what else comes and goes is not its own."""
    files: dict[str, Content] = {f"f{n}.env": f'# {n}\nPASSWORD = "{PASSWORD}{n}x"\n' for n in range(60)}
    with desk(tmp_path, files) as (project, made, state):
        done = threading.Event()

        def busy() -> None:
            number = 0
            while not done.is_set():
                number += 1
                made.commit({f"n{number}.py": str(number)}, branch=f"b{number}", when=START + number)
                made.run("update-ref", "-d", f"refs/heads/b{number}")
                made.run("gc", "-q", "--prune=now", check=False)

        worker = threading.Thread(target=busy)
        worker.start()
        try:
            assert scanned(project, state)["secrets"] == 60
        finally:
            done.set()
            worker.join()


def test_that_a_corpus_whose_tips_are_pruned_ends_in_one_sentence(tmp_path: Path) -> None:
    with desk(tmp_path, {"a.env": LINE}) as (project, made, _):
        made.commit({"b.py": f'token = "{GITHUB}"\n'}, branch="side", when=START + 1)
        state = corpus.refresh(project).hash
        made.run("update-ref", "-d", "refs/heads/side")
        made.run("gc", "-q", "--prune=now")
        with pytest.raises(EspalierError, match=r"missing|lacks"):
            scanned(project, state)
        assert not project.rows("SELECT * FROM scans")
        assert not index.listed(project, bundled_digest())
        assert scanned(project, corpus.refresh(project).hash)["secrets"] == 1
