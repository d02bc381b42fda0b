"""A repository that names a command in every setting that git is known to run, and everything that we do with it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.core.repositories.workshop import Made, make

from espalier.core.failures import EspalierError
from espalier.core.project.file import Project
from espalier.core.repositories import corpus, history, repository
from espalier.core.repositories import git as hardened
from espalier.core.repositories.git import MissingObject, ObjectReader, git
from espalier.core.repositories.layout import enclosing

MISSING = "d" * 40
COMMANDS = [
    "core.fsmonitor",
    "core.sshCommand",
    "core.gitProxy",
    "core.pager",
    "core.editor",
    "core.askPass",
    "core.alternateRefsCommand",
    "credential.helper",
    "diff.external",
    "diff.evil.textconv",
    "diff.evil.command",
    "filter.evil.clean",
    "filter.evil.smudge",
    "filter.evil.process",
    "gpg.program",
    "gpg.ssh.program",
    "gpg.ssh.defaultKeyCommand",
    "merge.evil.driver",
    "mergetool.evil.cmd",
    "difftool.evil.cmd",
    "uploadpack.packObjectsHook",
    "sequence.editor",
    "interactive.diffFilter",
    "pager.log",
    "pager.diff",
    "pager.cat-file",
    "pager.rev-list",
    "pager.for-each-ref",
    "pager.ls-tree",
    "pager.diff-tree",
    "remote.origin.uploadpack",
    "remote.origin.receivepack",
    "remote.origin.vcs",
    "tar.evil.command",
    "trailer.evil.command",
    "web.browser",
    "browser.evil.cmd",
    "man.evil.cmd",
    "help.browser",
    "sendemail.smtpServer",
    "instaweb.httpd",
    "hook.evil.command",
]
ALIASES = ("rev-list", "cat-file", "log", "diff-tree", "for-each-ref", "ls-tree", "rev-parse", "evil")
HOOKS = (
    "pre-commit", "post-checkout", "post-index-change", "reference-transaction", "pre-auto-gc", "fsmonitor-watchman",
    "post-rewrite", "pre-receive", "post-update", "update", "proc-receive", "sendemail-validate",
)  # fmt: skip


class Traps:
    """A folder where every trap that fires leaves a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def command(self, name: str) -> str:
        script = self.folder.parent / f"trap-{name}"
        script.write_text(f"#!/bin/sh\ntouch '{self.folder}/{name}'\nexit 1\n")
        script.chmod(0o755)
        return str(script)

    def fired(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}


@pytest.fixture(autouse=True)
def porcelain(monkeypatch: pytest.MonkeyPatch) -> None:
    """No code of ours asks for these commands; here they show that the view holds even where the list does not."""
    monkeypatch.setattr(hardened, "PLUMBING", hardened.PLUMBING | {"log", "diff", "archive"})


@pytest.fixture
def traps(tmp_path: Path) -> Traps:
    return Traps(tmp_path / "fired")


@pytest.fixture
def hostile(tmp_path: Path, traps: Traps) -> Made:
    made = make(tmp_path / "hostile")
    made.commit({"a.py": "x = 1\n", ".gitattributes": "* filter=evil diff=evil merge=evil export-subst\n"})
    made.commit({"a.py": "x = 2\n", "sub": ("160000", b"1" * 40), ".gitmodules": _submodule(traps)})
    made.run("reset", "-q", "--hard")
    signed = (
        b"tree %s\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\ngpgsig -----BEGIN PGP SIGNATURE-----\n x\n\nsigned\n"
    )
    body = signed % made.oid("main^{tree}").encode()
    made.run("update-ref", "refs/heads/signed", made.run("hash-object", "-t", "commit", "-w", "--stdin", input=body))
    _plant(made, traps)
    return made


def _submodule(traps: Traps) -> str:
    return f'[submodule "sub"]\n\tpath = sub\n\turl = ext::{traps.command("submodule")}\n\tupdate = !{traps.command("update")}\n'


def _plant(made: Made, traps: Traps) -> None:
    folder = made.path / ".git"
    included = folder / "evil"
    included.write_text(f"[core]\n\tfsmonitor = {traps.command('included-fsmonitor')}\n")
    for line in _settings(traps):
        made.run("config", "--file", ".git/config.evil", "--add", *line)
    config = folder / "config"
    lines = (folder / "config.evil").read_text()
    config.write_text(config.read_text() + f"[include]\n\tpath = {included}\n" + lines)
    (folder / "config.worktree").write_text(f"[core]\n\tfsmonitor = {traps.command('worktree-fsmonitor')}\n")
    for hook in HOOKS:
        (folder / "hooks").mkdir(exist_ok=True)
        Path(traps.command(f"hook-{hook}")).rename(folder / "hooks" / hook)
    (folder / "info").mkdir(exist_ok=True)
    (folder / "info" / "attributes").write_text("* filter=evil diff=evil\n")


