"""The document of a ruling, and the digest that binds an approval to it and to every term."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import queries, refusals
from candidates.models import Ruling
from foundation.accounts.models import User
from foundation.attachments.models import Attachment
from foundation.attachments.operations import Document, keep_document, remove_attachment
from foundation.errors import Conflict, Refused
from foundation.workflow import engine


def digest_of(ruling: Ruling) -> str:
    """What an approval is bound to: everything that a ruling says, and the bytes of its document."""
    said = {
        **{
            name: getattr(ruling, name)
            for name in ("pair_id", "kind", "document", "stage", "opens", "covers")
        },
        "upload_ids": sorted(ruling.upload_ids),
        "hours": ruling.hours,
        "planned_at": ruling.planned_at and ruling.planned_at.timestamp(),
        "outage": ruling.outage_id,
        "letter": ruling.attachment.stored_file.sha256 if ruling.attachment_id else "",
    }
    if ruling.row_count:  # of others it stays what it was when they were approved
        said |= {"rows": ruling.row_count, "row_digest": ruling.row_digest}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def locked(ruling: Ruling) -> Ruling:
    """The ruling as it is now, held against everybody else who decides about it."""
    # Read after it is held: a join in the same statement would look for a document attached meanwhile, and not see it.
    Ruling.objects.select_for_update().only("pk").get(pk=ruling.pk)
    return Ruling.objects.select_related("pair__election", "attachment__stored_file").get(pk=ruling.pk)


def refuse_other_terms(ruling: Ruling, digest: str) -> None:
    """Conflict when a ruling says something else now than ``digest`` was made of."""
    if digest != digest_of(ruling):
        message = _(
            "Isi usulan atau suratnya sudah berubah sejak dibaca, jadi tidak ada yang dilakukan. Baca lagi surat dan "
            "isinya, lalu ulangi."
        )
        raise Conflict("ruling_changed", message)


def kept(letter: Document | Attachment | None, by: User | None) -> Attachment | None:
    """A document as an attachment; one that is an attachment already serves several rulings."""
    return keep_document(letter, by=by) if isinstance(letter, Document) else letter


@transaction.atomic
def attach_letter(ruling: Ruling, *, by: User | None, letter: Document) -> Ruling:
    """Attach the document of a ruling, or another in its place: approvals given before it no longer hold.

    Refuses the same document again; Conflict when the ruling was opened or withdrawn.
    """
    current = locked(ruling)
    refusals.refuse_withdrawal(current, by)
    before = current.attachment
    if before and before.stored_file.sha256 == letter.sha256:
        message = _("Dokumen ini sudah terlampir, jadi tidak ada yang berubah. Pilih dokumen yang lain.")
        raise Refused("same_document", message, "letter")
    attachment = keep_document(letter, by=by)
    void = sum(one is not None for one in (current.first_approved_by_id, current.second_approved_by_id))
    give_letter([current], attachment)
    forget_unused(before)
    engine.record("ruling_document_attached", current, by=by, **facts_of(attachment), approvals_void=void)
    ruling.refresh_from_db()
    return ruling


def give_letter(rulings: Iterable[Ruling], attachment: Attachment) -> None:
    """Put a document in its place. Nobody has approved what the rulings say now."""
    Ruling.objects.filter(pk__in=[one.pk for one in rulings]).update(
        attachment=attachment,
        first_approved_by=None,
        first_approved_at=None,
        second_approved_by=None,
        second_approved_at=None,
        approved_digest="",
    )


def forget_unused(attachment: Attachment | None) -> None:
    """Remove a document that no ruling has any more."""
    if attachment and not Ruling.objects.filter(attachment=attachment).exists():
        remove_attachment(attachment)


def facts_of(attachment: Attachment | None) -> dict[str, Any]:
    """What an Event tells about a document."""
    return {"sha256": attachment.stored_file.sha256, "pages": attachment.pages} if attachment else {}


@transaction.atomic
def refuse_ruling(ruling: Ruling, *, by: User, reason: str) -> Ruling:
    """KPU RI refuses a proposal: it is over, and stays to be read with who, when and why.

    Refuses without a reason, and who may not approve; Conflict when two people approved it, or it was taken back.
    """
    current = locked(ruling)
    refusals.refuse_decision(current, by)
    refusals.refuse_without_reason(" ".join(reason.split()), "reason")
    current.withdrawn_reason, current.refused = " ".join(reason.split()), True
    current.withdrawn_by, current.withdrawn_at = by, queries.now()
    refusals.save(current)
    engine.record("ruling_refused", current, by=by, reason=current.withdrawn_reason)
    ruling.refresh_from_db()
    return ruling
