"""What the person of a row asked to be corrected, beside the row: a task for the team while the round is open."""

from django.db import transaction

from foundation.accounts.models import User
from foundation.readings.kinds import Kind
from foundation.readings.operations import record_reading
from supports.models import Support
from supports.privacy.models import Mark
from supports.privacy.sealing import open_note


@transaction.atomic
def read_corrections(support: Support, *, by: User) -> list[str]:
    """The notes that hold for a row, in clear; that they were read is on record."""
    election = support.submission.pair.election_id
    living = Mark.objects.filter(
        election=election, nik=support.nik, kind=Mark.Kind.CORRECTION, ended_at=None
    ).select_related("election")
    marks = list(living.order_by("id")) if support.nik else []
    if marks:
        place = {"row": support.pk, "submission": support.submission_id, "upload": support.upload_id}
        record_reading(Kind.IDENTITY, support, by=by, rows=1, **place, note="correction")
    return [open_note(mark) for mark in marks]
