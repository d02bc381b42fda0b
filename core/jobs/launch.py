"""Starting the worker process: its own process group, a low priority and a cleaned environment."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from espalier.core.jobs.job import Lane
from espalier.core.jobs.log import log_file
from espalier.core.project.file import Project

OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "HF_HUB_DISABLE_XET": "1",
    "DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "DISABLE_MLFLOW_INTEGRATION": "TRUE",
    "WANDB_MODE": "disabled",
    "WANDB_DISABLED": "true",
    "COMET_MODE": "disabled",
    "TOKENIZERS_PARALLELISM": "false",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "PYTHONUNBUFFERED": "1",
    # cuBLAS is reproducible only with a fixed workspace; it must be set before the library loads.
    "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
    # Threads that spin while they wait take the processor from each other on a busy machine: ten times slower was seen.
    "OMP_WAIT_POLICY": "PASSIVE",
}
SECRETIVE = ("TOKEN", "SECRET", "PASSWORD", "PASSWD", "API_KEY", "APIKEY", "CREDENTIAL", "PROXY")
HARMFUL = ("PYTHONSTARTUP", "PYTHONPATH", "LD_PRELOAD", "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD")


def worker_environment(environment: dict[str, str]) -> dict[str, str]:
    """What a worker inherits: HOME and the session bus stay, or the keyring would vanish; tokens and proxies go."""
    kept = {name: value for name, value in environment.items() if not _unwanted(name.upper())}
    return {**kept, **OFFLINE}


def launch(project: Project, lane: Lane) -> subprocess.Popen[bytes]:
    """Start a worker of a lane; it ends by itself when nothing is left to do. Its output goes to a log in the work folder."""
    command = [sys.executable, "-P", "-m", "espalier.core.worker", str(project.path), "--lane", lane]
    return detached(project, command, log_file(project, lane))


def detached(project: Project, command: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    """Start a process that outlives this one, in a session of its own; what it says goes to that log in the work folder."""
    project.work.mkdir(mode=0o700, exist_ok=True)
    log.parent.mkdir(mode=0o700, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=worker_environment(dict(os.environ)),
            cwd=project.work,
            start_new_session=True,
        )


def _unwanted(name: str) -> bool:
    return name in HARMFUL or any(mark in name for mark in SECRETIVE)
