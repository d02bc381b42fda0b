"""The command line of bubblewrap: what lies on what, and what is not accepted into it."""

import shlex
from pathlib import Path

import pytest

from espalier.core.evaluation.sandbox.arguments import Request, allowed, arguments, mounts, script, send
from espalier.core.evaluation.sandbox.limits import Limits
from espalier.core.evaluation.sandbox.staging import Staged
from espalier.core.failures import UnusableInput


@pytest.fixture
def request_(tmp_path: Path) -> Request:
    for name in ("src", "inputs", "etc", "toolchain", "packages"):
        (tmp_path / name).mkdir()
    staged = Staged(source=tmp_path / "src", inputs=tmp_path / "inputs", etc=tmp_path / "etc")
    return Request(
        command=["true"],
        staged=staged,
        toolchain=tmp_path / "toolchain",
        limits=Limits(),
        readable=[tmp_path / "packages"],
        results=["out.json"],
    )


def test_that_nothing_is_hidden_by_a_later_tmpfs(request_: Request) -> None:
    words = mounts(request_)
    last_tmpfs = max(place for place, word in enumerate(words) if word == "--tmpfs" and words[place + 1] != "/work")
    assert all(words.index(name) > last_tmpfs for name in ("/toolchain", "/src", "/inputs", "/readable/0"))


def test_that_every_tmpfs_has_a_size(request_: Request) -> None:
    words = mounts(request_)
    places = [place for place, word in enumerate(words) if word == "--tmpfs"]
    assert len(places) == 4
    assert all("--size" in words[place - 4 : place] for place in places)


def test_that_a_namespace_is_demanded_and_not_tried(request_: Request) -> None:
    words = arguments(request_, bwrap="bwrap", status=3, program=4)
    assert {"--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session"} <= set(words)
    assert "--share-net" not in words and "--bind" not in words and "--dev-bind" not in words


def test_that_limits_are_set_inside_the_namespace(request_: Request) -> None:
    words = arguments(request_, bwrap="bwrap", status=3, program=4)
    inside = words[words.index("--") :]
    assert {"/usr/bin/prlimit", "--nproc=128", f"--as={1 << 30}", "--core=0"} <= set(inside)


@pytest.mark.parametrize(
    "path", ["/", "/home", "/root", "/etc", "/proc", "/proc/self", "/sys", "/var", "/run", "/nowhere"]
)
def test_that_a_private_folder_is_not_shown(path: str) -> None:
    with pytest.raises(UnusableInput):
        allowed(Path(path))


def test_that_a_home_folder_is_not_shown_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "packages").symlink_to(Path.home())
    with pytest.raises(UnusableInput):
        allowed(tmp_path / "packages")


@pytest.mark.parametrize("name", ["../out", "/etc/passwd", "/src/out", "a/../../b", "-out"])
def test_that_results_come_from_the_sandboxs_own_folders_only(name: str) -> None:
    with pytest.raises(ValueError, match="result"):
        send(0, name, 10)


def test_that_a_name_with_quotes_stays_one_word() -> None:
    name = "a'; touch planted; echo '"
    words = shlex.split(send(0, name, 10), comments=False)
    assert name in words and "touch" not in words


def test_that_what_still_runs_is_ended_before_results_are_read(request_: Request) -> None:
    text = script(request_)
    assert text.index('"$@"') < text.index("kill -9 -1") < text.index("out.json")
