"""The table of an election's schedules; one of ``candidates.models``, which is where it is imported from."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class ScheduleVersion(models.Model):
    """Jadwal tahapan as it was published: every change of the windows, or of the voting day, makes the next version.

    ``windows`` is the whole schedule after the change, ``changes`` what made it; windows of single pairs are never in
    it. A version is written once and never changed (``candidates.schedules``).
    """

    election = models.ForeignKey("candidates.Election", models.CASCADE, related_name="schedule_versions")
    number = models.PositiveIntegerField()
    voting_day = models.DateField()
    windows = models.JSONField()
    changes = models.JSONField()
    decree = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["election", "number"], name="schedule_version_once_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.election_id} v{self.number}"
