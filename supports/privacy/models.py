"""What people ask about their own data, the links they follow it with, and what was decided about their rows.

Everything that tells who asks is sealed by the keys of the election it is about, and ends with them.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from candidates.models import Election
from foundation.attachments.models import Attachment
from foundation.workflow.fields import check_status, status_choices
from foundation.workflow.table import DATA_REQUEST


def _together(name: str) -> Q:
    at, by = f"{name}_at", f"{name}_by"
    return Q(**{at: None, by: None}) | Q(**{f"{at}__isnull": False, f"{by}__isnull": False})


class DataRequest(models.Model):
    """One request of one person about the data of one election (UU 27/2022); ``due_at``: 3 × 24 h from its receipt.

    ``sealed`` holds name, address for the answer and what is asked, ``answer`` what was answered.
    """

    machine = DATA_REQUEST

    class Kind(models.TextChoices):
        ACCESS = "access", "Salinan data saya"
        CORRECTION = "correction", "Perbaikan data saya"
        RESTRICTION = "restriction", "Pembatasan pemakaian data saya"
        OBJECTION = "objection", "NIK saya dipakai tanpa izin"

    election = models.ForeignKey(Election, models.PROTECT, related_name="data_requests")
    kind = models.CharField(max_length=12, choices=Kind)
    status = models.CharField(
        max_length=12, choices=status_choices(DATA_REQUEST), default=DATA_REQUEST.initial
    )
    nik = models.UUIDField()
    birth_date = models.UUIDField()
    sealed = models.BinaryField(null=True)
    document = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="data_requests")
    received_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="The officer at the counter; empty: without account.",
    )
    identity_confirmed_at = models.DateTimeField(null=True)
    identity_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answer = models.BinaryField(null=True)
    readable_until = models.DateTimeField(
        null=True, help_text="Until when a copy can be fetched by its link."
    )

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["election", "status", "due_at"], name="data_request_by_election")]
        constraints = [
            models.CheckConstraint(
                condition=check_status(DATA_REQUEST), name="data_request_status_is_of_the_table"
            ),
            models.CheckConstraint(condition=_together("decided"), name="data_request_decided_at_and_by"),
            models.CheckConstraint(
                condition=_together("identity_confirmed"), name="data_request_identity_confirmed_at_and_by"
            ),
            models.CheckConstraint(
                condition=~Q(status="fulfilled") | Q(identity_confirmed_at__isnull=False),
                name="data_request_fulfilled_for_a_known_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.pk}"

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this request belongs."""
        return {"election_id": self.election_id}

    @property
    def open(self) -> bool:
        """Whether its answer is still due."""
        return self.status in ("received", "in_progress")


class RequestLink(models.Model):
    """A secret that was mailed or handed out, by which its holder follows one request; known by its digest only."""

    request = models.ForeignKey(DataRequest, models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.request_id} {self.created_at:%Y-%m-%d}"


class Mark(models.Model):
    """What holds for a person's rows in one election because of a request, until it is ended.

    By the sealed NIK and not by row: rows are never touched, so every count stays; a row that comes later is meant,
    too. ``note`` (sealed) says what is to be corrected.
    """

    class Kind(models.TextChoices):
        RESTRICTION = "restriction", "Dibatasi atas permintaan pemilik data"
        OBJECTION = "objection", "Pemilik data menyatakan NIK-nya dipakai tanpa izin"
        CORRECTION = "correction", "Pemilik data meminta perbaikan"

    request = models.OneToOneField(DataRequest, models.PROTECT, related_name="mark")
    election = models.ForeignKey(Election, models.PROTECT, related_name="+")
    nik = models.UUIDField()
    kind = models.CharField(max_length=12, choices=Kind)
    note = models.BinaryField(null=True)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["election", "nik"], condition=Q(ended_at=None), name="mark_living_by_person")
        ]
        constraints = [
            models.CheckConstraint(condition=_together("ended"), name="mark_ended_at_and_by_together")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.pk}"

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this mark belongs."""
        return {"election_id": self.election_id}
