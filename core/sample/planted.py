"""The secrets that the sample hides: made from a fixed seed, so that no source file holds one."""

import base64
import hashlib
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, islice

SEED = "tallyfen-1"
ALPHANUMERIC = string.ascii_letters + string.digits
BASE32 = string.ascii_uppercase + "234567"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedSecret:
    """An invented secret and the places that hold it.

    A place is `head:PATH`, `past:PATH` (in older versions only), `message:COMMIT` or `ticket:ID`.
    """

    name: str
    value: str = field(repr=False)
    where: tuple[str, ...]


def _stream(name: str) -> Iterator[int]:
    """Bytes that depend on nothing but the name: Python's random may change between versions."""
    for block in count():
        yield from hashlib.sha256(f"{SEED}/{name}/{block}".encode()).digest()


def _draw(name: str, alphabet: str, length: int) -> str:
    fair = 256 - 256 % len(alphabet)
    numbers = (number for number in _stream(name) if number < fair)
    return "".join(alphabet[number % len(alphabet)] for number in islice(numbers, length))


def _key_block(name: str) -> str:
    body = base64.b64encode(bytes(islice(_stream(name), 1190))).decode()
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    title = "RSA PRIVATE" + " KEY"
    return "\n".join([f"-----BEGIN {title}-----", *lines, f"-----END {title}-----"])


def _slack_token(name: str) -> str:
    first, second = _draw(f"{name}/1", string.digits, 12), _draw(f"{name}/2", string.digits, 12)
    return "-".join(["xox" + "b", first, second, _draw(name, ALPHANUMERIC, 24)])


def values() -> dict[str, str]:
    """Every planted value by the name that the company's files call it by."""
    return {
        "aws_key_id": "AK" + "IA" + _draw("aws_key_id", BASE32, 16),
        "aws_secret": _draw("aws_secret", ALPHANUMERIC + "+/", 40),
        "smtp_password": _draw("smtp_password", ALPHANUMERIC, 20),
        "db_password": _draw("db_password", ALPHANUMERIC, 24),
        "github_token": "gh" + "p_" + _draw("github_token", ALPHANUMERIC, 36),
        "relay_key": _key_block("relay_key"),
        "gitlab_token": "glp" + "at-" + _draw("gitlab_token", ALPHANUMERIC, 20),
        "slack_token": _slack_token("slack_token"),
        "report_password": _draw("report_password", ALPHANUMERIC, 18),
        "ticket_token": "sk_" + "live_" + _draw("ticket_token", ALPHANUMERIC, 24),
    }


def plant(text: str, secrets: dict[str, str]) -> str:
    """Put the values in the place of their names in double braces."""
    for name, value in secrets.items():
        text = text.replace("{{" + name + "}}", value)
    return text
