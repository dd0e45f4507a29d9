"""The most memory a worker held while it loaded a file."""

import re
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.processes import Worker

INTERVAL = 0.1  # seconds; the kernel itself keeps each process's peak, only the parser's end can be missed
SHARED_EVERY = 5  # intervals; counting shared pages costs the kernel milliseconds


class PeakMemory:
    """What the pool's process and the parser held. Celery's parent process, which only waits, is left out.

    ``rss``: each one's own peak, in bytes by process. Their sum is not less than what both held at one time:
    the peaks may lie apart, and pages of libraries that both use count twice. ``pss``: the highest sum seen at
    one time, shared pages counted once; looked at every half second, so a short peak may be missing in it.
    """

    def __init__(self, worker: Worker) -> None:
        self.rss: dict[int, int] = {}
        self.pss = 0
        self._worker = worker
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        for pid in self._worker.pids():
            _forget_peak(pid)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._look()

    def _watch(self) -> None:
        looks = 0
        while not self._stop.wait(INTERVAL):
            looks += 1
            self._look(shared=looks % SHARED_EVERY == 0)

    def _look(self, *, shared: bool = True) -> None:
        pids = self._worker.pids()
        for pid in pids:
            self.rss[pid] = max(_bytes_of(pid, "status", "VmHWM"), self.rss.get(pid, 0))
        if shared:
            self.pss = max(self.pss, sum(_bytes_of(pid, "smaps_rollup", "Pss") for pid in pids))


def _bytes_of(pid: int, file: str, name: str) -> int:
    """Bytes: one line of a file of /proc; 0 when the process has ended meanwhile."""
    try:
        text = Path(f"/proc/{pid}/{file}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    found = re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def _forget_peak(pid: int) -> None:
    """Let the kernel's high-water mark begin anew (proc(5), clear_refs), unless the process has ended meanwhile."""
    with suppress(FileNotFoundError, ProcessLookupError):
        Path(f"/proc/{pid}/clear_refs").write_text("5")
