"""What set-up tells the person: progress, and troubles with their remedies, on standard error."""

import subprocess
import sys


class Trouble(Exception):
    """Set-up can't go on; `details` are the last words of the tool that failed."""

    def __init__(self, sentence: str, remedy: str, details: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy
        self.details = details


def say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def tell(trouble: Trouble) -> None:
    if trouble.details:
        say("\n".join(f"  | {line}" for line in trouble.details.splitlines()))
    say(f"{trouble.sentence} {trouble.remedy}")


def last_lines(output: str, count: int = 12) -> str:
    """The end of a tool's output, without its warnings."""
    lines = [line for line in output.splitlines() if line.strip() and not line.startswith(("WARNING:", "W: "))]
    return "\n".join(lines[-count:])


def quiet(command: list[str], env: dict[str, str] | None = None) -> tuple[int, str]:
    """Exit status and all output of a command that has nothing to ask."""
    done = subprocess.run(
        command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return done.returncode, done.stdout
