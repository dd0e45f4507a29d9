"""Sealed files read from any place, not only from their beginning: what is asked for is opened, a chunk at a time.

Each chunk proves itself (its number, and whether it is the last), so a byte that was altered, cut off or moved never
comes out; what is not read is not checked.
"""

import errno
import io
import os
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from django.core.files.storage import default_storage

from foundation.seal import SealBroken
from foundation.sealed_files import CHUNK_BYTES, HEADER_BYTES, TAG_BYTES, begin_reading, nonce


class Part(NamedTuple):
    """A sealed object and how many bytes it has in clear."""

    name: str
    size: int


class SealedAnywhere(io.RawIOBase):
    """Sealed objects one after the other as one file in clear. One chunk of it is held in memory."""

    def __init__(self, parts: Sequence[Part], key: bytes) -> None:
        super().__init__()
        self._parts, self._key = parts, key
        self._begins = [0]
        for part in parts:
            self._begins.append(self._begins[-1] + part.size)
        self._at = 0
        self._open: tuple[int, Any, Any] | None = None
        self._chunk: tuple[int, int, bytes] | None = None

    @property
    def size(self) -> int:
        """Bytes in clear."""
        return self._begins[-1]

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go there; beyond the end there is nothing to read."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size}[whence]
        if start + offset < 0:
            raise OSError(errno.EINVAL, "before the beginning of the file")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer`` as far as the chunk reaches. Raises SealBroken."""
        if self._at >= self.size:
            return 0
        part = bisect_right(self._begins, self._at) - 1
        index, start = divmod(self._at - self._begins[part], CHUNK_BYTES)
        clear = memoryview(self._clear(part, index))[start : start + len(buffer)]
        buffer[: len(clear)] = clear
        self._at += len(clear)
        return len(clear)

    def close(self) -> None:
        if self._open:
            self._open[1].close()
            self._open = None
        super().close()

    def _clear(self, part: int, index: int) -> bytes:
        if self._chunk is None or self._chunk[:2] != (part, index):
            self._chunk = (part, index, self._opened(part, index))
        return self._chunk[2]

    def _opened(self, part: int, index: int) -> bytes:
        file, decrypt = self._file_of(part)
        file.seek(HEADER_BYTES + index * (CHUNK_BYTES + TAG_BYTES))
        sealed = file.read(CHUNK_BYTES + TAG_BYTES)
        last = (index + 1) * CHUNK_BYTES >= self._parts[part].size
        try:
            return decrypt(nonce(index, last), sealed, None)
        except (InvalidTag, ValueError) as error:
            raise SealBroken(f"chunk {index} of a sealed file does not open") from error

    def _file_of(self, part: int) -> tuple[Any, Any]:
        """The object's file and its cipher; one is open at a time."""
        if self._open is None or self._open[0] != part:
            if self._open:
                self._open[1].close()
            name = self._parts[part].name
            file = default_storage.open(name, "rb")
            self._open = (part, file, begin_reading(file, name, self._key))
        return self._open[1], self._open[2]
