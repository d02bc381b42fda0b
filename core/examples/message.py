"""What a commit message can say for an example: usable as a task, a reason, a revert, a repair of a flaw, a refactoring."""

import re
from dataclasses import dataclass

TRAILER = re.compile(r"^(signed-off-by|co-authored-by|reviewed-by|change-id|cc|acked-by|tested-by)\s*:", re.I)
NOISE = re.compile(
    r"^(merge|bump|release|version|wip|typo|format|reformat|lint|chore\(deps\)|update changelog)\b", re.I
)
TICKET = re.compile(r"^\[?[A-Z][A-Z0-9]+-\d+\]?:?\s|\((?:(?!C[WV]E-)[A-Z][A-Z0-9]+-\d+|#\d+)\)|(?<!\w)#\d+\b")
URL = re.compile(r"https?://\S+")
REVERT = re.compile(r"\bThis reverts commit (\S+)")
OID = re.compile(r"[0-9a-f]{7,64}")
FLAW = re.compile(
    r"\b(CWE-\d+|CVE-\d+|security|vulnerab\w*|injection|unsafe|insecure|timing attack|constant[- ]time|traversal|xss|csrf"
    r"|deseriali[sz]\w*|ssrf|leak(?:s|ed)? (?:the )?(?:password|token|credential|secret)s?)\b",
    re.I,
)
REFACTOR = re.compile(
    r"^(simplify|extract|split|restructure|reorgani[sz]e|inline|deduplicate|clean|tidy|untangle|move|rename|fold|merge|unify"
    r"|consolidate|collapse|flatten|rewrite|factor|hoist|pull|separate|share|reuse|replace|express|let)\b|\brefactor",
    re.I,
)
FIX = re.compile(r"\b(fix(?:e[sd])?|repair\w*|correct\w*|bugs?|regression|crash\w*|wrong\w*|incorrect\w*)\b", re.I)
WORDS = (3, 120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A message read: its task in an imperative sentence, the reasons below it, and what kind of change it tells of."""

    task: str
    reasons: str
    reverts: bool
    repairs_flaw: bool
    refactors: bool
    fixes: bool

    @property
    def usable(self) -> bool:
        words = len(self.task.split())
        return WORDS[0] <= words <= WORDS[1] and NOISE.match(self.task) is None


def read(message: str) -> Intent:
    """Read a whole commit message; ticket numbers, links and trailers are left out, for they say nothing of the code."""
    lines = [line for line in message.strip().splitlines() if not TRAILER.match(line)]
    subject, body = (lines[0] if lines else ""), "\n".join(lines[1:])
    return Intent(
        task=_plain(subject),
        reasons=_plain(REVERT.sub("", body)).strip(". \n"),
        reverts=REVERT.search(body) is not None,
        repairs_flaw=FLAW.search(message) is not None,
        refactors=REFACTOR.search(_plain(subject)) is not None,
        fixes=FIX.search(message) is not None,
    )


def reverted_commit(message: str) -> str | None:
    """The id, or its beginning, of the commit that a message says it takes back."""
    found = REVERT.search(message)
    named = OID.match(found[1]) if found else None
    return named[0] if named else None


def _plain(text: str) -> str:
    bare = URL.sub("", TICKET.sub("", text))
    return re.sub(r"[ \t]+(?=[.,;:])", "", re.sub(r"[ \t]+", " ", bare)).strip(" :-\n")
