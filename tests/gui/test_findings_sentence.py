"""What the findings page says of its figures."""

from espalier.core.findings.sampling.review import SampledReview
from espalier.gui.findings.reading import Sampled
from espalier.gui.findings.sentence import strip_sampled


def head(reviewed: int, required: int, missed: int = 0) -> str:
    review = SampledReview(population=500, reviewed=reviewed, missed=missed, bound=0.004)
    return strip_sampled(Sampled(review=review, asked=0.01, required=required, sample=1, waiting=0))[0]


def test_that_before_enough_is_read_it_says_how_many_it_takes() -> None:
    assert head(20, 172) == "20 of 172 sampled excerpts clean"


def test_that_who_has_read_more_than_was_asked_is_told_of_what_was_read() -> None:
    assert head(273, 172) == "273 of 273 sampled excerpts clean"
    assert head(273, 262, missed=1) == "272 of 273 sampled excerpts clean"
