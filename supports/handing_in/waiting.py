"""Between the wish and the receipt: what a round still takes, and which files it waits for."""

from datetime import datetime, timedelta

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from candidates.queries import now, rules_of
from candidates.zones import say_start
from foundation.errors import Refused
from supports.models import HandIn, IncomingFile, Submission, Upload


def pending_hand_in(submission: Submission) -> HandIn | None:
    """The handing-in of the round that has not ended yet."""
    return HandIn.objects.filter(submission=submission, ended_at=None).first()


def latest_hand_in(submission: Submission) -> HandIn | None:
    """The handing-in of the round that was asked for last, whatever became of it."""
    found = HandIn.objects.filter(submission=submission).select_related("job").order_by("-id").first()
    if found:
        found.submission = submission
    return found


def refuse_asked_for(submission: Submission, at: datetime | None = None) -> None:
    """Refuses what comes to a round after its handing-in was asked for; ``at`` is when it counts as received."""
    asked = pending_hand_in(submission)
    if asked is None or (at is not None and at <= asked.requested_at):
        return
    when = say_start(asked.requested_at, submission.pair.election.zone)
    message = _(
        "Penyerahan putaran ini sudah diminta %(when)s dan sedang diproses, sehingga datanya tidak dapat diubah "
        "lagi. Lihat kemajuannya di halaman Serahkan dukungan."
    )
    raise Refused("hand_in_under_way", message % {"when": when})


def declared_in_time(incoming: IncomingFile, submission: Submission, arrived: datetime) -> bool:
    """Whether a handing-in waits for this file: declared with its SHA-256 before it, and not later than the grace."""
    asked = pending_hand_in(submission)
    if asked is None or not incoming.sha256 or incoming.declared_at > asked.requested_at:
        return False
    return arrived <= asked.requested_at + grace_of(submission)


def grace_of(submission: Submission) -> timedelta:
    """How long bytes are waited for that were declared before."""
    return timedelta(hours=rules_of(submission.pair.election).receipt_grace_hours)


def loading_uploads(submission: Submission) -> list[Upload]:
    """Received files whose loading has not ended."""
    found = Upload.objects.filter(submission=submission, status="received")
    return list(found.filter(job__state__in=("queued", "running")).order_by("id"))


def files_on_their_way(
    submission: Submission, asked_at: datetime, *, at: datetime | None = None
) -> list[IncomingFile]:
    """Files declared for the round before that moment whose bytes are still to come, and still count now (``at``)."""
    if (at or now()) > asked_at + grace_of(submission):
        return []
    found = IncomingFile.objects.filter(pair=submission.pair, upload=None, target=Submission.Kind.ROUND)
    found = found.filter(file__expires_at__gt=Now(), declared_at__lte=asked_at).exclude(sha256="")
    return list(found.order_by("id"))


def waits_for(hand_in: HandIn) -> list[str]:
    """The names of the files that a handing-in waits for; none when it can be carried out."""
    submission = hand_in.submission
    files = [*loading_uploads(submission), *files_on_their_way(submission, hand_in.requested_at)]
    return [one.name for one in files]
