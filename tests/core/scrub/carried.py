"""Carriers: how a secret stands in the files and messages of a history, drawn for property tests."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st
from tests.core.examples.telling import function
from tests.core.repositories.workshop import DAY, START, Content
from tests.core.scrub.test_scrubber import DETECTOR
from tests.core.scrub.test_spelled import SPELLINGS

from espalier.core.findings.detection.specimens import specimen
from espalier.core.findings.detection.values import is_distinctive

PEOPLE = {
    "mail": "rosa.lind@flower-shop.io",
    "account": "DE75" + "512108001245126199",
    "card": "4929" + "9383" + "1402" + "4465",
    "telephone": "+49 89 636-48018",
    "address": "81.2.69.142",
}
ENCODINGS: Mapping[str, Callable[[str], bytes]] = {
    "utf-8": lambda text: text.encode(),
    "utf-8 with its mark": lambda text: text.encode("utf-8-sig"),
    "utf-16, little end first": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "utf-16, big end first": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "latin-1": lambda text: text.encode("latin-1"),
}
LINES = (
    "    # old: {}\n",
    '    note = "{}"\n',
    "    note = '{}'\n",
    '    note = """first\n    {}\n    last"""\n',
    "    note = r'{}', b\"{}\"\n",
    '    note = f"{value}{}"\n',
    '    sign_in(user="ann", password="{}")\n',
    "    # x{}x  # and more\n",
)
FILES = {
    "app.js": "export const key = `{}`; // {}\n",
    "App.java": 'class App { String key = "{}"; }\n',
    "app.yaml": "# café\ndb:\n  password: '{}'\n  note: |\n    {}\n",
    "app.json": '{"key": "{}"}\n',
    "pom.xml": "<settings><password>{}</password><!-- {} --></settings>\n",
    "app.properties": "db.password={}\n",
    "app.csv": 'name,key\nann,"{}"\n',
    "run.sh": "# café\nexport KEY='{}' # {}\n",
    "schema.sql": "INSERT INTO users VALUES ('ann', '{}');\n",
    "notes.md": "café\n\n| user | key |\n|---|---|\n| ann | `{}`  |\n",
    "users.dat": "ann       {}          active\nbob       none            idle\n",
}
WORDS = ("alpha", "beta", "gamma", "zeta")  # one for each commit, sixty days apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """In a function by `lines` with their spellings, in another file, and in a message; `encodings` are those of both files."""

    lines: tuple[tuple[str, str], ...]
    file: str
    spelling: str
    said: str
    encodings: tuple[str, str]

    def spelled(self, value: str) -> set[str]:
        names = {self.spelling, self.said, *(name for _, name in self.lines)}
        return {value, *(SPELLINGS[name](value) for name in names)}

    def noted(self, number: int, word: str, value: str) -> str:
        """The file that holds the function."""
        people = "    # é: call the phone {telephone}, pay the card {card} or {account}, host {address}, {mail}\n"
        spelled = ((line, SPELLINGS[name](value)) for line, name in self.lines)
        lines = (line.replace("{}", form) for line, form in spelled if "\n" not in form or '"""' in line)
        body = people.format(**PEOPLE) + "".join(lines)
        return function(f"noted_{number}", word).replace("    return", f"{body}    return")


def _setting(value: str) -> str:
    return f"DB_PASSWORD = {value!r}\n"


def _is_found(value: str) -> bool:
    setting = _setting(value)
    return any(value in setting[span.start : span.end] for span in DETECTOR.spans(setting, "settings.py"))


VALUES = st.builds(
    lambda form, seed, odd: specimen(form, seed)[:8] + odd + specimen(form, seed)[8:],
    st.sampled_from(["{alnum:14}", "{base64:40}", "{url:30}", "{hex:32}", "{alnum:9}!{digits:3}"]),
    st.integers(0, 10_000).map(str),
    st.sampled_from(["", "", "", "'", '"', "&/<", "\\", "%41", " = ", "é"]),
).filter(lambda value: is_distinctive(value) and _is_found(value))
NAMES = st.sampled_from(sorted(SPELLINGS))
CARRIERS = st.lists(
    st.builds(
        lambda lines, file, spelling, said, encodings: Carrier(
            lines=tuple(lines), file=file, spelling=spelling, said=said, encodings=encodings
        ),
        st.lists(st.tuples(st.sampled_from(LINES), NAMES), min_size=1, max_size=4),
        st.sampled_from(sorted(FILES)),
        NAMES,
        NAMES,
        st.tuples(st.sampled_from(sorted(ENCODINGS)), st.sampled_from(sorted(ENCODINGS))),
    ),
    min_size=1,
    max_size=6,
)


def history(commit: Callable[..., str], value: str, carriers: Sequence[Carrier]) -> None:
    """The secret stands once where a rule finds it, and everywhere else as the carriers have it."""
    files: dict[str, Content] = {"settings.py": _setting(value), "clean.py": function("clean", "delta")}
    for number, one in enumerate(carriers):
        text = FILES[one.file].replace("{}", SPELLINGS[one.spelling](value))
        files[f"{number}/{one.file}"] = ENCODINGS[one.encodings[1]](text)
    said = " ".join(SPELLINGS[one.said](value) for one in carriers)
    for day, word in enumerate(WORDS):
        for number, one in enumerate(carriers):
            files[f"notes_{number}.py"] = ENCODINGS[one.encodings[0]](one.noted(number, word, value))
        files["other.py"] = function(f"other_{word}", word)
        message = f"Give the {word}\n\nIt was {said}; {value} was it before.\n".encode()
        commit(files, message, when=START + 60 * DAY * day, author=f"Rosa Lind <{PEOPLE['mail']}>".encode())
