"""What a round's forms leave behind: their signed scans, and papers that were asked for all at once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from foundation.attachments.models import Attachment
from foundation.jobs.models import Job
from foundation.keys.models import StoredFile


class PaperScan(models.Model):
    """One scan of a signed form: a file of one or more pages. One that was replaced or withdrawn is kept.

    ``rows`` is the number of rows on the last print before it came, so that a scan of an older number is known.
    """

    submission = models.ForeignKey("supports.Submission", models.PROTECT, related_name="paper_scans")
    purpose = models.CharField(max_length=20, help_text="Key of the rule set's forms: recap, submission.")
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="+")
    rows = models.BigIntegerField()
    sent_at = models.DateTimeField(db_default=Now())
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="paper_scan_ended_at_and_by_together",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this scan belongs."""
        return self.submission.event_scope()


class PaperBundle(models.Model):
    """All papers of a round, or the lists of one area of it, as one ZIP: made by a job, gone after a day."""

    submission = models.ForeignKey("supports.Submission", models.PROTECT, related_name="paper_bundles")
    area = models.BigIntegerField(default=0, help_text="Code of a kab/kota or kecamatan; 0: everything.")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+")
    rows = models.BigIntegerField(help_text="On the lists.")
    papers = models.PositiveIntegerField(default=0, help_text="PDFs in it.")
    asked_at = models.DateTimeField(db_default=Now())
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.area}"

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about these papers belongs."""
        return self.submission.event_scope()
