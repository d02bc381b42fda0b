"""Numbers that lead to a person: bank accounts, payment cards, telephones, addresses on the internet.

A number is believed by its own check where its format has one, and by the words on its line where it has none or a weak one. What
standards set aside for documentation, and what everybody tests with, is ranked low: it leads to nobody.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address

from espalier.core.findings.detection.spans import Confidence, Severity, Span

Line = Callable[[], str]

# Lengths by country, as SWIFT's IBAN registry lists them.
_IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28, "CH": 21,
    "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27,
    "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
    "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24,
    "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29,
    "RO": 24, "RS": 22, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24,
    "XK": 20, "BI": 27, "DJ": 27, "FK": 18, "LY": 25, "MN": 20, "NI": 28, "OM": 23, "RU": 33, "SC": 31, "SD": 18, "SO": 23,
    "ST": 25, "SV": 28, "TL": 23,
}  # fmt: skip
_IBAN_OF_NOBODY = frozenset(
    ("GB82WEST12345698765432", "GB29NWBK60161331926819", "GB33BUKB20201555555555", "DE89370400440532013000",
     "FR1420041010050500013M02606", "FR7630006000011234567890189", "NL91ABNA0417164300", "BE68539007547034",
     "CH9300762011623852957", "ES9121000418450200051332", "IT60X0542811101000000123456", "AT611904300234573201")
)  # fmt: skip  # examples of documentation
# First digits and lengths: ISO/IEC 7812 issuers, as Visa, Mastercard, American Express, Discover, Diners, JCB and UnionPay publish them.
_ISSUER = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}"
    r"|(?:6011|65\d\d|64[4-9]\d)\d{12}|3(?:0[0-5]|[689]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}"
)
_CARD_OF_NOBODY = frozenset(
    ("4242424242424242", "4111111111111111", "4012888888881881", "4000056655665556", "4000002500003155", "4000000000000002",
     "5555555555554444", "5200828282828210", "5105105105105100", "2223003122003222", "378282246310005", "371449635398431",
     "6011111111111117", "6011000990139424", "3056930009020004", "36227206271667", "3566002020360505", "6200000000000005")
)  # fmt: skip  # test cards that processors publish

# Each begins with what it looks for, and only then looks back: a pattern that looks back first is tried at every character.
_IBAN = re.compile(
    r"[A-Z](?<![A-Za-z0-9][A-Z])[A-Z]\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])", re.ASCII
)
_CARD = re.compile(
    r"[2-6](?<![\w.:/+=-][2-6])(?:\d{3}([ -])\d{4}\1\d{4}\1\d{4}|[47]\d\d([ -])\d{6}\2\d{5}|\d{12,18})(?![\w+/=]|[-.]\w)",
    re.ASCII,
)
_IP = re.compile(r"\d(?<![\w.-]\d)\d{0,2}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w-]|\.\w)", re.ASCII)
# What is given out of version 6 lies in 2000::/3.
_IPV6 = re.compile(
    r"[23](?<![\w:.-][23])[0-9A-Fa-f]{3}:(?:[0-9A-Fa-f]{0,4}:){1,6}[0-9A-Fa-f]{1,4}(?![\w:-]|\.\w)", re.ASCII
)
_PHONE = re.compile(
    r"\+(?<![\w+./-]\+)(?:[1-9]\d{0,2}(?:[ .()/-]{1,2}\d{1,5}){2,6}(?![\w-])|[1-9]\d{8,14}(?!\w))"
    r"|00(?<![\w+./-]00)[1-9]\d{0,2}(?:[ .()/-]{1,2}\d{1,5}){2,6}(?![\w-])",
    re.ASCII,
)
_CARD_WORDS = re.compile(r"(?i)card|credit|visa|master|amex|maestro|\bpan\b|payment")
_IP_WORDS = re.compile(
    r"(?i)(?<![a-z])ip(?:v4|s|[_-]|\b)|address|host|server|client|peer|remote|user|visitor|login|session|forwarded|real-ip|connect|ssh"
)
_PHONE_WORDS = re.compile(
    r"(?i)phone|\btel\b|tel:|mobile|cell|\bfax|call|\bsms\b|whatsapp|contact|msisdn|support|hotline"
)
_VERSION_WORDS = re.compile(r"(?i)version|release|\bv\b|oid|==|>=|~=|snmp|build|changelog|since|upgrade")
NOBODYS_COUNTRY = "999"  # ITU-T E.164 keeps it in reserve: nobody has a telephone there
# For fiction: NANPA's 555-0100 to 555-0199; Ofcom's ranges; for all of them, digits in a row.
_PHONE_OF_NOBODY = re.compile(
    r"1\d{3}55501\d\d|447700900\d{3}|44(?:20794|117496|113496)\d{4,5}|(\d)\1{5,}|.*(?:0123456|1234567|2345678|3456789)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A kind of number: its form, and what a check or the words on its line say of one."""

    form: re.Pattern[str]
    rule: str
    type: str
    severity: Severity
    judge: Callable[[str, Line], Confidence | None]

    def spans(self, text: str) -> Iterator[Span]:
        """Of any text, read line by line; what a check or the line speaks against is left out."""
        for found in self.form.finditer(text):
            confidence = self.judge(found[0], partial(_line, text, found))
            if confidence is not None:
                yield Span(
                    start=found.start(),
                    end=found.end(),
                    rule=self.rule,
                    kind="personal",
                    severity=self.severity,
                    confidence=confidence,
                    type=self.type,
                )


