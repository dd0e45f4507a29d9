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


def name_of(process):
    with suppress(psutil.NoSuchProcess):  # some of a server's processes live for a moment only
        return process.name()
    return None


def command_of(process):
    with suppress(psutil.NoSuchProcess):
        return process.cmdline()
    return []


def named(processes, name):
    return [process for process in processes if name_of(process) == name]


def kill(processes):
    """Kill -9, what keeps a server first, so that nobody lives to stop anything in order."""
    keepers = named(processes, "sh")
    for process in [*keepers, *(process for process in processes if process not in keepers)]:
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
