"""Which licence a text is or names: SPDX tags first, then phrases that each licence alone has."""

import re
from collections.abc import Iterable
from functools import cache

from license_expression import ExpressionError, Licensing, get_license_index, get_spdx_licensing

OWN, PROPRIETARY, UNKNOWN = "LicenseRef-own", "LicenseRef-proprietary", "LicenseRef-unknown"

_LONGEST = 200  # characters of a licence's name or expression
_HINTS = (  # in lower case; a text without any of these is not looked at further
    "license", "licence", "permission", "redistribut", "reserved", "proprietary", "public domain", "unauthori", "cc0",
    "confidential",
)  # fmt: skip
_TAG = re.compile(r"SPDX-License-Identifier:[ \t]*([^\r\n]{1,200})")
_NOISE = re.compile(r"[\s#*/;%<>\"'`]+|--+")
_GRANT = (
    r"(?:licen[sc]ed|released|distributed|available|provided|covered|redistributed?|under the terms of)(?: \w+){0,6}? "
)
_PHRASES = tuple(
    (expression, re.compile(pattern))
    for expression, pattern in (
        ("MIT", r"permission is hereby granted, free of charge, to any person obtaining a copy of this software and "
                r"associated documentation files|" + _GRANT + r"(?:the )?mit licen[cs]e"),
        ("ISC", r"permission to use, copy, modify,? and(?: or |or | )distribute this software for any purpose with or without "
                r"fee is hereby granted, provided that|" + _GRANT + r"(?:the )?isc licen[cs]e"),
        ("0BSD", r"for any purpose with or without fee is hereby granted\. the software is provided"),
        ("Apache-2.0", r"apache licen[cs]e,? (?:version|v\.?) ?2(?:\.0)?\b|apache-2\.0 licen[cs]e|" + _GRANT + r"apache 2\b"),
        ("MPL-2.0", r"mozilla public licen[cs]e,? (?:version|v\.?) ?2\.0"),
        ("MPL-1.1", r"mozilla public licen[cs]e,? (?:version|v\.?) ?1\.1"),
        ("EPL-2.0", r"eclipse public licen[cs]e,? ?-? ?(?:version|v\.?) ?2\.0"),
        ("EPL-1.0", r"eclipse public licen[cs]e,? ?-? ?(?:version|v\.?) ?1\.0"),
        ("Unlicense", r"free and unencumbered software released into the public domain"),
        ("CC0-1.0", r"cc0 1\.0 universal"),
        ("BSL-1.0", r"boost software licen[cs]e,? ?-? ?version 1\.0"),
        ("Zlib", r"altered source versions must be plainly marked as such"),
        ("PSF-2.0", r"python software foundation licen[cs]e version 2"),
        ("BUSL-1.1", r"business source licen[cs]e 1\.1"),
        ("SSPL-1.0", r"server side public licen[cs]e"),
        ("Elastic-2.0", r"elastic licen[cs]e 2\.0"),
        ("CC-BY-NC-4.0", r"creative commons attribution-noncommercial 4\.0"),
        ("CC-BY-SA-4.0", r"creative commons attribution-sharealike 4\.0"),
        ("CC-BY-4.0", r"creative commons attribution 4\.0"),
    )
)  # fmt: skip
_BSD = re.compile(r"redistribution and use in source and binary forms, with or without modification, are permitted")
_BSD_NAMED = re.compile(_GRANT + r"(?:the )?(?:(?:new |modified |3-clause )?bsd(?: 3-clause)?|bsd-3-clause) licen[cs]e")
_ENDORSE = re.compile(r"endorse or promote|neither the name")
_ADVERTISE = re.compile(r"all advertising materials mentioning")
_GNU = re.compile(r"gnu (affero |lesser |library )?general public licen[cs]e")
_GNU_GRANT = re.compile(
    r"(?:(?:terms|conditions) of|under|version [23](?:\.[01])? of|this is|see) (?:version [23](?:\.[01])? of )?the "
    r"gnu (affero |lesser |library )?general public licen[cs]e(.{0,200})"
)
_GNU_VERSION = re.compile(r"(?:version|v\.?) ?([23](?:\.[01])?)|(?:licen[cs]e,? )([23](?:\.[01])?)\b")
_LATER = re.compile(r"(?:any|\(?at your option\)?,? any) later version|or later")
_RESERVED = re.compile(r"\ball rights reserved\b|\bproprietary and confidential\b|\bconfidential and proprietary\b|"
                       r"\bproprietary (?:software|information|licen[cs]e)\b|\bunauthori[sz]ed (?:copying|use) of")  # fmt: skip
