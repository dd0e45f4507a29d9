"""The append-only record of every change made by a person."""

from django.db import models
from django.utils import timezone


class Event(models.Model):
    """One change by a person. The application's database role may INSERT and SELECT here, nothing else.

    No foreign keys: history never blocks, and is never changed by, the deletion of what it tells about.
    ``data`` never holds an identity in clear.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=timezone.now)
    by_id = models.BigIntegerField(null=True, help_text="User id; empty for the system.")
    name = models.CharField(max_length=50, help_text="Past participle: upload_received, pair_created.")
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    election_id = models.BigIntegerField(null=True)
    pair_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="event_by_subject"),
            models.Index(fields=["pair_id", "id"], name="event_by_pair"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject_kind} {self.subject_id}"
