"""Ends in good order when asked to: Ctrl-C, SIGTERM, a closed terminal."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """We were asked to end. Not an Exception, so that nothing on the way takes it for an error."""

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.signum = signum

    @property
    def exit_code(self) -> int:
        return 128 + self.signum


@contextlib.contextmanager
def stopping_on_signals() -> Iterator[None]:
    """Inside, the first signal raises Stopped; later ones change nothing, so that the clean-up is whole."""

    def stop(signum: int, _frame: object) -> None:
        for each in ENDING:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(signum)

    before = {each: signal.signal(each, stop) for each in ENDING}
    try:
        yield
    except Stopped:
        raise  # what comes next is the clean-up: the signals stay ignored
    else:
        for each, handler in before.items():
            signal.signal(each, handler)


def run_in_foreground(command: list[str], env: Mapping[str, str]) -> int:
    """Run `command` with our terminal; it decides what Ctrl-C means. Gives its exit code."""
    child = subprocess.Popen(command, env=dict(env))  # noqa: S603 -- the command is the caller's own
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to the child as well
    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, lambda signum, _frame: child.send_signal(signum))
    code = child.wait()
    return 128 - code if code < 0 else code


@contextlib.contextmanager
def own_foreground() -> Iterator[None]:
    """Take the terminal's foreground for ourselves while inside.

    `make`, our parent, then does not see Ctrl-C and reports our own exit code instead of "Interrupt".
    Without a terminal, or in its background, nothing changes.
    """
    try:
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        terminal = None
    group = os.getpgrp()
    if terminal is None or os.tcgetpgrp(terminal) != group or group == os.getpid():
        yield
        return
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # handing the terminal back is done from its background
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)  # nobody could wake us: the shell watches make, not us
    os.setpgid(0, 0)
    os.tcsetpgrp(terminal, os.getpgrp())
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # the terminal may be gone
            os.tcsetpgrp(terminal, group)
