"""Traits: what a candidate for a secret looks like in its place, as named numbers that a model can weigh.

They are told of the value, of the name that it is given to, of its line and of its file's name. None of them is the value itself.
"""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from espalier.core.findings.detection import values
from espalier.core.findings.detection.encoded import stands_for_text

BEFORE, AFTER = 100, 40  # characters of the line that count
RAREST = 10.0  # bits of a pair that was never seen

_NAME = re.compile(
    r"""(?P<name>[A-Za-z_$@][\w$.\-]{0,60}|\[["'][\w.\- ]{1,60}["']\]?|["'][\w.\- ]{1,60})["'`\\\])>]{0,5}\s{0,8}"""
    r"""(?P<sign>=>|:=|[:?.+|]{1,3}=|={1,3}|!={1,2}|:|,|\(|\s)\s{0,8}(?:[bruN@$f]{0,2}\\{0,2}["'`]|\()?\Z""",
    re.ASCII,
)
_TYPE = (
    r"[*&]?[A-Za-z_][\w.<>\[\]?]{0,30}\s{0,4}=\s{0,4}[brufN@$]{0,2}[\"'`]\Z"  # between a name and what is given to it
)
_OTHERS = (
    ("=", re.compile(rf"([A-Za-z_$][\w$]{{0,60}})\s?:\s{{0,2}}{_TYPE}", re.ASCII)),
    ("=", re.compile(rf"\b(?:var|const)\s{{1,2}}([A-Za-z_][\w]{{0,60}})\s{{1,2}}{_TYPE}", re.ASCII)),
    ("element", re.compile(r"<([\w:.\-]{1,60})(?:\s[^<>]{0,60})?>\s{0,80}\Z", re.ASCII)),
    ("attribute", re.compile(r"""(?:name|key)\s?=\s?["']([\w.\-]{1,60})["']\s{1,8}value\s?=\s?["']\Z""", re.ASCII)),
    ("is", re.compile(r"""([\w\-]{2,40})\s{1,4}(?:is|was|are)(?:\s{1,4}|\s?:\s?)["'`]?\Z""", re.ASCII)),
    (
        "by",
        re.compile(r"(?i)\b(identified|password)\b.{0,40}\s(?:by|as|password|=)\s{0,4}(?:password\()?N?'\Z", re.ASCII),
    ),
)
_SIGNS = frozenset(("=", "==", "===", ":=", "?=", "!=", "!=="))  # others that end so are assignments too
_CALL = re.compile(r"([A-Za-z_][\w.]{1,60})\((?:[^()]*)\Z", re.ASCII)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_KINDS = (
    ("public", frozenset(("public", "pub", "csrf", "xsrf", "id", "ids", "kid", "url", "uri", "name", "type", "label", "title", "field", "column", "header",
                          "path", "file", "prefix", "suffix", "length", "size", "count", "ttl", "expires", "expiry", "timeout", "algorithm", "alg",
                          "method", "mode", "endpoint", "issuer", "placeholder", "message", "error", "help", "hint", "description", "text",
                          "format", "regex", "pattern", "policy", "rule", "rules", "status", "version", "hash", "checksum", "digest", "sha",
                          "integrity", "fingerprint", "thumbprint", "address", "modulus", "tag", "etag", "ciphertext", "iv", "nonce", "state",
                          "challenge", "authenticity", "foreign", "primary", "class", "selector", "icon", "page", "view", "route", "event", "action", "provider", "generator",
                          "validator", "encoder", "manager", "service", "handler", "interface", "mapping", "index", "signature", "device"))),
    ("password", frozenset(("password", "identified", "passwd", "pwd", "pass", "passphrase", "passwort", "passcode", "pw", "psw", "userpass", "dbpass",
                            "userpassword", "dbpassword", "adminpassword", "rootpassword"))),
    ("secret", frozenset(("secret", "secrets", "private", "credential", "credentials", "cred", "creds", "clientsecret", "secretkey",
                          "salt", "pepper", "seed", "hmac", "signing", "encryption", "master"))),
    ("token", frozenset(("token", "tokens", "bearer", "jwt", "auth", "authorization", "session", "cookie", "otp", "totp",
                         "accesstoken", "refreshtoken", "oauth", "sessid", "phpsessid", "jsessionid", "webhook"))),
    ("key", frozenset(("key", "keys", "apikey", "accesskey", "authkey", "license", "licence"))),
)  # fmt: skip
_LINE = (
    (
        "digest",
        re.compile(
            r"(?i)sha-?\d|md5|checksum|integrity|digest|fingerprint|thumbprint|etag|\bhash|commit|revision|resolved|content-id"
        ),
    ),
    (
        "documented",
        re.compile(r"(?i)\bexample|e\.g\.|\bsample|\bdummy|\bfake|\bmock|placeholder|\btodo\b|\bdemo\b|for instance"),
    ),
    (
        "public key",
        re.compile(
            r"""(?i)ssh-(?:rsa|ed25519|dss)|-----BEGIN (?:CERT|PUBLIC)|["']?(?:x5c|x5t|kty|crv)["']?\s*:|public[_ -]?key"""
        ),
    ),
    ("image", re.compile(r"(?i)data:(?:image|font|application)|base64,")),
    ("comment", re.compile(r"\A\s*(?:#|//|/?\*|--|;|<!--|rem\b)", re.I)),
    ("markup", re.compile(r"</?\w+[^>]*\Z|\bplaceholder=|\baria-|\bid=|\bfor=|\bhref=", re.I)),
    (
        "translated",
        re.compile(r"(?i)\b(?:i18n|translate|gettext|label|title|caption|placeholder|msgid|msgstr|tooltip)\b"),
    ),
    ("query", re.compile(r"[?&;#][\w.\-\[\]]{1,40}=\Z")),
    ("compared", re.compile(r"(?i)(?:assert|expect|equal|should|to(?:Be|Equal)|===?|!==?)[^;]{0,40}\Z")),
    (
        "environment",
        re.compile(r"(?i)\b(?:export|env|environment|setx?|-e)\b|\A\s*-?\s*[A-Z][A-Z0-9_]{3,}\s*[=:]\s*\Z"),
    ),
    (
        "signs in",
        re.compile(
            r"(?i)(?:log_?in|sign_?in|authenticate|basic_?auth|credential|connect|set_?pass|register|create_?user)\w*[\"']?\s{0,4}\("
        ),
    ),
    ("signs", re.compile(r"(?i)\b(?:sign|verify|encrypt|decrypt|hmac|encode|decode|cipher)\w*\(")),
)
_OF_PASSWORDS = frozenset(("credentials-call", "password-call", "sql-password", "command-line-password"))
_CODE = frozenset(
    [
        "py",
        "js",
        "ts",
        "tsx",
        "jsx",
        "mjs",
        "cjs",
        "java",
        "kt",
        "scala",
        "go",
        "rs",
        "rb",
        "php",
        "cs",
        "c",
        "cc",
        "cpp",
        "h",
        "hpp",
        "m",
        "mm",
        "swift",
        "pl",
        "lua",
        "r",
        "dart",
        "ex",
        "exs",
        "erl",
        "clj",
        "groovy",
        "vb",
        "fs",
    ]
)
_SETTINGS = frozenset(
    [
        "env",
        "yml",
        "yaml",
        "properties",
        "ini",
        "cfg",
        "conf",
        "cnf",
        "config",
        "toml",
        "tf",
        "tfvars",
        "hcl",
        "json",
        "xml",
        "plist",
        "sh",
        "bash",
        "zsh",
        "ps1",
        "bat",
        "cmd",
        "service",
        "npmrc",
        "netrc",
        "pgpass",
        "sql",
    ]
)
_PROSE = frozenset(["md", "rst", "txt", "adoc", "html", "htm", "ipynb", "log", "csv", "eml", "tex"])
_PLACES = (
    ("tests", re.compile(r"(?i)(?:^|[/_.\-])(?:tests?|specs?|testing|fixtures?|mocks?|e2e|cypress|__tests__|testdata|unittests?)(?:[/_.\-]|$)|[a-z](?:Tests?|Spec)\.\w+$")),
    ("examples", re.compile(r"(?i)(?:^|[/_.\-])(?:examples?|samples?|demos?|quickstarts?|tutorials?|templates?)(?:[/_.\-]|$)")),
    ("translations", re.compile(r"(?i)(?:^|[/_.\-])(?:i18n|l10n|locales?|lang|languages?|translations?|messages?|labels?)(?:[/_.\-]|$)|_[a-z]{2}(?:_[A-Z]{2})?\.(?:json|properties|ya?ml|po)$")),
    ("made", re.compile(r"(?i)\.min\.|(?:^|/)(?:dist|build|vendor|node_modules|third_party|wwwroot/lib|static/lib|generated|recordings?|cassettes?|snapshots?)(?:/|$)|\.(?:map|svg|lock|sum|snap)$|-lock\.")),
    ("documents", re.compile(r"(?i)(?:^|/)(?:docs?|documentation|readme|changelog|wiki)(?:[/.]|$)")),
    ("settings", re.compile(r"(?i)(?:^|/)\.?(?:env|config|settings|credentials?|secrets?|docker-compose|application|appsettings|values)(?:[./_\-]|$)")),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A value, what stands around it on its line, and the rule that pointed at it."""

    value: str
    before: str
    after: str
    rule: str


def of_path(path: str) -> frozenset[str]:
    """What a file's name says of what is in it."""
    name = path.rsplit("/", 1)[-1].lower()
    ending = name.rsplit(".", 1)[-1] if "." in name else ""
    kind = "code" if ending in _CODE else "settings" if ending in _SETTINGS else "prose" if ending in _PROSE else ""
    kind = "settings" if name.startswith((".env", "dockerfile", "makefile")) or ".env" in name else kind
    places = {place for place, pattern in _PLACES if pattern.search(path)}
    return frozenset(
        {f"in {kind or ('messages' if not path else 'other files')}", *(f"among {place}" for place in places)}
    )


def traits(one: Candidate, of_file: frozenset[str]) -> dict[str, float]:
    """All of a candidate; a trait that is not named is 0."""
    found = dict.fromkeys(of_file, 1.0)
    found.update(_of_value(one.value))
    before = one.before[-BEFORE:]
    name, sign = _named(before)
    words = [] if one.rule in _OF_PASSWORDS and sign == "," else _words(name)  # what stands before is another value
    kinds = _kinds(words) | ({"password"} if one.rule in _OF_PASSWORDS else set())
    found |= {f"line: {kind}": 1.0 for kind, pattern in _LINE if pattern.search(before)}
    found[f"sign {sign or 'none'}"] = 1.0
    found[f"rule {one.rule}"] = 1.0
    quote = before[-1:] if before[-1:] in "\"'`" and before[-1:] else ""
    quoted = bool(quote) and one.after.startswith(quote)
    found["quoted" if quoted else "unquoted"] = 1.0
    if not quoted and "in code" in of_file and "line: comment" not in found:
        found["unquoted in code"] = 1.0
    for word in words[-3:]:
        found[f"name has {word}"] = 1.0
    found[f"name ends {words[-1]}" if words else "no name"] = 1.0
    found |= {f"named {kind}": 1.0 for kind in kinds}
    main = next((kind for kind in ("public", "password", "secret", "token", "key") if kind in kinds), "nothing")
    looks = _looks(one.value)
    found[f"{main} that looks {looks}"] = 1.0
    found[f"{looks} after {sign or 'nothing'}"] = 1.0
    found |= {f"{looks} {place}": 1.0 for place in of_file}
    found |= {f"{main} {place}": 1.0 for place in of_file}
    if _kinds(_words(one.value)) - {"public"} and looks not in ("random", "like a digest"):
        found["speaks of secrets"] = 1.0
    if one.after[:1] in "([.{" and not quote:
        found["goes on as code"] = 1.0
    if name and _plain(name) == _plain(one.value):
        found["is its own name"] = 1.0
    elif words and _plain(words[-1]) and _plain(words[-1]) in _plain(one.value):
        found["holds its name"] = 1.0
    return found


def _named(before: str) -> tuple[str, str]:
    """The name that a value is given to, and the sign between them; of a call's value, the call."""
    for sign, pattern in _OTHERS:
        if other := pattern.search(before):
            return other[1], sign
    found = _NAME.search(before)
    if found is not None:
        sign = found["sign"].strip() or "space"
        return found["name"].strip("[\"'"), "=" if sign.endswith("=") and sign not in _SIGNS else sign
    call = _CALL.search(before)
    return (call[1], "call") if call else ("", "")


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]


