"""Qt really starts, or the libraries that it misses are named."""

from pathlib import Path

import pytest

from espalier.core.doctor import probe, window


@pytest.fixture(autouse=True)
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


def test_that_without_a_display_qt_draws_offscreen() -> None:
    found = window.qt()
    assert found.state == "limited"
    assert "on offscreen" in found.found


def test_that_a_display_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "wayland")
    monkeypatch.setenv("WAYLAND_DISPLAY", "nowhere")
    found = window.qt()
    assert found.state == "missing"
    assert found.remedy


def test_that_missing_libraries_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def aborts(code: str, environment: object = None) -> dict[str, str]:
        if code == window.START:
            raise probe.Failed("ended by signal 6")
        return {"folder": str(tmp_path)}

    (tmp_path / "QtGui.abi3.so").touch()
    ldd = tmp_path / "ldd"
    ldd.write_text("#!/bin/sh\nprintf '\\tlibEGL.so.1 => not found\\n\\tlibc.so.6 => /lib/libc.so.6 (0x1)\\n'\n")
    ldd.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(probe, "answer", aborts)
    assert window.qt().found == "does not start: libEGL.so.1 not found"
