"""What every test gets: its own configuration and keys, no network switch left on, and nothing left behind at its end."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_HUB_DISABLE_XET": "1",
    "DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "WANDB_MODE": "disabled",
    "WANDB_DISABLED": "true",
    "PIP_NO_INDEX": "1",
}
CORES = "1" if "PYTEST_XDIST_WORKER" in os.environ else "2"
THREADS = {"OMP_NUM_THREADS": CORES, "MKL_NUM_THREADS": CORES, "TOKENIZERS_PARALLELISM": "false"}
# The user's git, agent and search path for modules have no say in a test.
FOREIGN = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "SSH_AUTH_SOCK",
    "PYTHONPATH",
    "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD",
)
GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}

# Before anything is imported that reads them once, as the libraries of training do.
os.environ.update(OFFLINE | THREADS | GIT | {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"})
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for name in FOREIGN:
    os.environ.pop(name, None)

import platformdirs  # noqa: E402  # after the environment is set
import pytest  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402

from tests.left_behind import remains  # noqa: E402

# How long an example takes depends on what else the machine does; speed is measured in tests/benchmarks.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# Converting the embedded model takes long, and the result is the same for all: the user's own cache serves.
os.environ.setdefault("ESPALIER_CACHE", str(platformdirs.user_cache_path("espalier")))


@pytest.fixture(autouse=True)
def own_configuration(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Identities, keys and settings of this test only; made at first use."""
    folder = tmp_path_factory.getbasetemp() / "configuration" / uuid.uuid4().hex
    monkeypatch.setenv("ESPALIER_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that leaves a thread, a process, a running QThread or an active QTimer."""
    with remains(window="qtbot" in request.fixturenames) as left:
        yield
    if left:
        pytest.fail(f"left behind: {', '.join(left)}")
