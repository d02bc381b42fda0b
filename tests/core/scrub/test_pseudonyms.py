"""Pseudonyms: in the form of the number that they stand for, the same in every spelling, and nobody's."""

import json
import re
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.core.scrub.test_scrubber import scrubber

from espalier.core.findings.detection.detect import detect
from espalier.core.findings.detection.numbers import check_digit, is_card, is_iban, phone_digits
from espalier.core.findings.fingerprint import normalised
from espalier.core.project.key import ProjectKey
from espalier.core.scrub.placeholder import placeholder
from espalier.core.scrub.pseudonyms import pseudonym

KEY, OTHER = ProjectKey(bytes(range(32))), ProjectKey(bytes(range(1, 33)))
DOCUMENTATION = [*map(ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"))]
SPEAKING = "call the phone of the client, host, address and card: {}\n"


@st.composite
def cards(draw: st.DrawFn) -> str:
    begun = draw(st.sampled_from(["4929", "5412", "37", "6011", "3530", "305"]))
    length = {"37": 15, "305": 14}.get(begun, 16)
    begun += draw(st.text("0123456789", min_size=length - 1 - len(begun), max_size=length - 1 - len(begun)))
    return begun + check_digit(begun)


@st.composite
def accounts(draw: st.DrawFn) -> str:
    country, form = draw(
        st.sampled_from([("DE", "0" * 18), ("GB", "A" * 4 + "0" * 14), ("NO", "0" * 11), ("MT", "AAAA" + "0" * 23)])
    )
    account = "".join(draw(st.sampled_from("ABCXYZ" if one == "A" else "0123456789")) for one in form)
    return f"{country}{98 - _rest(f'{account}{country}00'):02}{account}"


PHONES = st.builds(
    "+{}{}{}".format,
    st.sampled_from(["49", "1", "44", "352"]),
    st.integers(100, 999),
    st.integers(100_000, 999_999),
)
ADDRESSES = st.one_of(st.ip_addresses(network="81.0.0.0/8"), st.ip_addresses(network="2a02::/16")).map(str)
NUMBERS = st.one_of(
    st.tuples(st.just("CARD"), cards()),
    st.tuples(st.just("IBAN"), accounts()),
    st.tuples(st.just("PHONE"), PHONES),
    st.tuples(st.just("IP"), ADDRESSES),
)


def _rest(text: str) -> int:
    return int("".join(str(int(one, 36)) for one in text)) % 97


def _grouped(type: str, value: str, sign: str) -> str:
    """As people write it; a telephone's groups are of any size, an address has none."""
    if type == "IP":
        return value
    begin = 3 if type == "PHONE" else 0
    groups = [value[at : at + 4] for at in range(begin, len(value), 4)]
    return sign.join([*([value[:begin]] if begin else []), *groups])


def test_that_a_card_is_of_no_issuer_and_an_account_of_no_country() -> None:
    card, account = pseudonym(KEY, "4929-9383-1402-4465", "CARD"), pseudonym(KEY, "GB82 WEST 1234 5698 7654 32", "IBAN")
    assert card and re.fullmatch(r"99\d\d-\d{4}-\d{4}-\d{4}", card) and not is_card(card.replace("-", ""))
    assert account and re.fullmatch(r"ZZ\d\d [A-Z]{4} \d{4} \d{4} \d{4} \d\d", account)
    assert not is_iban(account)


@given(cards())
def test_that_a_card_keeps_its_length_and_its_check(card: str) -> None:
    number = pseudonym(KEY, card, "CARD") or ""
    assert len(number) == len(card) and number.startswith("99") and check_digit(number[:-1]) == number[-1]


@given(accounts())
def test_that_an_account_keeps_its_letters_and_its_check(account: str) -> None:
    number = pseudonym(KEY, account, "IBAN") or ""
    assert number.startswith("ZZ") and _rest(number[4:] + number[:4]) == 1
    assert [one.isdigit() for one in number] == [one.isdigit() for one in account]


@given(ADDRESSES)
def test_that_an_address_is_one_of_documentation(address: str) -> None:
    number = ip_address(pseudonym(KEY, address, "IP") or "")
    assert number.version == ip_address(address).version
    assert any(number in network for network in DOCUMENTATION if network.version == number.version)


@pytest.mark.parametrize(
    "telephone",
    ["+49 89 636-48018", "+498963648018", "0049 89 63648018", "+49 (0)89 63648018", "0049 (0)89/636.48018"],
)
def test_that_a_telephone_is_one_number_however_it_is_written(telephone: str) -> None:
    number, plain = pseudonym(KEY, telephone, "PHONE"), pseudonym(KEY, "+498963648018", "PHONE")
    assert number and plain and phone_digits(number) == phone_digits(plain)
    assert re.sub(r"\d", "9", number) == re.sub(r"\d", "9", telephone)  # with its groups
    assert number.startswith("00") == telephone.startswith("00") and number.count("(0)") == telephone.count("(0)")
    assert phone_digits(number).startswith("999")


@given(NUMBERS, st.sampled_from([" ", "-"]))
def test_that_a_number_has_one_pseudonym_in_every_spelling(number: tuple[str, str], sign: str) -> None:
    type, value = number
    assume(type != "IBAN" or sign == " ")
    grouped = _grouped(type, value, sign)
    one, other = pseudonym(KEY, value, type) or "", pseudonym(KEY, grouped, type) or ""
    assert one == (other if type == "IP" else re.sub("[ -]", "", other))
    assert len(other) == len(grouped) or type == "IP"
    assert one != pseudonym(OTHER, value, type) or ":" not in value  # chance may bring two keys to one address
    assert normalised(one, "personal") != normalised(value, "personal")


@given(NUMBERS, st.sampled_from(["", " ", "-"]), st.sampled_from(["a.py", "a.txt", "a.yaml", "COMMIT_EDITMSG"]))
def test_that_no_detector_makes_a_finding_of_a_pseudonym(number: tuple[str, str], sign: str, path: str) -> None:
    type, value = number
    assume((type != "IBAN" or sign != "-") and not value.endswith("::"))  # which names a network
    text = SPEAKING.format(_grouped(type, value, sign))
    scrubbed = scrubber([]).scrub(text, path).text
    assert value not in scrubbed and "PERSON_" not in scrubbed
    assert detect(scrubbed, path) == [] and scrubber([]).scrub(scrubbed, path).edits == ()


@given(st.lists(cards(), min_size=2, max_size=20, unique=True))
def test_that_two_cards_stay_two(numbers: list[str]) -> None:
    assert len({pseudonym(KEY, number, "CARD") for number in numbers}) == len(numbers)


def test_that_addresses_are_spread_over_all_that_documentation_has() -> None:
    """There are more addresses than pseudonyms of version 4, so that some of them meet."""
    drawn = {pseudonym(KEY, f"81.{one // 256}.{one % 256}.9", "IP") for one in range(9000)}
    assert len(drawn) == 762


@pytest.mark.parametrize(
    ("value", "type"),
    [("4929 98", "CARD"), ("DE00 0000", "IBAN"), ("089 63648018", "PHONE"), ("host", "IP"), ("a@b", "NAME")],
)
def test_that_what_has_no_form_gets_a_word(value: str, type: str) -> None:
    assert pseudonym(KEY, value, type) is None
    assert re.fullmatch(rf"PERSON_{type}_[A-Z2-7]{{8}}", placeholder(KEY, value, "personal", type))


def test_that_a_number_stays_a_number_where_it_is_not_in_quotes() -> None:
    text = '{"card": 4539578763621486}'
    scrubbed = scrubber([]).scrub(text, "a.json").text
    assert len(scrubbed) == len(text) and str(json.loads(scrubbed)["card"]).startswith("99")
