"""The append-only record of who read which identities with what filter."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Reading(models.Model):
    """One request or download by which identities left the system in clear; written before the first byte leaves.

    The application's database role may INSERT and SELECT here, nothing else. No foreign keys, as with Event: what
    was read stays on record when it is gone. ``filter`` never holds an identity in clear.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    by_id = models.BigIntegerField(null=True, help_text="User id; empty for a command without a person.")
    roles = models.CharField(max_length=200, blank=True, help_text="The roles held at that moment.")
    inside = models.BooleanField(default=False, help_text="Whether the reader was of the pair's own team.")
    kind = models.CharField(max_length=10)
    call = models.CharField(max_length=200, blank=True, help_text="The page or call, without its ids.")
    election_id = models.BigIntegerField(null=True)
    pair_id = models.BigIntegerField(null=True)
    submission_id = models.BigIntegerField(null=True)
    upload_id = models.BigIntegerField(null=True)
    area_from = models.BigIntegerField(null=True, help_text="10-digit codes [from, to); empty: every area.")
    area_to = models.BigIntegerField(null=True)
    row_id = models.BigIntegerField(null=True, help_text="The row, where it was one.")
    rows = models.BigIntegerField(help_text="How many rows.")
    filter = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["kind", "id"], name="reading_by_kind"),
            models.Index(fields=["election_id", "kind", "id"], name="reading_by_election"),
            models.Index(
                fields=["pair_id", "kind", "id"], condition=Q(pair_id__isnull=False), name="reading_by_pair"
            ),
            # What others read of a pair: its team's own downloads are many more.
            models.Index(
                fields=["pair_id", "kind", "id"],
                condition=Q(pair_id__isnull=False, inside=False),
                name="reading_by_others",
            ),
            models.Index(fields=["by_id", "kind", "id"], name="reading_by_person"),
            models.Index(fields=["row_id"], condition=Q(row_id__isnull=False), name="reading_by_row"),
            models.Index(fields=["at", "id"], name="reading_by_moment"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(rows__gte=0), name="reading_rows_are_never_negative"),
            models.CheckConstraint(
                condition=Q(area_from=None, area_to=None) | Q(area_from__isnull=False, area_to__isnull=False),
                name="reading_area_has_both_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.rows}"
