"""The tables of announcements; of ``candidates.models``, which is where they are imported from."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class Announcement(models.Model):
    """Pengumuman of the commission. It is shown until it ends or is withdrawn, and stays in the list afterwards.

    For everybody, for who works in a territory (``region``; 0 is the nation), or for who works for the pairs of the
    ``elections``.
    """

    class Audience(models.TextChoices):
        PUBLIC = "public", "Semua orang"
        TERRITORY = "territory", "Petugas dan tim di wilayah tugas saya"
        ELECTIONS = "elections", "Tim bakal pasangan calon pada pemilihan tertentu"

    title = models.CharField("judul", max_length=150)
    text = models.CharField("isi", max_length=4000)
    audience = models.CharField("untuk siapa", max_length=10, choices=Audience)
    region = models.IntegerField(default=0, help_text="Territory of who announced it; 0 for the nation.")
    elections = models.ManyToManyField("candidates.Election", blank=True, related_name="announcements")
    shown_from = models.DateTimeField("ditampilkan mulai")
    shown_until = models.DateTimeField("ditampilkan sampai", null=True, blank=True)
    pinned = models.BooleanField("disematkan", default=False)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField("alasan", max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-shown_from", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(shown_until=None) | Q(shown_from__lt=F("shown_until")),
                name="announcement_begins_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason=""),
                name="announcement_withdrawn_at_and_by_together",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Dismissal(models.Model):
    """That a person put an announcement away: it no longer stands above their pages, and stays in the list."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="dismissals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["announcement", "user"], name="dismissal_once_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.announcement_id}"
