"""What a solution may not contain, whatever its tests say: reaching into the run that grades it.

A solution runs in the interpreter that counts its passes, so this and the consistency of the report defend against
accidents and cheap tricks. A determined adversary can hide a name; what it wins is a pass, never the machine.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

MODULES = {"_pytest", "pytest", "pluggy", "conftest", "sitecustomize", "usercustomize", "atexit", "faulthandler"}
ATTRIBUTES = {"os._exit", "os.abort", "os.kill", "os.killpg", "signal.raise_signal", "sys.settrace", "sys.setprofile"}
TEXTS = ("PYTEST_", "/inputs/", "_pytest", "sitecustomize")
INDIRECT = {"__import__", "import_module", "getattr", "setattr", "exec", "eval", "compile"}
LONGEST = 1_000_000
GRADING_FILES = {"conftest.py", "pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg", "pyproject.toml", "noxfile.py"}
GRADING_FOLDERS = {"tests", "test", "testing", ".github", ".gitlab", ".circleci", ".git"}


def refused_reason(code: str, before: str = "") -> str | None:
    """Why `code` is not run; None if it may be. What the file did `before` it may go on doing, as often.

    Code that doesn't parse is not refused: it fails by itself.
    """
    try:
        found = Counter(suspicions(code)) - Counter(suspicions(before))
    except (RecursionError, MemoryError):
        return "It is nested too deeply to be read."
    return f"It uses {next(iter(found))}, which reaches into the run that grades it." if found else None


def suspicions(code: str) -> Iterator[str]:
    if len(code) > LONGEST:
        yield "more than a million characters"
        return
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return
    names = aliases(tree)
    for node in ast.walk(tree):
        yield from suspicious(node, names)


def aliases(tree: ast.AST) -> dict[str, str]:
    """What the imported names stand for: `import os as o` and `from os import _exit as leave` hide nothing."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            known |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom):
            known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return known


def suspicious(node: ast.AST, names: dict[str, str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (name for alias in node.names if (name := top(alias.name)) in MODULES)
    elif isinstance(node, ast.ImportFrom):
        places = [node.module or "", *(alias.name for alias in node.names)]
        yield from (name for place in places for name in place.split(".") if name in MODULES)
        yield from (name for alias in node.names if (name := f"{node.module}.{alias.name}") in ATTRIBUTES)
    elif isinstance(node, ast.Attribute):
        yield from (name for name in (spelled(node, names),) if name in ATTRIBUTES or node.attr == "_exit")
    elif isinstance(node, ast.Call) and spelled(node.func, names).rpartition(".")[2] in INDIRECT:
        yield from (name for text in constants(node) if (name := top(text)) in MODULES)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from (f"the text '{text}'" for text in TEXTS if text in node.value and len(node.value) < 200)
        yield from ("the text '_exit'" for _ in range(node.value == "_exit"))


def spelled(node: ast.AST, names: dict[str, str]) -> str:
    """The dotted name behind an expression, empty if it is none."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        return f"{spelled(node.value, names)}.{node.attr}"
    return ""


def constants(call: ast.Call) -> Iterator[str]:
    for value in [*call.args, *(keyword.value for keyword in call.keywords)]:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value


def top(name: str) -> str:
    return name.partition(".")[0]


def refused_path(path: str) -> str | None:
    """Why a solution may not change this file; None if it may."""
    parts = PurePosixPath(path).parts
    if path.startswith("/") or ".." in parts:
        return f"{path} lies outside the tree."
    name = parts[-1] if parts else ""
    grades = name in GRADING_FILES or name.startswith("test_") or name.removesuffix(".py").endswith("_test")
    if grades or GRADING_FOLDERS.intersection(parts[:-1]):
        return f"{path} takes part in the grading."
    return None
