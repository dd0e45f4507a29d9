"""The table of what became of a pair; of ``candidates.models``, which is where it is imported from."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from foundation.attachments.models import Attachment


class PairChange(models.Model):
    """A pair has withdrawn, or one of its two people was replaced: with the document that says so."""

    class Kind(models.TextChoices):
        WITHDRAWN = "withdrawn", "Pengunduran diri"
        HEAD = "head", "Penggantian bakal calon"
        DEPUTY = "deputy", "Penggantian bakal calon wakil"

    pair = models.ForeignKey("candidates.Pair", models.PROTECT, related_name="changes")
    kind = models.CharField("jenis", max_length=10, choices=Kind)
    number = models.CharField("nomor surat", max_length=200)
    reason = models.CharField("alasan", max_length=300, blank=True)
    before = models.CharField(max_length=100, blank=True, help_text="Who was replaced.")
    after = models.CharField("nama pengganti", max_length=100, blank=True)
    document = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="withdrawn", before="", after="")
                | ~Q(kind="withdrawn") & ~Q(before="") & ~Q(after=""),
                name="pair_change_names_who_was_replaced",
            ),
            models.UniqueConstraint(
                fields=["pair"], condition=Q(kind="withdrawn"), name="pair_change_withdrawn_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this change belongs."""
        return self.pair.event_scope()
