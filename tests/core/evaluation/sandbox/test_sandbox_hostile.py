"""Hostile programs in the real sandbox, one by one: what each tries, and what must come of it."""

import os
import secrets
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from espalier.core.evaluation.sandbox import seccomp
from espalier.core.evaluation.sandbox.confine import confined
from espalier.core.evaluation.sandbox.limits import MIB, Limits
from espalier.core.evaluation.sandbox.outcome import Outcome
from espalier.core.evaluation.sandbox.staging import PREFIX, place
from espalier.core.evaluation.sandbox.toolchain import PYTHON
from espalier.core.evaluation.sandbox.uid import account

pytestmark = pytest.mark.slow
Python = Callable[..., Outcome]
FOREVER = "import time\nwhile True: time.sleep(1)"


def running_with(mark: str) -> list[str]:
    """Processes of this machine with `mark` in their command line, except dead ones, which have none."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark.encode() in path.read_bytes() and path.parent.name != str(os.getpid()):
                found.append(path.parent.name)
        except OSError:
            continue
    return found


def copies_of(process: int) -> list[Path]:
    return list(place(account()).glob(f"{PREFIX}-{process}-*"))


def test_that_an_ordinary_program_gives_output_status_and_files(tree: Path, python: Python) -> None:
    (tree / "data.txt").write_text("seen")
    code = "import sys\nprint(open('data.txt').read())\nopen('new.txt', 'w').write('made')\nsys.exit(3)"
    outcome = python(code, results=("new.txt", "absent.txt", "/tmp/absent"))
    assert (outcome.status, outcome.exit_code, outcome.output) == ("exited", 3, b"seen\n")
    assert outcome.files == {"new.txt": b"made"}
    assert list(tree.iterdir()) == [tree / "data.txt"]


def test_that_a_tree_in_a_closed_folder_is_read_all_the_same(tree: Path, python: Python) -> None:
    (tree / "inner").mkdir(mode=0o700)
    (tree / "inner" / "file").write_text("seen")
    (tree / "inner" / "file").chmod(0o600)
    tree.chmod(0o700)
    assert python("print(open('inner/file').read())").output == b"seen\n"


def test_that_the_source_beside_the_copy_is_read_only(tree: Path, python: Python) -> None:
    (tree / "file").write_text("kept")
    outcome = python("open('file', 'w').write('changed')\nopen('/src/file', 'w')")
    assert b"Read-only file system" in outcome.output
    assert (tree / "file").read_text() == "kept"


def test_that_a_planted_link_is_not_followed_for_a_result(tmp_path: Path, python: Python) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    code = f"import os\nos.symlink({str(secret)!r}, 'out')\nos.symlink('/etc/passwd', 'etc')\nos.mkfifo('pipe')"
    assert python(code, results=("out", "etc", "pipe")).files == {}


def test_that_a_result_over_the_bound_stays_behind(python: Python) -> None:
    outcome = python("open('big', 'wb').write(bytes(3000))", limits=Limits(seconds=20, result=2000), results=("big",))
    assert (outcome.status, outcome.files) == ("exited", {})


def test_that_a_result_is_not_changed_by_what_was_left_running(python: Python) -> None:
    code = (
        "import os\nopen('out', 'w').write('a' * 1000)\n"
        "if os.fork() == 0:\n    os.setsid()\n    while True: open('out', 'w').write('b' * 7)"
    )
    assert set(python(code, results=("out",)).files) <= {"out"}


def test_that_writing_into_the_stream_of_results_forges_no_file(python: Python) -> None:
    code = (
        "import os\nfor n in os.listdir('/proc'):\n"
        "    try: os.write(os.open(f'/proc/{n}/fd/1', os.O_WRONLY), b'garbage')\n    except OSError: pass"
    )
    assert python(code, results=("out",)).files == {}


def test_that_output_is_cut_and_a_flood_ended(python: Python) -> None:
    some = python("print('x' * 5000)", limits=Limits(seconds=20, output=1000))
    flood = python("while True: print('x' * 5000)", limits=Limits(seconds=20, output=1000))
    assert (some.status, some.truncated, len(some.output)) == ("exited", True, 1000)
    assert (flood.status, flood.exit_code, len(flood.output)) == ("output", None, 1000)


def test_that_the_deadline_ends_what_ignores_signals(python: Python) -> None:
    code = "import signal\nfor s in (1, 2, 3, 15): signal.signal(s, signal.SIG_IGN)\nwhile True: pass"
    outcome = python(code, limits=Limits(seconds=0.5))
    assert (outcome.status, outcome.exit_code) == ("deadline", None)


def test_that_a_fork_bomb_is_bounded_and_ends(python: Python) -> None:
    code = (
        "import os, time\nn = 0\ntry:\n    while True:\n"
        "        if os.fork() == 0: time.sleep(60)\n        n += 1\nexcept OSError: print(n)"
    )
    outcome = python(code, limits=Limits(seconds=20, processes=40))
    assert outcome.status == "exited"
    assert int(outcome.output) < 40


def test_that_a_multiplying_fork_bomb_does_not_outlive_its_deadline(tree: Path) -> None:
    mark = secrets.token_hex()
    code = "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"
    outcome = confined([PYTHON, "-IS", "-c", code, mark], source=tree, limits=Limits(seconds=1, processes=60))
    assert outcome.status == "deadline"
    assert running_with(mark) == []


def test_that_shared_pages_are_not_counted_for_every_child(python: Python) -> None:
    """Sixteen processes over the same 60 MiB hold 60 MiB."""
    code = (
        "import os, time\nheld = bytearray(b'x' * (60 << 20))\n"
        "children = [os.fork() for _ in range(4)]\ntime.sleep(1)\nprint('done') if all(children) else None"
    )
    outcome = python(code, limits=Limits(seconds=20, memory=200 * MIB))
    assert (outcome.status, outcome.output) == ("exited", b"done\n")


def test_that_memory_without_a_process_is_refused_or_bounded(python: Python) -> None:
    code = "import os\nos.memfd_create('hidden')"
    assert b"Operation not permitted" in python(code).output


@pytest.mark.parametrize("place_", ["/work", "/tmp", "/dev/shm", "/home/u"])
def test_that_a_disk_is_bounded_as_a_whole(place_: str, python: Python) -> None:
    code = (
        f"n = 0\ntry:\n    for i in range(100):\n        with open(f'{place_}/{{i}}', 'wb', 0) as f: n += f.write(bytes(1 << 20))\n"
        "except OSError: print(n >> 20)"
    )
    assert int(python(code, limits=Limits(seconds=20, disk=16 * MIB)).output) <= 64


def test_that_no_namespace_is_made_even_without_the_filter(python: Python, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of two layers stops it alone: here the one of bubblewrap, in the self-test the filter before it."""
    everything = struct.pack("=HBBI", seccomp.RETURN, 0, 0, seccomp.ALLOW)
    monkeypatch.setattr(seccomp, "program", lambda _machine=None: everything)
    code = (
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nprint(libc.unshare(0x10000000), ctypes.get_errno())"
    )
    assert python(code).output.split()[0] == b"-1"


