"""Words that people type: what a detector knows for a secret is refused, and everyday words are not."""

import pytest

from espalier.core.failures import UnusableInput
from espalier.core.findings.detection.specimens import specimen
from espalier.core.findings.typed import require_clean

EVERYDAY = (
    "",
    "real secret",
    "was rotated",
    "example from a vendor's documentation",
    "The password is read from the vault, see ops/README.md.",
    "checked with ben@example.com: token of the test tenant, revoked 2024-03-01",
    "API key of the sandbox, commit 4a6ff3b0c1d2e3f405162738495a6b7c8d9e0f10",
)


@pytest.mark.parametrize("words", EVERYDAY)
def test_that_everyday_words_pass(words: str) -> None:
    require_clean(words)


@pytest.mark.parametrize("form", ["AKIA{base32:16}", "ghp_{alnum:36}", "xoxb-{digits:12}-{digits:12}-{alnum:24}"])
def test_that_a_secret_is_refused_and_not_repeated(form: str) -> None:
    value = specimen(form, "typed")
    with pytest.raises(UnusableInput) as refused:
        require_clean(f"false alarm, {value} is dead")
    assert value not in f"{refused.value} {refused.value.remedy}"
