"""Dating the functions of a file over its past, through moves: code that a commit carries over is as old as it was there."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import PurePosixPath

from espalier.core.examples.appearance import Read, Version, appearances
from espalier.core.examples.past import Past

MOST_MOVES = 8
MOST_ORIGINS = 40  # files looked at for where a commit took code from; in a larger move, those of the same name


def dated(past: Past, path: str, commit: str, texts: Mapping[str, str], read: Read) -> dict[str, Version]:
    """When each keyed text of a path, as a commit of the main line has it, first stood in the repository."""
    found = appearances(texts, past.until(path, commit), read)
    for _ in range(MOST_MOVES):
        earlier = _moved(past, PurePosixPath(path).name, texts, found, read)
        if not earlier:
            break
        found |= earlier
    return found


def _moved(
    past: Past, name: str, texts: Mapping[str, str], found: Mapping[str, Version], read: Read
) -> dict[str, Version]:
    """Where the commit that shows a text took it from another file: when that file first had it."""
    by_commit: dict[str, dict[str, str]] = defaultdict(dict)
    for key, version in found.items():
        by_commit[version.commit][key] = texts[key]
    earlier: dict[str, Version] = {}
    for commit, shown in by_commit.items():
        for path, blob in _origins(past, name, commit):
            content = read(blob) or ""
            held = {key: text for key, text in shown.items() if key not in earlier and text in content}
            if held:
                earlier |= appearances(held, past.before(path, commit), read)
    return earlier


def _origins(past: Past, name: str, commit: str) -> list[tuple[str, str]]:
    """Path and blob of what the commit changed or took away."""
    left = [(change.path, change.old_blob) for change in past.left.get(commit, ()) if change.old_blob is not None]
    return left if len(left) <= MOST_ORIGINS else [one for one in left if PurePosixPath(one[0]).name == name]
