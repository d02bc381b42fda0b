"""What the trainer takes from a snapshot, and what it refuses without quoting it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from tests.core.training.made import snapshot, tiny

from espalier.core.failures import UnusableInput
from espalier.core.models.tokenizer import Tokenizer
from espalier.core.training.data import samples


class Characters:
    """A tokenizer of one token a character, which learns the last message."""

    def chat_with_mask(self, messages: Sequence[Mapping[str, str]], /) -> tuple[list[int], list[bool]]:
        prompt, answer = "".join(message["content"] for message in messages[:-1]), messages[-1]["content"]
        return [ord(letter) for letter in prompt + answer], [False] * len(prompt) + [True] * len(answer)


def _line(**changes: object) -> bytes:
    messages = [{"role": "user", "content": "ask"}, {"role": "assistant", "content": "answer"}]
    return json.dumps({"id": "a" * 64, "split": "train", "repeats": 2, "messages": messages} | changes).encode()


def test_that_only_the_asked_split_is_read() -> None:
    data = b"\n".join(_line(id=split, split=split) for split in ("train", "validation", "test"))
    assert [one.id for one in samples(data, "train", Characters(), 99)] == ["train"]
    assert [one.id for one in samples(data, "validation", Characters(), 99)] == ["validation"]


def test_that_a_sample_learns_the_answer_and_keeps_its_repeats() -> None:
    (one,) = samples(_line(), "train", Characters(), 99)
    assert (len(one), one.repeats, list(one.learn)) == (9, 2, [0, 0, 0, 1, 1, 1, 1, 1, 1])


def test_that_the_closing_mark_of_the_answer_is_learnt(tmp_path: Path) -> None:
    tokenizer = Tokenizer.load(tiny(tmp_path).path)
    one = samples(snapshot(1, 0), "train", tokenizer, 256)[0]
    assert one.ids[-1] == tokenizer.eos_id and one.learn[-1] == 1


def test_that_too_long_examples_are_named_by_id_and_counted() -> None:
    data = b"\n".join(_line(id=f"{number}" * 20) for number in range(5))
    with pytest.raises(UnusableInput) as refused:
        samples(data, "train", Characters(), 8)
    assert "0000000000000000 (9 tokens)" in refused.value.sentence and "and 2 more" in refused.value.sentence


def test_that_an_example_without_anything_to_learn_is_refused() -> None:
    empty = [{"role": "user", "content": "ask"}, {"role": "assistant", "content": ""}]
    with pytest.raises(UnusableInput, match="without a single token to learn"):
        samples(_line(messages=empty), "train", Characters(), 99)


@pytest.mark.parametrize(
    ("line", "where"),
    [
        (b"{", "not JSON"),
        (_line(split="secret-split"), "split"),
        (_line(repeats=0), "repeats"),
        (_line(messages=[{"role": "user", "content": "hunter2"}]), "messages"),
        (_line(messages=[{"role": "root", "content": "hunter2"}] * 2), "messages.0.role"),
    ],
)
def test_that_a_broken_line_is_named_by_number_and_never_quoted(line: bytes, where: str) -> None:
    with pytest.raises(UnusableInput) as refused:
        samples(_line() + b"\n" + line, "train", Characters(), 99)
    assert "Line 2" in refused.value.sentence and where in refused.value.sentence
    assert "hunter2" not in str(refused.value) and refused.value.__cause__ is None