def is_iban(value: str) -> bool:
    """ISO 13616: the country's length, and the digits modulo 97 with the first four characters moved to the end."""
    plain = value.replace(" ", "")
    if len(plain) != _IBAN_LENGTHS.get(plain[:2]):
        return False
    return int("".join(str(int(one, 36)) for one in plain[4:] + plain[:4])) % 97 == 1


def is_card(digits: str) -> bool:
    """An issuer's first digits and length, and the check digit of ISO/IEC 7812-1, annex B (Luhn)."""
    return _ISSUER.fullmatch(digits) is not None and len(set(digits)) > 1 and check_digit(digits[:-1]) == digits[-1]


def check_digit(begun: str) -> str:
    """The last digit of a card's number, of the others."""
    doubled = (int(one) * (1 if place % 2 else 2) for place, one in enumerate(reversed(begun)))
    return str(-sum(one - 9 if one > 9 else one for one in doubled) % 10)


def phone_digits(value: str) -> str:
    """Country and number, without what some write to dial from abroad (00) or from within (a 0 in parentheses)."""
    return re.sub(r"\D", "", value.replace("(0)", "")).removeprefix("00")


def _of_iban(value: str, line: Line) -> Confidence | None:
    if not is_iban(value):
        return None
    return "low" if value.replace(" ", "") in _IBAN_OF_NOBODY else "high"


def _of_card(value: str, line: Line) -> Confidence | None:
    """One number in ten has the right check digit: without groups, something on the line must speak of cards."""
    digits = re.sub(r"\D", "", value)
    if not is_card(digits) or (digits == value and not _CARD_WORDS.search(line())):
        return None
    return "low" if digits in _CARD_OF_NOBODY or re.search(r"(\d)\1{6}|0000000", digits) else "high"


def _of_ip(value: str, line: Line) -> Confidence | None:
    """A version looks the same, and a machine of one's own network leads to nobody."""
    try:
        address = ip_address(value)
    except ValueError:
        return None
    near = line()
    if not address.is_global or address.is_multicast or _VERSION_WORDS.search(near) or not _IP_WORDS.search(near):
        return None
    return "low" if value in ("8.8.8.8", "8.8.4.4", "1.1.1.1", "1.2.3.4", "9.9.9.9") else "medium"


def _of_phone(value: str, line: Line) -> Confidence | None:
    digits = phone_digits(value)
    if not 9 <= len(digits) <= 15 or digits.startswith(NOBODYS_COUNTRY) or not _PHONE_WORDS.search(line()):
        return None
    return "low" if _PHONE_OF_NOBODY.match(digits) else "medium"


NUMBERS = (
    Number(form=_IBAN, rule="iban", type="IBAN", severity="high", judge=_of_iban),
    Number(form=_CARD, rule="payment-card", type="CARD", severity="high", judge=_of_card),
    Number(form=_IP, rule="ip-address", type="IP", severity="low", judge=_of_ip),
    Number(form=_IPV6, rule="ip-address", type="IP", severity="low", judge=_of_ip),
    Number(form=_PHONE, rule="phone", type="PHONE", severity="low", judge=_of_phone),
)


def _line(text: str, found: re.Match[str]) -> str:
    """The line that a number stands in, or what is near it in a long one."""
    start = max(text.rfind("\n", 0, found.start()) + 1, found.start() - 200)
    end = text.find("\n", found.end())
    return text[start : min(end if end >= 0 else len(text), found.end() + 100)]
