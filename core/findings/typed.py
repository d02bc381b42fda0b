"""Words that people type beside a decision, a review or a rating: they are stored and exported as they are, so no secret may be in them."""

from espalier.core.failures import UnusableInput
from espalier.core.findings.detection.detect import MESSAGE, detect


def require_clean(words: str) -> None:
    """Raises UnusableInput, without the value, where a detector finds a secret in them. Personal data may be named."""
    if not words.strip():
        return
    found = sorted({span.rule for span in detect(words, MESSAGE) if span.kind == "secret"})
    if found:
        sentence = (
            f"What was typed holds what looks like a secret ({', '.join(found)}), and it would be stored as it is."
        )
        raise UnusableInput(sentence, "Say it without the value.")
