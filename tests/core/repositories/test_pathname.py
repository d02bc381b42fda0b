import json

from hypothesis import given
from hypothesis import strategies as st

from espalier.core.repositories.pathname import raw, shown

NAMES = st.one_of(st.binary(), st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))


@given(NAMES)
def test_that_the_bytes_of_a_name_come_back(name: bytes) -> None:
    assert raw(shown(name)) == name


@given(NAMES)
def test_that_a_shown_name_can_be_stored_and_printed(name: bytes) -> None:
    assert shown(name).isprintable()
    assert json.loads(json.dumps(shown(name)).encode()) == shown(name)


@given(NAMES, NAMES)
def test_that_two_names_never_share_a_text(one: bytes, other: bytes) -> None:
    assert (shown(one) == shown(other)) == (one == other)


def test_that_a_plain_name_stays_as_it_is() -> None:
    assert shown("src/größe 2.py".encode()) == "src/größe 2.py"


def test_that_a_terminal_escape_is_quoted_as_git_quotes_it() -> None:
    assert shown(b"a\x1b[2Jb\n.py") == '"a\\033[2Jb\\n.py"'
