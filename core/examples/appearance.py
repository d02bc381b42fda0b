"""When history first shows a piece of code in its present words: committer time, since author dates lie after a rebase."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Read = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A path as one commit left it, `blob` None where it took it away; `committed_at` in Unix seconds."""

    commit: str
    committed_at: int
    blob: str | None


def appearances(texts: Mapping[str, str], versions: Sequence[Version], read: Read) -> dict[str, Version]:
    """For each keyed text the first of the newest unbroken run of versions (given oldest first) that hold it.

    A text that was removed and came back counts from its return; `read` gives a blob's text, None where it has none.
    """
    open_, found = dict(texts), {}
    for version in reversed(versions):
        content = (read(version.blob) if version.blob is not None else None) or ""
        for key in [key for key, text in open_.items() if text not in content]:
            del open_[key]
        found.update(dict.fromkeys(open_, version))
        if not open_:
            break
    return found
