"""What has to be set in a process for a model to compute the same twice, whatever that process did before."""

import os


def compute_repeatably(threads: int) -> None:
    """Set torch's threads and determinism; call it before anything else of a job touches torch.

    A worker does one job after another and torch's switches are the process's: a job that doesn't set them computes by those of
    the job before. Sums over another number of threads round differently, and on some processors torch chooses another kernel
    of attention by it. Some of CUDA's have no deterministic form; there torch warns.
    """
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # or cuBLAS may add in another order each time
    import torch

    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True, warn_only=torch.cuda.is_available())
    # It fills every new tensor, which costs 6 % and helps only those who read memory that nobody wrote.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]  # a property of the module


def cores() -> int:
    """How many threads compute best: one for each physical core."""
    import psutil

    return psutil.cpu_count(logical=False) or os.cpu_count() or 1
