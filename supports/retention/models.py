"""When identities of an election end: its term, what holds them, their destruction, and the certificate of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from candidates.models import Election
from foundation.attachments.models import Attachment
from foundation.jobs.models import Job


class _OfElection(models.Model):
    """What belongs to an election, and the Events about it."""

    class Meta:
        abstract = True

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this belongs."""
        return {"election_id": self.election_id}


class RetentionTerm(_OfElection):
    """KPU RI has set another end for one election, by a document; the latest one holds."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="retention_terms")
    ends_on = models.DateField("masa simpan sampai", help_text="The last day on which they are kept.")
    number = models.CharField("nomor surat", max_length=200)
    reason = models.CharField("dasar", max_length=300)
    document = models.OneToOneField(Attachment, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now())
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number


class LegalHold(_OfElection):
    """Nothing of an election is destroyed while this stands: set by one person of KPU RI, lifted by two."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="legal_holds")
    number = models.CharField("nomor surat", max_length=200)
    reason = models.CharField("alasan", max_length=300)
    document = models.OneToOneField(Attachment, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now())
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lift_reason = models.CharField("alasan pelepasan", max_length=300, blank=True)
    first_lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    first_lifted_at = models.DateTimeField(null=True)
    second_lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    second_lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_lifted_at=None, first_lifted_by=None, lift_reason="")
                | Q(first_lifted_at__isnull=False, first_lifted_by__isnull=False) & ~Q(lift_reason=""),
                name="hold_first_lifted_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(second_lifted_at=None, second_lifted_by=None)
                | Q(
                    second_lifted_at__isnull=False,
                    second_lifted_by__isnull=False,
                    first_lifted_by__isnull=False,
                ),
                name="hold_second_lifted_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(second_lifted_by=None) | ~Q(second_lifted_by=F("first_lifted_by")),
                name="hold_is_lifted_by_two_people",
            ),
        ]
        indexes = [
            models.Index(fields=["election"], condition=Q(second_lifted_at=None), name="hold_that_stands")
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def standing(self) -> bool:
        """Whether it still holds everything."""
        return self.second_lifted_at is None


class Destruction(_OfElection):
    """The identities of an election are destroyed: proposed by one of KPU RI, approved by another, then done by a job.

    ``seen`` is what both looked at, ``digest`` its hash: approved is what was proposed, or nothing.
    """

    election = models.ForeignKey(Election, models.PROTECT, related_name="destructions")
    seen = models.JSONField()
    digest = models.CharField(max_length=64)
    proposed_at = models.DateTimeField(db_default=Now())
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    keys_destroyed_at = models.DateTimeField(null=True, help_text="From then on nothing can be opened.")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["election"], condition=Q(withdrawn_at=None), name="destruction_once_per_election"
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="destruction_approved_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, approved_at=None),
                name="destruction_withdrawn_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")),
                name="destruction_is_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(keys_destroyed_at=None) | Q(approved_at__isnull=False),
                name="destruction_begins_when_approved",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(keys_destroyed_at__isnull=False),
                name="destruction_ends_after_the_keys",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.election_id} {self.digest[:12]}"


class Certificate(_OfElection):
    """What was destroyed, when, by whom and on what basis: signed, and never changed (the database refuses)."""

    destruction = models.OneToOneField(Destruction, models.PROTECT, related_name="certificate")
    election = models.OneToOneField(Election, models.PROTECT, related_name="certificate")
    number = models.CharField(max_length=40, unique=True)
    body = models.JSONField()

    def __str__(self) -> str:
        return self.number
