"""The machine itself: processor time is plenty anywhere, so memory, disk and the GPU are what is looked at."""

import shutil
from pathlib import Path

import psutil
import pynvml

from espalier.core.doctor.finding import Finding, limited, missing, ok
from espalier.core.project.folders import cache_folder

GB = 10**9
MEMORY = 4 * GB  # training the embedded model takes about 3 GB
DISK = 5 * GB  # its conversion, checkpoints of a run and a project file of the sample take about 2 GB
NO_GPU = "Small models train on the processor; for larger ones use a machine with an NVIDIA GPU and its driver."


def memory() -> Finding:
    has = psutil.virtual_memory()
    found = f"{has.total / GB:.1f} GB, {has.available / GB:.1f} GB free"
    if has.available < MEMORY:
        return limited("memory", found, f"Close other programs: training wants {MEMORY / GB:.0f} GB free.")
    return ok("memory", found)


def disk() -> Finding:
    """Where the smaller room is: projects go to the current folder, models to the cache."""
    places = {str(folder): shutil.disk_usage(folder).free for folder in (Path.cwd(), cache_folder())}
    place, free = min(places.items(), key=lambda one: one[1])
    found = f"{free / GB:.1f} GB free at {place}"
    if free < DISK:
        return limited("disk", found, f"Make room, or set ESPALIER_CACHE to a folder with {DISK / GB:.0f} GB.")
    return ok("disk", found)


def gpu() -> Finding:
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError as absent:
        return limited("GPU", f"none ({absent})", NO_GPU)
    try:
        driver = pynvml.nvmlSystemGetDriverVersion()
        devices = [pynvml.nvmlDeviceGetHandleByIndex(number) for number in range(pynvml.nvmlDeviceGetCount())]
        named = [
            f"{pynvml.nvmlDeviceGetName(one)} ({pynvml.nvmlDeviceGetMemoryInfo(one).total / GB:.0f} GB)"
            for one in devices
        ]
    except pynvml.NVMLError as trouble:
        return missing("GPU", f"does not answer ({trouble})", "Restart the machine, or install the driver again.")
    finally:
        pynvml.nvmlShutdown()
    return ok("GPU", f"{', '.join(named)}, driver {driver}") if named else limited("GPU", "none", NO_GPU)
