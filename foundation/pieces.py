"""Files that arrive in pieces: sealed as they come, kept as far as they came, gone on with later.

A piece becomes one or more parts (StoredPart), sealed objects of their own. What counts of a file is the parts whose
rows say so: they follow each other without a gap, because each is counted under a lock on its file, and only at the
place where the file then ends. Whatever dies in between leaves parts that do not count, and the sweep takes them.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max, Sum
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from foundation.errors import Conflict, Refused
from foundation.keys.keyring import keyring
from foundation.keys.models import StoredFile, StoredPart
from foundation.sealed_files import SealedWriter, delete
from foundation.storage import open_file

# After so many bytes of one piece they are safe, whatever happens to the rest of it.
PART_BYTES = 8 * 1024 * 1024
# Little: what a line that is reset leaves in the web server's buffer is lost, and is sent again.
READ_BYTES = 16 * 1024
ALGORITHMS = ("sha1", "sha256")


@dataclass(frozen=True)
class Checksum:
    """What the bytes of a piece must hash to: one of ALGORITHMS, and the digest."""

    algorithm: str
    digest: bytes


class FileGone(Refused):
    """The file was withdrawn or has expired."""

    http_status = 404

    def __init__(self) -> None:
        super().__init__(
            "not_found",
            _("Berkas ini sudah dibatalkan atau kedaluwarsa. Kirim berkasnya dari awal."),
        )


class ChecksumMismatch(Refused):
    """A piece arrived with other bytes than were sent."""

    http_status = 460  # of the tus protocol

    def __init__(self) -> None:
        super().__init__(
            "checksum_mismatch",
            _(
                "Potongan berkas ini berubah di perjalanan, sehingga tidak disimpan. Kirim potongan yang sama lagi."
            ),
        )


def begin_file(scope: str, *, keep: timedelta) -> StoredFile:
    """A file without a byte yet, sealed by the file key of ``scope``; after ``keep`` without a piece it expires."""
    keyring(scope)
    file = StoredFile.objects.create(scope=scope, expires_at=Now() + keep)
    file.refresh_from_db()
    return file


def received_bytes(file: StoredFile) -> int:
    """How many bytes of the file are kept, from its beginning."""
    return file.parts.filter(stored_at__isnull=False).aggregate(total=Sum("size"))["total"] or 0


def take_piece(
    file: StoredFile,
    read: Callable[[int], bytes],
    *,
    offset: int,
    keep: timedelta,
    checksum: Checksum | None = None,
) -> int:
    """Take the bytes that ``read`` gives, up to their end or a break; return how many the file has then.

    Bytes with a checksum are kept together or not at all. Conflict when the file does not end at ``offset``
    (another piece came first). Not inside a transaction.
    """
    piece = _Piece(file, offset, keep)
    digest = hashlib.new(checksum.algorithm, usedforsecurity=False) if checksum else None
    try:
        while data := _read(read):
            piece.write(data)
            if digest:
                digest.update(data)
            elif piece.has_whole_part:
                piece.count()
        if checksum and digest and digest.digest() != checksum.digest:
            raise ChecksumMismatch
        piece.count()
    except BaseException:
        piece.abort()
        raise
    return piece.end


def finish_file(file: StoredFile) -> StoredFile:
    """Read a file that has arrived whole once more, and write its size and SHA-256 into its row.

    It is stored since its last part was, by the database's clock. Raises SealBroken.
    """
    if file.stored_at:
        return file
    digest, size = hashlib.sha256(), 0
    with open_file(file) as stream:
        while data := stream.read(PART_BYTES // 8):
            digest.update(data)
            size += len(data)
    last = file.parts.aggregate(at=Max("stored_at"))["at"]
    waiting = StoredFile.objects.filter(pk=file.pk, stored_at=None)
    waiting.update(size=size, sha256=digest.hexdigest(), stored_at=last)
    file.refresh_from_db()
    return file


def keep_file(file: StoredFile) -> None:
    """Keep a file for good: something refers to it from now on. Refuses when it is gone."""
    if StoredFile.objects.filter(pk=file.pk, expires_at__gt=Now()).update(expires_at=None) != 1:
        raise FileGone


def wrong_offset(expected: int) -> Conflict:
    """The refusal of a piece that does not begin where the file ends."""
    return Conflict(
        "wrong_offset",
        _("Berkas ini sudah diterima sampai byte %(offset)s. Lanjutkan dari sana.") % {"offset": expected},
    )


class _Piece:
    """The parts that one piece becomes; ``end`` is the byte of the file it has reached."""

    def __init__(self, file: StoredFile, offset: int, keep: timedelta) -> None:
        self.end = offset
        self._file, self._keep = file, keep
        self._key = keyring(file.scope).file
        self._parts: list[StoredPart] = []
        self._writer: SealedWriter | None = None

    @property
    def has_whole_part(self) -> bool:
        """Whether the last byte filled a part."""
        return bool(self._parts) and self._writer is None

    def write(self, data: bytes) -> None:
        """Seal the next bytes."""
        while data:
            writer = self._writer or self._begin_part()
            taken = data[: PART_BYTES - writer.size]
            writer.write(taken)
            self.end += len(taken)
            data = data[len(taken) :]
            if writer.size == PART_BYTES:
                self._close_part()

    def count(self) -> None:
        """What was written counts from here on, if the file still ends where this piece began."""
        self._close_part()
        if not self._parts:
            return
        with transaction.atomic():
            living = StoredFile.objects.select_for_update(no_key=True).filter(
                pk=self._file.pk, expires_at__gt=Now()
            )
            if not living:
                raise FileGone
            there = received_bytes(self._file)
            if there != self._parts[0].begins_at:
                raise wrong_offset(there)
            for part in self._parts:
                StoredPart.objects.filter(pk=part.pk).update(size=part.size, stored_at=Now())
            StoredFile.objects.filter(pk=self._file.pk).update(expires_at=Now() + self._keep)
        self._parts.clear()

    def abort(self) -> None:
        """Leave nothing of what does not count."""
        if self._writer:
            self._writer.abort()
            self._writer = None
        for part in self._parts:
            delete(part.name)
            StoredPart.objects.filter(pk=part.pk).delete()
        self._parts.clear()

    def _begin_part(self) -> SealedWriter:
        try:
            with transaction.atomic(durable=True):
                part = StoredPart.objects.create(file=self._file, begins_at=self.end)
        except IntegrityError as error:
            raise FileGone from error
        self._parts.append(part)
        self._writer = SealedWriter(part.name, self._key)
        return self._writer

    def _close_part(self) -> None:
        if self._writer:
            self._parts[-1].size = self._writer.close().size
            self._writer = None


def _read(read: Callable[[int], bytes]) -> bytes:
    """The next bytes; none at the end, also where the connection broke: what came until then is good."""
    try:
        return read(READ_BYTES)
    except OSError:
        return b""
