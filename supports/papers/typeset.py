"""A template of ours and data → a PDF, made by a limited process of its own. Pure: no Django.

Data is passed as JSON and shown as text: a name that looks like markup stays a name. Nothing touches a disk.
"""

import contextlib
import json
import logging
import os
import re
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foundation.errors import Refused

log = logging.getLogger(__name__)
_ROOT = Path(__file__).resolve().parents[2]
_NAME = re.compile(r"[a-z][a-z_]*")
# Rows of one paper: a longer list is several papers, each a second of work and a hundred sheets.
MOST_ROWS = 2_000
# What one process sets before the next takes its place: it remembers what it laid out, and grows.
_BYTES_PER_PROCESS = 700_000


@dataclass(frozen=True)
class Limits:
    """What a typesetter may take: bytes of address space, seconds of processor, seconds by the clock for one paper.

    A list of 2,000 rows takes a second and 300 MB.
    """

    memory: int = 3 << 30
    cpu: int = 120
    seconds: int = 120


LIMITS = Limits()


def typeset(template: str, data: Mapping[str, Any], *, tags: bool = True, limits: Limits = LIMITS) -> bytes:
    """The PDF of ``templates/<template>.typ`` filled with ``data`` (what JSON can say); equal data, equal bytes.

    ``tags`` tell screen readers about tables and headings: twenty times the bytes of a long list. Refuses when the
    paper takes more than ``limits``.
    """
    with Typesetter(limits) as typesetter:
        return typesetter.typeset(template, data, tags=tags)


class Typesetter:
    """Sets many papers, one after the other; a process of its own is started when one is needed."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._child: subprocess.Popen | None = None
        self._given = 0

    def __enter__(self) -> "Typesetter":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def typeset(self, template: str, data: Mapping[str, Any], *, tags: bool = True) -> bytes:
        """As the function ``typeset``."""
        if not _NAME.fullmatch(template):
            raise ValueError(f"no template is called {template!r}")
        # Half of a surrogate pair has no encoding; JSON could carry it as far as the typesetter and no further.
        text = json.dumps(data, ensure_ascii=False).encode("utf-8", "replace").decode()
        line = json.dumps({"template": template, "data": text, "tags": tags}).encode() + b"\n"
        child = self._ready(len(line))
        clock = threading.Timer(self._limits.seconds, child.kill)
        clock.start()
        try:
            letter, content = _ask(child, line)
        finally:
            clock.cancel()
        if letter == b"P":
            return content
        self.close()
        if letter == b"E":
            raise RuntimeError(f"template {template} does not compile: {content.decode()}")
        log.error("typesetter of %s ended with %s", template, child.returncode)
        raise _too_heavy()

    def close(self) -> None:
        """End the process, if one runs."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child.stdout.close()
            with contextlib.suppress(BrokenPipeError):
                self._child.stdin.close()
            self._child = None

    def _ready(self, size: int) -> subprocess.Popen:
        if self._given + size > _BYTES_PER_PROCESS:
            self.close()
        if self._child is None:
            self._child, self._given = _start(self._limits), 0
        self._given += size
        return self._child


def _ask(child: subprocess.Popen, line: bytes) -> tuple[bytes, bytes]:
    """The letter and content of the answer; nothing when the process ended before it was whole."""
    try:
        child.stdin.write(line)
        child.stdin.flush()
    except BrokenPipeError:
        return b"", b""
    head = child.stdout.read(9)
    size = int.from_bytes(head[1:], "little")
    content = child.stdout.read(size)
    return (head[:1], content) if len(head) == 9 and len(content) == size else (b"", b"")


def _start(limits: Limits) -> subprocess.Popen:
    """The process, knowing nothing of our environment: it needs no key and no database."""
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8"}
    if "LD_LIBRARY_PATH" in os.environ:
        environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    child = subprocess.Popen(
        [sys.executable, "-m", "supports.papers.typesetter"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env=environment,
    )
    with contextlib.suppress(BrokenPipeError):
        child.stdin.write(json.dumps({"memory": limits.memory, "cpu": limits.cpu}).encode() + b"\n")
    return child


def _too_heavy() -> Refused:
    return Refused(
        "paper_too_heavy",
        "Dokumen ini terlalu besar untuk dicetak sekaligus, sehingga tidak ada yang dibuat. Cetak per bagian, atau "
        "unduh daftarnya sebagai CSV.",
    )
