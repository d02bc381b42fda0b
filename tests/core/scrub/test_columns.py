"""Columns: what stands beside a secret keeps its place, and where there is no room, the secret still goes."""

import re

from hypothesis import given
from hypothesis import strategies as st
from tests.core.findings.desk import PASSWORD
from tests.core.scrub.test_scrubber import VALUES, known, scrubber

from espalier.core.findings.detection.specimens import specimen
from espalier.core.findings.detection.values import PLACEHOLDER
from espalier.core.scrub.columns import NARROWEST

TOKEN = specimen("{alnum:20}", "columns")
FIELDS = st.text("abcXYZ019-", min_size=1, max_size=12)


def test_that_a_column_behind_a_secret_stays_where_it_is() -> None:
    rows = (("user", "key", "active"), ("ann", PASSWORD, "yes"), ("bob", "none", "no"))
    text = "".join(f"{name:7}{key:32}{active}\n" for name, key, active in rows)
    lines = scrubber([known(PASSWORD)]).scrub(text, "users.txt").text.split("\n")
    assert re.fullmatch(r"ann    SECRET_PASSWORD_[A-Z2-7]{8} +yes", lines[1])
    assert lines[0].index("active") == lines[1].index("yes") == 39


def test_that_a_comment_behind_a_quote_stays_where_it_is() -> None:
    text = f'KEY = "{PASSWORD}"            # of ann\nNAME = "shop"                     # of all\n'
    lines = scrubber([known(PASSWORD)]).scrub(text, "a.py").text.split("\n")
    assert lines[0].index("#") == text.index("#")


def test_that_a_longer_secret_leaves_its_width_to_the_column() -> None:
    value = specimen("{base64:60}", "wide")
    text = f"a  {value}  yes\nb  {'-' * 60}  no\n"
    scrubbed = scrubber([known(value)]).scrub(text, "a.txt").text
    assert scrubbed.index("yes") == text.index("yes") and value not in scrubbed


@given(st.lists(st.tuples(FIELDS, FIELDS), min_size=2, max_size=5), st.integers(0, 4), st.integers(20, 70))
def test_that_records_keep_their_length(rows: list[tuple[str, str]], at: int, width: int) -> None:
    value = specimen(f"{{alnum:{width}}}", "record")
    held = [(name, value if number == at % len(rows) else "", note) for number, (name, note) in enumerate(rows)]
    text = "\n".join(f"{name:12}{secret:{width}} {note:12}" for name, secret, note in held)
    scrubbed = scrubber([known(value)]).scrub(text, "users.dat").text
    if len(rows) > 2:
        assert {len(line) for line in scrubbed.split("\n")} == {12 + width + 1 + 12}
    assert value not in scrubbed and PLACEHOLDER.search(scrubbed)
    assert scrubber([known(value)]).verify(scrubbed, "users.dat") == []


def test_that_a_field_too_narrow_for_a_tag_grows() -> None:
    value = specimen("{alnum:12}", "narrow")
    assert len(value) < NARROWEST
    text = "".join(f"{name:8}{secret:12}{name:8}\n" for name, secret in (("ann", value), ("bob", "-"), ("eve", "-")))
    scrubbed = scrubber([known(value)]).scrub(text, "users.dat").text
    assert value not in scrubbed and len(scrubbed) == len(text) + len("SECRET_PASSWORD_") + 8 - 12


def test_that_one_value_keeps_its_tag_at_every_width() -> None:
    text = f"{TOKEN}\n{'a' * 20}\n{'b' * 20}\n\nkey = '{TOKEN}'\n"
    tags = re.findall(r"SECRET_[A-Z_]*?_([A-Z2-7]{8})\b", scrubber([known(TOKEN)]).scrub(text, "a.txt").text)
    assert len(tags) == 2 and len(set(tags)) == 1


@given(VALUES, st.sampled_from(["{}  x", "'{}',   y", "a  {}   {}  b\n", "{}   \n", "x\n{}\ny\n", "{0}  {0}   {0}  z"]))
def test_that_whatever_stands_around_nothing_of_it_remains(value: str, form: str) -> None:
    text = form.format(value, value)
    one = scrubber([known(value)])
    scrubbed = one.scrub(text, "a.txt").text
    assert value not in scrubbed and one.verify(scrubbed, "a.txt") == []
    assert one.scrub(scrubbed, "a.txt").edits == ()
    assert scrubbed.count("\n") == text.count("\n")
