"""What people decide about the rows of a round, and whose work it is.

Decision, Work and BulkRow hold up to a row per supporter; as in ``supports.models`` their foreign keys are not enforced
by the database. A Standing says how a row stands now; a Decision says who decided it so, and is never changed.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from foundation.jobs.models import Job
from foundation.workflow.fields import check_status, status_choices
from foundation.workflow.table import BULK, VERMIN
from supports.models import Submission

STATUSES = status_choices(VERMIN)
DECIDED = ("MS", "BMS", "TMS")


class Review(models.Model):
    """The administrative verification of one round: opened once, then its rows are dealt and decided."""

    submission = models.OneToOneField(Submission, models.CASCADE, related_name="review")
    rows = models.BigIntegerField(help_text="As many as the receipt says.")
    opened_at = models.DateTimeField(db_default=Now())
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.submission}"

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this verification belongs."""
        return self.submission.event_scope()


class Deal(models.Model):
    """One dealing of rows: those of ``area`` (0 = all) that nobody held, to so many people, in one of two ways."""

    class Way(models.TextChoices):
        VILLAGE = "village", "Menurut desa/kelurahan"
        RANDOM = "random", "Acak"

    review = models.ForeignKey(Review, models.CASCADE, related_name="deals")
    area = models.BigIntegerField()
    way = models.CharField(max_length=7, choices=Way)
    rows = models.BigIntegerField()
    people = models.IntegerField()
    dealt_at = models.DateTimeField(db_default=Now())
    dealt_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.review} {self.rows}"

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this dealing belongs."""
        return self.review.event_scope()


class Work(models.Model):
    """A row that waits for one person's decision; gone once it is decided. The key keeps two from holding one row."""

    support_id = models.BigIntegerField(primary_key=True)
    submission = models.ForeignKey(Submission, models.DO_NOTHING, db_constraint=False, db_index=False)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["submission", "holder", "support_id"], name="work_of_holder")]

    def __str__(self) -> str:
        return f"{self.support_id} {self.holder_id}"


class Share(models.Model):
    """How many rows of a round wait for one person; only the trigger on Work writes it."""

    pk = models.CompositePrimaryKey("submission_id", "holder_id")
    submission = models.ForeignKey(Submission, models.DO_NOTHING, db_constraint=False, db_index=False)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, related_name="shares"
    )
    left = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(left__gte=0), name="share_is_never_negative")]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.holder_id} {self.left}"


class Bulk(models.Model):
    """One decision about many rows: exactly those that were looked at, approved by a second person, undone as a whole.

    ``wanted`` is the filter that chose them, ``token`` stands for exactly them; ``decided`` of ``rows`` are done,
    ``passed_over`` were decided by somebody else before their turn came, ``doubled`` would have counted a person twice.
    """

    machine = BULK

    review = models.ForeignKey(Review, models.CASCADE, related_name="bulks")
    wanted = models.JSONField()
    after = models.CharField(max_length=3, choices=[(code, code) for code in DECIDED])
    reasons = ArrayField(models.SmallIntegerField())
    note = models.CharField(max_length=500, blank=True)
    rows = models.BigIntegerField()
    token = models.CharField(max_length=40)
    status = models.CharField(max_length=8, choices=status_choices(BULK), default=BULK.initial)
    decided = models.BigIntegerField(default=0)
    passed_over = models.BigIntegerField(default=0)
    doubled = models.BigIntegerField(default=0, help_text="Their person is counted by another row.")
    taken_back = models.BigIntegerField(default=0, help_text="When it was undone.")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ruled_at = models.DateTimeField(null=True, help_text="Approved or refused.")
    ruled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=check_status(BULK), name="bulk_status_is_of_the_table"),
            models.CheckConstraint(
                condition=Q(ruled_by=None) | ~Q(ruled_by=models.F("proposed_by")),
                name="bulk_is_ruled_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(ruled_at=None, ruled_by=None) | Q(ruled_at__isnull=False, ruled_by__isnull=False),
                name="bulk_ruled_at_and_by_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review} {self.after} {self.rows}"

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this decision belongs."""
        return self.review.event_scope()


class BulkRow(models.Model):
    """A row that a bulk decision waits to decide: written when it is proposed, gone once it is done.

    Their key is the order in which they are decided; ``area`` is that of the Standing.
    """

    pk = models.CompositePrimaryKey("bulk_id", "area", "support_id")
    bulk = models.ForeignKey(
        Bulk, models.CASCADE, db_constraint=False, db_index=False, related_name="waiting"
    )
    area = models.BigIntegerField()
    support_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.bulk_id} {self.support_id}"


class Decision(models.Model):
    """One change of one row's status by a person, kept for ever: the application may only write and read it."""

    submission = models.ForeignKey(Submission, models.DO_NOTHING, db_constraint=False, db_index=False)
    support_id = models.BigIntegerField()
    before = models.CharField(max_length=10, choices=STATUSES)
    after = models.CharField(max_length=10, choices=STATUSES)
    reasons = ArrayField(models.SmallIntegerField(), help_text="Numbers of verification.reasons.")
    note = models.CharField(max_length=500, blank=True)
    takes_effect = models.BooleanField(
        default=True, db_default=True, help_text="No: what one person read, which waits for another's."
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    at = models.DateTimeField(db_default=Now())
    bulk = models.ForeignKey(
        Bulk,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="decisions",
        help_text="The bulk decision it is a part of; ``by`` proposed it.",
    )
    correction = models.ForeignKey(
        "corrections.Correction",
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="decisions",
        help_text="The correction that took the row back; ``by`` proposed it.",
    )

    class Meta:
        indexes = [
            models.Index(fields=["support_id", "id"], name="decision_of_support"),
            models.Index(
                fields=["by", "submission", "id"], condition=Q(bulk=None), name="decision_by_person"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(before=models.F("after")), name="decision_changes_something"),
            models.CheckConstraint(
                condition=Q(after__in=["BMS", "TMS"]) & ~Q(reasons=[])
                | Q(after__in=["MS", "unverified"], reasons=[]),
                name="decision_has_reasons_where_they_are_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.support_id} {self.before} → {self.after}"


class SecondReading(models.Model):
    """A row that one person has read and that waits for another, where the rules ask for two; gone once it is decided.

    With a ``second`` the two differ, and the office decides.
    """

    support_id = models.BigIntegerField(primary_key=True)
    submission = models.ForeignKey(Submission, models.DO_NOTHING, db_constraint=False, db_index=False)
    first = models.ForeignKey(
        Decision, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    second = models.ForeignKey(
        Decision, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(fields=["submission", "support_id"], name="second_reading_of_round"),
            models.Index(
                fields=["submission"], condition=Q(second__isnull=False), name="second_reading_disputed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.support_id}"
