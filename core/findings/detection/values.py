"""What a value looks like: a reference to a secret, a name, a placeholder, a digest, or something that a machine made up."""

import base64
import hashlib
import math
import re
from collections import Counter
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Literal

from espalier.core.findings.detection.spans import Confidence

Demand = Literal["any", "assigned", "random", "pair", "judged"]

# A tag always holds a digit (core/scrub/placeholder.py), which keeps names such as SECRET_KEY_ROTATION out.
PLACEHOLDER = re.compile(
    r"(?:(?:SECRET|PERSON)_[A-Z0-9_]{1,40}?_(?=[A-Z]{0,7}[2-7])[A-Z2-7]{8}|person-[a-z2-7]{8}@example\.invalid)(?![A-Za-z0-9_])"
)

_REFERENCE = re.compile(
    r"""(?x)
    [\$%@\#]\{.*\}[,;]? | \$\(.*\) | \$\(\w+ | \$\$?[A-Z_][A-Z0-9_]* | \$[a-z_]+ | %[\w.-]+% | %\(?[\w.]*\)?[sdr] | \{.*\} | <[^<>]*>
    | \[[^\[\]]*\] | [(^].*[\[\\].* | @[A-Za-z_.]+@ | [&*][a-zA-Z_]+ | !(?i:vault|secret|env|ref|sub|getatt|include|file)\S*
    | (?i:os|env|process|self|this|settings|config|conf|cfg|ctx|context|request|req|args|opts|options|kwargs|params|props|state
       |secrets|vault|var|local|data|module|inputs?|vars)[.\[(][A-Za-z_"'\[(].*
    | (?:await\s|new\s)?[A-Za-z_][\w.]*\(.*\)[;,]? | [A-Za-z_][\w.]*[(\[]["']? | [A-Za-z_][\w.]*\[["'\w.-]*\]
    | (?i:null|none|nil|undefined|true|false|yes|no|on|off|void|string|str|int|bool|boolean|bytes|object|any|required|optional
       |utf-?8|ascii|latin-?1|base64|hex|binary|unescape)[,;)]?
    | ENC\[[A-Z0-9_]+,.* | \w+://[^@]* | [A-Za-z]:\\.* | (?i:sha(?:1|256|384|512)|md5)[:-].*
    """
)
_PATH = re.compile(r"(?:[./~]|[\w.-]+/)[\w./~-]*/[\w./-]*")
_STAND_IN = re.compile(
    r"(?i)example|sample|dummy|fake|placeholder|change.?me|replace.?(?:me|with|this)|your.|insert.|todo|fixme|redacted|censored"
    r"|foo.?bar|lorem|abc123|123456|test|xxxx|yyyy|0000|1111|\*\*\*|\.\.\.|correct.?horse|hunter2|s3cr3t|passw0rd|p@ssw"
)
_NAME_WORD = re.compile(
    r"(?i)a|access|account|admin|an|and|any|api|app|application|attr|auth|authentication|authorization|authorize|aws|"
    r"basic|bearer|bot|cert|certificate|change|class|client|code|column|config|confirm|confirmation|cookie|"
    r"credential|credentials|csrf|current|data|db|default|digest|email|empty|encrypted|encryption|env|error|"
    r"exists|expired|field|file|for|forgot|form|from|github|gitlab|google|has|hash|header|hidden|http|https|id|"
    r"identifier|in|incorrect|input|invalid|is|jwt|key|keys|label|length|link|login|mail|match|max|me|min|"
    r"mismatch|missing|my|name|new|no|none|not|null|oauth|of|old|on|or|parameter|params|pass|passcode|passphrase|"
    r"passwd|password|passwords|path|pem|please|policy|private|prompt|public|pwd|query|read|refresh|registry|"
    r"repeat|request|required|reset|response|root|s|salt|secret|secrets|security|send|server|service|session|set|"
    r"settings|show|sign|signature|signing|sso|store|string|super|te|temp|temporary|text|the|this|title|to|token|"
    r"tokens|too|totp|type|u|update|url|us|use|user|username|val|valid|value|variable|vault|verify|weak|web|write|"
    r"wrong|x|xsrf|your|smtp|imap|ldap|redis|mysql|postgres|mongo|slack|stripe|twilio|azure|gcp|docker|proxy|host|port|from|source"
)
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_WORDLIKE = re.compile(r"[A-Z]?[a-z]{3,}|[A-Z]{4,}")
_VOWEL = re.compile(r"[aeiouyAEIOUY]")
_CLUSTER = re.compile(r"[b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ]{5}|(?i:[qxzj][^aeiouy\W\d])")
_UUID = re.compile(r"(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_HEX = re.compile(r"(?i)(?:0x)?[0-9a-f]+")
_DIGEST_LENGTHS = frozenset({32, 40, 56, 64, 96, 128})
_SEQUENCES = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "0123456789abcdef" * 2,
    "qwertyuiop",
    "zyxwvutsrqponmlkjihgfedcba",
)


