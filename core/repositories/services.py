"""Which service a path belongs to: the person's map, then the folders that package themselves, then the layout."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

_PACKAGING = frozenset(
    [
        "pyproject.toml",
        "setup.py",
        "setup.cfg",
        "package.json",
        "go.mod",
        "Cargo.toml",
        "pom.xml",
        "build.gradle",
        "build.gradle.kts",
        "Dockerfile",
    ]
)
_CONTAINERS = frozenset(["services", "apps", "packages", "src", "libs", "cmd", "modules", "components"])


class Services:
    """The services of one tree. `given` maps path prefixes to names and wins; the longest prefix counts."""

    def __init__(self, repository: str, paths: Iterable[str], given: Mapping[str, str] | None = None) -> None:
        self._repository = repository
        self._given = {prefix.strip("/"): name for prefix, name in (given or {}).items()}
        self._packaged = _packaged(paths)
        self._known: dict[PurePosixPath, str] = {}

    def of(self, path: str) -> str:
        """The service of a file; the repository's name for a file at the root."""
        if path in self._given:
            return self._given[path]
        folder = PurePosixPath(path).parent
        if folder not in self._known:
            self._known[folder] = self._of(folder)
        return self._known[folder]

    def _of(self, folder: PurePosixPath) -> str:
        above = [folder, *folder.parents]
        for one in above:
            if (name := self._given.get("" if str(one) == "." else str(one))) is not None:
                return name
        for one in above:
            if one in self._packaged:
                return one.name
        return self._by_layout(folder.parts)

    def _by_layout(self, parts: tuple[str, ...]) -> str:
        if not parts:
            return self._repository
        return parts[1] if parts[0] in _CONTAINERS and len(parts) > 1 else parts[0]


def _packaged(paths: Iterable[str]) -> frozenset[PurePosixPath]:
    """Folders below the root that hold their own packaging."""
    found = (PurePosixPath(path) for path in paths)
    return frozenset(path.parent for path in found if path.name in _PACKAGING and path.parent.parts)
