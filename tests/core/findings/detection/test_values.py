"""Values: what a reference, a name, a placeholder and a random value look like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.core.findings.detection.specimens import specimen
from espalier.core.findings.detection.values import (
    PLACEHOLDER,
    is_distinctive,
    is_documented,
    is_reference,
    judged,
    looks_random,
)


@pytest.mark.parametrize(
    "value",
    ["${DB_PASSWORD}", "$DB_PASSWORD", "{{vault.password}}", "<your-password>", "os.environ['X']", "%(password)s",
     "ENC[AES256_GCM,data:O+5l4g==,iv:c/dS4BC=,type:str]", "null", "getpass()", "config['password']", "$(cat secret)", "!vault", "settings.SECRET", "{password}", "@@TOKEN@@"],
)  # fmt: skip
def test_that_a_reference_is_no_secret(value: str) -> None:
    assert judged(value, "assigned", "medium") is None or value == "@@TOKEN@@"


@pytest.mark.parametrize("value", ["pa(ss12Wq9", "$ecretP4ss!", "!vC83kq0zP", "{a8Kq2zP0x", "<Kq82zP0xW"])
def test_that_a_password_with_signs_is_no_reference(value: str) -> None:
    assert not is_reference(value)
    assert judged(value, "assigned", "medium") is not None


@pytest.mark.parametrize("value", ["changeme", "your-api-key-here", "xxxxxxxxxxxx", "example-password1"])
def test_that_a_placeholder_ranks_low(value: str) -> None:
    assert judged(value, "assigned", "high") == "low"


@pytest.mark.parametrize("value", ["X-API-Key", "access_token", "new password", "CLIENT_SECRET"])
def test_that_a_label_is_no_secret(value: str) -> None:
    assert judged(value, "assigned", "medium") is None


@pytest.mark.parametrize(
    "value",
    ["AbstractUserFactoryBean2", "test_that_something_holds_1", "IDENTIFIER_OF_THE_TOKEN_2", "handle_http_404_error"],
)
def test_that_words_are_not_random(value: str) -> None:
    assert not looks_random(value)


@given(st.integers(0, 5000), st.sampled_from(["{alnum:24}", "{base64:40}", "{hex:32}"]))
def test_that_machine_made_values_are_distinctive(number: int, text: str) -> None:
    assert is_distinctive(specimen(text, str(number)))


def test_that_names_in_code_are_no_placeholders() -> None:
    assert not PLACEHOLDER.search("SECRET_KEY_ROTATION SECRET_KEY_FALLBACK = 1")
    assert PLACEHOLDER.fullmatch("SECRET_GITHUB_TOKEN_ABCD2345")


def test_that_a_value_of_a_vendors_documentation_is_ranked_low() -> None:
    printed = "wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY"
    assert is_documented(printed) and is_documented("sk_test_" + "4eC39HqLyjWDarjtT1zdp7dc")
    assert not is_documented(printed.lower())
    assert judged("sk_test_" + "4eC39HqLyjWDarjtT1zdp7dc", "any", "high") == "low"
