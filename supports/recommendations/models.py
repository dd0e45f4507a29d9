"""Saran perbaikan: what Bawaslu recommends about an election, a pair, an upload or a row, and what KPU answered."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from candidates.models import Election, Pair
from foundation.attachments.models import Attachment
from foundation.workflow.fields import check_status, status_choices
from foundation.workflow.table import RECOMMENDATION
from supports.models import Upload


class Recommendation(models.Model):
    """One recommendation with its letter, and its answer. What it is about is said as narrowly as it can be."""

    machine = RECOMMENDATION

    election = models.ForeignKey(Election, models.PROTECT, related_name="recommendations")
    pair = models.ForeignKey(Pair, models.PROTECT, null=True, related_name="recommendations")
    upload = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")
    support_id = models.BigIntegerField(null=True, help_text="A row; it may be gone when this is read.")
    region = models.BigIntegerField(help_text="Territory of who filed it; 0 for the nation.")
    number = models.CharField("nomor surat", max_length=200)
    dated = models.DateField("tanggal surat")
    text = models.CharField("isi saran", max_length=4000)
    document = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    status = models.CharField(
        max_length=20, choices=status_choices(RECOMMENDATION), default=RECOMMENDATION.initial
    )
    due_at = models.DateTimeField(help_text="Until when KPU answers.")
    answer = models.CharField(
        "jawaban", max_length=2000, blank=True, help_text="The act that follows it, or why none does."
    )
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=check_status(RECOMMENDATION), name="recommendation_status_is_of_the_table"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="", status="filed")
                | Q(answered_at__isnull=False, answered_by__isnull=False)
                & ~Q(answer="")
                & ~Q(status="filed"),
                name="recommendation_answered_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(upload=None, support_id=None) | Q(pair__isnull=False),
                name="recommendation_of_rows_names_their_pair",
            ),
            models.UniqueConstraint(
                fields=["election", "region", "number"], name="recommendation_once_per_number_and_office"
            ),
        ]
        indexes = [models.Index(fields=["region", "id"], name="recommendation_by_region")]

    def __str__(self) -> str:
        return f"Saran perbaikan {self.number}"

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this recommendation belongs."""
        return {"election_id": self.election_id, "pair_id": self.pair_id}
