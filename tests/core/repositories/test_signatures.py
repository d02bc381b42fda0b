"""Who signed a history: fields of commits and tags, and trailers wherever they stand in a message."""

from pathlib import Path

from tests.core.repositories.workshop import START, make

from espalier.core.repositories import history
from espalier.core.repositories.signatures import authored, signed

SQUASHED = """Add a gate

* Co-authored-by: Not A Trailer, for it has no line of its own
Co-authored-by: Ben Ito <ben@example.org>

More.

Reviewed-by: Cy Young\r
Signed-off-by: Dé Ü <d@example.org> (again)
Closes: #3
"""


def test_that_fields_and_trailers_are_read(tmp_path: Path) -> None:
    made = make(tmp_path / "shop")
    made.commit({"a": "1"}, SQUASHED, author=b"Ann Roe <ann@example.org>")
    made.run(
        "tag", "-a", "v1", "-m", "One", "main", GIT_COMMITTER_NAME="Eve Tagger", GIT_COMMITTER_EMAIL="eve@example.org"
    )
    found = signed(made.path, history.tips(made.path).values())
    assert found == {
        ("Ann Roe", "ann@example.org"), ("Ben Ito", "ben@example.org"), ("Cy Young", ""), ("Dé Ü", "d@example.org"),
        ("Eve Tagger", "eve@example.org"),
    }  # fmt: skip


def test_that_only_what_the_tips_lead_to_counts(tmp_path: Path) -> None:
    made = make(tmp_path / "shop")
    tip = made.commit({"a": "1"}, author=b"Ann Roe <a@x.org>")
    made.commit({"b": "1"}, author=b"Ben Ito <b@x.org>", branch="other", when=START + 1)
    assert signed(made.path, [tip]) == {("Ann Roe", "a@x.org")}


def test_that_odd_author_lines_are_taken_as_they_are(tmp_path: Path) -> None:
    made = make(tmp_path / "shop")
    made.commit({"a": "1"}, author=b"J\xf6rg <j@x.org>")
    made.commit({"b": "1"}, author=b"<only@x.org>", when=START + 1)
    names = {name for name, _ in signed(made.path, history.tips(made.path).values())}
    assert names == {"J\N{REPLACEMENT CHARACTER}rg", ""}
    assert sorted(who for _, who in authored(made.path, history.tips(made.path).values())) == ["j@x.org", "only@x.org"]
