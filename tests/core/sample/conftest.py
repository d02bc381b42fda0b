"""One written sample for all tests here, which only read it."""

import pytest

from espalier.core.sample import Sample, write


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return write(tmp_path_factory.mktemp("sample") / "tallyfen")
