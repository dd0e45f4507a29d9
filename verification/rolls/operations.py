"""What an office does with voter lists: hand one in to be loaded, and remove the rows of one."""

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from candidates import refusals
from candidates.models import Election
from candidates.templatetags.wording import number
from foundation import pieces
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Refused
from foundation.jobs.operations import enqueue
from foundation.keys.models import StoredFile
from foundation.storage import SealedUpload, delete_file
from foundation.workflow import engine
from supports.incoming import checked_whole
from supports.models import IncomingFile
from supports.operations import refuse_empty
from verification.rolls.matching import lane_of, queue_matching_of
from verification.rolls.models import CURRENT, Kind, Roll

LOAD, EMPTY = "verification.load_roll", "verification.empty_roll"
ALIVE = ("received", CURRENT)


def receive_roll(election: Election, *, by: User, kind: str, file: SealedUpload) -> tuple[Roll, bool]:
    """Keep a list and queue its loading; True when it is new. Once loaded it takes the place of the current one.

    The same file again, while it is current or waits, is the same list. Refuses who does not govern the election, an
    unknown kind, and an empty file.
    """
    try:
        return _receive(election, by, kind, file.stored_file, file.name)
    except Refused:
        delete_file(file.stored_file)
        raise


def hand_in_roll(incoming: IncomingFile, *, by: User) -> tuple[Roll, bool]:
    """Make a file that was sent in pieces a list; its target is the kind. Asked again, the same one.

    Refuses a file that has not arrived whole (Conflict), or is not the one that was declared (it is forgotten).
    """
    stored = checked_whole(incoming, by)
    with transaction.atomic():
        pieces.keep_file(stored)
        roll, new = _receive(incoming.election, by, incoming.target, stored, incoming.name, incoming.pk)
        # Its file belongs to the list now, or goes with the second copy.
        IncomingFile.objects.filter(pk=incoming.pk).delete()
    return roll, new


def _receive(
    election: Election, by: User, kind: str, stored: StoredFile, name: str, incoming: int | None = None
) -> tuple[Roll, bool]:
    refuse_to_load(election, by, kind)
    refuse_empty(stored.size)
    with transaction.atomic():
        # Versions are counted one after the other.
        Election.objects.select_for_update().get(pk=election.pk)
        same = Roll.objects.filter(election=election, kind=kind, sha256=stored.sha256, status__in=ALIVE)
        there = same.order_by("-id").first()
        if there:
            delete_file(stored)
            return there, False
        last = Roll.objects.filter(election=election, kind=kind).aggregate(n=Max("version"))["n"] or 0
        roll = Roll.objects.create(
            election=election,
            kind=kind,
            version=last + 1,
            file=stored,
            incoming=incoming,
            name=name[:255],
            size=stored.size,
            sha256=stored.sha256,
            received_by=by,
        )
        roll.job = enqueue(LOAD, lane=lane_of(election.pk), subject_id=roll.pk, by=by)
        roll.save(update_fields=["job"])
        roll.refresh_from_db()
        told = {"kind": kind, "version": roll.version, "sha256": roll.sha256, "bytes": roll.size}
        engine.record("roll_received", roll, by=by, **told)
    return roll, True


def refuse_to_load(election: Election, by: User, kind: str) -> None:
    """Refuses who does not govern the election, and a kind of list that is none."""
    refusals.refuse_outside(by, Permission.LOAD_ROLLS, election.region_id)
    if kind not in Kind.values:
        message = _("Jenis daftar “%(kind)s” tidak dikenal. Pilih salah satu: %(known)s.")
        words = {"kind": kind, "known": ", ".join(Kind.values)}
        raise Refused("roll_kind_unknown", message % words, "kind")


def remove_roll(roll: Roll, *, by: User, count: int) -> Roll:
    """Remove the rows of a list, by a job; that it was there stays. ``count`` is their number, as typed.

    Refuses another number; Conflict when it has no rows. Where the list was current, the rounds in verification are
    compared anew with what is left.
    """
    refusals.refuse_outside(by, Permission.LOAD_ROLLS, roll.election.region_id)
    if count != roll.entries:
        message = _(
            "Jumlah yang diketik bukan %(rows)s, jadi tidak ada yang dihapus. Ketik jumlah yang sama."
        )
        raise Refused("count_differs", message % {"rows": number(roll.entries)}, "count")
    with transaction.atomic():
        was_current, stored = roll.status == CURRENT, roll.file
        engine.move(
            roll, "remove", by=by, data={"entries": roll.entries}, removed_at=Now(), removed_by=by, file=None
        )
        if stored:
            delete_file(stored)
        roll.job = enqueue(EMPTY, lane=lane_of(roll.election_id), subject_id=roll.pk, by=by)
        roll.save(update_fields=["job"])
        if was_current:
            queue_matching_of(roll.election, by=by)
    return roll
