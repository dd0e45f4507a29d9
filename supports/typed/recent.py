"""What somebody typed last into a round."""

from foundation.accounts.models import User
from supports.listing import Row, rows_of
from supports.models import Submission, Support, Upload, first_id
from supports.rules import TEAM

SHOWN = 10


def last_typed(submission: Submission, by: User) -> list[Row]:
    """The last ten rows that this person typed into the round and that are still there, the newest first."""
    typed = Upload.objects.filter(submission=submission, received_by=by, source=Upload.Source.TYPED)
    upload = typed.exclude(status="discarded").values_list("pk", flat=True).first()
    if upload is None:
        return []
    mine = Support.objects.filter(
        pk__gte=first_id(upload), pk__lt=first_id(upload + 1), submission=submission
    )
    return rows_of(list(mine.order_by("-pk").values_list("pk", flat=True)[:SHOWN]), submission, TEAM)
