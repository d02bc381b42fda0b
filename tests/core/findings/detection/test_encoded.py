"""A secret under an encoding is found as it would be without, and nothing else is found because of it."""

import base64
import textwrap
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.findings.desk import GITHUB, KEY

from espalier.core.findings.detection.detect import Detector, detect
from espalier.core.findings.detection.encoded import LONGEST, encoded_spans
from espalier.core.findings.detection.rules import bundled
from espalier.core.findings.detection.spans import Span

DETECTOR = Detector(bundled())
SETTINGS = f"DB_HOST=db.internal\nTOKEN={GITHUB}\n"
ENCODINGS: dict[str, Callable[[str], str]] = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 without its end": lambda text: base64.b64encode(text.encode()).decode().rstrip("="),
    "base64 of URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "base64 of UTF-16": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    "hexadecimal": lambda text: text.encode().hex(),
    "HEXADECIMAL": lambda text: text.encode().hex().upper(),
}


def rules(text: str, path: str = "a.yaml") -> set[str]:
    return {span.rule for span in detect(text, path) if span.confidence != "low"}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("secret", [GITHUB, SETTINGS, f"GitHub: {GITHUB}, and nothing else"])
def test_that_a_token_under_an_encoding_is_found_and_the_whole_run_is_taken(encoding: str, secret: str) -> None:
    run = ENCODINGS[encoding](secret)
    text = f'data = "{run}"  # of last year\n'
    (span,) = [span for span in detect(text, "a.py") if span.rule == "github-token"]
    assert text[span.start : span.end] == run


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    "carrier", ["DATA={}", "data: {}", '{{"data":"{}"}}', "?state={}&next=1", "data:text/plain;base64,{}"]
)
def test_that_it_is_found_in_any_carrier(carrier: str, encoding: str) -> None:
    text = carrier.format(ENCODINGS[encoding](SETTINGS)) + "\n"
    assert "github-token" in rules(text, "deploy/.env")


@pytest.mark.parametrize("outer", ENCODINGS)
@pytest.mark.parametrize("inner", ENCODINGS)
def test_that_two_encodings_in_each_other_are_opened(inner: str, outer: str) -> None:
    run = ENCODINGS[outer](ENCODINGS[inner](f"token {GITHUB}"))
    assert "github-token" in rules(f"  value: {run}\n")


def test_that_percent_signs_leave_the_rest_of_an_address_alone() -> None:
    password = "p4ss/W0rd!x9"
    text = f"url: postgres://app:{quote(password, safe='')}@db.internal:5432/shop?sslmode=require\n"
    spans = [text[span.start : span.end] for span in detect(text, "a.yaml")]
    assert quote(password, safe="") in spans
    token = f"https://ci.internal/hook?key%3D{GITHUB}%26branch%3Dmain"
    (span,) = [span for span in detect(token, "a.txt") if span.rule == "github-token"]
    assert token[span.start : span.end] == GITHUB


@pytest.mark.parametrize("indent", ["", "    "])
@pytest.mark.parametrize("width", [64, 76])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_that_a_key_in_wrapped_base64_is_one_span_over_its_lines(indent: str, width: int, end: str) -> None:
    run = textwrap.wrap(base64.b64encode(KEY.encode()).decode(), width)
    block = end.join(indent + line for line in run)
    text = f"tls.key: |{end}{block}{end}tls.crt: none{end}"
    (span,) = [span for span in detect(text, "secret.yaml") if span.type == "PRIVATE_KEY"]
    assert text[span.start : span.end] == block.strip()


@pytest.mark.parametrize(
    "text",
    [
        "integrity sha512-" + base64.b64encode(bytes(range(64))).decode() + "\n",
        f"commit {bytes(range(20, 40)).hex()}\n",
        "src='data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(range(90))).decode() + "'\n",
        "note = '" + base64.b64encode(b"A sentence that says nothing worth keeping from anybody.").decode() + "'\n",
        "a_rather_long_name_of_a_function_in_some_module_of_ours = another/path/to/a/file/that/has/no/secrets\n",
        "https://example.org/a%20page%20with%20spaces?next=%2Fhome%2Fpage\n",
        "printf('%20s %-08d 100%% of %s')\n",
    ],
)
def test_that_what_decodes_to_nothing_secret_is_let_go(text: str) -> None:
    assert rules(text, "a.py") == set()


@given(
    st.text(max_size=60),
    st.text(st.characters(max_codepoint=0x2FF, exclude_characters="\n"), max_size=40),
    st.sampled_from(sorted(ENCODINGS)),
)
def test_that_no_neighbour_hides_it(before: str, note: str, encoding: str) -> None:
    """Whatever stands around the run, as long as it is none of its own characters; and whatever stands around the secret."""
    run = ENCODINGS[encoding](f"note {note}\n{GITHUB}\n")
    text = f"{before}\n'{run}'\n"
    readable = note.isascii() or "UTF-16" not in encoding  # which is known by its zeros
    if readable and note.replace("\r", "").replace("\t", "").isprintable():
        found = [span for span in DETECTOR.spans(text, "a.py") if span.start <= text.index(run) < span.end]
        assert found
        assert found[0].end >= text.index(run) + len(run.rstrip("="))


def spy(decoded: list[str]) -> Callable[[str], list[Span]]:
    def read(text: str) -> list[Span]:
        decoded.append(text)
        return []

    return read


@given(st.text(st.sampled_from("%25aF0 \n'=Zm9v+/_-é"), max_size=300))
def test_that_any_text_can_be_looked_at(text: str) -> None:
    assert list(encoded_spans(text, spy([]))) == []


def test_that_a_long_run_is_read_up_to_its_limit_and_depth_ends() -> None:
    decoded: list[str] = []
    run = base64.b64encode(b"a" * 3 * LONGEST).decode()
    list(encoded_spans(run, spy(decoded)))
    assert [len(one) for one in decoded] == [LONGEST * 3 // 4] * len(decoded)
    layered = "x" * 40
    for _ in range(4):
        layered = base64.b64encode(layered.encode()).decode()
    decoded.clear()
    list(encoded_spans(layered, spy(decoded)))
    assert len(decoded) == 2
