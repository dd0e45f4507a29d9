"""Voter lists (DPT, DP4) of an election, their rows, and what the rounds in verification have in common with them.

RollEntry holds a row for every voter: up to tens of millions. Its rows are written in the order of their sealed NIKs,
so that its only index, the key, grows at its end, and the rows of one list lie side by side (docs/adr/0036).
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from candidates.models import Election
from foundation.jobs.models import Job
from foundation.keys.models import StoredFile
from foundation.workflow.fields import check_status, status_choices
from foundation.workflow.table import ROLL
from supports.models import Submission

CURRENT = "current"


class Kind(models.TextChoices):
    """Which list it is."""

    DPT = "dpt", "DPT"
    DP4 = "dp4", "DP4"


class Roll(models.Model):
    """One list as it came. One of each kind is current; an older one stays on record, its rows until they are removed.

    Of ``rows`` that were read, ``unusable`` have no NIK of 16 digits and are told; the others are entries. ``repeated``
    of these give a NIK that another entry gives too.
    """

    machine = ROLL

    election = models.ForeignKey(Election, models.PROTECT, related_name="rolls")
    kind = models.CharField(max_length=3, choices=Kind)
    version = models.IntegerField(help_text="Counted up for each kind of an election.")
    status = models.CharField(max_length=10, choices=status_choices(ROLL), default=ROLL.initial)
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+")
    incoming = models.BigIntegerField(null=True, help_text="Id of the IncomingFile it arrived as.")
    name = models.CharField("nama berkas", max_length=255)
    size = models.BigIntegerField(help_text="Bytes as received.")
    sha256 = models.CharField(max_length=64)
    columns = models.JSONField(
        default=dict, help_text="Headings: fields, ignored, missing; row numbers of what is told."
    )
    rows = models.BigIntegerField(default=0)
    entries = models.BigIntegerField(default=0)
    unusable = models.BigIntegerField(default=0)
    repeated = models.BigIntegerField(default=0)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.TextField(blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    received_at = models.DateTimeField(db_default=Now())
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=check_status(ROLL), name="roll_status_is_of_the_table"),
            models.CheckConstraint(
                condition=Q(rows=F("entries") + F("unusable")), name="roll_accounts_for_every_row"
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="roll_removed_at_and_by_together",
            ),
            models.UniqueConstraint(fields=["election", "kind", "version"], name="roll_once_per_version"),
            models.UniqueConstraint(
                fields=["election", "kind"], condition=Q(status=CURRENT), name="roll_one_is_current"
            ),
            models.UniqueConstraint(fields=["incoming"], name="roll_of_one_incoming_file"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} versi {self.version}"

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this list belongs."""
        return {"election_id": self.election_id}


class RollEntry(models.Model):
    """One voter: NIK and birth date sealed as supporters' are, so that equal ones are equal; the name as compared.

    ``roll_id`` is no foreign key: a list is emptied by ranges of NIKs (``emptying``), and nothing follows its rows.
    """

    pk = models.CompositePrimaryKey("roll_id", "nik", "row_no")
    roll_id = models.BigIntegerField()
    nik = models.UUIDField()
    row_no = models.IntegerField(help_text="As a spreadsheet shows it.")
    name = models.TextField(null=True)
    birth_date = models.UUIDField(null=True)
    area = models.BigIntegerField(help_text="10 digits, zeros for what is unknown.")

    def __str__(self) -> str:
        return f"{self.roll_id}:{self.row_no}"


class RollMatch(models.Model):
    """What the last comparison of a round with the lists that were current then has found, in numbers of rows.

    Rows without a NIK are compared with nothing; a row may be in both lists. ``differing`` give another name or birth
    date than a list that has their NIK.
    """

    submission = models.OneToOneField(Submission, models.CASCADE, related_name="roll_match")
    dpt = models.ForeignKey(Roll, models.SET_NULL, null=True, related_name="+")
    dp4 = models.ForeignKey(Roll, models.SET_NULL, null=True, related_name="+")
    compared = models.BigIntegerField(help_text="Rows with a NIK.")
    in_dpt = models.BigIntegerField()
    in_dp4 = models.BigIntegerField()
    in_none = models.BigIntegerField()
    differing = models.BigIntegerField()
    matched_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.submission_id} {self.compared}"