_HOLDER = re.compile(
    r"(?i)copyright[ \t]*(?:\(c\)|©)?[ \t]*(?:\d{4}(?:[ \t]*[-–,][ \t]*(?:\d{4}|present))*)?[ \t,]*(?:by[ \t]+)?([^\r\n]{2,120})"
)
_ALIASES = {
    "apache": "Apache-2.0", "apache 2": "Apache-2.0", "apache 2.0": "Apache-2.0", "apache2": "Apache-2.0",
    "apache-2": "Apache-2.0", "apache license 2.0": "Apache-2.0", "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0", "apache license": "Apache-2.0", "asl 2.0": "Apache-2.0",
    "mit license": "MIT", "the mit license": "MIT", "expat": "MIT", "bsd": "BSD-3-Clause", "bsd license": "BSD-3-Clause",
    "new bsd": "BSD-3-Clause", "new bsd license": "BSD-3-Clause", "bsd-3": "BSD-3-Clause", "3-clause bsd": "BSD-3-Clause",
    "bsd 3-clause": "BSD-3-Clause", "bsd-2": "BSD-2-Clause", "simplified bsd": "BSD-2-Clause", "isc license (iscl)": "ISC",
    "isc license": "ISC", "gpl": "GPL-2.0-or-later", "gplv2": "GPL-2.0-only", "gpl v2": "GPL-2.0-only",
    "gplv2+": "GPL-2.0-or-later", "gplv3": "GPL-3.0-only", "gpl v3": "GPL-3.0-only", "gplv3+": "GPL-3.0-or-later",
    "gpl-2": "GPL-2.0-only", "gpl-3": "GPL-3.0-only", "gnu general public license v3 (gplv3)": "GPL-3.0-only",
    "gnu general public license v2 (gplv2)": "GPL-2.0-only", "lgpl": "LGPL-2.1-or-later", "lgplv2.1": "LGPL-2.1-only",
    "lgplv3": "LGPL-3.0-only", "lgplv3+": "LGPL-3.0-or-later", "agplv3": "AGPL-3.0-only", "agpl": "AGPL-3.0-only",
    "mpl": "MPL-2.0", "mpl 2.0": "MPL-2.0", "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0", "epl": "EPL-2.0",
    "python software foundation license": "PSF-2.0", "psf": "PSF-2.0", "public domain": "CC0-1.0",
    "the unlicense (unlicense)": "Unlicense", "proprietary": PROPRIETARY, "other/proprietary license": PROPRIETARY,
    "unlicensed": PROPRIETARY, "commercial": PROPRIETARY, "private": PROPRIETARY, "all rights reserved": PROPRIETARY,
}  # fmt: skip


def identify(text: str) -> str | None:
    """The SPDX expression for a licence text or a file header; None when nothing in it speaks of a licence."""
    lower = text.lower()
    if not any(hint in lower for hint in _HINTS):
        return None
    if tags := _TAG.findall(text):
        return joined(named(tag) for tag in tags)
    words = _NOISE.sub(" ", lower)
    found = [expression for expression, pattern in _PHRASES if pattern.search(words)]
    found += [*_bsd(words), *_gnu(words)]
    if found:
        return joined(found)
    return PROPRIETARY if _RESERVED.search(words) else None


