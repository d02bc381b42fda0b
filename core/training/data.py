"""What the trainer reads: the frozen snapshot's lines, as token ids with a mask over what is to be learnt."""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from espalier.core.failures import UnusableInput

Split = Literal["train", "validation", "test"]
NAMED = 3  # examples that a sentence names before it only counts the rest


class ChatTokenizer(Protocol):
    """What the trainer needs of a tokenizer: ids of a conversation and, as 0 or 1, which of them are the solution's."""

    def chat_with_mask(self, messages: Sequence[Mapping[str, str]], /) -> tuple[Sequence[int], Sequence[int]]: ...


class Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    role: Literal["system", "user", "assistant"]
    content: str


class Line(BaseModel):
    """One line of a snapshot; what else a line says (kind, label, service, language) the trainer has no use for."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    id: Annotated[str, Field(min_length=1, max_length=200)]
    split: Split
    repeats: Annotated[int, Field(ge=1, le=1000)]
    messages: Annotated[list[Message], Field(min_length=2)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One tokenised example; `learn` holds a 1 for every token of the solution and its closing mark."""

    id: str
    repeats: int
    ids: "array[int]"  # the class takes no subscript at run time before Python 3.12
    learn: bytes

    def __len__(self) -> int:
        return len(self.ids)


def lines(snapshot: bytes) -> Iterator[Line]:
    """The snapshot line by line; raises UnusableInput, which never quotes a line's text."""
    for number, line in enumerate(snapshot.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            yield Line.model_validate_json(line)
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
            sentence = f"Line {number} of the snapshot is not an example of ours ({where or 'not JSON'})."
            raise UnusableInput(sentence, "Freeze the dataset again.") from None


def samples(
    snapshot: bytes,
    split: Split,
    tokenizer: ChatTokenizer,
    row_tokens: int,
    tick: Callable[[], None] = lambda: None,
) -> list[Sample]:
    """Every example of the split, in the snapshot's order. `tick` is called between examples and may raise.

    Raises UnusableInput for an example that is longer than a row or has nothing to learn; the dataset windows before.
    """
    found: list[Sample] = []
    for line in lines(snapshot):
        if line.split == split:
            found.append(_sample(line, tokenizer))
            tick()
    _refuse([one for one in found if len(one) > row_tokens], f"longer than the recipe's row of {row_tokens} tokens")
    _refuse([one for one in found if not any(one.learn[1:])], "without a single token to learn")
    return found


def _sample(line: Line, tokenizer: ChatTokenizer) -> Sample:
    ids, learn = tokenizer.chat_with_mask([message.model_dump() for message in line.messages])
    return Sample(id=line.id, repeats=line.repeats, ids=array("q", ids), learn=bytes(map(int, learn)))


def _refuse(wrong: list[Sample], what: str) -> None:
    if not wrong:
        return
    named = ", ".join(f"{one.id[:16]} ({len(one)} tokens)" for one in wrong[:NAMED])
    rest = f" and {len(wrong) - NAMED} more" if len(wrong) > NAMED else ""
    remedy = "Give the recipe longer rows (row_tokens), or build the examples again with a smaller window."
    raise UnusableInput(f"The snapshot has examples {what}: {named}{rest}.", remedy)
