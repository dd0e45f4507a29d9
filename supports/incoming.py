"""Files that a team sends in pieces: declared, sent, gone on with after a break, handed in or withdrawn.

Receipt time (design 5): a file counts as received when its last byte is stored. One that was declared with its
SHA-256 while the window was open, or before its round was handed in, counts as received then, if its bytes arrive
within the rule set's grace.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from candidates.models import Election, Pair, Window
from candidates.queries import now, rules_of, window_state
from foundation import pieces
from foundation.accounts.models import User
from foundation.errors import Conflict, Refused, TooLarge
from foundation.keys.models import StoredFile
from foundation.storage import SealedUpload, delete_file, too_large
from foundation.workflow import engine
from supports.handing_in.waiting import declared_in_time
from supports.models import IncomingFile, Submission, Upload
from supports.operations import receive_upload, refuse_empty
from supports.rounds import current_round, may_receive, refuse_inactive
from supports.scans.names import without_niks
from supports.standards import key_scope

# The target of a file that is no list of supporters, but scans of their documents (supports.scans).
SCANS = "scans"


def declare_file(
    whose: Pair | Election,
    *,
    by: User,
    name: str,
    size: int,
    sha256: str = "",
    target: str = Submission.Kind.ROUND,
) -> IncomingFile:
    """Begin a file that will arrive in pieces, for a pair's round or its pool, or a ZIP of scans.

    Of an election it is a voter list, ``target`` its kind: who asks answers for who may. Refuses when the window is not
    open (pool and scans have none), and a file that is empty or above the limit.
    """
    limit = _limit(whose, target)
    refuse_empty(size)
    if size > limit:
        raise too_large(limit)
    election, owner = (whose, "election") if isinstance(whose, Election) else (whose.election, "pair")
    with transaction.atomic():
        incoming = IncomingFile.objects.create(
            **{owner: whose},
            file=pieces.begin_file(key_scope(election), keep=_keep()),
            # The name of a scan may be somebody's NIK. A ZIP has its own inside.
            name=without_niks(name)[:255] if target == SCANS else name[:255],
            size=size,
            sha256=sha256,
            target=target,
            declared_at=Now(),
            declared_by=by,
        )
        incoming.refresh_from_db(fields=["declared_at"])
        engine.record("file_declared", incoming, by=by, bytes=size, sha256=sha256)
    incoming.arrived = 0
    return incoming


def _limit(whose: Pair | Election, target: str) -> int:
    """How large it may be. Refuses where nothing may be sent."""
    if isinstance(whose, Election):
        return settings.ROLLS_LIMIT_BYTES
    if target == SCANS:
        refuse_inactive(whose)
        return settings.SCANS_LIMIT_BYTES
    may_receive(whose, target)
    return settings.UPLOAD_LIMIT_BYTES


def take_piece(
    incoming: IncomingFile,
    read: Callable[[int], bytes],
    *,
    offset: int,
    length: int,
    checksum: pieces.Checksum | None = None,
) -> None:
    """Take the next ``length`` bytes, or as many as come; ``incoming`` then knows how far it is.

    Refuses, before anything is read, a piece that begins elsewhere (Conflict), that is longer than what is
    missing, or that comes too late to count.
    """
    if offset != incoming.offset:
        raise pieces.wrong_offset(incoming.offset)
    if length > incoming.size - offset:
        message = _(
            "Potongan ini lebih panjang daripada sisa berkas, sehingga tidak disimpan. Periksa ukurannya."
        )
        raise TooLarge("piece_too_long", message)
    if length:
        receipt_time(incoming, now(), incoming.target)
        incoming.arrived = pieces.take_piece(
            incoming.file, read, offset=offset, keep=_keep(), checksum=checksum
        )
        incoming.file.refresh_from_db(fields=["expires_at"])


def hand_in_file(
    incoming: IncomingFile,
    *,
    by: User,
    mapping: dict[str, Any] | None = None,
    idempotency_key: str = "",
    target: str = "",
    replaces: Upload | None = None,
) -> tuple[Upload, bool]:
    """Make the file an upload of its pair; True when the upload is new. Asked again, the same upload.

    ``target`` may be another than was declared: what came too late for the round is not too late for the pool.

    Refuses a file that has not arrived whole (Conflict), that is not the one that was declared (it is
    forgotten), that came too late, and whatever ``receive_upload`` refuses; the file then stays.
    """
    if incoming.upload:
        return incoming.upload, False
    stored = checked_whole(incoming, by)
    target = target or incoming.target
    received_at = receipt_time(incoming, stored.stored_at, target)
    with transaction.atomic():
        locked = _locked(incoming)
        if locked.upload:
            return locked.upload, False
        pieces.keep_file(stored)
        upload, new = receive_upload(
            incoming.pair,
            by=by,
            file=SealedUpload(stored, incoming.name, "application/octet-stream"),
            mapping=mapping,
            idempotency_key=idempotency_key,
            received_at=received_at,
            target=target,
            replaces=replaces,
        )
        # A file that was there already is forgotten; that it was sent is not.
        own = stored if upload.file_id == stored.pk else None
        IncomingFile.objects.filter(pk=incoming.pk).update(upload=upload, file=own)
    return upload, new


def checked_whole(incoming: IncomingFile, by: User) -> StoredFile:
    """The stored file, once it is whole. Refuses one that has not arrived, or is not the one that was declared."""
    if not incoming.complete:
        raise _incomplete(incoming)
    stored = pieces.finish_file(incoming.file)
    if incoming.sha256 and stored.sha256 != incoming.sha256:
        raise _other_bytes(incoming, stored, by)
    return stored


def withdraw_file(incoming: IncomingFile, *, by: User) -> None:
    """Forget a file that was not handed in, with all its bytes. Conflict when it has become an upload."""
    with transaction.atomic():
        locked = _locked(incoming)
        if locked.upload:
            message = _(
                "Berkas ini sudah menjadi unggahan sehingga tidak dapat dibatalkan. Untuk menghapus barisnya, buang "
                "unggahannya."
            )
            raise Conflict("file_handed_in", message)
        engine.record("file_withdrawn", locked, by=by, bytes=locked.size)
        delete_file(locked.file)
        # At once, so that who hands it in at this moment finds it gone before its bytes are.
        locked.delete()


def receipt_time(incoming: IncomingFile, arrived: datetime, target: str) -> datetime:
    """When the file counts as received if its last byte arrives, or arrived, at that moment. Refuses when too late.

    For voter lists, the pool and scans nothing is too late (supports.scans.placing says what a round still takes).
    """
    if incoming.election_id or target in (Submission.Kind.POOL, SCANS):
        return arrived
    submission = current_round(incoming.pair)
    if declared_in_time(incoming, submission, arrived):
        return incoming.declared_at
    stage = submission.stage
    kind = Window.Kind.FILLING
    state = window_state(incoming.pair, kind, stage, at=arrived)
    if state.open:
        return arrived
    if not incoming.sha256:
        message = _(
            "Berkas ini tidak selesai dikirim pada waktunya, sehingga tidak dapat diterima. %(reason)s"
        )
        raise Refused("window_closed", message % {"reason": state.reason})
    grace = timedelta(hours=rules_of(incoming.pair.election).receipt_grace_hours)
    declared = window_state(incoming.pair, kind, stage, at=incoming.declared_at)
    if declared.open and declared.changes_at and arrived <= declared.changes_at + grace:
        return incoming.declared_at
    message = _(
        "Berkas ini tidak selesai dikirim dalam tenggang %(hours)s jam setelah masa pengisian ditutup, sehingga tidak "
        "dapat diterima. %(reason)s"
    )
    words = {"hours": grace // timedelta(hours=1), "reason": state.reason}
    raise Refused("window_closed", message % words)


def _keep() -> timedelta:
    return timedelta(hours=settings.UNFINISHED_FILE_HOURS)


def _locked(incoming: IncomingFile) -> IncomingFile:
    """The file as it is now, held until the transaction ends. Refuses when it is gone."""
    found = IncomingFile.objects.select_for_update().filter(pk=incoming.pk).first()
    if found is None:
        raise pieces.FileGone
    return found


def _incomplete(incoming: IncomingFile) -> Conflict:
    message = _(
        "Berkas ini baru diterima %(offset)s dari %(size)s byte, sehingga belum dapat dimuat. Lanjutkan pengiriman, "
        "lalu selesaikan lagi."
    )
    return Conflict("file_incomplete", message % {"offset": incoming.offset, "size": incoming.size}, "file")


def _other_bytes(incoming: IncomingFile, stored: StoredFile, by: User) -> Refused:
    with transaction.atomic():
        engine.record("file_refused", incoming, by=by, declared_sha256=incoming.sha256, sha256=stored.sha256)
        delete_file(stored)
    message = _(
        "Isi berkas yang diterima berbeda dari yang dinyatakan sebelum dikirim, sehingga tidak disimpan. Kirim "
        "berkasnya lagi dari awal."
    )
    return Refused("sha256_mismatch", message, "file")
