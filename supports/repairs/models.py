"""Which row of a repair round came in the place of which BMS row of an earlier one.

A BMS row stays BMS in its own round for ever; who mends it sends a new row, in the next round (docs/adr/0035). As in
``supports.models`` the database enforces no foreign key to rows.
"""

from django.db import models
from django.db.models import Q

from supports.models import Submission, Support


class Replacement(models.Model):
    """A new row and the earlier one it was sent for: under that one's signed id (``named``), or by the same NIK.

    ``stands``: it is the one in its place. Of several that name one row the first is; the others wait for it to go.
    """

    pk = models.CompositePrimaryKey("origin_id", "support_id")
    origin_id = models.BigIntegerField(help_text="The id of the Support of the earlier round.")
    support = models.ForeignKey(Support, models.DO_NOTHING, db_constraint=False, db_index=False)
    submission = models.ForeignKey(
        Submission, models.DO_NOTHING, db_constraint=False, help_text="The round of the new row."
    )
    origin_round = models.ForeignKey(
        Submission, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    named = models.BooleanField()
    stands = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["origin_id"], condition=Q(stands=True), name="row_is_replaced_once"
            ),
            models.UniqueConstraint(fields=["support"], name="row_replaces_one"),
        ]

    def __str__(self) -> str:
        return f"{self.origin_id} {self.support_id}"


class ReplacedCount(models.Model):
    """How many rows of a round are replaced by rows of later ones; only the trigger on Replacement writes it."""

    submission = models.OneToOneField(
        Submission, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+"
    )
    rows = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(rows__gte=0), name="replaced_rows_are_never_negative")
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.rows}"
