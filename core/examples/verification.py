"""The scan of a finished example: its conversation and every name that goes with it, before any of it is stored."""

from espalier.core.examples.example import Example
from espalier.core.examples.source import NAMES_PATH
from espalier.core.scrub.scrubber import Scrubber

WITHHELD = "(withheld)"


def verified(example: Example, scrubber: Scrubber) -> Example:
    """The example, or its empty shell where a detector still flags it: then not even the dropped text is kept."""
    names = (example.provenance.path, example.service, example.qualified_name, example.licence)
    said = [*(message["content"] for message in example.messages()), example.rationale, *names]
    remaining = scrubber.verify("\n".join(said), example.provenance.path)
    named = [] if not remaining else scrubber.verify("\n".join(names), NAMES_PATH)
    if not remaining:
        return example
    path = WITHHELD if named else example.provenance.path
    return example.withheld(f"verification: {remaining[0].rule}", path=path)
