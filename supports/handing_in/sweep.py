"""What happens to rounds by the clock: they lapse, live again by a ruling, and what waited for files goes on."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from foundation import sql
from foundation.workflow import engine
from supports.handing_in.operations import queue_hand_in
from supports.handing_in.waiting import waits_for
from supports.models import HandIn, Submission

log = logging.getLogger(__name__)
# After a fault of ours it is tried again, and not at once.
AGAIN_AFTER = timedelta(minutes=1)


def sweep_rounds() -> None:
    """One round of looking after rounds."""
    for asked in _idle():
        if not waits_for(asked):
            queue_hand_in(asked)
    _move_all("supports/list_rounds_to_lapse", "lapse")
    _move_all("supports/list_rounds_to_revive", "revive")


def _idle() -> list[HandIn]:
    """Handings-in that nobody works on."""
    failed = Q(job__state__in=("failed", "cancelled"))
    pending = HandIn.objects.filter(ended_at=None).exclude(job__state__in=("queued", "running"))
    ready = pending.filter(Q(job=None) | ~failed | Q(job__finished_at__lt=Now() - AGAIN_AFTER))
    return list(ready.select_related("submission__pair__election__rule_set", "requested_by").order_by("id"))


def _move_all(statement: str, move: str) -> None:
    """Move every round that the statement names; one that cannot be moved does not keep the others waiting."""
    with transaction.atomic():
        found = [pk for (pk,) in sql.rows(statement)]
        for submission in Submission.objects.filter(pk__in=found).select_related("pair"):
            try:
                with transaction.atomic():
                    engine.move(submission, move, by=None)
            except Exception:
                log.exception("Round %s could not be moved: %s", submission.pk, move)
