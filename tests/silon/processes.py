"""Processes that a test started, with all that they started."""

import time
from contextlib import suppress

import psutil


def wait_until(condition, seconds=300):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def tree(process):
    return [process, *process.children(recursive=True)]


def named(processes, name):
    found = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):  # some of a server's processes live for a moment only
            found += [process] if process.name() == name else []
    return found


def kill(processes):
    """Kill -9, what keeps a server first, so that nobody lives to stop anything in order."""
    for process in sorted(processes, key=lambda process: process.name() != "sh"):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    gone(processes)


def gone(processes):
    """Wait until none runs."""
    wait_until(lambda: not any(map(runs, processes)))


def runs(process):
    try:
        # One that ended and is only not yet collected by its parent does not run.
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