def named(name: str) -> str:
    """The SPDX expression for what somebody wrote in a tag or a manifest."""
    name = re.sub(r"\s*(\*/|-->|#\}).*$", "", name[:_LONGEST]).strip().strip("\"'")
    if alias := _ALIASES.get(name.lower()):
        return alias
    if name.startswith("LicenseRef-"):
        return PROPRIETARY if "proprietary" in name.lower() else UNKNOWN
    return _normal(name) or UNKNOWN


def joined(expressions: Iterable[str]) -> str:
    """All of them at once, in one expression."""
    distinct = sorted(set(expressions))
    if len(distinct) == 1:
        return distinct[0]
    return " AND ".join(f"({one})" if " OR " in one else one for one in distinct)


@cache
def category(expression: str) -> str:
    """ScanCode's category: of `A AND B` the stricter, of `A OR B` the milder; 'own' and 'Unknown' beside theirs."""
    if expression == OWN:
        return "own"
    return _strictest(_spdx().parse(expression, validate=False))


def holder(text: str) -> str:
    """Whom the first copyright line names, in lower case without punctuation; '' where there is none."""
    found = _HOLDER.search(text)
    name = re.split(r"(?i)[.,]?\s*all rights", found[1])[0] if found else ""
    return " ".join(re.findall(r"\w+", name.lower()))


def _normal(name: str) -> str | None:
    """The expression in SPDX's own spelling, None if it is not one."""
    try:
        parsed = _spdx().parse(name, validate=True, strict=True)
    except ExpressionError:
        return None
    return None if parsed is None else str(parsed)


def _bsd(words: str) -> list[str]:
    if not _BSD.search(words):
        return ["BSD-3-Clause"] if _BSD_NAMED.search(words) else []
    if _ADVERTISE.search(words):
        return ["BSD-4-Clause"]
    return ["BSD-3-Clause" if _ENDORSE.search(words) else "BSD-2-Clause"]


def _gnu(words: str) -> list[str]:
    """A full text begins with its title and says 'only' (it can't say otherwise); a header grants."""
    title = _GNU.search(words, 0, 300)
    grants = _GNU_GRANT.finditer(words)
    if title and len(words) > 5000:
        return [_gnu_name(title[1], words[title.end() : title.end() + 100], later=False)]
    around = ((found[1], words[max(0, found.start() - 40) : found.end()]) for found in grants)
    return [_gnu_name(kind, text, later=bool(_LATER.search(text))) for kind, text in around][:1]


def _gnu_name(kind: str | None, text: str, later: bool) -> str:
    name = {"affero ": "AGPL", "lesser ": "LGPL", "library ": "LGPL"}.get(kind or "", "GPL")
    found = _GNU_VERSION.search(text)
    version = (found[1] or found[2]) if found else "3" if name == "AGPL" else "2"
    full = version if "." in version else f"{version}.0"
    return f"{name}-{full}-{'or-later' if later or not found else 'only'}"


_RANKS = (
    "Public Domain", "Permissive", "Unstated License", "CLA", "Patent License", "Copyleft Limited", "Free Restricted",
    "Source-available", "Copyleft", "Proprietary Free", "Commercial", "Unknown",
)  # fmt: skip


def _strictest(parsed: object) -> str:
    """Walks what license-expression parsed; an exception never makes a licence milder here."""
    if base := getattr(parsed, "license_symbol", None):
        return _strictest(base)
    arguments = getattr(parsed, "args", ())
    if not arguments:
        return _categories().get(str(getattr(parsed, "key", "")).lower(), "Unknown")
    ranks = [_RANKS.index(_strictest(argument)) for argument in arguments]
    return _RANKS[min(ranks) if type(parsed).__name__ == "OR" else max(ranks)]


@cache
def _spdx() -> Licensing:
    """Making one takes 0.1 s."""
    return get_spdx_licensing()


@cache
def _categories() -> dict[str, str]:
    """SPDX key in lower case → category, from the index that license-expression carries."""
    found = {PROPRIETARY.lower(): "Commercial"}
    for entry in get_license_index():
        for key in (entry.get("spdx_license_key"), *entry.get("other_spdx_license_keys", ())):
            if key and entry.get("category") in _RANKS:
                found[str(key).lower()] = str(entry["category"])
    return found
