"""The whole list, on this machine."""

import pytest

from espalier.core.doctor import sandbox
from espalier.core.doctor.diagnose import diagnose
from espalier.core.evaluation.sandbox.tier import Capability


@pytest.mark.slow
def test_that_each_check_answers_once_and_lacks_come_with_a_remedy() -> None:
    found = list(diagnose())
    names = [finding.name for finding in found]
    assert len(names) == len(set(names)) == 11
    assert [finding for finding in found if (finding.state == "ok") != (finding.remedy == "")] == []
    assert {finding.name for finding in found if finding.state == "missing"} == set()


def test_that_a_sandbox_that_does_not_hold_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = Capability(tier="none", reason="User namespaces are switched off.", remedy="Ask for the exception.")
    monkeypatch.setattr(sandbox, "probed", lambda: refused)
    found = sandbox.sandbox()
    assert (found.state, found.found, found.remedy) == ("missing", refused.reason, refused.remedy)
