"""A server kept alive by a pipe, and locks that live exactly as long as what they guard.

The server's parent is a small shell that holds one end of a pipe to us. When the pipe closes, because we
ask for it or because we were killed, the shell stops the server. The lock on the server's data is inherited
by the server itself, so it is free only when the last of its processes is gone, whatever was killed before.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

STOP_PATIENCE = 90  # seconds a server gets for an orderly end before it is killed
LOG_LIMIT = 10_000_000  # bytes after which a log is set aside at the next start

# The first argument is the signal that means "end in good order", the rest is the server's command.
# A line or the end of the pipe on descriptor 0 sends that signal; the server's own end ends the shell.
KEEPER = """
stop=$1; shift
exec 3<&0
"$@" 3<&- & server=$!
{ read -r _; kill -s "$stop" $server; } <&3 & reader=$!
wait $server; code=$?
kill $reader 2>/dev/null
exit $code
"""


class ServerError(Exception):
    """A server cannot be had here; the message says why and what to do."""


def say(sentence: str) -> None:
    """Tell the person at the terminal; standard output stays free for the command that is run."""
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


@dataclass(frozen=True)
class Account:
    """Whom a process runs as; without numbers, as whoever starts it."""

    uid: int | None = None
    gid: int | None = None

    def for_popen(self) -> dict:
        """The arguments of subprocess.Popen that make it so."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Make this account the owner of `path` and nobody else able to enter it."""
        path.chmod(0o700)
        if self.uid is not None:
            os.chown(path, self.uid, self.gid)

    def run(self, command: list[str], **more: object) -> subprocess.CompletedProcess:
        """Run a short command as this account, from a folder that every account can enter."""
        return subprocess.run(  # noqa: S603 -- commands are composed here, none comes from outside
            command, cwd="/", stdin=subprocess.DEVNULL, check=False, **self.for_popen(), **more
        )


def try_lock(path: Path) -> int | None:
    """Take the lock file `path` and give its descriptor, or None while someone else holds it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def take_lock_from_orphan(path: Path, pid_of_holder: Callable[[], int | None], stop: signal.Signals) -> int:
    """Take the lock of a server whose launcher is gone: ask that server to end, then wait until it has.

    The pid is read from the server's own pid file and signalled only while the lock is held, so a number
    that meanwhile belongs to another process is never touched. Killed after STOP_PATIENCE seconds.
    """
    began, asked = time.monotonic(), False
    while (lock := try_lock(path)) is None:
        patience_over = time.monotonic() - began > STOP_PATIENCE
        pid = pid_of_holder()
        if pid and (patience_over or not asked):
            say(f"Stopping a server left behind by an earlier run (process {pid}).")
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL if patience_over else stop)
            asked, began = True, time.monotonic()
        time.sleep(0.05)
    return lock


def open_log(path: Path) -> int:
    """A descriptor that appends to the log `path`, setting a log that has grown long aside."""
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".log.1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


class Kept:
    """A process that ends when we do. Its output goes to `log` (None: where ours goes)."""

    def __init__(
        self,
        command: list[str],
        stop: signal.Signals,
        *,
        env: Mapping[str, str],
        log: Path | None = None,
        account: Account | None = None,
        pass_fds: tuple[int, ...] = (),
        cwd: str = "/",
    ) -> None:
        account = account or Account()
        output = open_log(log) if log else None
        self.log = log
        self.process = subprocess.Popen(  # noqa: S603 -- commands are composed here, none comes from outside
            ["/bin/sh", "-c", KEEPER, "keeper", stop.name.removeprefix("SIG"), *command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            bufsize=0,
            env=dict(env),
            cwd=cwd,
            pass_fds=pass_fds,
            start_new_session=True,  # Ctrl-C in the terminal reaches us alone; we stop the servers in order
            **account.for_popen(),
        )
        if output is not None:
            os.close(output)

    def alive(self) -> bool:
        return self.process.poll() is None

    def last_words(self) -> str:
        """The end of the log, for the message about a server that did not start."""
        if not self.log:
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:])

    def ask_to_stop(self) -> None:
        """Ask for an orderly end and return at once."""
        with contextlib.suppress(BrokenPipeError, ValueError):  # ended already, or asked before
            self.process.stdin.write(b"\n")
            self.process.stdin.close()

    def stop(self, patience: float = STOP_PATIENCE) -> int:
        """End it in good order, by force after `patience` seconds; gives its exit code."""
        self.ask_to_stop()
        try:
            return self.process.wait(patience)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            return self.process.wait()
