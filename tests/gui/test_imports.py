"""The window starts fast because it loads nothing heavy: a process of its own says what it has loaded."""

import json
import subprocess
import sys

HEAVY = ("torch", "transformers", "peft", "bitsandbytes", "accelerate", "datasets", "pyqtgraph")
PROGRAM = "import json, sys, {module}; print(json.dumps(sorted(set(sys.modules))))"


def loaded(module: str) -> set[str]:
    program = PROGRAM.format(module=module)
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    return set(json.loads(told))


def test_that_the_window_loads_no_training_library_and_no_plots() -> None:
    modules = loaded("espalier.gui.app")
    assert "PySide6.QtWidgets" in modules
    assert not modules & set(HEAVY)


def test_that_the_training_page_loads_plots_and_no_training_library() -> None:
    assert loaded("espalier.gui.training.page") & set(HEAVY) == {"pyqtgraph"}


def test_that_the_console_script_loads_no_window_for_the_command_line() -> None:
    assert not {name for name in loaded("espalier.gui.__main__") if name.startswith("PySide6")}
