"""What was handed in: the wish, carried out by a job, and the receipt that stands for it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from candidates.models import Election
from foundation.jobs.models import Job
from foundation.keys.models import StoredFile


class HandIn(models.Model):
    """A team hands a round in: asked for once, at a moment that counts, and carried out whole or not at all.

    Until it has ended the round takes nothing but the files that were declared before, and no second one is begun.
    """

    submission = models.ForeignKey("supports.Submission", models.PROTECT, related_name="hand_ins")
    requested_at = models.DateTimeField(help_text="By the database's clock; the receipt's time.")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"], condition=Q(ended_at=None), name="hand_in_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(error_code="") | Q(ended_at__isnull=False), name="hand_in_fails_when_it_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} {self.requested_at:%Y-%m-%d %H:%M}"

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this handing-in belongs."""
        return self.submission.event_scope()


class Receipt(models.Model):
    """Tanda terima of one handing-in, never changed: the application's role may only write it and read it.

    ``body`` is what was signed, with the signature. ``leaves`` holds the id and the hash of each row, so that a row
    that was changed since can be named.
    """

    hand_in = models.OneToOneField(HandIn, models.PROTECT, related_name="receipt")
    election = models.ForeignKey(Election, models.PROTECT, related_name="receipts")
    sequence = models.PositiveIntegerField(help_text="Counts the receipts of an election.")
    number = models.CharField(max_length=40)
    leaves = models.OneToOneField(StoredFile, models.PROTECT)
    body = models.JSONField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["election", "sequence"], name="receipt_counts_by_election"),
        ]

    def __str__(self) -> str:
        return self.number

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this receipt belongs."""
        return self.hand_in.submission.event_scope()
