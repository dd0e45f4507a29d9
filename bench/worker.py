"""A real worker: the line of the Procfile, one job at a time, in the application's role."""

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from bench.failed import Failed
from bench.surroundings import BASE_DIR
from silon.embedded.keep import Kept
from silon.embedded.leftovers import MARK, end_leftovers

PATIENCE = 5  # seconds; an idle worker ends at once


class Worker:
    """A worker that lives as long as the block it is used in. ``folder`` is the run's, for its log and its mark."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: Kept | None = None

    def __enter__(self) -> Self:
        self._kept = Kept(
            ["/bin/sh", "-c", _procfile_line()],
            signal.SIGTERM,
            env=_environ() | {MARK: str(self._folder)},
            log=self._folder / "worker.log",
            cwd=str(BASE_DIR),
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._kept.stop(PATIENCE)
        end_leftovers(self._folder)  # a worker in the middle of a job would first end it

    def refuse_death(self) -> None:
        """Raises Failed, with the end of its log, when the worker is no longer there."""
        if not self._kept.alive():
            raise self.failed("The worker ended by itself.")

    def failed(self, why: str) -> Failed:
        """A failure with the end of the worker's log, which goes away with the run."""
        return Failed(f"{why} The end of the worker's log:\n{self._kept.last_words()}")

    def processes(self) -> list[psutil.Process]:
        """What works on jobs: the pool's process and, during a load, the parser below it."""
        with suppress(psutil.NoSuchProcess):
            for process in psutil.Process(self._kept.process.pid).children(recursive=True):
                if process.cmdline()[1:3] == ["-m", "celery"]:  # parents come before their children
                    return process.children(recursive=True)
        return []


def _procfile_line() -> str:
    lines = (BASE_DIR / "Procfile").read_text("utf-8").splitlines()
    return next(line.removeprefix("worker:").strip() for line in lines if line.startswith("worker:"))


def _environ() -> dict[str, str]:
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    found = os.environ | {"PATH": path, "WORKER_CONCURRENCY": "1"}
    del found["DATABASE_OWNER_URL"]
    return found