def entropy(value: str) -> float:
    """Shannon entropy in bits a character."""
    size = len(value)
    return -sum(n / size * math.log2(n / size) for n in Counter(value).values()) if size else 0.0


def is_reference(value: str) -> bool:
    """It says where a secret is kept, or that there is none, or is encrypted (SOPS, eyaml); it is not the secret."""
    if _REFERENCE.fullmatch(value) is not None:
        return True
    return _PATH.fullmatch(value) is not None and worded(value) > 0.4


def is_name(value: str) -> bool:
    """Only words that name secrets and what surrounds them (`X-API-Key`, `new_password`): a label, no secret."""
    words = _WORDS.findall(value)
    return bool(words) and not any(c.isdigit() for c in value) and all(map(_NAME_WORD.fullmatch, words))


def is_stand_in(value: str) -> bool:
    """A placeholder that people write: `changeme`, `your-key-here`, `xxxx`."""
    return len(set(value)) <= 3 or _STAND_IN.search(value) is not None or is_sequence(value)


def is_sequence(value: str) -> bool:
    """Half of it or more is a run of the alphabet or the digits."""
    lowered = value.lower()
    needed = max(6, len(lowered) // 2)
    return any(lowered[at : at + needed] in run for run in _SEQUENCES for at in range(len(lowered) - needed + 1))


def is_identifier_of_something(value: str) -> bool:
    """A UUID, or hexadecimal of a digest's length: as often the name of a commit or a row as a secret."""
    return _UUID.fullmatch(value) is not None or (len(value) in _DIGEST_LENGTHS and _HEX.fullmatch(value) is not None)


def looks_random(value: str) -> bool:
    """Made by a machine, as far as letters tell: mixed kinds, few words, and close to as many bits as its length allows."""
    if len(value) < 8 or "," in value or not any(c.isdigit() for c in value) or not any(c.isalpha() for c in value):
        return False
    return entropy(value) >= min(3.2, 0.78 * math.log2(len(value))) and worded(value) < 0.45 and not is_sequence(value)


def worded(value: str) -> float:
    """Which part of it, 0 to 1, reads like words."""
    runs = (run for run in _WORDLIKE.findall(value) if _VOWEL.search(run) and not _CLUSTER.search(run))
    return sum(map(len, runs)) / len(value)


def is_distinctive(value: str) -> bool:
    """Its letters alone give it away, so that it is looked for everywhere; an ordinary word is a secret only in its place."""
    if len(value) < 6 or (is_stand_in(value) and len(value) < 12):
        return False
    if value.isalpha():
        return len(value) >= 10 and (worded(value) < 0.5 or _case_changes(value) >= len(value) / 4)
    return len(value) >= 10 if value.isdigit() else worded(value) < 0.8


def _case_changes(value: str) -> int:
    return sum(one.isupper() != other.isupper() for one, other in pairwise(value))


def judged(value: str, demand: Demand, confidence: Confidence) -> Confidence | None:
    """The confidence that is left once the value was looked at; None where it can't be a secret."""
    if demand == "any":
        return "low" if is_stand_in_for_format(value) or is_documented(value) else confidence
    if demand == "pair":
        password = _password_of(value)
        return None if password is None else judged(password, "assigned", confidence) or "low"
    if is_reference(value) or is_name(value):
        return None
    if demand == "random" and not looks_random(value):
        return None
    if is_stand_in(value):
        return "low"
    return confidence if looks_random(value) or is_strong(value) else "low"


def _password_of(pair: str) -> str | None:
    """What follows the colon in the base64 of `user:password` (RFC 7617); None where it is no such text."""
    try:
        user, colon, password = base64.b64decode(pair + "=" * (-len(pair) % 4), validate=True).decode().partition(":")
    except ValueError:
        return None
    return password or user if colon and (user + password).isprintable() else None


def is_stand_in_for_format(value: str) -> bool:
    """A vendor's format filled with an obvious dummy; chance letters of a true token must not make one, so words are few."""
    return re.search(r"(?i)example|placeholder|xxxxxx|000000|\*\*\*\*|####", value) is not None or is_sequence(value)


def is_documented(value: str) -> bool:
    """Printed in a vendor's documentation, and so known to everybody."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest() in _documented()


@cache
def _documented() -> frozenset[str]:
    source = resources.files("espalier.resources").joinpath("rules", "documented.txt").read_text(encoding="utf-8")
    return frozenset(line for line in source.splitlines() if not line.startswith("#"))


def is_strong(value: str) -> bool:
    """A password as people make them: long enough, with at least two kinds of character besides lower-case letters."""
    kinds = (
        any(map(str.isupper, value)),
        any(map(str.isdigit, value)),
        not value.isalnum() and not re.fullmatch(r"[\w.-]+", value),
    )
    return len(value) >= 8 and sum(kinds) >= 2 and worded(value) < 0.8
