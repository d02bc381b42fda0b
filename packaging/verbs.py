"""What `run` and `test` do, from the bare machine to the started program."""

import os
import subprocess
import sys

import environment
import notices
import system

INTERRUPTED = 130


def run(arguments: list[str]) -> int:
    display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")) or sys.platform != "linux"
    status = prepared(display=display, tests=False)
    if status:
        return status
    words = arguments if arguments or display else ["demo"]
    return become([str(environment.python()), str(environment.python().parent / "espalier"), *words])


def test(arguments: list[str]) -> int:
    status = prepared(display=False, tests=True)
    return status or become([str(environment.python()), str(environment.ROOT / "packaging" / "suite.py"), *arguments])


def prepared(*, display: bool, tests: bool) -> int:
    """Sets up what is missing; the exit status, 0 when all is there."""
    try:
        system.complete(display=display, tests=tests)
        environment.ready(tests=tests)
    except notices.Trouble as trouble:
        notices.tell(trouble)
        return 3
    except OSError as trouble:
        notices.say(f"Set-up could not go on: {trouble}. Mend that and run this again.")
        return 3
    except KeyboardInterrupt:
        notices.say("\nSet-up was interrupted. Run this again to go on.")
        return INTERRUPTED
    return 0


def become(command: list[str]) -> int:
    """Hands the terminal, the signals and the exit status over to the program itself."""
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execve(command[0], command, env)
    return subprocess.run(command, env=env).returncode
