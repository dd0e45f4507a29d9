"""Corrections: which decided rows are taken back to unverified, by which document, and who approved exactly them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from candidates.models import Ruling
from foundation.attachments.models import Attachment
from foundation.jobs.models import Job
from foundation.workflow.fields import check_status, status_choices
from foundation.workflow.table import CORRECTION
from verification.models import STATUSES, Review


class Correction(models.Model):
    """Named rows of a round, a document that says why, and two people besides the one who proposed it.

    ``wanted`` says how the rows were chosen, ``token`` stands for exactly them as they stood, ``stood`` counts them by
    status; ``taken_back`` of ``rows`` are unverified again, ``passed_over`` changed before their turn came. One that
    ``reopens`` comes from a ruling in force: its approvals are the ruling's, and the rows are the team's to mend.
    """

    machine = CORRECTION

    review = models.ForeignKey(Review, models.CASCADE, related_name="corrections")
    number = models.CharField("nomor surat", max_length=200)
    dated = models.DateField("tanggal surat")
    reason = models.CharField("alasan", max_length=2000)
    document = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    ruling = models.ForeignKey(
        Ruling,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="The approved ruling that names the rows.",
    )
    reopens = models.BooleanField(default=False, help_text="The round is the team's again (docs/adr/0040).")
    wanted = models.JSONField()
    rows = models.BigIntegerField()
    stood = models.JSONField(help_text="How many were MS, BMS and TMS.")
    token = models.CharField(max_length=40)
    status = models.CharField(max_length=8, choices=status_choices(CORRECTION), default=CORRECTION.initial)
    taken_back = models.BigIntegerField(default=0)
    passed_over = models.BigIntegerField(default=0)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    first_approved_at = models.DateTimeField(null=True)
    first_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    second_approved_at = models.DateTimeField(null=True)
    second_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    refused_at = models.DateTimeField(null=True, help_text="Refused, or taken back by who proposed it.")
    refused_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=check_status(CORRECTION), name="correction_status_is_of_the_table"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{step}_at": None, f"{step}_by": None})
                    | Q(**{f"{step}_at__isnull": False, f"{step}_by__isnull": False}),
                    name=f"correction_{step}_at_and_by_together",
                )
                for step in ("first_approved", "second_approved", "refused")
            ),
            models.CheckConstraint(
                condition=(Q(first_approved_by=None) | ~Q(first_approved_by=F("proposed_by")))
                & (Q(second_approved_by=None) | ~Q(second_approved_by=F("proposed_by")))
                & (Q(second_approved_by=None) | ~Q(second_approved_by=F("first_approved_by"))),
                name="correction_is_approved_by_two_others",
            ),
            models.CheckConstraint(
                condition=Q(second_approved_by=None) | Q(first_approved_by__isnull=False),
                name="correction_second_approval_follows_a_first",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["approved", "done"], second_approved_by__isnull=False)
                | Q(status__in=["proposed", "refused"], second_approved_by=None),
                name="correction_approved_means_twice",
            ),
            models.UniqueConstraint(
                fields=["ruling"], condition=Q(reopens=True), name="ruling_reopens_a_round_once"
            ),
            models.CheckConstraint(
                condition=Q(reopens=False) | Q(ruling__isnull=False),
                name="correction_that_reopens_has_a_ruling",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review} {self.number} {self.rows}"

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this correction belongs."""
        return self.review.event_scope()


class CorrectionRow(models.Model):
    """A row that a correction waits to take back, and how it stood when it was proposed; gone once it is done.

    Their key is the order in which they are taken back; ``area`` is that of the Standing when it was proposed.
    """

    pk = models.CompositePrimaryKey("correction_id", "area", "support_id")
    correction = models.ForeignKey(
        Correction, models.CASCADE, db_constraint=False, db_index=False, related_name="waiting"
    )
    area = models.BigIntegerField()
    support_id = models.BigIntegerField()
    stood = models.CharField(max_length=10, choices=STATUSES)

    def __str__(self) -> str:
        return f"{self.correction_id} {self.support_id}"
