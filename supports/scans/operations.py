"""What is done with scans: received in batches, placed by hand, taken off a row, given another kind."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from candidates.models import Pair
from foundation import pieces, seal, sql
from foundation.accounts.models import User
from foundation.errors import Conflict, Refused
from foundation.jobs.operations import enqueue
from foundation.keys.keyring import keyring
from foundation.keys.models import StoredFile
from foundation.storage import SealedUpload, delete_file
from foundation.workflow import engine
from supports.incoming import SCANS as SCANS
from supports.incoming import checked_whole
from supports.models import IncomingFile, Submission, Support
from supports.operations import refuse_empty
from supports.rounds import refuse_inactive
from supports.scans.cards import compare_cards
from supports.scans.models import Kind, Scan, ScanBatch
from supports.scans.names import without_niks
from supports.scans.placing import OPEN, lane_of, queue_placing, settle
from supports.scans.reading import read_again

TAKE = "supports.take_scans"


def receive_batch(
    pair: Pair, *, by: User, file: SealedUpload, kind: str = "", support: Support | None = None
) -> tuple[ScanBatch, bool]:
    """Keep a ZIP, or one scan, and queue that it is taken apart; True when it is new.

    With ``support`` all of it belongs to that row. The same file again is the same batch. Refuses an empty file, a
    pair that no longer stands, and (with ``support``) a round that takes no scans.
    """
    try:
        return _receive(pair, by, file.stored_file, file.name, None, kind, support)
    except Refused:
        delete_file(file.stored_file)
        raise


def hand_in_batch(incoming: IncomingFile, *, by: User) -> tuple[ScanBatch, bool]:
    """Make a file that was sent in pieces a batch; asked again, the same one. Refuses as ``hand_in_file`` does."""
    there = ScanBatch.objects.filter(incoming=incoming.pk).first()
    if there:
        return there, False
    stored = checked_whole(incoming, by)
    with transaction.atomic():
        pieces.keep_file(stored)
        batch, new = _receive(incoming.pair, by, stored, incoming.name, incoming.pk)
        # Its file belongs to the batch now, or goes with the second copy.
        IncomingFile.objects.filter(pk=incoming.pk).delete()
    return batch, new


def _receive(
    pair: Pair,
    by: User,
    stored: StoredFile,
    name: str,
    incoming: int | None,
    kind: str = "",
    support: Support | None = None,
) -> tuple[ScanBatch, bool]:
    refuse_inactive(pair)
    refuse_empty(stored.size)
    refuse_unknown_kind(kind)
    if support is not None:
        refuse_frozen(support)
    facts = {"file": stored, "name": without_niks(name)[-255:], "size": stored.size, "sha256": stored.sha256}
    try:
        with transaction.atomic():
            batch = ScanBatch.objects.create(
                pair=pair,
                incoming=incoming,
                kind=kind,
                support=support,
                received_by=by,
                sealed_name=b"",
                **facts,
            )
            batch.sealed_name = seal.seal_text(name, batch.pk, keyring(stored.scope).text)
            batch.job = enqueue(TAKE, lane=lane_of(pair), subject_id=batch.pk, by=by)
            batch.save(update_fields=["job", "sealed_name"])
            batch.refresh_from_db()
            engine.record("scans_received", batch, by=by, sha256=batch.sha256, bytes=batch.size)
            return batch, True
    except IntegrityError:
        there = ScanBatch.objects.get(pair=pair, sha256=stored.sha256, error_code="", support=None)
        delete_file(stored)
        return there, False


def place_scan(scan: Scan, support: Support, *, by: User, kind: str = "") -> None:
    """Say by hand whose a scan is. Refuses a row of a round that takes none; Conflict when it has a row by now."""
    refuse_unknown_kind(kind)
    with _moving(scan, by, "scan_placed", support=support.pk):
        refuse_frozen(support, kind or scan.kind)
        waiting = Scan.objects.filter(pk=scan.pk, support=None, ended_at=None)
        given = waiting.update(
            support=support, kind=kind or scan.kind, found_by="hand", reason="", placed_at=Now()
        )
        if given != 1:
            raise _moved_meanwhile()
        scan.kind = kind or scan.kind
        read_again(scan)
        settle(scan.pair, [scan.pk], [support.pk])


def take_scan_off(scan: Scan, *, by: User) -> None:
    """Say that a scan is not this row's: it waits again, and only a person gives it a row."""
    with _moving(scan, by, "scan_taken_off", support=scan.support_id):
        support = Support.objects.select_related("submission__pair").filter(pk=scan.support_id).first()
        if support is None:
            raise _moved_meanwhile()
        refuse_frozen(support)
        held = Scan.objects.filter(pk=scan.pk, support=support, ended_at=None)
        taken = held.update(support=None, found_by="", placed_at=None, repeated=False, reason="taken_off")
        if taken != 1:
            raise _moved_meanwhile()
        settle(scan.pair, [scan.pk], [])
        compare_cards([support.pk])


def refuse_frozen(support: Support, kind: str = "") -> None:
    """Refuses when the row's round takes no scans: handed in, or completed and the row has one of this kind.

    In a transaction the round is then held as it is.
    """
    sql.value("SELECT id FROM supports_submission WHERE id = %s FOR SHARE", [support.submission_id])
    submission = Submission.objects.get(pk=support.submission_id)
    if submission.status in OPEN:
        return
    if submission.status == "completing":
        held = Scan.objects.filter(support=support, ended_at=None)
        if kind and not held.filter(kind=kind).exists():
            return
        message = _(
            "Pada masa pelengkapan hanya dokumen yang belum ada dapat ditambahkan; yang sudah diserahkan tidak "
            "diganti. Pilih jenis dokumen lain, atau baris lain."
        )
        raise Refused("scan_not_lacking", message)
    message = _(
        "Putaran baris ini berstatus “%(status)s”, sehingga pindaiannya tidak dapat ditambah, diganti, atau dilepas."
    )
    raise Refused("scans_frozen", message % {"status": submission.get_status_display()})


def refuse_unknown_kind(kind: str) -> None:
    """Refuses a kind of document that is none; "" is not said."""
    if kind and kind not in Kind.values:
        message = _("Jenis dokumen “%(kind)s” tidak dikenal. Isi salah satu: %(known)s.")
        raise Refused("kind_unknown", message % {"kind": kind, "known": ", ".join(Kind.values)}, "kind")


@contextmanager
def _moving(scan: Scan, by: User, event: str, **data: int | None) -> Iterator[None]:
    with transaction.atomic():
        refuse_inactive(scan.pair)
        yield
        engine.record(event, scan, by=by, **data)
        queue_placing(scan.pair)


def _moved_meanwhile() -> Conflict:
    return Conflict(
        "scan_moved", _("Pindaian ini sudah ditempatkan atau dilepas orang lain. Muat ulang halamannya.")
    )
