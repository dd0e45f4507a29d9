"""Processes of the application that outlived a launcher that was killed."""

import contextlib
import os
import signal
import time
from pathlib import Path

MARK = (
    "SILON_RUN"  # in the environment of every process of a run, inherited by their children: its data folder
)
PATIENCE = 5  # seconds between asking and killing


def end_leftovers(data: Path) -> None:
    """End every process that a run on `data` left behind (known on Linux, by its environment).

    Called only by the launcher that holds the lock of `data`, so no living run is meant.
    """
    for signum in (signal.SIGTERM, signal.SIGKILL):
        until = time.monotonic() + PATIENCE
        asked: set[int] = set()
        while (left := _processes_of(data)) and time.monotonic() < until:
            for pid in left - asked:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signum)
            asked |= left
            time.sleep(0.1)


def _processes_of(data: Path) -> set[int]:
    mark = f"{MARK}={data}".encode()
    found = set()
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):  # another user's, or ended meanwhile
            if mark in environ.read_bytes().split(b"\0"):
                found.add(int(environ.parent.name))
    return found - {os.getpid()}
