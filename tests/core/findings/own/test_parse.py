"""A company's rule file: what gitleaks takes is taken, what it means is meant, and whatever is wrong is told with its rule."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.core.failures import UnusableInput
from espalier.core.findings.detection.own import MOST, own_spans
from espalier.core.findings.own.parse import LARGEST, decoded, parse

RULE = """[[rules]]
id = "token"
regex = '''(key)="(ACME-[a-z0-9]{8})"'''
"""
TEXT = 'é key="ACME-zz81kq02"\n'


def found(source: str, text: str = TEXT, path: str = "src/a.py") -> list[str]:
    return [text[span.start : span.end] for span in own_spans(parse("acme", source).rules, text, path)]


@pytest.mark.parametrize(
    ("more", "secrets"),
    [
        ("", ["key"]),
        ("secretGroup = 2", ["ACME-zz81kq02"]),
        ("secretGroup = 2\nentropy = 3.0", ["ACME-zz81kq02"]),
        ("secretGroup = 2\nentropy = 5", []),
        ('SECRETGROUP = 2\nkeywords = ["aCmE-"]', ["ACME-zz81kq02"]),
        ('secretGroup = 2\nkeywords = ["other"]', []),
        ("secretGroup = 2\npath = '''\\.py$'''", ["ACME-zz81kq02"]),
        ("secretGroup = 2\npath = '''\\.go$'''", []),
    ],
)
def test_that_a_rule_finds_what_gitleaks_would(more: str, secrets: list[str]) -> None:
    assert found(RULE + more) == secrets


def test_that_keys_that_nobody_knows_are_told_with_their_rule() -> None:
    extra = "verify = true\n[rules.allowlist]\nstopwords = ['a']\nreach = 1\n[extend]\nfrom = 'x'\n"
    (note,) = parse("acme", f"colour = 1\n{RULE}{extra}").notes
    assert note == "Not known, and not obeyed: colour, from, reach in token, verify in token."
    assert found(f"colour = 1\n{RULE}") == found(RULE)


def test_that_a_mark_of_the_byte_order_says_nothing() -> None:
    assert decoded(b"\xef\xbb\xbftitle = 'x'\n") == "title = 'x'\n"


def test_that_a_match_in_which_the_group_took_no_part_is_found_whole() -> None:
    rule = "[[rules]]\nid = 'either'\nregex = 'old_([0-9]{4})|new_[0-9]{4}'\nsecretGroup = 1\n"
    assert found(rule, "old_1234 new_5678\n") == ["1234", "new_5678"]


@pytest.mark.parametrize(
    ("allowlist", "allowed"),
    [
        ("regexes = ['''^ACME-zz''']", True),
        ("regexes = ['''^key''']", False),
        ("regexes = ['''^key''']\nregexTarget = 'match'", True),
        ("regexes = ['''^é ''']\nregexTarget = 'line'", True),
        ("paths = ['''^src/''']", True),
        ("paths = ['''^lib/''']", False),
        ("stopwords = ['ZZ81']", True),
        ("stopwords = ['none']\npaths = ['''^src/''']", True),
        ("condition = 'AND'\nstopwords = ['none']\npaths = ['''^src/''']", False),
        ("condition = '&&'\nstopwords = ['zz81']\npaths = ['''^src/''']", True),
        ("condition = 'and'\ncommits = ['abc']\npaths = ['''^src/''']", False),
        ("commits = ['abc']", False),
    ],
)
@pytest.mark.parametrize("head", ["[[rules.allowlists]]", "[rules.allowlist]", "[allowlist]", "[[allowlists]]"])
def test_that_allowlists_of_every_kind_say_what_is_no_secret(head: str, allowlist: str, allowed: bool) -> None:
    assert found(f"{RULE}secretGroup = 2\n{head}\n{allowlist}\n") == ([] if allowed else ["ACME-zz81kq02"])


def test_that_an_allowlist_for_some_rules_leaves_the_others() -> None:
    other = RULE.replace('"token"', '"other"')
    source = f"{RULE}{other}[[allowlists]]\ntargetRules = ['token']\nstopwords = ['k']\n"
    (span,) = own_spans(parse("acme", source).rules, TEXT, "a.py")
    assert span.rule == "acme/other"


def test_that_a_rule_without_a_regex_names_files_and_finds_nothing_in_them() -> None:
    source = "[[rules]]\nid = 'vault'\npath = '''\\.kdbx$'''\n[allowlist]\npaths = ['''^old/''']\n"
    (rule,) = parse("acme", source).rules
    assert rule.names("a/b.kdbx") and not rule.names("a.py") and not rule.names("old/b.kdbx")
    assert own_spans([rule], TEXT, "a/b.kdbx") == []


def test_that_what_means_something_else_here_is_told() -> None:
    source = (
        f"{RULE}[[rules.required]]\nid = 'generic'\n[[rules]]\nid = 'generic'\n[[rules.allowlists]]\ncommits = ['a']\n"
        "[[rules]]\nid = 'aux'\nregex = 'a'\nskipReport = true\n[[rules]]\nid = 'files'\npath = 'a'\n"
        "[[rules]]\nid = 'off'\nregex = 'a'\n[extend]\nuseDefault = true\ndisabledRules = ['off', 'theirs']\n"
    )
    file = parse("acme", source)
    assert [rule.id for rule in file.rules] == ["acme/token", "acme/files", "acme/off"]
    told = "\n".join(file.notes)
    for word in ("useDefault", "generic", "aux", "files", "off, theirs", "by commit", "token"):
        assert word in told
    assert parse("acme", RULE).notes == ()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("[[rules]]\nid = 'bad'\nregex = '(a'", "bad does not compile"),
        ("[[rules]]\nid = 'look'\nregex = '(?=a)'", "look does not compile"),
        ("[[rules]]\nid = 'bad'\nregex = 'a'\n[[rules.allowlists]]\nregexes = ['[']", "bad does not compile"),
        ("[[rules]]\nid = 'deep'\nregex = '((a{1,99}){1,99}){1,99}'", "deep does not compile"),
        ("[[rules]]\nid = 'wide'\nregex = '(?i)(\\pL{500}\\pN{500}){1,1}'", "wide does not compile"),
        ("[[rules]]\nid = 'group'\nregex = '(a)'\nsecretGroup = 2", "group names group 2"),
        ("[[rules]]\nid = 'none'", "none needs a regex or a path"),
        ("[[rules]]\nregex = 'a'", "number 1 is wrong at id"),
        ("[[rules]]\nid = 'type'\nregex = 7", "type is wrong at regex"),
        (RULE + RULE, "2 rules are named token"),
        (RULE + "[extend]\npath = 'base.toml'", "extends another one, base.toml"),
        (RULE + "[[allowlists]]\ntargetRules = ['x']\npaths = ['a']", "for x, which is no rule"),
        (RULE + "[[rules.allowlists]]", "token is wrong at allowlists.0"),
        (RULE + "[[rules.required]]\nid = 'x'", "requires x"),
        (RULE + "[allowlist]\npaths = ['a']\n[[allowlists]]\npaths = ['b']", "beside"),
        ("rules = [", "no TOML"),
        ("a = " + "[" * 5000, "no TOML"),
        ("a." * 300_000 + "a = 1", "dots before any ="),
        ("".join(f"[[rules]]\nid = 'r{n}'\nregex = 'a'\n" for n in range(2001)), "wrong at rules"),
        ("".join(f"[[rules]]\nid = 'r{n}'\nregex = '\\w{{900}}'\n" for n in range(1500)), "too large together"),
    ],
)
def test_that_a_file_with_anything_wrong_is_refused_and_the_place_told(source: str, said: str) -> None:
    with pytest.raises(UnusableInput) as refused:
        parse("acme", source)
    assert said in refused.value.sentence


@pytest.mark.parametrize("data", [b"\xff\xfe[", b"#" * (LARGEST + 1)])
def test_that_bytes_that_are_no_text_or_too_many_are_refused(data: bytes) -> None:
    with pytest.raises(UnusableInput):
        decoded(data)


def test_that_a_rule_that_matches_everywhere_takes_the_rest_of_a_text_at_once() -> None:
    text = "ab " * (MOST + 500)
    spans = own_spans(parse("acme", "[[rules]]\nid = 'all'\nregex = 'ab'").rules, text, "a.txt")
    assert len(spans) == MOST + 1 and spans[-1].end == len(text.rstrip())


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+b", "(a*)*c", "(.*){1,9}x", "(a?){300}a{300}"])
def test_that_a_pattern_that_others_never_finish_ends(pattern: str) -> None:
    rules = parse("acme", f"[[rules]]\nid = 'slow'\nregex = '''{pattern}'''").rules
    assert all(span.end <= 20_001 for span in own_spans(rules, "a" * 20_000 + "!", "a.txt"))


KEYS = ["id", "regex", "path", "secretGroup", "entropy", "keywords", "tags", "allowlist", "allowlists", "required", "extend",
        "rules", "paths", "regexes", "condition", "stopwords", "commits", "targetRules", "useDefault", "disabledRules", "title"]  # fmt: skip
PLAIN = st.one_of(
    st.booleans(), st.integers(), st.floats(), st.sampled_from(["a", "(", "AND", "[a-z]{3,9}", ""]), st.text(max_size=8)
)
TOML = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(KEYS), TOML, max_size=6))
def test_that_any_toml_is_read_or_refused(told: dict[str, Any]) -> None:
    source = "\n".join(f"{key} = {_written(value)}" for key, value in told.items())
    try:
        tomllib.loads(source)
    except tomllib.TOMLDecodeError:
        return
    try:
        file = parse("acme", source)
    except UnusableInput as refused:
        assert refused.sentence
    else:
        own_spans(file.rules, TEXT, "a.py")


@given(st.text())
def test_that_any_text_is_read_or_refused(source: str) -> None:
    try:
        parse("acme", source)
    except UnusableInput as refused:
        assert refused.sentence


@given(st.text(), st.text())
def test_that_spans_hold_what_the_pattern_matched_whatever_stands_around(before: str, after: str) -> None:
    text = f"{before} ACME-zz81kq02 {after}"
    assert "ACME-zz81kq02" in found("[[rules]]\nid = 'token'\nregex = '''ACME-zz81kq02'''", text)


def _written(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_written(str(key))} = {_written(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_written, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(one):08x}" for one in value if not 0xD800 <= ord(one) < 0xE000) + '"'
    return str(value)
