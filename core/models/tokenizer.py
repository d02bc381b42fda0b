"""A model's tokenizer and chat template, without torch and without transformers.

Text is text: a control token spelt out in somebody's code ("<|im_end|>" in a test, "<filename>" in a usage line) is encoded
as its characters, never as the token, so that no file of a repository can end a message or speak as another role.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import tokenizers

from espalier.core.failures import UnusableInput
from espalier.core.models.chat_template import ChatTemplate
from espalier.core.models.files import read_object

MARK = "\ufdd0"
"""A noncharacter of Unicode put into spelt-out control tokens while a conversation is rendered, and taken out again."""


class Tokenizer:
    """Belongs to one thread, as its chat template does."""

    def __init__(self, tokenizer: tokenizers.Tokenizer, template: ChatTemplate, end: str) -> None:
        tokenizer.encode_special_tokens = True
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self._template = template
        self._control = {
            token.content: number for number, token in tokenizer.get_added_tokens_decoder().items() if token.special
        }
        if end not in self._control:
            raise UnusableInput("The model's tokenizer has no token that ends a message.", "Use an instruction model.")
        self._any_control = re.compile("|".join(re.escape(token) for token in sorted(self._control, key=len)[::-1]))
        self.eos_id = self._control[end]
        self.eos = end
        self.largest_id = max(tokenizer.get_vocab(with_added_tokens=True).values())

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The tokenizer of a model folder; raises UnusableInput if a part of it is missing or broken."""
        config = read_object(folder / "tokenizer_config.json")
        end = token_text(config.get("eos_token"))
        variables = {
            name: token_text(config.get(name)) for name in ("bos_token", "eos_token", "pad_token", "unk_token")
        }
        template = ChatTemplate(template_source(folder), variables)
        return cls(_tokenizer(folder / "tokenizer.json"), template, end)

    def encode(self, text: str) -> list[int]:
        """Tokens of plain text; none is a control token, whatever the text says, and no bos is put before."""
        return self._tokenizer.encode(text, add_special_tokens=False).ids

    def decode(self, tokens: Sequence[int]) -> str:
        """The text without control tokens."""
        return self._tokenizer.decode(list(tokens), skip_special_tokens=True)

    def count(self, text: str) -> int:
        return len(self.encode(text))

    def chat(self, messages: Sequence[Mapping[str, str]], *, add_generation_prompt: bool) -> str:
        """The conversation as the model's template writes it; give it to `encode_chat`, not to `encode`."""
        guarded = [{**message, "content": self._guard(message["content"])} for message in messages]
        return self._template.render(guarded, add_generation_prompt=add_generation_prompt)

    def encode_chat(self, rendered: str) -> list[int]:
        """Tokens of what `chat` returned: the template's control tokens as themselves, everything between as text."""
        tokens: list[int] = []
        position = 0
        for control in self._any_control.finditer(rendered):
            tokens += self._encode_unmarked(rendered[position : control.start()])
            tokens.append(self._control[control[0]])
            position = control.end()
        return tokens + self._encode_unmarked(rendered[position:])

    def count_chat(self, messages: Sequence[Mapping[str, str]], *, add_generation_prompt: bool) -> int:
        return len(self.encode_chat(self.chat(messages, add_generation_prompt=add_generation_prompt)))

    def chat_with_mask(self, messages: Sequence[Mapping[str, str]]) -> tuple[list[int], list[bool]]:
        """Tokens of the conversation up to the end of its last message, which is the assistant's, and which of them are learnt.

        The prompt is tokenized by itself, so that it is the same tokens that generation starts from. Learnt are the last
        message's tokens and the token that ends it; the newline that a template writes after it is left off.
        """
        prompt = self.chat(messages[:-1], add_generation_prompt=True)
        whole = self.chat(messages, add_generation_prompt=False)
        if messages[-1]["role"] != "assistant" or not whole.startswith(prompt):
            raise UnusableInput(
                "The model's chat template doesn't write the answer behind its prompt.", "Use another base model."
            )
        before, answer = self.encode_chat(prompt), self.encode_chat(whole[len(prompt) :])
        if self.eos_id not in answer:
            raise UnusableInput("The model's chat template doesn't end an answer.", "Use another base model.")
        answer = answer[: answer.index(self.eos_id) + 1]
        return before + answer, [False] * len(before) + [True] * len(answer)

    def _guard(self, content: str) -> str:
        plain = content.replace(MARK, "")
        return self._any_control.sub(lambda found: found[0][0] + MARK + found[0][1:], plain)

    def _encode_unmarked(self, text: str) -> list[int]:
        return self.encode(text.replace(MARK, "")) if text else []


def _tokenizer(path: Path) -> tokenizers.Tokenizer:
    read_object(path)
    try:
        return tokenizers.Tokenizer.from_str(path.read_text(encoding="utf-8"))
    except Exception as error:  # the library raises nothing narrower than Exception itself
        raise UnusableInput("tokenizer.json of the model can't be loaded.", "Fetch the model again.") from error


def template_source(folder: Path) -> str:
    """The template's text: chat_template.jinja, or the entry of tokenizer_config.json as older models have it."""
    path = folder / "chat_template.jinja"
    if path.is_file():
        return path.read_bytes()[: 1 << 20].decode("utf-8", errors="replace")
    match read_object(folder / "tokenizer_config.json").get("chat_template"):
        case str(source):
            return source
        case [*entries]:
            named = {entry["name"]: entry["template"] for entry in entries if isinstance(entry, dict)}
            if isinstance(named.get("default"), str):
                return str(named["default"])
    raise UnusableInput(
        "The model has no chat template, so nobody knows how to ask it.", "Use its instruction-tuned version."
    )


def token_text(value: object) -> str:
    """A token as tokenizer_config.json gives it: its text, or an object that holds it."""
    match value:
        case str(text) | {"content": str(text)}:
            return text
    return ""
