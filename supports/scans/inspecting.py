"""The other side of the inspectors of scans: processes that are given files, and started anew when one of them dies."""

import logging
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from supports.scans.inspector import read_message, write_message

PATIENCE_SECONDS = 90
# At the lowest priority, and its models are loaded first.
READER_PATIENCE_SECONDS = 180
MOST_DEATHS = 3
ROOT = Path(__file__).resolve().parents[2]
log = logging.getLogger(__name__)
Item = TypeVar("Item")


@dataclass(frozen=True)
class Seen:
    """What an inspector says about one file: ``code`` of words.FAULTS, or what it is and its pictures."""

    code: str = ""
    media: str = ""
    pages: int = 0
    problems: str = ""
    pictures: list[bytes] = field(default_factory=list)


class Companion:
    """A process of ours, asked one thing after the other. It knows nothing of our environment, and dies alone."""

    def __init__(self, module: str, patience: int = PATIENCE_SECONDS) -> None:
        self._module, self._patience = module, patience
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, told: dict[str, Any], content: bytes) -> tuple[dict[str, Any], list[bytes]] | None:
        """Its answer; None when the process died of the question or took too long."""
        process = self._running()
        timer = threading.Timer(self._patience, process.kill)
        timer.start()
        try:
            write_message(process.stdin, told, [content])
            message = read_message(process.stdout)
        except (OSError, ValueError):
            message = None
        finally:
            timer.cancel()
        if message is None:
            log.warning("%s ended with %s", self._module, process.wait())
            self.close()
        return message

    def close(self) -> None:
        """End the process."""
        if self._process:
            self._process.kill()
            with suppress(OSError):
                self._process.communicate()
            self._process = None

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            environment = {"PATH": os.defpath, "LANG": "C.UTF-8"}
            if "LD_LIBRARY_PATH" in os.environ:
                environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
            self._process = subprocess.Popen(  # noqa: S603 -- the module is one of ours
                [sys.executable, "-m", self._module], cwd=ROOT, env=environment,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        return self._process


class Inspector(Companion):
    """One inspector's process."""

    def __init__(self) -> None:
        super().__init__("supports.scans.inspector")

    def look(self, content: bytes) -> Seen:
        """What one file is; ``heavy`` when the process died of it or took too long."""
        message = self.ask({}, content)
        return _seen(*message) if message else Seen(code="heavy")


class CardReader(Companion):
    """The reader's process; it begins with the first picture and ends with the block."""

    def __init__(self) -> None:
        super().__init__("supports.scans.reader", READER_PATIENCE_SECONDS)
        self._died = 0

    def __enter__(self) -> "CardReader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, picture: bytes, *, card: bool) -> dict[str, Any]:
        """Whether it is ``turned``, and the ``nik`` of a card. One picture it dies of is one that was not read.

        Raises RuntimeError when it dies of one after the other: then it is the reader that is broken.
        """
        message = self.ask({"card": card}, picture)
        if message is None:
            self._died += 1
            if self._died == MOST_DEATHS:
                raise RuntimeError(f"{self._module} died {MOST_DEATHS} times in a row")
            return {"turned": False, "nik": None}
        self._died = 0
        return message[0]


class Inspectors:
    """Several inspectors at once. Only twice as many files as there are inspectors are held in memory."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._free = deque(Inspector() for _ in range(number))
        self._all = list(self._free)
        self._pool = ThreadPoolExecutor(number, "inspector")

    def __enter__(self) -> "Inspectors":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)
        for one in self._all:
            one.close()

    def look_at(
        self, files: Iterable[tuple[Item, bytes | None]]
    ) -> Iterator[tuple[Item, bytes | None, Seen]]:
        """Each file with what it is, in order. What has no content is passed on as it is."""
        waiting: deque[tuple[Item, bytes | None, Future[Seen]]] = deque()
        for item, content in files:
            waiting.append((item, content, self._pool.submit(self._look, content)))
            if len(waiting) >= 2 * self._number:
                yield _result(waiting.popleft())
        while waiting:
            yield _result(waiting.popleft())

    def _look(self, content: bytes | None) -> Seen:
        if content is None:
            return Seen()
        inspector = self._free.popleft()
        try:
            return inspector.look(content)
        finally:
            self._free.append(inspector)


def _result(one: "tuple[Item, bytes | None, Future[Seen]]") -> tuple[Item, bytes | None, Seen]:
    item, content, seen = one
    return item, content, seen.result()


def _seen(told: dict[str, Any], pictures: list[bytes]) -> Seen:
    if "code" in told:
        return Seen(code=told["code"])
    return Seen("", told["kind"], told["pages"], " ".join(told["problems"]), pictures)
