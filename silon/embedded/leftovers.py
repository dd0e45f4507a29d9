"""Processes of the application that did not end when they were asked, or outlived a launcher that was killed."""

import contextlib
import os
import signal
import time
from pathlib import Path

MARK = (
    "SILON_RUN"  # in the environment of every process of a run, inherited by their children: its data folder
)


def end_leftovers(data: Path) -> bool:
    """Kill every process that a run on `data` left behind (known on Linux, by its environment); was there one.

    Called only by the launcher that holds the lock of `data`, so no living run is meant. All are halted first:
    none may see another die and write down that as the outcome of a job.
    """
    found = False
    while left := _processes_of(data):
        found = True
        for signum in (signal.SIGSTOP, signal.SIGKILL):
            for pid in left:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signum)
        time.sleep(0.05)
    return found


def _processes_of(data: Path) -> set[int]:
    mark = f"{MARK}={data}".encode()
    found = set()
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):  # another user's, or ended meanwhile
            if mark in environ.read_bytes().split(b"\0"):
                found.add(int(environ.parent.name))
    return found - {os.getpid()}
