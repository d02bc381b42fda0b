"""The private folder in which git is started, and all that it is told there.

Git obeys the configuration of the repository it is started in, and dozens of settings there name commands to run. So it
is never started there. A *view* is an empty folder with a configuration of ours, and links to the repository's objects
and refs. Git reads those and nothing else: no configuration, hook, attribute, graft, replacement, commit graph or working
tree of theirs. Because GIT_DIR is ours, `safe.directory` does not come into it either: a repository that belongs to
somebody else can be read, and nothing in it is obeyed.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from espalier.core.failures import UnusableInput, WorkFailed
from espalier.core.repositories.layout import Layout, formats, head

_CONFIGURATION = """\
[core]
\trepositoryFormatVersion = 1
\tbare = true
\tfsmonitor = false
\thooksPath = /dev/null
\tattributesFile = /dev/null
\tcommitGraph = false
\tmultiPackIndex = false
\tquotePath = false
\twarnAmbiguousRefs = false
[protocol]
\tallow = never
[gc]
\tauto = 0
[maintenance]
\tauto = false
[credential]
\thelper =
[submodule]
\trecurse = false
[log]
\tshowSignature = false
\tmailmap = false
"""
_SHA256 = "[extensions]\n\tobjectFormat = sha256\n"


def program() -> str:
    """The absolute path of git; entries of PATH that depend on the current folder are not believed."""
    folders = [folder for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if Path(folder).is_absolute()]
    if found := shutil.which("git", path=os.pathsep.join(folders)):
        return found
    raise WorkFailed("Git is not installed.", "Install git 2.30 or later.")


def environment(view: Path, layout: Layout) -> dict[str, str]:
    """All that git is told; nothing is inherited."""
    return {
        "PATH": os.defpath, "HOME": str(view), "XDG_CONFIG_HOME": str(view), "LC_ALL": "C", "TZ": "UTC",
        "GIT_DIR": str(view), "GIT_OBJECT_DIRECTORY": str(layout.common_dir / "objects"),
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_SYSTEM": os.devnull, "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1", "GIT_NO_REPLACE_OBJECTS": "1", "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0", "GIT_ALLOW_PROTOCOL": "", "GIT_PROTOCOL_FROM_USER": "0",
        "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "", "SSH_ASKPASS": "", "GIT_SSH_COMMAND": "false",
        "GIT_PAGER": "cat", "GIT_EDITOR": "false",
    }  # fmt: skip


@contextmanager
def view_of(layout: Layout) -> Iterator[Path]:
    """The private folder that git is started in; gone afterwards."""
    unusual = formats(layout)
    if unusual - {"sha256"}:
        raise UnusableInput(
            f"{layout.root} keeps its refs or objects in a format this program can't read: {', '.join(sorted(unusual))}.",
            "Clone it with `git clone --ref-format=files` and add the clone.",
        )
    with _folder() as folder:
        view = Path(folder)
        (view / "config").write_text(_CONFIGURATION + (_SHA256 if unusual else ""))
        (view / "HEAD").write_text((head(layout) or "ref: refs/heads/none") + "\n")
        (view / "objects").mkdir()
        (view / "refs").symlink_to(layout.common_dir / "refs")
        for name in ("packed-refs", "shallow"):
            if (layout.common_dir / name).is_file():
                (view / name).symlink_to(layout.common_dir / name)
        yield view


def _folder() -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory(prefix="espalier-git-")
    except OSError as error:
        remedy = "Free some space there, or name another folder in TMPDIR."
        raise WorkFailed(f"No temporary folder could be made ({error.strerror}).", remedy) from None
