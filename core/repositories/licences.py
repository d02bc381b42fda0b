"""Whose code is it: the licence of every path, from the nearest licence file or manifest above it and from its own header."""

import configparser
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from espalier.core.repositories.licence_text import OWN, PROPRIETARY, UNKNOWN, category, holder, identify, joined, named

HEADER = 4096  # bytes at the top of a file in which its own licence is looked for
_FEW = 3  # files of a folder that must agree before they speak for it
_FILE = re.compile(r"(?i)(un)?(licen[cs]e|copying)([-_.][\w.-]+)?$")
_CODE = frozenset(
    [
        ".py",
        ".pyi",
        ".go",
        ".js",
        ".ts",
        ".java",
        ".rs",
        ".c",
        ".h",
        ".cc",
        ".cpp",
        ".rb",
        ".php",
        ".json",
        ".yml",
        ".yaml",
        ".toml",
        ".xml",
        ".sh",
        ".html",
    ]
)
_MANIFESTS = frozenset(("pyproject.toml", "setup.cfg", "package.json", "Cargo.toml"))
_CLASSIFIER = re.compile(r"License :: (?:OSI Approved :: )?([^:]+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What speaks for a prefix ('' the root, 'folder/', or one file), and the file that says so."""

    prefix: str
    expression: str
    category: str
    found_in: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the top of one file says about it."""

    path: str
    expression: str
    holder: str


def speaks_of_licence(path: str) -> bool:
    """A licence file, or a manifest that may name a licence."""
    pure = PurePosixPath(path)
    return pure.name in _MANIFESTS or (bool(_FILE.match(pure.name)) and pure.suffix.lower() not in _CODE)


def header(path: str, head: bytes) -> Header | None:
    text = head[:HEADER].decode("utf-8", "replace")
    expression = identify(text)
    return Header(path=path, expression=expression, holder=holder(text)) if expression else None


def sources(files: Mapping[str, bytes], headers: Iterable[Header], code: Iterable[str]) -> list[Found]:
    """The sources of one repository, from its licence files and manifests by path, from the headers of its files, and from
    the paths of all its code.

    The root without a licence, or reserved for its holder, is the company's own; and so is a file whose header reserves
    it for that holder. The same words for another holder are somebody else's.
    """
    folders = _by_folder(files)
    root = folders.pop("", None)
    told = list(headers)
    ours = _holder(files, root, told)
    found = [_root(root)] + [_found(*item) for item in folders.items()]
    foreign = _foreign(told, Licences(found), ours)
    found += _whole_folders(foreign, code)
    found += [_found(one.path, (one.expression, one.path)) for one in _foreign(told, Licences(found), ours)]
    return sorted(set(found), key=lambda source: (source.prefix, source.expression))


def _foreign(headers: Iterable[Header], above: "Licences", ours: str) -> list[Header]:
    """The headers that say something else than what stands above their file."""
    return [
        one
        for one in headers
        if not (one.expression == PROPRIETARY and one.holder == ours and above.of(one.path)[0].category == "own")
        and all(one.expression != source.expression for source in above.of(one.path))
    ]


def _whole_folders(foreign: Iterable[Header], code: Iterable[str]) -> list[Found]:
    """A folder of which half the code says the same is one source, its files without a word included."""
    files = Counter(_folder(path) for path in set(code))
    same = Counter((_folder(path), expression) for path, expression in {(one.path, one.expression) for one in foreign})
    first = {(_folder(one.path), one.expression): one.path for one in reversed(list(foreign))}
    return [
        _found(folder, (expression, first[folder, expression]))
        for (folder, expression), count in same.items()
        if folder and count >= _FEW and 2 * count >= files[folder]
    ]


def _folder(path: str) -> str:
    return path[: path.rfind("/") + 1]


class Licences:
    """Looks up the sources of a path: all those at the longest prefix that holds it."""

    def __init__(self, found: Iterable[Found]) -> None:
        self._by_prefix: dict[str, list[Found]] = {}
        for source in found:
            self._by_prefix.setdefault(source.prefix, []).append(source)

    def of(self, path: str) -> list[Found]:
        """Empty where nothing speaks for the path, not even the root."""
        return self._by_prefix.get(path) or self._by_prefix.get(self._folder(path), [])

    def _folder(self, path: str) -> str:
        folder = _folder(path)
        while folder and folder not in self._by_prefix:
            folder = _folder(folder[:-1])
        return folder


def _by_folder(files: Mapping[str, bytes]) -> dict[str, tuple[str, str]]:
    """Folder prefix → (expression, file). A licence file speaks before a manifest; several licence files speak together."""
    licence: dict[str, list[tuple[str, str]]] = {}
    manifest: dict[str, tuple[str, str]] = {}
    for path in sorted(files):
        name = PurePosixPath(path).name
        folder = path.removesuffix(name)
        if name not in _MANIFESTS:
            licence.setdefault(folder, []).append((identify(_text(files[path])) or UNKNOWN, path))
        elif (expression := _of_manifest(name, files[path])) and folder not in manifest:
            manifest[folder] = (expression, path)
    together = {folder: (joined(one for one, _ in said), said[0][1]) for folder, said in licence.items()}
    return {folder: said for folder, said in (manifest | together).items() if folder != "LICENSES/"}


def _root(said: tuple[str, str] | None) -> Found:
    expression, path = said or (OWN, "")
    return _found("", (OWN if expression == PROPRIETARY else expression, path))


def _found(prefix: str, said: tuple[str, str]) -> Found:
    expression, path = said
    return Found(prefix=prefix, expression=expression, category=category(expression), found_in=path)


def _holder(files: Mapping[str, bytes], root: tuple[str, str] | None, headers: Iterable[Header]) -> str:
    """Whose repository it is: the holder in the root's licence file, else the one whom most reserving headers name."""
    if root and root[1] and (name := holder(_text(files[root[1]]))):
        return name
    common = Counter(one.holder for one in headers if one.expression == PROPRIETARY).most_common(1)
    return common[0][0] if common else ""


def _of_manifest(name: str, data: bytes) -> str | None:
    try:
        said = _READERS[name](_text(data))
    except (ValueError, configparser.Error, AttributeError, TypeError, RecursionError):
        return None
    return named(said) if isinstance(said, str) and said.strip() else None


def _pyproject(text: str) -> object:
    table = tomllib.loads(text)
    project = table.get("project", {})
    said = project.get("license")
    if isinstance(said, dict):
        said = _short(said.get("text"))
    poetry = table.get("tool", {}).get("poetry", {}).get("license")
    return said or poetry or _classified(project.get("classifiers", []))


def _short(text: object) -> object:
    """`license = {text = …}` holds a name or a whole licence."""
    return text if not isinstance(text, str) or len(text) < 100 else identify(text)


def _classified(classifiers: Iterable[object]) -> str | None:
    found = [match[1] for line in classifiers if (match := _CLASSIFIER.match(str(line)))]
    return found[0] if len(found) == 1 else None


def _setup_cfg(text: str) -> object:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    return parser.get("metadata", "license", fallback=None)


def _package_json(text: str) -> object:
    said = json.loads(text).get("license")
    return said.get("type") if isinstance(said, dict) else said


def _cargo(text: str) -> object:
    said = tomllib.loads(text).get("package", {}).get("license")
    return said.replace("/", " OR ") if isinstance(said, str) else said


_READERS = {
    "pyproject.toml": _pyproject,
    "setup.cfg": _setup_cfg,
    "package.json": _package_json,
    "Cargo.toml": _cargo,
}


def _text(data: bytes) -> str:
    return data[: 1 << 20].decode("utf-8", "replace")
