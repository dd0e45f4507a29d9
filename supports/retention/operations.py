"""What KPU RI decides about the end of identities: another term, a hold and its end, a destruction."""

from datetime import date

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from candidates import refusals as common
from candidates import zones
from candidates.models import Election
from candidates.queries import now
from foundation.accounts.models import User
from foundation.attachments.operations import Document, keep_document
from foundation.errors import Conflict, Refused
from foundation.jobs.operations import enqueue
from foundation.workflow import engine
from supports.retention import refusals
from supports.retention.models import Destruction, LegalHold, RetentionTerm
from supports.retention.queries import Retention, digest_of, retention_of, what_is_there

JOB = "supports.destroy_identities"
# The documents outlive the election's keys: they are sealed by keys of their own.
SCOPE = "retention"


@transaction.atomic
def set_term(
    election: Election, *, by: User, ends_on: date, number: str, reason: str, document: Document
) -> RetentionTerm:
    """Let identities of an election be kept until another day, earlier or later, by a document.

    Refuses who is not of KPU RI, a day that is over, without number or reason, and what is destroyed.
    """
    retention = _held(election, by)
    if ends_on < zones.local(now(), election.zone).date():
        message = _(
            "Masa simpan tidak dapat berakhir pada hari yang sudah lewat. Isi hari ini atau sesudahnya."
        )
        raise Refused("day_is_over", message, "ends_on")
    term = RetentionTerm(
        election=election, ends_on=ends_on, number=_given(number, "number"), reason=_given(reason, "reason"),
        set_by=by, document=keep_document(document, by=by),
    )  # fmt: skip
    common.save(term)
    engine.record(
        "retention_changed",
        term,
        by=by,
        before=retention.ends_on.isoformat(),
        after=ends_on.isoformat(),
        number=term.number,
    )
    return term


@transaction.atomic
def set_hold(election: Election, *, by: User, number: str, reason: str, document: Document) -> LegalHold:
    """Hold everything of an election, at once: whatever was proposed cannot be approved while it stands.

    Refuses who is not of KPU RI, without number or reason, and what is destroyed.
    """
    _held(election, by)
    hold = LegalHold(
        election=election, number=_given(number, "number"), reason=_given(reason, "reason"), set_by=by,
        document=keep_document(document, by=by),
    )  # fmt: skip
    common.save(hold)
    engine.record("legal_hold_set", hold, by=by, number=hold.number, reason=hold.reason)
    return hold


@transaction.atomic
def lift_hold(hold: LegalHold, *, by: User, reason: str = "") -> LegalHold:
    """Approve that a hold ends: the first person of KPU RI with the reason, then a second one.

    Refuses the same person twice and the first without a reason; Conflict when it is lifted.
    """
    refusals.refuse_strangers(by)
    current = LegalHold.objects.select_for_update().get(pk=hold.pk)
    refusals.refuse_lifting(current, by)
    one = LegalHold.objects.filter(pk=hold.pk)
    if current.first_lifted_by_id:
        one.update(second_lifted_by=by, second_lifted_at=Now())
    else:
        one.update(first_lifted_by=by, first_lifted_at=Now(), lift_reason=_given(reason, "reason"))
    hold.refresh_from_db()
    approval = "first" if hold.standing else "second"
    engine.record("legal_hold_lifted", hold, by=by, approval=approval, reason=hold.lift_reason)
    return hold


@transaction.atomic
def propose_destruction(election: Election, *, by: User, digest: str) -> Destruction:
    """Propose that everything by which people can be known goes; ``digest`` is of what the proposer looked at.

    Refuses as ``refuse_destruction`` does; Conflict when what is there is not what was seen, or one is proposed.
    """
    retention = _held(election, by)
    refusals.refuse_destruction(retention)
    if retention.destruction:
        raise Conflict("already_proposed", _("Pemusnahan ini sudah diusulkan. Muat ulang halaman."))
    seen = what_is_there(election)
    current = digest_of(election, retention.ends_on, seen)
    refusals.refuse_changed(digest, current)
    made = Destruction.objects.create(election=election, seen=seen, digest=current, proposed_by=by)
    engine.record("destruction_proposed", made, by=by, digest=current, **seen)
    return made


@transaction.atomic
def approve_destruction(destruction: Destruction, *, by: User, digest: str) -> Destruction:
    """Approve it as another person than who proposed it, and let the job begin; there is no way back.

    Refuses as the proposal is, and the proposer; Conflict when anything differs from what was proposed and seen.
    """
    retention = _held(destruction.election, by)
    current = Destruction.objects.select_for_update(of=("self",)).get(pk=destruction.pk)
    refusals.refuse_approval(current, by)
    refusals.refuse_destruction(retention)
    there = digest_of(current.election, retention.ends_on, what_is_there(current.election))
    refusals.refuse_changed(digest, current.digest)
    refusals.refuse_changed(current.digest, there)
    job = enqueue(JOB, lane=f"election:{current.election_id}", subject_id=current.pk, by=by)
    Destruction.objects.filter(pk=current.pk).update(approved_by=by, approved_at=Now(), job=job)
    destruction.refresh_from_db()
    engine.record("destruction_approved", destruction, by=by, digest=current.digest)
    return destruction


@transaction.atomic
def withdraw_destruction(destruction: Destruction, *, by: User) -> None:
    """Take a proposal back. Conflict when it was approved or withdrawn."""
    refusals.refuse_strangers(by)
    held = Destruction.objects.filter(pk=destruction.pk, approved_at=None, withdrawn_at=None)
    if held.update(withdrawn_by=by, withdrawn_at=Now()) != 1:
        raise Conflict("not_waiting", _("Usulan ini sudah disetujui atau ditarik. Muat ulang halaman."))
    engine.record("destruction_withdrawn", destruction, by=by)


@transaction.atomic
def resume_destruction(destruction: Destruction, *, by: User) -> None:
    """Let the job of an approved destruction go on after a fault of ours. Conflict while it runs or when it is done."""
    refusals.refuse_strangers(by)
    current = Destruction.objects.select_for_update(of=("self",)).select_related("job").get(pk=destruction.pk)
    running = current.job and current.job.state in ("queued", "running")
    if not current.approved_at or current.finished_at or running:
        raise Conflict("not_stopped", _("Pemusnahan ini tidak sedang terhenti. Muat ulang halaman."))
    job = enqueue(JOB, lane=f"election:{current.election_id}", subject_id=current.pk, by=by)
    Destruction.objects.filter(pk=current.pk).update(job=job)
    engine.record("destruction_resumed", current, by=by)


def _held(election: Election, by: User) -> Retention:
    """The election, held until the transaction ends, as it stands. Refuses who may not, practice, what is destroyed."""
    refusals.refuse_strangers(by)
    refusals.refuse_practice(election)
    Election.objects.select_for_update().get(pk=election.pk)
    retention = retention_of(election)
    refusals.refuse_destroyed(retention)
    return retention


def _given(text: str, field: str) -> str:
    tidy = " ".join(text.split())
    if not tidy:
        raise Refused("reason_missing", _("Isian ini belum diisi. Isi, lalu simpan lagi."), field)
    return tidy
