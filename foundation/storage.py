"""Sealed files with a row each, and how they arrive in requests: no temporary file, none whole in memory."""

from collections.abc import Callable
from datetime import timedelta
from io import BufferedReader
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.db import transaction
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.translation import gettext as _

from foundation import sql
from foundation.errors import Refused, TooLarge
from foundation.keys.keyring import keyring
from foundation.keys.models import StoredFile, StoredPart
from foundation.sealed_anywhere import Part, SealedAnywhere
from foundation.sealed_files import SealedWriter, delete, open_sealed, open_sealed_parts

# ---- files with a row ---------------------------------------------------------------------------------


class Receiving:
    """A file on its way in: its row is committed before its first byte, so that none is forgotten."""

    def __init__(self, scope: str) -> None:
        key = keyring(scope).file
        with transaction.atomic(durable=True):
            self.stored_file = StoredFile.objects.create(scope=scope)
        self._writer = SealedWriter(self.stored_file.name, key)

    @property
    def size(self) -> int:
        """Bytes taken so far."""
        return self._writer.size

    def write(self, data: bytes) -> None:
        """Take the next bytes."""
        self._writer.write(data)

    def finish(self) -> StoredFile:
        """All bytes are there and stored; the time is the database's."""
        size, sha256 = self._writer.close()
        mine = StoredFile.objects.filter(pk=self.stored_file.pk, stored_at=None)
        if mine.update(size=size, sha256=sha256, stored_at=Now()) != 1:
            self.abort()
            raise interrupted()
        self.stored_file.refresh_from_db()
        return self.stored_file

    def abort(self) -> None:
        """Leave neither bytes nor row."""
        self._writer.abort()
        StoredFile.objects.filter(pk=self.stored_file.pk).delete()


def receive_file(scope: str) -> Receiving:
    """Begin to store a file sealed by the file key of ``scope``. Not inside a transaction."""
    return Receiving(scope)


def open_file(stored_file: StoredFile) -> BufferedReader:
    """A stored file in clear, to be read from its beginning to its end. Raises SealBroken (open_sealed)."""
    key = keyring(stored_file.scope).file
    parts = stored_file.parts.filter(stored_at__isnull=False).order_by("begins_at")
    names = [part.name for part in parts]
    return open_sealed_parts(names, key) if names else open_sealed(stored_file.name, key)


def open_anywhere(stored_file: StoredFile) -> BufferedReader:
    """A stored file in clear, to be read from any place. Raises SealBroken while it is read."""
    key = keyring(stored_file.scope).file
    parts = [
        Part(part.name, part.size)
        for part in stored_file.parts.filter(stored_at__isnull=False).order_by("begins_at")
    ]
    return BufferedReader(SealedAnywhere(parts or [Part(stored_file.name, stored_file.size)], key))


def delete_file(stored_file: StoredFile) -> None:
    """Remove a stored file and its row once the transaction has committed; until then nothing is lost."""
    transaction.on_commit(lambda: _erase(stored_file))


def _erase(stored_file: StoredFile) -> None:
    with transaction.atomic():
        # Who still sends to it begins no other part: that would wait for this row, and find it gone.
        StoredFile.objects.select_for_update().filter(pk=stored_file.pk).first()
        # The bytes first: a row without bytes is swept later, bytes without a row would never be found.
        for part in stored_file.parts.all():
            delete(part.name)
        delete(stored_file.name)
        stored_file.delete()


def sweep_orphans(older_than: timedelta) -> int:
    """Remove files that nothing refers to: received halfway, or stored when their process died.

    Also those that arrived in pieces and were not finished until they expired, and parts that broke off.
    Returns how many files. ``older_than`` must be longer than the slowest upload lasts.
    """
    orphans = StoredFile.objects.filter(created_at__lt=Now() - older_than, expires_at=None)
    for relation in StoredFile._meta.related_objects:
        # A file's own parts do not refer to it from outside.
        if relation.related_model is not StoredPart:
            orphans = orphans.filter(**{f"{relation.name}__isnull": True})
    found = [*orphans, *StoredFile.objects.filter(expires_at__lt=Now())]
    for stored_file in found:
        _erase(stored_file)
    for part in StoredPart.objects.filter(created_at__lt=Now() - older_than, stored_at=None):
        delete(part.name)
        part.delete()
    return len(found)


# ---- files in requests --------------------------------------------------------------------------------


