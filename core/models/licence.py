"""The licence that a model folder names: the README's front matter first, then the words of its LICENSE file."""

import re
from pathlib import Path

from license_expression import get_spdx_licensing

LARGEST = 64 << 10
"""Bytes of a file that are looked at."""
UNKNOWN = "unknown"
WORDS = {
    "Apache License Version 2.0": "Apache-2.0",
    "Permission is hereby granted, free of charge, to any person obtaining a copy": "MIT",
    "LLAMA 3.3 COMMUNITY LICENSE": "LicenseRef-llama3.3",
    "LLAMA 3.2 COMMUNITY LICENSE": "LicenseRef-llama3.2",
    "LLAMA 3.1 COMMUNITY LICENSE": "LicenseRef-llama3.1",
    "META LLAMA 3 COMMUNITY LICENSE": "LicenseRef-llama3",
    "LLAMA 2 COMMUNITY LICENSE": "LicenseRef-llama2",
}


def licence(folder: Path) -> str:
    """An SPDX identifier, a LicenseRef- of the name that was found, or "unknown"."""
    named = _front_matter(_start(folder / "README.md"))
    if named and named != "other":
        return _identifier(named)
    texts = (_start(path) for path in sorted(folder.glob("LICEN[CS]E*")))
    return next((found for text in texts if (found := _by_words(text))), UNKNOWN)


def _start(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return file.read(LARGEST).decode(errors="replace")


def _front_matter(text: str) -> str:
    block = re.match(r"---\r?\n(.*?)\n---", text, re.DOTALL)
    line = block and re.search(r"^license:[ \t]*[\"']?([A-Za-z0-9.+-]{1,64})", block[1], re.MULTILINE)
    return line[1] if line else ""


def _identifier(name: str) -> str:
    keys = {str(key).lower(): str(key) for key in get_spdx_licensing().known_symbols}
    return keys.get(name.lower(), f"LicenseRef-{name}")


def _by_words(text: str) -> str:
    flat = re.sub(r"\W+", " ", text).lower()
    return next((found for words, found in WORDS.items() if re.sub(r"\W+", " ", words).lower() in flat), "")
