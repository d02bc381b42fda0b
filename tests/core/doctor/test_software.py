"""The programs and libraries: missing, broken and changed ones are told from whole ones."""

from pathlib import Path

import pytest

from espalier.core.doctor import software
from espalier.core.models import embedded


def test_that_a_missing_git_is_told_with_the_command_that_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = software.git()
    assert (found.state, found.found) == ("missing", "not found")
    assert "apt-get install" in found.remedy


def test_that_a_git_that_does_not_start_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "git"
    broken.write_text("#!/bin/sh\nexit 127\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert software.git().state == "missing"


def test_that_an_old_sqlite_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert software.database().state == "ok"
    monkeypatch.setattr(software, "wal_is_safe", lambda: False)
    assert software.database().state == "limited"


def test_that_a_keyring_that_forgets_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    found = software.key_store()
    assert (found.state, found.found) == ("limited", "keyring.backends.null takes a key and does not give it back")


def test_that_no_keyring_means_files(own_configuration: Path) -> None:
    found = software.key_store()
    assert (found.state, found.found) == ("limited", "none")
    assert str(own_configuration) in found.remedy


def test_that_a_changed_model_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert software.model().state == "ok"
    changed = tmp_path / embedded.GGUF
    changed.write_bytes(embedded.packaged().read_bytes()[:-1])
    monkeypatch.setattr(embedded, "packaged", lambda: changed)
    found = software.model()
    assert found.state == "missing"
    assert "not the known one" in found.found


@pytest.mark.slow
def test_that_four_bit_weights_come_back() -> None:
    assert software.quantisation().state == "ok"


@pytest.mark.slow
def test_that_wrong_four_bit_weights_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        software, "QUANTISE", software.QUANTISE.replace('quant_type="nf4"))', 'quant_type="nf4")).neg()')
    )
    found = software.quantisation()
    assert (found.state, found.remedy) == ("missing", "Train without quantisation.")


def test_that_a_bitsandbytes_that_does_not_load_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(software, "QUANTISE", "raise ImportError('libbitsandbytes_cpu.so')")
    found = software.quantisation()
    assert (found.state, found.found) == ("missing", "does not work (ImportError: libbitsandbytes_cpu.so)")
