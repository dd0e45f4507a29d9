"""Time that pairs lost by an outage, and the rulings that give it back: by decision, never silently.

What is proposed here goes the way of all rulings: two approvals of KPU RI, then the opening.
"""

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import queries, refusals, windows
from candidates.models import Outage, Pair, Ruling, Window
from candidates.named_rows import ids_of
from candidates.operations import approve_ruling, open_by_ruling, propose_ruling
from candidates.ruling_letters import digest_of, facts_of, forget_unused, give_letter, kept
from foundation.accounts.access import scopes
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.attachments.operations import Document, keep_document
from foundation.errors import Conflict, Refused, sentence_of
from foundation.workflow import engine


@dataclass(frozen=True)
class Loss:
    """A pair that lost time of a stage: what was open for it during the outage, and for which rows.

    ``rows_of`` is the ruling that named them one by one.
    """

    pair: Pair
    stage: str
    stage_title: str
    opens: str
    covers: str = "all"
    upload_ids: tuple[int, ...] = ()
    rows_of: int | None = None


def hours_lost(outage: Outage) -> int | None:
    """How long an outage was, rounded up to whole hours; None while it lasts."""
    if outage.ended_at is None:
        return None
    return math.ceil((outage.ended_at - outage.began_at) / timedelta(hours=1))


def losses_of(outage: Outage, by: User | None) -> list[Loss]:
    """The pairs whose windows were open during an ended outage and for which no ruling makes up for it yet.

    Those of elections where the user manages windows; a constant number of queries.
    """
    if outage.ended_at is None:
        return []
    pairs = (
        Pair.objects.filter(status="active").select_related("election__rule_set").order_by("election", "id")
    )
    if not outage.everywhere:
        pairs = pairs.filter(election__in=[one.pk for one in outage.elections.all()])
    if by is not None:
        held = scopes(by, Permission.MANAGE_WINDOWS)
        pairs = [one for one in pairs if held.contains_region(one.election.region_id)]
    done = Ruling.objects.filter(outage=outage, withdrawn_at=None).values_list("pair_id", "stage")
    open_then = _windows_open_during(outage)
    found = [loss for pair in pairs for loss in _losses(pair, open_then)]
    return [loss for loss in found if (loss.pair.pk, loss.stage) not in set(done)]


def _windows_open_during(outage: Outage) -> dict[int, list[Window]]:
    """By election, the windows that were open at some moment of the outage."""
    began, ended = outage.began_at, outage.ended_at
    rows = Window.objects.filter(opens_at__lt=ended, closes_at__gt=began).select_related("election", "ruling")
    if not outage.everywhere:
        rows = rows.filter(election__in=[one.pk for one in outage.elections.all()])
    found: dict[int, list[Window]] = {}
    for row in rows:
        if windows.overlaps(queries.as_window(row), began, ended, row.election.zone):
            found.setdefault(row.election_id, []).append(row)
    return found


def _losses(pair: Pair, open_then: dict[int, list[Window]]) -> list[Loss]:
    """What one pair lost, by stage in the order of its rule set."""
    own = [row for row in open_then.get(pair.election_id, []) if row.pair_id in (None, pair.pk)]
    if not own:
        return []
    losses = []
    for stage in queries.rules_of(pair.election).rounds:
        rows = [row for row in own if row.stage == stage.key]
        kinds = {row.kind for row in rows}
        if kinds:
            opens = Ruling.Opens.BOTH if len(kinds) == 2 else kinds.pop()
            losses.append(Loss(pair, stage.key, stage.title, opens, *_rows_lost(rows, opens)))
    return losses


def _rows_lost(rows: list[Window], opens: str) -> tuple[str, tuple[int, ...], int | None]:
    """Which rows could change then: all, where one window let it; else those of the ruling that opened it."""
    mattering = [row for row in rows if row.kind == Window.Kind.FILLING] or rows
    rulings = [row.ruling for row in mattering]
    if any(one is None or one.covers == Ruling.Covers.ALL for one in rulings):
        return Ruling.Covers.ALL, (), None
    if opens == Ruling.Opens.HANDING_IN:
        return Ruling.Covers.FROZEN, (), None
    last = max(mattering, key=lambda row: row.closes_at).ruling
    rows_of = last.pk if last.covers == Ruling.Covers.ROWS else None
    return last.covers, tuple(last.upload_ids), rows_of


@transaction.atomic
def propose_extensions(
    outage: Outage,
    *,
    by: User | None,
    document: str,
    hours: int | None = None,
    pair_ids: Iterable[int] | None = None,
    letter: Document | None = None,
) -> list[Ruling]:
    """Propose, for every pair that lost time (or those given), a ruling of ``hours``: the outage's, rounded up.

    All of them have the one ``letter``, sealed under the outage's own keys (``key_scope``).

    Each is approved by two people of KPU RI and opened like any other. Refuses while the outage lasts, when no pair
    lost time, and pairs that did not.
    """
    # Two officers proposing at once wait for each other here; the second finds nothing left.
    Outage.objects.select_for_update().get(pk=outage.pk)
    losses = _chosen(outage, by, pair_ids)
    lost = hours_lost(outage) or 1
    attachment = kept(letter, by)
    return [
        propose_ruling(
            loss.pair,
            by=by,
            kind=Ruling.Kind.OUTAGE,
            document=document,
            stage=loss.stage,
            hours=lost if hours is None else hours,
            opens=loss.opens,
            covers=loss.covers,
            upload_ids=loss.upload_ids,
            row_ids=ids_of(loss.rows_of),
            outage=outage,
            letter=attachment,
        )
        for loss in losses
    ]


