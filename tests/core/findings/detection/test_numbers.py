"""Numbers that lead to a person are believed by their check and their line; versions, ids and sums are none of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.core.findings.detection.detect import detect
from espalier.core.findings.detection.numbers import NUMBERS, is_card, is_iban
from espalier.core.findings.detection.spans import merged

IBAN, CARD = (
    "DE" + "75512108001245126199",
    "4929" + "9383" + "1402" + "4465",
)  # with right check digits, of nobody we know


def found(text: str) -> list[tuple[str, str, str]]:
    return [
        (one.rule, text[one.start : one.end], one.confidence)
        for one in merged((span for number in NUMBERS for span in number.spans(text)), text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"payee: {IBAN}", ("iban", IBAN, "high")),
        ("payee: DE75 5121 0800 1245 1261 99, Orchard Tools", ("iban", "DE75 5121 0800 1245 1261 99", "high")),
        ("see GB82WEST12345698765432", ("iban", "GB82WEST12345698765432", "low")),
        (f"card_number = '{CARD}'", ("payment-card", CARD, "high")),
        ("paid with 4929-9383-1402-4465", ("payment-card", "4929-9383-1402-4465", "high")),
        ("TEST_CARD = '4242424242424242'", ("payment-card", "4242424242424242", "low")),
        ("client 81.2.69.142 logged in", ("ip-address", "81.2.69.142", "medium")),
        ("ssh deploy@185.60.216.35", ("ip-address", "185.60.216.35", "medium")),
        ("client 2a02:2e0:3fe:1001:302::7 logged in", ("ip-address", "2a02:2e0:3fe:1001:302::7", "medium")),
        ("host [2A02:2E0::7]:443", ("ip-address", "2A02:2E0::7", "medium")),
        ("remote_addr: 8.8.8.8", ("ip-address", "8.8.8.8", "low")),
        ("Phone: +49 89 636-48018", ("phone", "+49 89 636-48018", "medium")),
        ("call +4989636480181 now", ("phone", "+4989636480181", "medium")),
        ("tel: +1 (212) 555-0147", ("phone", "+1 (212) 555-0147", "low")),
    ],
)
def test_that_it_is_found_with_the_confidence_it_deserves(text: str, expected: tuple[str, str, str]) -> None:
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        f"payee: {IBAN[:-1]}8",
        "hash DE75FFFF0800AAAA1261",
        f"order {CARD} shipped",
        f"card_number = '{CARD[:-1]}0'",
        "card id 1700000000000000",
        f"card: 0x{CARD}",
        "client version 81.2.69.142",
        "host 10.0.0.7, 192.168.1.20, 127.0.0.1, 203.0.113.9",
        "server 300.1.2.3",
        "host 2001:db8::7, fe80::1, fd00:12::1, ::1",
        "taken by the host at 2024:10:12 11:30:10, 2024:10:12:11",
        "the address of Face::cafe2fab::c",
        "call +999 12 345678 or 00999 12 345678",
        "requires 81.2.69.142",
        "oid 1.3.6.1.4.1 of the host",
        "x = a +4989636480181",
        "call me at 12:30 +02 00",
        "@@ -12,30 +14 1 2 @@ support",
    ],
)
def test_that_what_only_looks_like_one_is_let_go(text: str) -> None:
    assert found(text) == []


@given(st.sampled_from([("DE", 18), ("NL", 14), ("FR", 23)]), st.integers(0, 10**23 - 1))
def test_that_one_wrong_digit_is_no_account(country: tuple[str, int], number: int) -> None:
    name, length = country
    account = str(number).zfill(length)[:length].upper()
    rest = int("".join(str(int(one, 36)) for one in f"{account}{name}00")) % 97
    whole = f"{name}{98 - rest:02}{account}"
    assert is_iban(whole)
    wrong = whole[:-1] + str((int(whole[-1]) + 1) % 10)
    assert not is_iban(wrong)


@given(st.integers(0, 10**11 - 1))
def test_that_one_wrong_digit_is_no_card(number: int) -> None:
    begun = f"4929{number:011d}"
    (whole,) = [f"{begun}{last}" for last in range(10) if len(set(begun)) > 2 and is_card(f"{begun}{last}")] or [""]
    assert not whole or not is_card(whole[:-1] + str((int(whole[-1]) + 1) % 10))


def test_that_they_are_found_among_all_else_and_are_personal() -> None:
    text = f'PAYEE = "{IBAN}"\nMAIL = "jane@orchard-tools.com"\n'
    assert [(one.rule, one.kind) for one in detect(text, "a.py")] == [("iban", "personal"), ("email", "personal")]


def test_that_a_lock_file_names_no_people() -> None:
    assert [one for one in detect(f'"card": "{CARD}"\n', "package-lock.json") if one.rule == "payment-card"] == []