class SealedUpload(UploadedFile):
    """The file of a request, already sealed and stored. ``name`` is what the sender calls it."""

    def __init__(self, stored_file: StoredFile, name: str, content_type: str) -> None:
        super().__init__(None, name, content_type, stored_file.size)
        self.stored_file = stored_file
        self.sha256 = stored_file.sha256

    def close(self) -> None:
        """Nothing is held open."""


class SealingUploadHandler(FileUploadHandler):
    """Seals the one file of a request as it arrives: no temporary file, and never the whole file in memory.

    ``begin`` is called at the first byte of the file: by then the view knows who may send it and its key.
    Refuses what is larger than ``limit`` bytes, and a second file.
    """

    def __init__(self, request: HttpRequest, begin: Callable[[], Receiving], limit: int) -> None:
        super().__init__(request)
        self.interrupted = False
        self._begin, self._limit = begin, limit
        self._receiving: Receiving | None = None

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],
        content_length: int,
        boundary: bytes,
        encoding: str | None = None,
    ) -> None:
        """Refuse before a byte is read when the declared length already tells."""
        if content_length > self._limit + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise too_large(self._limit)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """The file begins."""
        super().new_file(*args, **kwargs)
        if self._receiving:
            self.abort()
            raise Refused(
                "one_file_only",
                _(
                    "Kiriman ini memuat lebih dari satu berkas, sehingga tidak ada yang disimpan. "
                    "Unggah satu berkas setiap kali."
                ),
                "file",
            )
        self._receiving = self._begin()
        # The rest may crawl in over a poor line, and there are more such lines than sessions.
        sql.rest()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Seal the next piece."""
        if self._receiving.size + len(raw_data) > self._limit:
            self.abort()
            raise too_large(self._limit)
        self._receiving.write(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload:
        """The last byte is stored."""
        return SealedUpload(self._receiving.finish(), self.file_name, self.content_type)

    def upload_interrupted(self) -> None:
        """The body ended in the middle of the file."""
        self.abort()
        self.interrupted = True

    def abort(self) -> None:
        """Leave nothing of what was received."""
        if self._receiving:
            self._receiving.abort()
            self._receiving = None


def too_large(limit: int) -> TooLarge:
    """The refusal of a file above ``limit`` bytes."""
    message = _(
        "Berkas lebih besar dari batas %(limit)d MB, sehingga tidak ada yang disimpan. "
        "Bagi menjadi beberapa berkas, lalu unggah satu per satu."
    )
    return TooLarge("file_too_large", message % {"limit": limit // (1024 * 1024)}, "file")


def give_up_on_silence(request: HttpRequest) -> None:
    """From here on, a body of which nothing comes for a while counts as broken off.

    A network that is lost on the way says nothing: without an end each such connection keeps a thread for ever.
    """
    line = request.META.get("gunicorn.socket")
    if line:
        line.settimeout(settings.SILENT_BODY_SECONDS)


def take_file(request: HttpRequest, scope: str, *, limit: int, field: str = "file") -> SealedUpload:
    """Read the body of ``request`` and store its file, sealed by the file key of ``scope``.

    Called when it is known who asks and that they may, and before anything reads the body. Refuses, leaving
    nothing, when there is no file, a second one, one above ``limit`` bytes, or a body that ends early.
    """
    give_up_on_silence(request)
    handler = SealingUploadHandler(request, lambda: receive_file(scope), limit)
    request.upload_handlers = [handler]
    try:
        upload = request.FILES.get(field)
        if upload is None:
            raise interrupted() if handler.interrupted else _missing(field)
    except BaseException:
        handler.abort()
        raise
    return upload


def interrupted() -> Refused:
    """The refusal of a file that did not arrive whole."""
    return Refused(
        "upload_interrupted",
        _("Pengiriman berkas terputus, sehingga tidak ada yang disimpan. Unggah kembali berkas yang sama."),
        "file",
    )


def _missing(field: str) -> Refused:
    message = _("Kiriman ini tidak memuat berkas. Pilih berkasnya, lalu unggah.")
    return Refused("file_missing", message, field)


class FileNotExpected(Refused, BadRequest):
    """A file was sent to a page that takes none. Also where nobody knows Refused, Django answers 400."""

    http_status = 400


class RefusingUploadHandler(FileUploadHandler):
    """What every page has that takes no file: refuses one before a byte of it is kept."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Refuse."""
        raise FileNotExpected(
            "file_not_expected",
            _("Alamat ini tidak menerima berkas, sehingga kiriman tidak diproses. Gunakan halaman Unggah."),
        )

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Never reached: no file begins."""

    def file_complete(self, file_size: int) -> None:
        """Never reached: no file begins."""
