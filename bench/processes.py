"""Real processes: lines of the Procfile, in the application's role."""

import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from bench.failed import Failed
from bench.surroundings import BASE_DIR
from silon.embedded.keep import Kept
from silon.embedded.leftovers import MARK, end_leftovers

PATIENCE = 5  # seconds; an idle process ends at once
START = 60  # seconds until the web server must answer


class Process:
    """One line of the Procfile, alive as long as the block it is used in.

    ``folder`` is the run's, for its log and its mark; ``environ`` is added to our own environment.
    """

    name: ClassVar[str]

    def __init__(self, folder: Path, **environ: str) -> None:
        self._folder = folder / self.name
        self._folder.mkdir(exist_ok=True)
        self._own = environ
        self._kept: Kept | None = None

    def __enter__(self) -> Self:
        self._kept = Kept(
            ["/bin/sh", "-c", _procfile_line(self.name)],
            signal.SIGTERM,
            env=_environ() | self._own | {MARK: str(self._folder)},
            log=self._folder / "log",
            cwd=str(BASE_DIR),
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._kept.stop(PATIENCE)
        end_leftovers(self._folder)  # a worker in the middle of a job would first end it

    def refuse_death(self) -> None:
        """Raises Failed, with the end of its log, when the process is no longer there."""
        if not self._kept.alive():
            raise self.failed(f"The {self.name} ended by itself.")

    def failed(self, why: str) -> Failed:
        """A failure with the end of the log, which goes away with the run."""
        return Failed(f"{why} The end of the {self.name}'s log:\n{self._kept.last_words()}")


class Worker(Process):
    """A worker that does one job at a time."""

    name = "worker"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, WORKER_CONCURRENCY="1")

    def pids(self) -> list[int]:
        """What works on jobs: the pool's process and, during a load, the parser below it."""
        for pid in _below(self._kept.process.pid):  # parents come before their children
            if _command(pid)[1:3] == ["-m", "celery"]:
                return list(_below(pid))
        return []


class Web(Process):
    """The web server on a free port of this machine, with as many threads as it has in use."""

    name = "web"

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        super().__init__(folder, PORT=str(self.port), LOG_LEVEL="ERROR")

    def __enter__(self) -> Self:
        super().__enter__()
        until = time.monotonic() + START
        while not self._answers():
            self.refuse_death()
            if time.monotonic() > until:
                raise self.failed(f"The web server does not answer within {START} s.")
            time.sleep(0.1)
        return self

    def _answers(self) -> bool:
        with suppress(OSError, urllib.error.URLError):
            address = f"http://127.0.0.1:{self.port}/healthz"
            with urllib.request.urlopen(address, timeout=5) as answer:
                return answer.status == 200
        return False


def _below(pid: int) -> Iterator[int]:
    """The processes that a process started, and theirs. Costs next to nothing, for it is asked while others work."""
    with suppress(FileNotFoundError, ProcessLookupError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (thread / "children").read_text().split()):
                yield child
                yield from _below(child)


def _command(pid: int) -> list[str]:
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return []


def _procfile_line(name: str) -> str:
    lines = (BASE_DIR / "Procfile").read_text("utf-8").splitlines()
    return next(line.removeprefix(f"{name}:").strip() for line in lines if line.startswith(f"{name}:"))


def _environ() -> dict[str, str]:
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    found = os.environ | {"PATH": path}
    del found["DATABASE_OWNER_URL"]
    return found
