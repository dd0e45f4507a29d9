"""Groups of rows that belong beside each other, found once when a verification begins, and who is counted by which row.

A round is frozen by then, and so are the rounds before it: no later upload adds a row to a group or takes one away.
People whom other pairs gave too stand in ``supports.PairMatch`` and in no table here: they come and go with those
pairs, and nobody but the commission sees them.
"""

from django.db import models
from django.db.models import Q

from candidates.models import Pair
from foundation.jobs.models import Job
from supports.models import Submission


class Grouping(models.Model):
    """Whether the groups of a round were found: once, by a job."""

    submission = models.OneToOneField(Submission, models.CASCADE, primary_key=True, related_name="grouping")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    found_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.submission_id}"


class Group(models.Model):
    """Rows of one person (one sealed NIK), or with one telephone (one sealed number), in a round and those before it.

    ``waiting`` of its ``members`` are undecided rows of this round; the trigger on Decision keeps it.
    """

    class Kind(models.TextChoices):
        IDENTICAL = "identical", "Ganda identik"
        NIK = "nik", "Potensi ganda"
        ROUND = "round", "Putaran sebelumnya"
        PHONE = "phone", "Nomor HP sama"

    submission = models.ForeignKey(
        Submission, models.CASCADE, db_constraint=False, db_index=False, related_name="groups"
    )
    kind = models.CharField(max_length=9, choices=Kind)
    key = models.UUIDField(help_text="The sealed NIK or telephone number.")
    members = models.IntegerField()
    waiting = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["submission", "kind", "id"], name="group_of_round"),
            models.Index(
                fields=["submission", "kind", "id"], condition=Q(waiting__gt=0), name="group_that_waits"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["submission", "key"], name="group_once_per_round_and_key"),
            models.CheckConstraint(
                condition=Q(waiting__gte=0, waiting__lte=models.F("members")),
                name="group_waits_for_its_members",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.kind} {self.members}"

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this group belongs."""
        return self.submission.event_scope()


class Member(models.Model):
    """A row of a group; of this round, or of an earlier one of the pair."""

    pk = models.CompositePrimaryKey("group_id", "support_id")
    group = models.ForeignKey(
        Group, models.CASCADE, db_constraint=False, db_index=False, related_name="member_rows"
    )
    support_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["support_id"], name="member_by_support")]

    def __str__(self) -> str:
        return f"{self.group_id} {self.support_id}"


class GroupArea(models.Model):
    """An area of the spread (0: unknown) that a group has rows of this round in."""

    pk = models.CompositePrimaryKey("submission_id", "kind", "area", "group_id")
    submission = models.ForeignKey(Submission, models.CASCADE, db_constraint=False, db_index=False)
    kind = models.CharField(max_length=9)
    area = models.BigIntegerField()
    group = models.ForeignKey(Group, models.CASCADE, db_constraint=False)

    def __str__(self) -> str:
        return f"{self.group_id} {self.area}"


class GroupCount(models.Model):
    """How many groups of a kind a round has, and how many of them wait; written by the trigger on Group alone."""

    pk = models.CompositePrimaryKey("submission_id", "kind")
    submission = models.ForeignKey(Submission, models.CASCADE, db_constraint=False, db_index=False)
    kind = models.CharField(max_length=9)
    groups = models.BigIntegerField()
    waiting = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(waiting__gte=0, groups__gte=models.F("waiting")),
                name="group_count_is_never_negative",
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.kind} {self.groups}"


class Counted(models.Model):
    """By which row a person is counted whom a pair gave several times: its key lets nobody be counted twice.

    Taken before a row becomes MS; the trigger on Decision refuses what was not taken, and gives it up again.
    """

    pk = models.CompositePrimaryKey("pair_id", "nik")
    pair = models.ForeignKey(Pair, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    nik = models.UUIDField()
    support_id = models.BigIntegerField(unique=True)

    def __str__(self) -> str:
        return f"{self.pair_id} {self.support_id}"
