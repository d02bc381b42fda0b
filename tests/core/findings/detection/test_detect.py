"""Detection: what is found in which carrier, what is let go, and that memory changes nothing."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.findings.desk import GITHUB, KEY, PASSWORD

from espalier.core.findings.detection import lines
from espalier.core.findings.detection.detect import Detector, detect
from espalier.core.findings.detection.lower import lowered
from espalier.core.findings.detection.pieces import OVERLAP, STRIDE
from espalier.core.findings.detection.rules import bundled
from espalier.core.findings.detection.specimens import specimen

CARRIERS = {
    "a.py": 'DB_PASSWORD = "{}"\n',
    "b.py": "connect(user='x', password='{}')\n",
    "c.yaml": "db:\n  password: {}\n",
    "d.json": '{{"password": "{}"}}\n',
    ".env": "DB_PASSWORD={}\n",
    "e.properties": "spring.datasource.password={}\n",
    "f.xml": "<password>{}</password>\n",
    "g.py": 'url = "postgres://app:{}@db.internal/app"\n',
    "h.sh": "export API_TOKEN={}\n",
    "i.java": 'String password = "{}";\n',
    "j.go": 'password := "{}"\n',
    "k.tf": 'password = "{}"\n',
    "COMMIT_EDITMSG": "Rotate it\n\nthe password is {}\n",
}


@pytest.mark.parametrize(("path", "carrier"), CARRIERS.items())
def test_that_a_password_is_found_in_its_carrier(path: str, carrier: str) -> None:
    text = carrier.format(PASSWORD)
    assert [text[span.start : span.end] for span in detect(text, path)] == [PASSWORD]


@pytest.mark.parametrize("mark", ["# pragma: allowlist secret", "# nosec", "# gitleaks:allow", "// trufflehog:ignore"])
def test_that_a_comment_allows_nothing(mark: str) -> None:
    text = f'token = "{GITHUB}"  {mark}\n'
    assert [span.rule for span in detect(text, "a.py")] == ["github-token"]


def test_that_a_key_is_one_span_over_its_lines() -> None:
    text = f'KEY = """\n{KEY}\n"""\n'
    (span,) = detect(text, "a.py")
    assert (text[span.start : span.end], span.type) == (KEY, "PRIVATE_KEY")


@pytest.mark.parametrize(
    "text",
    [
        'password = os.environ["DB_PASSWORD"]\n',
        "password = getpass.getpass()\n",
        "def authenticate(self, password: str, token: str) -> None: ...\n",
        'parser.add_argument("--password", help="the password to use")\n',
        "token_kinds = {'identifier': 'IDENTIFIER_OF_SOMETHING_1'}\n",
        'raise ValueError("password must not be empty")\n',
        "class AbstractAuthenticationTokenRepositoryFactoryBean2:\n    pass\n",
        "session = requests.Session(); response = session.get(url, auth=auth, cookies=cookies)\n",
        'EMAIL = "ann@example.com"\n',
        "x = a @ b.T\n@decorator.of.something\n",
        "SECRET_KEY_ROTATION = 30\n",
    ],
)
def test_that_ordinary_code_is_left_alone(text: str) -> None:
    assert detect(text, "a.py") == []


def test_that_digests_in_lock_files_are_left_alone() -> None:
    text = specimen('"integrity": "sha512-{base64:86}==",\n"resolved": "https://r/x.tgz#{hex:40}"\n', "lock")
    assert detect(text, "package-lock.json") == []


def test_that_a_secret_deep_in_a_huge_line_is_whole() -> None:
    jwt = specimen("eyJ{url:40}.eyJ{url:6000}.{url:43}", "long")
    text = "x" * 50_000 + ' "' + jwt + '" ' + "y" * 50_000
    assert [text[span.start : span.end] for span in detect(text, "app.min.js")] == [jwt]
    assert len(text) > STRIDE + OVERLAP and len(jwt) > 6000


def test_that_lower_case_keeps_places() -> None:
    text = 'İİİ password = "' + PASSWORD + '"\n'
    assert len(lowered(text)) == len(text)
    assert [text[span.start : span.end] for span in detect(text, "a.py")] == [PASSWORD]


LINES = st.sampled_from(
    [
        f'password = "{PASSWORD}"', f"token: {GITHUB}", "x = 1", "", "\r", "-----BEGIN RSA PRIVATE KEY-----",
        "mail: jane@orchard-tools.com", "é" * 30, KEY, '"' + specimen("{base64:40}", "line") + '"', "a" * 5000 + " token=" + GITHUB,
    ]
)  # fmt: skip
TEXTS = st.lists(LINES | st.text(max_size=30), max_size=12).map("\n".join)


@given(st.lists(st.tuples(TEXTS, st.sampled_from(["a.py", "b.yaml", ".env", "m.md", "COMMIT_EDITMSG"])), max_size=5))
def test_that_what_was_read_before_changes_nothing(texts: list[tuple[str, str]]) -> None:
    experienced = Detector(bundled())
    for text, path in texts:
        assert experienced.spans(text, path) == detect(text, path)


def test_that_forgetting_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MEMORY", 50)
    forgetful, text = Detector(bundled()), f'a = 1\npassword = "{PASSWORD}"\n\n{KEY}\n'
    for _ in range(3):
        assert forgetful.spans(text, "a.py") == detect(text, "a.py") != []


def test_that_one_line_is_read_for_each_kind_of_file() -> None:
    experienced, line = Detector(bundled()), '"card": "4539578763621486"'
    for path in ("package-lock.json", "settings.json", "package-lock.json"):
        assert experienced.spans(line, path) == detect(line, path)
    assert detect(line, "package-lock.json") != detect(line, "settings.json")


@given(TEXTS, st.sampled_from(["a.py", "b.yaml", ".env", "COMMIT_EDITMSG"]))
def test_that_spans_are_sorted_and_apart(text: str, path: str) -> None:
    spans = detect(text, path)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


HOSTILE = {
    "keys without end": "-----BEGIN PRIVATE KEY-----\n" * 9000,
    "putty without end": "PuTTY-User-Key-File-2: ssh-rsa\n" * 9000,
    "names on one line": "password=" * 25_000,
    "open quotes": 'password="' * 25_000,
    "addresses": "".join(f"a{n}@orchard{n}.com " for n in range(9000)),
    "tokens": "eyJaaaaaaaaaaa." * 16_000,
    "backslashes": 'password="' + "\\" * 250_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_that_text_made_to_be_slow_is_read_to_its_end(text: str) -> None:
    spans = detect(text, ".env")
    assert all(one.end <= other.start for one, other in pairwise(spans))
