"""Surat mandat: by which a pair names its LO and operators, and asks for their accounts."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from candidates.models import Election, Pair
from foundation.accounts.matrix import Role
from foundation.attachments.models import Attachment
from foundation.workflow.fields import check_status, status_choices
from foundation.workflow.table import MANDATE


class Mandate(models.Model):
    """One mandate of one pair. The pair is linked when it is approved: until then it may not be in the system."""

    machine = MANDATE

    election = models.ForeignKey(Election, models.PROTECT, related_name="mandates")
    pair = models.ForeignKey(Pair, models.PROTECT, null=True, blank=True, related_name="mandates")
    head = models.CharField("nama bakal calon", max_length=100)
    deputy = models.CharField("nama bakal calon wakil", max_length=100)
    contact_name = models.CharField("nama yang mengajukan", max_length=150)
    contact_email = models.EmailField("surel yang mengajukan")
    contact_phone = models.CharField("nomor HP yang mengajukan", max_length=30, blank=True)
    document = models.ForeignKey(Attachment, models.PROTECT, related_name="mandates")
    status = models.CharField(max_length=20, choices=status_choices(MANDATE), default=MANDATE.initial)
    reason = models.CharField("alasan", max_length=500, blank=True, help_text="Of a refusal or a revocation.")
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty: without account.",
    )
    submitted_at = models.DateTimeField(db_default=Now(), help_text="Last, if it was submitted again.")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=check_status(MANDATE), name="mandate_status_is_of_the_table"),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="mandate_decided_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["submitted", "refused"]) | Q(pair__isnull=False),
                name="mandate_that_was_approved_has_its_pair",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["refused", "revoked"]) | ~Q(reason=""),
                name="mandate_refused_or_revoked_has_a_reason",
            ),
            models.UniqueConstraint(
                fields=["pair"], condition=Q(status="approved"), name="mandate_in_force_once_per_pair"
            ),
        ]
        indexes = [models.Index(fields=["election", "status", "id"], name="mandate_by_election_and_status")]

    def __str__(self) -> str:
        return f"{self.head} – {self.deputy}"

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this mandate belongs."""
        return {"election_id": self.election_id, "pair_id": self.pair_id}

    @property
    def lo(self) -> "MandatePerson":
        """The liaison officer it names. Prefetch ``people`` for lists."""
        return next(one for one in self.people.all() if one.role == Role.LO)

    @property
    def operators(self) -> list["MandatePerson"]:
        """The operators it names."""
        return [one for one in self.people.all() if one.role == Role.OPERATOR]


class MandatePerson(models.Model):
    """Somebody a mandate names: what for, how to reach them, and the account they got."""

    ROLES = (Role.LO, Role.OPERATOR)

    mandate = models.ForeignKey(Mandate, models.CASCADE, related_name="people")
    role = models.CharField(max_length=20, choices=[(role.value, role.title) for role in ROLES])
    name = models.CharField("nama", max_length=150)
    email = models.EmailField("surel")
    phone = models.CharField("nomor HP", max_length=30, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=["lo", "operator"]), name="mandate_person_is_of_the_team"
            ),
            models.UniqueConstraint("mandate", Lower("email"), name="mandate_person_once_per_email"),
            models.UniqueConstraint(
                fields=["mandate"], condition=Q(role="lo"), name="mandate_person_is_the_only_lo"
            ),
        ]

    def __str__(self) -> str:
        return self.name
