"""A cell of a CSV file as a spreadsheet should take it: what it would take for the start of a formula is text."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_text(cell: object) -> object:
    """Numbers stay what they are."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