def test_that_a_daemon_ends_with_its_command(tree: Path) -> None:
    mark = secrets.token_hex()
    code = (
        "import os, sys\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(60)', sys.argv[1]])"
    )
    outcome = confined([PYTHON, "-IS", "-c", code, mark], source=tree, limits=Limits(seconds=20))
    assert (outcome.status, outcome.exit_code) == ("exited", 0)
    assert running_with(mark) == []


def test_that_an_interrupt_leaves_nothing(tree: Path) -> None:
    mark = secrets.token_hex()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a script started the tests
    interrupt = threading.Timer(1.5, lambda: os.kill(os.getpid(), signal.SIGINT))
    interrupt.start()
    with pytest.raises(KeyboardInterrupt):
        confined([PYTHON, "-IS", "-c", FOREVER, mark], source=tree, limits=Limits(seconds=30))
    interrupt.join()
    signal.signal(signal.SIGINT, before)
    assert running_with(mark) == []
    assert copies_of(os.getpid()) == []


def test_that_the_sandbox_ends_with_a_killed_host(tree: Path) -> None:
    mark = secrets.token_hex()
    code = (
        "from pathlib import Path\nimport sys\nfrom espalier.core.evaluation.sandbox.confine import confined\n"
        "from espalier.core.evaluation.sandbox.limits import Limits\n"
        f"confined([{PYTHON!r}, '-IS', '-c', {FOREVER!r}, 'inner-' + sys.argv[1]], source=Path({str(tree)!r}), "
        "limits=Limits(seconds=60))"
    )
    host = subprocess.Popen([sys.executable, "-c", code, mark])
    try:
        assert soon(lambda: len(running_with("inner-" + mark)) > 0)
        host.kill()
    finally:
        host.kill()
        host.wait()
    assert soon(lambda: running_with("inner-" + mark) == [])
    assert copies_of(host.pid)
    confined(["true"], source=tree, limits=Limits(seconds=20))
    assert copies_of(host.pid) == []


def soon(holds: Callable[[], bool]) -> bool:
    """Whether it comes to hold at all; half a minute stands for never."""
    last = time.monotonic() + 30
    while not (now := holds()) and time.monotonic() < last:
        time.sleep(0.05)
    return now


def test_that_folders_shown_are_seen_by_number_and_read_only(tree: Path) -> None:
    packages = Path(sys.prefix) / "lib" / f"python3.{sys.version_info.minor}" / "site-packages" / "iniconfig"
    command = ["sh", "-c", "ls /readable/0 && ! touch /readable/0/x"]
    outcome = confined(command, source=tree, limits=Limits(seconds=20), readable=[packages])
    assert outcome.exit_code == 0
    assert b"__init__.py" in outcome.output


def test_that_a_setup_that_fails_is_not_taken_for_the_command(tree: Path) -> None:
    """Small files fit by their sizes and not by the pages that they take in memory."""
    (tree / "big").write_bytes(bytes(4 * MIB))
    for name in range(1000):
        (tree / f"small{name}").write_text("x")
    outcome = confined(["true"], source=tree, limits=Limits(seconds=20, disk=5 * MIB))
    assert (outcome.status, outcome.exit_code) == ("failed", None)
    assert b"No space left" in outcome.output
