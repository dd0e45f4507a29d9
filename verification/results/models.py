"""The result of a round, version by version, and its frozen recap. Written once: the database lets nobody change it.

A correction takes the round back into review; closing it again writes the next version beside the old one.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from supports.models import RESULTS
from verification.models import Review

ADDS_UP = Q(submitted=F("ms") + F("bms") + F("tms") + F("unverified"))
NONE_BELOW_ZERO = Q(ms__gte=0, bms__gte=0, tms__gte=0, unverified__gte=0)


class Result(models.Model):
    """One closing of a round: MS (met), BMS (short, and a round for repair comes) or TMS (short, and nothing is left).

    ``body`` says of whom and what, which receipt it is about, and the sum; ``sha256`` is that of the canonical text of
    everything with the recap (docs/recap.md).
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="results")
    version = models.PositiveSmallIntegerField(help_text="1, 2, 3 … for each closing.")
    outcome = models.CharField(max_length=3, choices=RESULTS)
    submitted = models.BigIntegerField(help_text="As the receipt says.")
    ms = models.BigIntegerField()
    bms = models.BigIntegerField()
    tms = models.BigIntegerField()
    unverified = models.BigIntegerField(default=0)
    body = models.JSONField()
    sha256 = models.CharField(max_length=64)
    minutes_number = models.CharField(
        max_length=100, blank=True, default="", help_text="As the office numbers its minutes; blank: by hand."
    )
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["review", "version"], name="result_once_per_version"),
            models.CheckConstraint(condition=ADDS_UP & NONE_BELOW_ZERO, name="result_adds_up"),
            models.CheckConstraint(condition=Q(unverified=0), name="result_leaves_nothing_undecided"),
        ]

    def __str__(self) -> str:
        return f"{self.review} v{self.version} {self.outcome}"

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this result belongs."""
        return self.review.event_scope()


class RecapRow(models.Model):
    """The rows of one desa/kelurahan when the round was closed; zeros in ``area`` for what was not known.

    The rows of a result are written in one statement, and a trigger refuses them unless they add up to it.
    """

    pk = models.CompositePrimaryKey("result_id", "area")
    result = models.ForeignKey(Result, models.CASCADE, db_index=False, related_name="recap")
    area = models.BigIntegerField(help_text="Ten digits, 0 for an unknown area.")
    district = models.CharField(max_length=100, blank=True)
    village = models.CharField(max_length=100, blank=True)
    submitted = models.BigIntegerField()
    ms = models.BigIntegerField()
    bms = models.BigIntegerField()
    tms = models.BigIntegerField()
    unverified = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["area"]
        constraints = [
            models.CheckConstraint(condition=ADDS_UP & NONE_BELOW_ZERO, name="recap_row_adds_up"),
        ]

    def __str__(self) -> str:
        return f"{self.result_id} {self.area}"