def key_scope(outage: Outage) -> str:
    """The scope of the keys that seal what is about an outage of many elections."""
    return f"outage:{outage.pk}"


@transaction.atomic
def attach_to_extensions(outage: Outage, *, by: User, letter: Document) -> int:
    """Attach a document to every ruling of an outage that is not opened; approvals before it no longer hold.

    Returns how many. Refuses when there is none where the user manages windows.
    """
    rulings = steps_left(outage, by, lock=True).attach
    if not rulings:
        message = _("Tidak ada usulan karena gangguan ini yang masih dapat dilampiri surat.")
        raise Refused("no_proposal", message)
    attachment = keep_document(letter, by=by)
    before = {one.attachment for one in rulings}
    give_letter(rulings, attachment)
    for one in before:
        forget_unused(one)
    changes = [(one, facts_of(attachment)) for one in rulings]
    engine.record_each("ruling_document_attached", changes, by=by)
    return len(rulings)


@dataclass(frozen=True)
class Steps:
    """The rulings of an outage with which one person can go on now: give them a document, approve or open them."""

    attach: list[Ruling]
    approve: list[Ruling]
    open: list[Ruling]

    @property
    def digest(self) -> str:
        """Of all that would be approved."""
        return hashlib.sha256("".join(digest_of(one) for one in self.approve).encode()).hexdigest()


def steps_left(outage: Outage, by: User, *, lock: bool = False) -> Steps:
    """What a person can do now about the rulings of an outage; a constant number of queries."""
    found = Ruling.objects.filter(outage=outage, withdrawn_at=None)
    found = found.select_related("pair__election", "attachment__stored_file").prefetch_related("windows")
    found = found.select_for_update(of=("self",)) if lock else found
    rulings = list(found.order_by("pair", "id"))
    return Steps(
        attach=[one for one in rulings if not sentence_of(refusals.refuse_withdrawal, one, by)],
        approve=[one for one in rulings if not sentence_of(refusals.refuse_approval, one, by)],
        open=[one for one in rulings if not sentence_of(refusals.refuse_opening, one, by)],
    )


@transaction.atomic
def approve_extensions(outage: Outage, *, by: User, digest: str) -> int:
    """Give one approval to each ruling of an outage that waits for it; returns how many.

    ``digest`` is that of ``Steps`` when they were read. Conflict when they are others by now, or say something else.
    """
    steps = steps_left(outage, by, lock=True)
    if steps.digest != digest or not steps.approve:
        raise _changed()
    for ruling in steps.approve:
        approve_ruling(ruling, by=by, digest=digest_of(ruling))
    return len(steps.approve)


@transaction.atomic
def open_extensions(outage: Outage, *, by: User, count: int) -> int:
    """Open the ``count`` rulings of an outage that are approved; Conflict for another number."""
    rulings = steps_left(outage, by, lock=True).open
    if len(rulings) != count or not rulings:
        raise _changed()
    for ruling in rulings:
        open_by_ruling(ruling, by=by)
    return len(rulings)


def _changed() -> Conflict:
    message = _("Daftar usulan sudah berubah, jadi tidak ada yang dilakukan. Periksa lagi, lalu ulangi.")
    return Conflict("list_changed", message)


def refuse_extensions(outage: Outage, losses: list[Loss]) -> None:
    """Refuse to make up for an outage that lasts, or that took no time from anybody."""
    if outage.ended_at is None:
        message = _("Gangguan ini belum berakhir, jadi lamanya belum diketahui. Catat dahulu kapan berakhir.")
        raise Refused("outage_lasts", message)
    if not losses:
        message = _(
            "Tidak ada bakal pasangan calon yang masanya dibuka selama gangguan ini dan belum diusulkan "
            "perpanjangannya, jadi tidak ada yang diusulkan."
        )
        raise Refused("nobody_lost_time", message)


def _chosen(outage: Outage, by: User | None, pair_ids: Iterable[int] | None) -> list[Loss]:
    losses = losses_of(outage, by)
    refuse_extensions(outage, losses)
    if pair_ids is None:
        return losses
    wanted = set(pair_ids)
    strangers = wanted - {loss.pair.pk for loss in losses}
    if strangers or not wanted:
        message = _(
            "Pilih paling sedikit satu bakal pasangan calon dari daftar yang masanya terganggu. Muat ulang "
            "halaman bila daftarnya berubah."
        )
        raise Refused("pair_lost_no_time", message, "pairs")
    return [loss for loss in losses if loss.pair.pk in wanted]
