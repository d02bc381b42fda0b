"""Secrets of Kubernetes: what stands in the data of one is found whatever it is named like, and nothing else of the file is."""

import base64
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.core.findings.detection.detect import detect
from espalier.core.findings.detection.manifests import secret_spans
from espalier.core.findings.detection.specimens import specimen

VALUE = base64.b64encode(specimen("{alnum:14}", "manifest").encode()).decode()
PLAIN = specimen("{alnum:14}", "plain manifest")
HEAD = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop\n  labels:\n    app: orchard\n"


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in secret_spans(text)]


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}data:\n  extra: {VALUE}\n",
        f"{HEAD}data:\r\n  extra: {VALUE}\r\n",
        f'{HEAD}data:\n  extra: "{VALUE}"\ntype: Opaque\n',
        f"data:\n  extra: {VALUE}\nkind: 'Secret'\n",
        f"{HEAD}data:\n  # a comment\n\n  .dockercfg: |\n    {VALUE}\n",
        f"{HEAD}stringData:\n  extra: {VALUE}\n",
        f"kind: ConfigMap\ndata:\n  extra: {PLAIN}\n---\n{HEAD}data:\n  extra: {VALUE}\n---\nkind: Service\ndata:\n  x: {PLAIN}\n",
    ],
)
def test_that_a_value_is_found_by_where_it_stands(text: str) -> None:
    assert found(text) == [VALUE]
    assert [text[span.start : span.end] for span in detect(text, "shop.yaml") if span.kind == "secret"] == [VALUE]


@pytest.mark.parametrize(
    "text",
    [
        f"kind: ConfigMap\ndata:\n  extra: {VALUE}\n",
        f"kind: SealedSecret\ndata:\n  extra: {VALUE}\n",
        f"{HEAD}data:\n  extra: {{{{ .Values.extra | b64enc }}}}\n",
        f"{HEAD}stringData:\n  extra: ${{EXTRA}}\n",
        f"{HEAD}stringData:\n  extra: ENC[AES256_GCM,data:{VALUE}]\n",
        f"{HEAD}data:\n  extra: not base64 at all\n",
        f"{HEAD}data:\n  ca.pem: {base64.b64encode(b'-----BEGIN CERTIFICATE-----').decode()}\n",
        f"{HEAD}data:\ntype: {VALUE}\n",
    ],
)
def test_that_what_is_public_encrypted_or_filled_in_elsewhere_is_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("value", [b"changeme", b"bar\n"])
def test_that_a_placeholder_and_a_short_word_rank_low(value: bytes) -> None:
    (span,) = secret_spans(f"{HEAD}data:\n  password: {base64.b64encode(value).decode()}\n")
    assert span.confidence == "low"


@given(
    st.lists(
        st.sampled_from([
            "kind: Secret", "---", "data:", "stringData:", "  a: |", f"  b: {VALUE}", f"    {VALUE}", "", "  # x", "\t", "x:", "a: \r"
        ]),
        max_size=14,
    ).map("\n".join)
)  # fmt: skip
def test_that_whatever_stands_there_spans_are_values_on_one_line_and_apart(text: str) -> None:
    spans = list(secret_spans(text))
    assert all(text[span.start : span.end] == VALUE for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
