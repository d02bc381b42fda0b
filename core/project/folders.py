"""The folders of the person at this machine: configuration (keys, identities) and cache (converted models, toolchains).

`ESPALIER_HOME` and `ESPALIER_CACHE` move them, for tests, for shared machines and for a home that must stay clean.
"""

import os
from pathlib import Path

import platformdirs


def config_folder() -> Path:
    """Where this person's keys lie; made 0700 at first use."""
    return _private(os.environ.get("ESPALIER_HOME"), platformdirs.user_config_path("espalier"))


def cache_folder() -> Path:
    """What can be made again: converted models, copied toolchains."""
    return _private(os.environ.get("ESPALIER_CACHE"), platformdirs.user_cache_path("espalier"))


def _private(override: str | None, default: Path) -> Path:
    folder = Path(override) if override else default
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
