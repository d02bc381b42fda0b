"""What the base model's licence asks for travels with the bundle, and the strictest source decides where it may go."""

import hashlib

import pytest

from espalier.core.failures import GateShut
from espalier.core.release import licences


def test_that_the_apache_licence_is_word_for_word() -> None:
    text = licences.licence_text(licences.obligations("Apache-2.0"))
    # The hash of https://www.apache.org/licenses/LICENSE-2.0.txt, as in every distribution.
    assert hashlib.sha256(text).hexdigest() == "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"


@pytest.mark.parametrize("licence", ["unknown", "", "LicenseRef-other", "MIT "])
def test_that_unknown_terms_shut_the_gate(licence: str) -> None:
    with pytest.raises(GateShut, match="not known"):
        licences.obligations(licence)


def test_that_a_model_made_from_llama_is_called_llama() -> None:
    asked = licences.obligations("LicenseRef-llama3.1")
    assert licences.name("orders-run3", asked) == "Llama-orders-run3"
    assert licences.name("Llama-orders", asked) == "Llama-orders"
    assert asked.credit == "Built with Llama"
    with pytest.raises(GateShut, match="not installed"):
        licences.licence_text(asked)


def test_that_a_name_stays_where_nobody_asks_for_another() -> None:
    assert licences.name("smollm2-run3", licences.obligations("Apache-2.0")) == "smollm2-run3"


@pytest.mark.parametrize(
    ("classes", "strictest"),
    [
        (["cloud", "internal", "contractors"], "internal"),
        (["cloud", "contractors"], "contractors"),
        (["cloud"], "cloud"),
        (["cloud", "do not export"], "do not export"),
        (["cloud", "somewhere"], "do not export"),
        ([], "do not export"),
    ],
)
def test_that_the_most_restrictive_source_decides(classes: list[str], strictest: str) -> None:
    assert licences.strictest(classes) == strictest
