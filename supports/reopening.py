"""Which uploads a ruling may name: ``candidates`` knows rulings and no uploads."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from candidates import operations
from candidates.models import Pair, Ruling
from foundation.accounts.models import User
from foundation.errors import Refused
from supports.models import Submission, Upload


def nameable_uploads(pair: Pair) -> QuerySet[Upload]:
    """The uploads whose rows are in a round of the pair; the latest first."""
    rounds = Upload.objects.filter(submission__pair=pair, submission__kind=Submission.Kind.ROUND)
    return rounds.filter(status="loaded").select_related("submission").order_by("-id")


def propose_ruling(
    pair: Pair, *, by: User | None, stage: str, upload_ids: Iterable[int] = (), **terms: Any
) -> Ruling:
    """Propose a ruling (``candidates.operations.propose_ruling``) whose named uploads are the pair's own.

    Refuses uploads that are not loaded in that stage's round.
    """
    named = set(upload_ids)
    strangers = named - set(
        nameable_uploads(pair).filter(submission__stage=stage).values_list("pk", flat=True)
    )
    if strangers:
        message = _(
            "Unggahan %(number)s tidak dimuat pada putaran itu. Sebut unggahan pasangan ini yang sudah dimuat pada "
            "putaran yang dibuka kembali."
        )
        raise Refused("upload_not_of_the_round", message % {"number": min(strangers)}, "uploads")
    return operations.propose_ruling(pair, by=by, stage=stage, upload_ids=named, **terms)
