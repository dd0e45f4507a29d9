"""Opening the identity of one supporter: for a person who has to see it, and never without an Event and a Reading."""

from django.db import transaction

from foundation.accounts.models import User
from foundation.readings.kinds import Kind
from foundation.readings.operations import record_reading
from foundation.workflow import engine
from supports.models import Support
from supports.opening import open_row
from supports.privacy.marks import reads_as_team, refuse_restricted
from supports.standards import standards_of


def open_identity(support: Support, *, by: User) -> dict[str, str | bool | None]:
    """Every field of a row in clear, what could not be read as it was given; that it was opened is an Event.

    Refuses when the keys of the election were destroyed, and a team what is restricted by its person.
    """
    pair = support.submission.pair
    if reads_as_team(by, pair.pk):
        refuse_restricted(support.nik, pair.election_id)
    opened = open_row(support, standards_of(support.submission).keys())
    shown = sorted(name for name, value in opened.items() if value is not None)
    with transaction.atomic():
        engine.record("identity_opened", support, by=by, fields=shown)
        record_reading(
            Kind.IDENTITY,
            support,
            by=by,
            rows=1,
            row=support.pk,
            submission=support.submission_id,
            upload=support.upload_id,
        )
    return opened
