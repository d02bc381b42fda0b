"""The form of a gitleaks configuration (version 8), as its files write it: keys in any case, and what nobody knows kept apart."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

MOST_RULES, MOST_WORDS, LONGEST = 2000, 20_000, 20_000  # rules of a file, words of a list, characters of a pattern


def _lower_keys(entry: object) -> object:
    """gitleaks takes keys in any case; twice the same is nothing that it would tell apart."""
    if not isinstance(entry, dict):
        return entry
    lower = {str(key).lower(): value for key, value in entry.items()}
    if len(lower) < len(entry):
        raise ValueError("a key is written twice, in different cases")
    return lower


def _condition(text: object) -> object:
    known = {"": "or", "or": "or", "||": "or", "and": "and", "&&": "and"}
    return known.get(text.lower(), text) if isinstance(text, str) else text


def _plain(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError("it is empty, or holds what can't be printed")
    return text


class _Entry(BaseModel):
    """Types are not guessed, but for a whole number where a fraction may stand. As gitleaks does, it takes keys that it doesn't know."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True, hide_input_in_errors=True)

    @property
    def unknown(self) -> list[str]:
        """The keys that mean nothing."""
        return [key if key.isprintable() else ascii(key) for key in self.model_extra or ()]

    @model_validator(mode="before")
    @classmethod
    def _in_lower_case(cls, entry: Any) -> Any:
        return _lower_keys(entry)


Id = Annotated[str, Field(max_length=120), AfterValidator(_plain)]
Text = Annotated[str, Field(max_length=LONGEST)]
Words = Annotated[list[Annotated[str, Field(max_length=1000)]], Field(max_length=MOST_WORDS)]
Patterns = Annotated[list[Text], Field(max_length=MOST_RULES)]


class AllowlistForm(_Entry):
    description: Text = ""
    condition: Annotated[Literal["or", "and"], BeforeValidator(_condition)] = "or"
    commits: Words = []
    paths: Patterns = []
    regextarget: Literal["", "secret", "match", "line"] = ""
    regexes: Patterns = []
    stopwords: Words = []

    @model_validator(mode="after")
    def _has_criteria(self) -> "AllowlistForm":
        if not (self.commits or self.paths or self.regexes or self.stopwords):
            raise ValueError("an allowlist needs commits, paths, regexes or stopwords")
        return self


class GlobalAllowlistForm(AllowlistForm):
    targetrules: Words = []


class RequiredForm(_Entry):
    id: Id
    withinlines: int | None = None
    withincolumns: int | None = None


class RuleForm(_Entry):
    id: Id
    description: Text = ""
    regex: Text = ""
    path: Text = ""
    secretgroup: Annotated[int, Field(ge=0)] = 0
    entropy: Annotated[float, Field(allow_inf_nan=False)] = 0.0
    keywords: Words = []
    tags: Words = []
    allowlist: AllowlistForm | None = None
    allowlists: list[AllowlistForm] = []
    required: list[RequiredForm] = []
    skipreport: bool = False

    @model_validator(mode="after")
    def _has_one_kind_of_allowlist(self) -> "RuleForm":
        if self.allowlist and self.allowlists:
            raise ValueError("[rules.allowlist] can't stand beside [[rules.allowlists]]")
        return self


class ExtendForm(_Entry):
    path: Text = ""
    url: Text = ""
    usedefault: bool = False
    disabledrules: Words = []


class FileForm(_Entry):
    title: Text = ""
    description: Text = ""
    minversion: Text = ""
    extend: ExtendForm = ExtendForm()
    rules: Annotated[list[RuleForm], Field(max_length=MOST_RULES)] = []
    allowlist: GlobalAllowlistForm | None = None
    allowlists: list[GlobalAllowlistForm] = []

    @model_validator(mode="after")
    def _has_one_kind_of_allowlist(self) -> "FileForm":
        if self.allowlist and self.allowlists:
            raise ValueError("[allowlist] can't stand beside [[allowlists]]")
        return self
