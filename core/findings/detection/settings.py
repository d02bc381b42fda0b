"""What the detectors of detect-secrets are set to, and the text that warrants a look; loading them takes a tenth of a second."""

import re
from importlib import metadata

BASE64_LIMIT, HEX_LIMIT = 4.5, 3.0  # bits a character; detect-secrets' own defaults
SHORTEST_TOKEN, LONGEST_TOKEN = 20, 512

# The names that KeywordDetector knows, in front of a quote or an assignment, or behind a comparison.
_NAME = (
    r"(?:(?:api|auth|service|account|db|database|priv|private|client)_?key|(?:db|database|key)_?pass|password|passwd|pwd|secret"
    r"|contrase)"
)
KEYWORD_SIGNS = (
    re.compile(rf"(?i){_NAME}[^\n\"'`]{{0,60}}[\"'`]|{_NAME}\w{{0,40}}[\]'\"]{{0,2}}\s{{0,16}}[:=]", re.ASCII),
    re.compile(rf"(?i)[\"'`]\s{{0,16}}[!=]{{2,3}}\s{{0,16}}\w{{0,60}}{_NAME}", re.ASCII),
)
# A token with a digit in it, in quotes or after an assignment: quotes, letters before the digit, and enough of them in all.
_BEFORE_DIGIT = "[A-Za-z+/_=-]"
_TOKEN = "[A-Za-z0-9+/_=-]"
ENTROPY_SIGNS = tuple(
    re.compile(
        rf"{begin}(?:{_BEFORE_DIGIT}{{0,11}}[0-9]{_TOKEN}{{8}}|{_BEFORE_DIGIT}{{12}}{_BEFORE_DIGIT}*[0-9])", re.ASCII
    )
    for begin in ("[\"'`]", "[=:][ \\t]{0,8}")
)


def settings() -> dict[str, object]:
    """What a scan is named by, besides its rules."""
    return {
        "detect-secrets": metadata.version("detect-secrets"),
        "base64": BASE64_LIMIT,
        "hex": HEX_LIMIT,
        "token": [SHORTEST_TOKEN, LONGEST_TOKEN],
    }
