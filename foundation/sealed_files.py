"""Files sealed in chunks on Django's storages, written as they come and read in constant memory.

A sealed file is a header (magic, 32 random bytes), then AES-GCM chunks of 1 MiB. Its key is derived from the
given key, the random bytes and its name; a chunk's nonce is its number and whether it is the last: the STREAM
construction. A chunk changed, cut off, swapped, added, or taken from another file does not open.
"""

import hashlib
import io
import os
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

from foundation.seal import SealBroken

MAGIC = b"SILON\x01"
SALT_BYTES = 32
CHUNK_BYTES = 1024 * 1024
TAG_BYTES = 16
HEADER_BYTES = len(MAGIC) + SALT_BYTES


class Written(NamedTuple):
    """What went into a sealed file: bytes before sealing, and their SHA-256 in hex."""

    size: int
    sha256: str


class SealedWriter:
    """Seals what is pushed into it and writes it to the storage under ``name``; two chunks of memory."""

    def __init__(self, name: str, key: bytes) -> None:
        salt = os.urandom(SALT_BYTES)
        self.name, self.size = name, 0
        self._encrypt = _cipher(name, key, salt).encrypt
        self._digest = hashlib.sha256()
        self._pending = bytearray()
        self._index = 0
        self._file = _create(name)
        self._file.write(MAGIC + salt)

    def write(self, data: bytes) -> None:
        """Take the next bytes, in pieces of any size."""
        self._digest.update(data)
        self.size += len(data)
        self._pending += data
        # The newest chunk is held back: only at the end is it known which one is the last.
        while len(self._pending) > CHUNK_BYTES:
            self._put(bytes(self._pending[:CHUNK_BYTES]), last=False)
            del self._pending[:CHUNK_BYTES]

    def close(self) -> Written:
        """Write what is left; on return all of it is on the disk (or accepted by the object storage)."""
        self._put(bytes(self._pending), last=True)
        self._pending.clear()
        if isinstance(default_storage, FileSystemStorage):
            self._file.flush()
            os.fsync(self._file.fileno())
        self._file.close()
        return Written(self.size, self._digest.hexdigest())

    def abort(self) -> None:
        """Leave nothing of it in the storage. May be called twice, and after close."""
        if not self._file.closed:
            self._file.close()
        delete(self.name)

    def _put(self, chunk: bytes, *, last: bool) -> None:
        self._file.write(self._encrypt(nonce(self._index, last), chunk, None))
        self._index += 1


class _SealedReader(io.RawIOBase):
    """Opens chunk after chunk; hands out no byte of a chunk that was tampered with."""

    def __init__(self, file: BinaryIO, name: str, key: bytes) -> None:
        super().__init__()
        self._file = file
        self._decrypt = begin_reading(file, name, key)
        self._index, self._at_end = 0, False
        self._sealed = _read_fully(file, CHUNK_BYTES + TAG_BYTES)
        self._clear = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer`` as far as the present chunk reaches. Raises SealBroken."""
        while not self._clear and not self._at_end:
            self._open_next()
        count = min(len(buffer), len(self._clear))
        buffer[:count], self._clear = self._clear[:count], self._clear[count:]
        return count

    def close(self) -> None:
        self._file.close()
        super().close()

    def _open_next(self) -> None:
        following = _read_fully(self._file, CHUNK_BYTES + TAG_BYTES)
        try:
            clear = self._decrypt(nonce(self._index, not following), self._sealed, None)
        except (InvalidTag, ValueError) as error:
            raise SealBroken(f"chunk {self._index} of a sealed file does not open") from error
        self._clear, self._sealed = memoryview(clear), following
        self._index, self._at_end = self._index + 1, not following


def open_sealed(name: str, key: bytes) -> io.BufferedReader:
    """The file in clear, as a stream that is read from its beginning to its end.

    Raises SealBroken, at once or while it is read, when it was altered or sealed under another name or key.
    """
    file = default_storage.open(name, "rb")
    try:
        return io.BufferedReader(_SealedReader(file, name, key), CHUNK_BYTES)
    except SealBroken:
        file.close()
        raise


class _PartsReader(io.RawIOBase):
    """One sealed file after the other, as if they were one."""

    def __init__(self, names: Sequence[str], key: bytes) -> None:
        super().__init__()
        self._names, self._key = iter(names), key
        self._part: io.BufferedReader | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer`` as far as the present part reaches. Raises SealBroken."""
        while True:
            if self._part is None:
                name = next(self._names, None)
                if name is None:
                    return 0
                self._part = open_sealed(name, self._key)
            count = self._part.readinto1(buffer)
            if count or not buffer:
                return count
            self._part.close()
            self._part = None

    def close(self) -> None:
        if self._part is not None:
            self._part.close()
        super().close()


def open_sealed_parts(names: Sequence[str], key: bytes) -> io.BufferedReader:
    """Sealed files one after the other, in clear, as one stream; each is opened when it is reached."""
    return io.BufferedReader(_PartsReader(names, key), CHUNK_BYTES)


def delete(name: str) -> None:
    """Remove it from the storage; nothing happens when it is not there."""
    default_storage.delete(name)


def _cipher(name: str, key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"silon file|" + name.encode()).derive(key))


def begin_reading(file: BinaryIO, name: str, key: bytes) -> Callable[[bytes, bytes, None], bytes]:
    """Read the header; what opens the chunks of this file. Raises SealBroken."""
    header = _read_fully(file, HEADER_BYTES)
    if len(header) != HEADER_BYTES or not header.startswith(MAGIC):
        raise SealBroken("not a sealed file")
    return _cipher(name, key, header[len(MAGIC) :]).decrypt


def nonce(index: int, last: bool) -> bytes:
    """Of one chunk: its number, and whether it is the last."""
    return index.to_bytes(11, "big") + bytes([last])


def _create(name: str) -> BinaryIO:
    """Open for writing, folders included. Raises FileExistsError: nothing stored is ever written over."""
    saved = default_storage.save(name, ContentFile(b""))
    if saved != name:
        default_storage.delete(saved)
        raise FileExistsError(name)
    return default_storage.open(name, "wb")


def _read_fully(file: BinaryIO, count: int) -> bytes:
    """``count`` bytes, fewer only at the end of the file."""
    pieces = []
    while count and (piece := file.read(count)):
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)
