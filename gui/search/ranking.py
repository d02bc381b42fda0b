"""How well a text fits typed words: every word must be found, better at the beginning of a word and of the text."""

EXACT, START, WORD, WITHIN = 0, 1, 2, 3


def rank(words: str, text: str) -> tuple[int, int] | None:
    """Smaller is better; None where a word is not found at all. No words fit everything alike."""
    said, text = words.casefold().split(), text.casefold()
    if not said:
        return (0, 0)
    places = [_place(word, text) for word in said]
    found = [place for place in places if place is not None]
    if len(found) < len(places):
        return None
    return (sum(kind for kind, _ in found), sum(at for _, at in found) + len(text))


def _place(word: str, text: str) -> tuple[int, int] | None:
    at = text.find(word)
    if at < 0:
        return None
    if at == 0:
        return (EXACT if word == text else START, 0)
    starts = text.find(f" {word}")
    return (WORD, starts) if starts >= 0 else (WITHIN, at)
