"""The table of mass changes; one of ``candidates.models``, which is where it is imported from."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class MassChange(models.Model):
    """One decision that changed many elections at once, as it was previewed: its terms, the digest of what was seen.

    What it did to each window or election stands in their own Events and in the versions of the schedules.
    """

    class Kind(models.TextChoices):
        MOVED = "windows_moved", "Masa dipindahkan"
        COPIED = "schedules_copied", "Jadwal disalin"
        CREATED = "elections_created", "Pemilihan dibuat"

    kind = models.CharField(max_length=20, choices=Kind)
    decree = models.CharField("nomor keputusan", max_length=200, blank=True)
    terms = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    changed = models.PositiveIntegerField(help_text="Windows or elections.")
    elections = models.PositiveIntegerField()
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(changed__gt=0), name="mass_change_changes_something"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.decree}".rstrip()