def _kinds(words: list[str]) -> set[str]:
    joined = {"".join(words[at : at + 2]) for at in range(len(words) - 1)}
    return {kind for kind, known in _KINDS if known & (set(words[-3:]) | joined)}


def _looks(value: str) -> str:
    """The kind of value, in a word."""
    if values.is_reference(value):
        return "like a reference"
    if values.is_name(value):
        return "like a name"
    if values.is_identifier_of_something(value):
        return "like a digest"
    if values.is_stand_in(value):
        return "like a stand-in"
    if " " in value:
        return "like a sentence"
    if values.looks_random(value):
        return "random"
    if values.is_strong(value):
        return "strong"
    if value.isalpha():
        return "like a word" if unlikely(value) < 4.5 else "like letters"
    return "like a number" if value.replace(".", "").isdigit() else "mixed"


def _of_value(value: str) -> Iterator[tuple[str, float]]:
    size = len(value)
    letters = sum(map(str.isalpha, value))
    digits = sum(map(str.isdigit, value))
    uppers = sum(map(str.isupper, value))
    yield f"length {min(size, 3) if size < 4 else min(11, int(math.log2(size) * 2))}", 1.0
    yield "entropy", values.entropy(value) / 5
    yield "fullness", values.entropy(value) / max(1.0, math.log2(max(2, size)))
    yield "digits", digits / size
    yield "capitals", uppers / size
    yield "symbols", (size - letters - digits) / size
    yield "words", values.worded(value)
    yield "unlikely letters", min(6.0, unlikely(value)) / 3
    yield f"of {''.join(_classes(value))}", 1.0
    if stands_for_text(value):
        yield "readable underneath", 1.0
    for trait, pattern in _SHAPES:
        if pattern.search(value):
            yield f"shape {trait}", 1.0


