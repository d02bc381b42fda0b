"""What the overview says of what is left to do."""

from espalier.core.release.remaining import Kind, Step
from espalier.gui.findings.page import TABS
from espalier.gui.overview.words import line
from espalier.gui.states import NEEDS_YOU, SHUT

SAMPLED: tuple[Kind, ...] = ("sample", "second")
FEW = 32  # letters that the button in the head has room for beside the page's sentence


def test_that_the_button_of_a_shut_gate_does_not_repeat_its_whole_sentence() -> None:
    why = "security: 3 of 47 answers that were checked have a security finding that the base's answer has not"
    said = line(Step(kind="gate", about="1", why=why), NEEDS_YOU, SHUT)
    assert said.what == why
    assert 0 < len(said.act) <= FEW


def test_that_the_button_of_any_other_step_says_the_step() -> None:
    said = line(Step(kind="decide", about="3" * 64, count=12), NEEDS_YOU, SHUT)
    assert said.act == said.what == "12 findings to decide"


def test_that_the_sampled_review_says_how_many_files_wait_for_whom() -> None:
    said = [line(Step(kind=kind, about="3" * 64, count=1234), NEEDS_YOU, SHUT) for kind in SAMPLED]
    assert [one.what for one in said] == ["1,234 sampled files to read", "1,234 files for a second reader"]
    assert all(len(one.act) <= FEW for one in said)


def test_that_every_step_at_the_findings_leads_to_a_part_of_their_page() -> None:
    steps: tuple[Kind, ...] = ("scan", "decide", "sample", "second", "approve")
    said = [line(Step(kind=kind, about="3" * 64, count=2), NEEDS_YOU, SHUT) for kind in steps]
    assert [one.page for one in said] == ["findings"] * len(steps)
    assert [one.detail for one in said if one.detail not in TABS] == []
