"""What the detectors of detect-secrets are set to; beside them, since loading them takes a tenth of a second."""

from importlib import metadata

BASE64_LIMIT, HEX_LIMIT = 4.5, 3.0  # bits a character; detect-secrets' own defaults
SHORTEST_TOKEN, LONGEST_TOKEN = 20, 512


def settings() -> dict[str, object]:
    """What a scan is named by, besides its rules."""
    return {
        "detect-secrets": metadata.version("detect-secrets"),
        "base64": BASE64_LIMIT,
        "hex": HEX_LIMIT,
        "token": [SHORTEST_TOKEN, LONGEST_TOKEN],
    }