def _classes(value: str) -> Iterator[str]:
    for name, pattern in _CLASSES:
        if pattern.search(value):
            yield name


_CLASSES = (("a", re.compile("[a-z]")), ("A", re.compile("[A-Z]")), ("0", re.compile("[0-9]")), ("_", re.compile("[_-]")),
            ("!", re.compile(r"[^\w\s.:/-]")), (".", re.compile("[.:/]")), (" ", re.compile(r"\s")), ("é", re.compile(r"[^\x00-\x7f]")))  # fmt: skip
_SHAPES = (
    ("hexadecimal", re.compile(r"\A(?:0x)?[0-9a-fA-F]{16,}\Z")),
    ("UUID", re.compile(r"(?i)\A[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\Z")),
    ("base64", re.compile(r"\A[A-Za-z0-9+/_-]{20,}={1,2}\Z")),
    ("camel case", re.compile(r"\A[a-z]+(?:[A-Z][a-z0-9]+)+\Z")),
    ("capitalised words", re.compile(r"\A(?:[A-Z][a-z]+){2,}\d{0,4}\Z")),
    ("one capitalised word", re.compile(r"\A[A-Z][a-z]+\Z")),
    ("small letters", re.compile(r"\A[a-z]+\Z")),
    ("capitals", re.compile(r"\A[A-Z]+\Z")),
    ("constant", re.compile(r"\A[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\Z")),
    ("snake", re.compile(r"\A[a-z][a-z0-9]*(?:_[a-z0-9]+)+\Z")),
    ("kebab", re.compile(r"\A[a-z][a-z0-9]*(?:-[a-z0-9]+)+\Z")),
    ("dotted", re.compile(r"\A\$?[A-Za-z_]\w*(?:(?:\.|->|::)\w+)+\Z")),
    ("word and digits", re.compile(r"\A[A-Za-z]{3,}\d{1,4}[!@#$.]?\Z")),
    ("digits", re.compile(r"\A\d+\Z")),
    ("path", re.compile(r"\A(?:\.{0,2}/|[A-Za-z]:\\|~/)|[\w.-]+/[\w.-]+/")),
    ("address", re.compile(r"://|\Awww\.|@[\w-]+\.\w")),
    ("template", re.compile(r"\$\{|\{\{|%\(|%[sd]\b|<[A-Za-z _-]+>|\$\w|\{\w*\}|__\w+__")),
    ("code", re.compile(r"[(){}\[\];]|=>|->|::|\+\s|&&|\|\|")),
    ("markup", re.compile(r"</?\w|&\w+;|\\[ux]\w{2}")),
    ("masked", re.compile(r"\*{3}|x{4}|X{4}|\.{2}|…")),
    ("placeholder", re.compile(r"(?i)your|change.?me|replace|insert|example|placeholder|dummy|sample|redacted|todo|fixme|enter.")),
    ("weak", re.compile(r"(?i)\A(?:pass(?:word|wd)?|secret|admin|test|root|user|guest|demo|foo|bar|baz|changeme|qwerty|letmein|welcome|default|hello|token|key)[\W_]{0,2}\d{0,4}[!.]?\Z")),
    ("counted", re.compile(r"0123|1234|2345|4567|abcd|ABCD|qwer|(.)\1{3}")),
    ("begins eyJ", re.compile(r"\AeyJ")),
    ("leet", re.compile(r"[A-Za-z][0-9@$!][A-Za-z]")),
)  # fmt: skip


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def unlikely(value: str) -> float:
    """Bits that a pair of letters takes on average, by how often such pairs stand in words of code; random ones take 5 or more."""
    runs = (run.lower() for run in _LETTERS.findall(value))
    bits = [_pairs().get(run[at : at + 2], RAREST) for run in runs for at in range(len(run) - 1)]
    return sum(bits) / len(bits) if bits else 0.0


_LETTERS = re.compile("[A-Za-z]{2,}")


@cache
def _pairs() -> dict[str, float]:
    source = resources.files("espalier.resources").joinpath("rules", "letter-pairs.json").read_text(encoding="utf-8")
    return {pair: bits for pair, bits in json.loads(source).items()}