def _settings(traps: Traps) -> list[tuple[str, str]]:
    told = [(key, traps.command(key)) for key in COMMANDS]
    told += [(f"alias.{name}", f"!{traps.command(f'alias-{name}')}") for name in ALIASES]
    told += [
        ("extensions.worktreeConfig", "true"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", f"ext::{traps.command('promisor')} %S"),
        ("remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"),
        ("protocol.ext.allow", "always"),
        ("log.showSignature", "true"),
        ("submodule.recurse", "true"),
        ("submodule.active", "."),
        ("trailer.evil.key", "x"),
        ("diff.submodule", "log"),
        ("status.submoduleSummary", "true"),
        ("log.follow", "true"),
        ("core.untrackedCache", "true"),
    ]
    return told


def everything(made: Made, project: Project) -> None:
    """Every function of ours that touches a repository."""
    tips = history.tips(made.path)
    now = history.head(made.path, tips)
    assert now
    assert len(list(history.commits(made.path, tips.values()))) == 3
    assert list(history.changes(made.path, tips.values()))
    assert history.first_places(made.path, tips.values())
    found = list(history.objects(made.path, tips.values()))
    assert history.tree(made.path, now)["a.py"].size == 6
    with ObjectReader(made.path) as reader:
        assert len(list(reader.read_all(one.oid for one in found))) == len(found)
        with pytest.raises(MissingObject):
            reader.read(MISSING)
    for arguments in (
        ["log", "-p", "--all"],
        ["diff", "main~1", "main"],
        ["cat-file", "--filters", "main:a.py"],
        ["archive", "main"],
    ):
        git(made.path, *arguments)
    assert enclosing(made.path)
    repository.add(project, made.path, include=["*.py", ".gitattributes"], services={"a.py": "a"})
    corpus.refresh(project)
    assert corpus.listing(project)[0]["commits"] == 3
    repository.drop(project, repository.repositories(project)[0].name)


def test_that_nothing_of_a_hostile_repository_runs(hostile: Made, traps: Traps, tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        everything(hostile, project)
    assert traps.fired() == set()


def test_that_standing_in_a_hostile_repository_runs_nothing(
    hostile: Made, traps: Traps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(hostile.path)
    subprocess.run([sys.executable, "-c", "import espalier.core.repositories.history"], check=True)
    with Project.create(tmp_path / "p") as project:
        everything(hostile, project)
    assert traps.fired() == set()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("status",), "worktree-fsmonitor"),
        (("-c", "filter.evil.process=", "log", "-p", "--ext-diff", "main", "--", "a.py"), "diff.evil.command"),
        (
            ("-c", "filter.evil.process=", "log", "-p", "--no-ext-diff", "--textconv", "main", "--", "a.py"),
            "diff.evil.textconv",
        ),
        (("-c", "core.fsmonitor=", "cat-file", "--filters", "main:a.py"), "filter.evil.process"),
        (("log", "signed"), "gpg.program"),
        (("-c", "protocol.ext.allow=always", "cat-file", "-p", MISSING), "promisor"),
        (("update-ref", "refs/heads/x", "main"), "hook-reference-transaction"),
        (("evil",), "alias-evil"),
    ],
)
def test_that_the_traps_are_live(hostile: Made, traps: Traps, arguments: tuple[str, ...], expected: str) -> None:
    """Plain git falls into them; without this the tests above would prove nothing."""
    hostile.run(*arguments, check=False)
    assert expected in traps.fired()


def _lose(made: Made, name: str) -> str:
    """Take an object away, as a partial clone leaves it out."""
    oid = made.oid(name)
    (made.path / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    return oid


READINGS: list[Callable[[Path, list[str]], object]] = [
    lambda path, tips: list(history.objects(path, tips)),
    lambda path, tips: list(history.changes(path, tips)),
    lambda path, tips: history.tree(path, tips[0]),
]


@pytest.mark.parametrize("reading", READINGS)
def test_that_a_missing_tree_is_not_fetched_and_not_passed_over(
    hostile: Made, traps: Traps, reading: Callable[[Path, list[str]], object]
) -> None:
    _lose(hostile, "main^{tree}")
    tips = [history.tips(hostile.path)["refs/heads/main"]]
    with pytest.raises(EspalierError):
        reading(hostile.path, tips)
    assert "promisor" not in traps.fired()


def test_that_a_missing_blob_is_not_fetched_and_not_passed_over(hostile: Made, traps: Traps) -> None:
    _lose(hostile, "main:a.py")
    with pytest.raises(MissingObject):
        list(history.objects(hostile.path, history.tips(hostile.path).values()))
    assert traps.fired() == set()


def test_that_global_configuration_is_not_read(
    hostile: Made, traps: Traps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = tmp_path / "home"
    evil.mkdir()
    (evil / ".gitconfig").write_text((hostile.path / ".git" / "config").read_text())
    monkeypatch.setenv("HOME", str(evil))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(evil / ".gitconfig"))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", traps.command("environment"))
    monkeypatch.setenv("GIT_TRACE2", str(traps.folder / "trace"))
    git(hostile.path, "diff", "main~1", "main")
    assert traps.fired() == set()


def test_that_a_remote_with_a_password_is_never_told(hostile: Made, tmp_path: Path) -> None:
    config = hostile.path / ".git" / "config"
    config.write_text(config.read_text() + '[remote "company"]\n\turl = https://ann:hunter2@git.example.org/x\n')
    with Project.create(tmp_path / "p") as project:
        added = repository.add(project, hostile.path)
        corpus.refresh(project)
        told = f"{added} {corpus.listing(project)}"
        stored = project.path.read_bytes() + b"".join(p.read_bytes() for p in tmp_path.glob("p.espalier-*"))
    assert "hunter2" not in told
    assert b"hunter2" not in stored
