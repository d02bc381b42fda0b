"""Pseudonyms: numbers that look like a person's number and lead to nobody, the same for the same number in every spelling.

Each keeps the length, the groups and the check digits of what it replaces, and lies where no number is ever given out:

- Cards begin with 99. After a 9, ISO/IEC 7812-1 puts the country whose body numbers the card, and ISO 3166-1 leaves the
  numbers 900 to 999 to its users: they are no country's.
- Accounts are in ZZ, which ISO 3166-1 leaves to its users too and the registry of ISO 13616 does not list.
- Addresses are those that RFC 5737 and RFC 3849 keep for documentation. Of version 4 these are 762 hosts, so that two addresses
  of a project may become one; whoever counts addresses in scrubbed text counts too few.
- Telephones are in +999, a code that ITU-T E.164 keeps in reserve. What is reserved for films is too little: a thousand numbers,
  and of some countries only.

No detector makes an exception for a pseudonym: a card of no issuer, an account of no country and an address of documentation are
none, whoever wrote them. Of the rest, numbers of so many digits that two seldom meet, chance decides, as it does for tags.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from itertools import count
from string import ascii_uppercase, digits

from espalier.core.findings.detection.numbers import NOBODYS_COUNTRY, NUMBERS, check_digit, is_iban, phone_digits
from espalier.core.project.key import ProjectKey

_CARD = re.compile(r"\d(?:[ -]?\d){11,18}", re.ASCII)
_ACCOUNT = re.compile(r"[A-Za-z]{2}\d{2}[A-Za-z0-9]{8,30}", re.ASCII)
_PHONE = re.compile(r"(?:\+|00)[1-9](?:[ .()/-]{0,3}\d){6,16}", re.ASCII)
_LOCAL_ZERO = re.compile(r"\(0\)")
_NETWORKS = tuple(map(IPv4Address, ("192.0.2.0", "198.51.100.0", "203.0.113.0")))  # RFC 5737, of 256 addresses each
_HOSTS = 254  # the first address of a network names it, the last one all of it
_DOCUMENTATION = IPv6Address("2001:db8::")  # RFC 3849, a /32


def pseudonym(key: ProjectKey, value: str, type: str) -> str | None:
    """What stands for a person's number of this type; None where the value has not the form of one."""
    form = _FORMS.get(type)
    plain = form and form.plain(value)
    if not form or not plain:
        return None
    for again in count():  # what chance makes a finding is drawn again
        number = form.drawn(key.drawn(f"{type}\0{plain}\0{again}".encode()), plain)
        if not _is_found(number):
            return form.written(number, value)
    raise AssertionError


def _is_found(number: str) -> bool:
    groups = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    return any(any(one.spans(f"card {text}")) for one in NUMBERS for text in (number, groups))


def _plain_card(value: str) -> str | None:
    return re.sub("[ -]", "", value) if _CARD.fullmatch(value) else None


def _drawn_card(chance: int, plain: str) -> str:
    """The check digit is that of ISO/IEC 7812-1, annex B (Luhn)."""
    begun = "99" + _of_chance(chance, "0" * (len(plain) - 3))
    return begun + check_digit(begun)


def _plain_iban(value: str) -> str | None:
    plain = value.replace(" ", "")
    return plain.upper() if _ACCOUNT.fullmatch(plain) and is_iban(plain.upper()) else None


def _drawn_iban(chance: int, plain: str) -> str:
    """Letters for letters and digits for digits, as the country of the account has them; check digits of ISO 13616."""
    account = _of_chance(chance, plain[4:])
    rest = int("".join(str(int(one, 36)) for one in f"{account}ZZ00")) % 97
    return f"ZZ{98 - rest:02}{account}"


def _plain_ip(value: str) -> str | None:
    try:
        return str(ip_address(value))
    except ValueError:
        return None


def _drawn_ip(chance: int, plain: str) -> str:
    if ":" in plain:
        return str(_DOCUMENTATION + chance % (1 << 96))
    network, host = divmod(chance % (len(_NETWORKS) * _HOSTS), _HOSTS)
    return str(_NETWORKS[network] + host + 1)


def _plain_phone(value: str) -> str | None:
    return phone_digits(value) if _PHONE.fullmatch(value) else None


def _drawn_phone(chance: int, plain: str) -> str:
    return NOBODYS_COUNTRY + _of_chance(chance, "0" * (len(plain) - len(NOBODYS_COUNTRY)))


def _of_chance(chance: int, like: str) -> str:
    """A letter for each letter and a digit for each digit."""
    drawn = []
    for one in like:
        letters = digits if one.isdigit() else ascii_uppercase
        chance, at = divmod(chance, len(letters))
        drawn.append(letters[at])
    return "".join(drawn)


def _in_groups(number: str, value: str) -> str:
    """With what stands between the characters of the value."""
    left = iter(number)
    return re.sub(r"[A-Za-z0-9]", lambda one: next(left), value)


def _phone_in_groups(number: str, value: str) -> str:
    """The 00 that some dial before a country, and the 0 that they leave out behind it, stay."""
    begin = 2 if value.startswith("00") else 0
    parts = _LOCAL_ZERO.split(value[begin:])
    left, written = number, []
    for part in parts:
        size = sum(map(str.isdigit, part))
        written.append(_in_groups(left[:size], part))
        left = left[size:]
    return value[:begin] + "(0)".join(written)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """`plain` is one text for all spellings of a number, `drawn` another such text by chance, `written` that one spelled as a value is."""

    plain: Callable[[str], str | None]
    drawn: Callable[[int, str], str]
    written: Callable[[str, str], str]


_FORMS: Mapping[str, _Form] = {
    "CARD": _Form(plain=_plain_card, drawn=_drawn_card, written=_in_groups),
    "IBAN": _Form(plain=_plain_iban, drawn=_drawn_iban, written=_in_groups),
    "IP": _Form(plain=_plain_ip, drawn=_drawn_ip, written=lambda number, value: number),
    "PHONE": _Form(plain=_plain_phone, drawn=_drawn_phone, written=_phone_in_groups),
}
NUMBER_TYPES = tuple(_FORMS)
