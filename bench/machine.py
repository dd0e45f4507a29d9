"""On what the figures were taken."""

import os
import platform
import re
from pathlib import Path

import polars as pl
import psutil


def describe(postgresql: str, load: float) -> dict[str, str | int | float]:
    """The machine and the versions; ``load`` is its load average before the run: an idle machine has 0."""
    return {
        "cpu": _cpu_model(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "load_before": round(load, 2),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "polars": pl.__version__,
        "postgresql": postgresql,
    }


def _cpu_model() -> str:
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1].strip() if found else platform.processor() or "unknown"
