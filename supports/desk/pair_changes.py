"""A pair withdraws, or one of its two people is replaced: recorded by the commission with the document that says so.

From its withdrawal on a team reads its data and changes nothing. A job ends its rounds after whatever work on the pair
was under way, and releases the people whom other pairs gave too.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import refusals
from candidates.models import Election, Pair, PairChange
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.attachments.operations import Document, keep_document
from foundation.errors import Conflict, Refused
from foundation.jobs.operations import enqueue
from foundation.workflow import engine
from foundation.workflow.table import SUBMISSION
from supports.matching import queue_recheck
from supports.models import Submission

MEMBERS = {"head": "bakal calon", "deputy": "bakal calon wakil"}


@transaction.atomic
def withdraw_pair(pair: Pair, *, by: User, number: str, document: Document, reason: str = "") -> PairChange:
    """Record that a pair has withdrawn; it can do nothing any more, and its rounds end as soon as its work has.

    Refuses without a number; Conflict for a pair that no longer stands.
    """
    current = _held(pair, by)
    change = _change(current, by, number, document, kind=PairChange.Kind.WITHDRAWN, reason=_tidy(reason))
    engine.move(current, "withdraw", by=by, data={"number": change.number, "reason": change.reason})
    enqueue("supports.end_rounds", lane=f"pair:{pair.pk}", subject_id=pair.pk, by=by)
    pair.refresh_from_db()
    return change


@transaction.atomic
def replace_member(
    pair: Pair, *, by: User, member: str, name: str, number: str, document: Document, reason: str = ""
) -> PairChange:
    """Put somebody else in the place of the pair's head or deputy; its supporters stay as they are.

    The pair's own name changes with it where it holds the old one. Refuses the same name, a name that the election
    already has, and a pair that no longer stands.
    """
    current = _held(pair, by)
    if member not in MEMBERS:
        message = _("Pilih siapa yang diganti: bakal calon, atau bakal calon wakil.")
        raise Refused("member_unknown", message, "member")
    before, after = getattr(current, member), _tidy(name)
    if before.casefold() == after.casefold():
        message = _(
            "Nama pengganti sama dengan nama semula. Isi nama pengganti, atau betulkan penulisan namanya."
        )
        raise Refused("nothing_changed", message, "name")
    change = _change(
        current, by, number, document, kind=member, reason=_tidy(reason), before=before, after=after
    )
    setattr(current, member, after)
    current.name = current.name.replace(before, after)
    refusals.refuse_taken_name(current)
    refusals.save(current)
    engine.record(
        "pair_member_replaced",
        current,
        by=by,
        member=member,
        before=before,
        after=after,
        number=change.number,
    )
    pair.refresh_from_db()
    return change


def end_rounds(pair: Pair) -> None:
    """What the pair was filling lapses, what it had handed in is closed without a result; matches are released."""
    rounds = list(Submission.objects.filter(pair=pair, kind=Submission.Kind.ROUND).order_by("id"))
    for submission in rounds:
        name = "lapse" if submission.status in SUBMISSION.move("lapse").sources else "end"
        if submission.status in SUBMISSION.move(name).sources:
            engine.move(submission, name, by=None, data={"why": "pair_withdrawn"})
    if rounds:
        queue_recheck(rounds[-1])


def _held(pair: Pair, by: User) -> Pair:
    """The pair as it is now. Refuses out of reach; Conflict when it no longer stands."""
    Election.objects.select_for_update().get(pk=pair.election_id)
    current = Pair.objects.select_for_update(of=("self",)).select_related("election").get(pk=pair.pk)
    refusals.refuse_outside(by, Permission.RECORD_PAIR_CHANGE, current.election.region_id)
    if current.status != Pair.machine.initial:
        message = _(
            "Pasangan ini sudah berstatus “%(status)s”, sehingga tidak ada yang dicatat. Muat ulang halaman."
        )
        raise Conflict("pair_not_active", message % {"status": current.get_status_display()})
    return current


def _change(pair: Pair, by: User, number: str, document: Document, **told: str) -> PairChange:
    change = PairChange(pair=pair, number=_tidy(number), created_by=by, **told)
    if not change.number:
        message = _("Nomor surat belum diisi. Isi nomor surat pengunduran diri atau penggantian.")
        raise Refused("number_missing", message, "number")
    if change.kind != PairChange.Kind.WITHDRAWN and not change.after:
        raise Refused("name_missing", _("Nama pengganti belum diisi."), "name")
    refusals.refuse_misfit(change)
    change.document = keep_document(document, by=by)
    refusals.save(change)
    return change


def _tidy(text: str) -> str:
    return " ".join(text.split())
