"""Words from outside as they may be shown: in one line, and with nothing in them that a terminal obeys."""


def quoted(name: str) -> str:
    """A file's name; one that could pass for another by a foreign letter is spelt out in escapes."""
    return name if name.isascii() and name.isprintable() else ascii(name)


def plain(text: str) -> str:
    """Prose or a person's name: any letters, but no control, format or line characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
