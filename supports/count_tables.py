"""The counts of rounds and uploads. Pages read them and never count rows; only a trigger writes them."""

from django.db import models
from django.db.models import Q


class Tally(models.Model):
    """Counts of a round per area, kept by the trigger function ``supports_count`` and by nothing else.

    ``key`` is a vermin status, ``clean``, or the number of a rule (then ``area`` is 0: findings of a whole round).
    """

    pk = models.CompositePrimaryKey("submission_id", "area", "key")
    submission = models.ForeignKey(
        "supports.Submission", models.DO_NOTHING, db_constraint=False, db_index=False
    )
    area = models.BigIntegerField()
    key = models.CharField(max_length=10)
    n = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(n__gte=0), name="tally_is_never_negative")]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.area} {self.key} {self.n}"


class UploadTally(models.Model):
    """Counts of an upload in each round that holds rows of it, by the same trigger: ``rows``, ``clean``, findings."""

    pk = models.CompositePrimaryKey("upload_id", "submission_id", "key")
    upload = models.ForeignKey("supports.Upload", models.DO_NOTHING, db_constraint=False, db_index=False)
    submission = models.ForeignKey(
        "supports.Submission", models.DO_NOTHING, db_constraint=False, db_index=False
    )
    key = models.CharField(max_length=10)
    n = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(n__gte=0), name="upload_tally_is_never_negative")]

    def __str__(self) -> str:
        return f"{self.upload_id} {self.key} {self.n}"


class AreaTally(models.Model):
    """Tally by the areas that count for the spread (kecamatan; kab/kota for a governor), by a trigger on Tally.

    ``code`` is a region code, 0 for rows of no known area. One row holds all counts of an area: those of a thousand
    pairs are read at once.
    """

    pk = models.CompositePrimaryKey("submission_id", "code")
    submission = models.ForeignKey(
        "supports.Submission", models.DO_NOTHING, db_constraint=False, db_index=False
    )
    code = models.BigIntegerField()
    unverified = models.IntegerField()
    ms = models.IntegerField()
    bms = models.IntegerField()
    tms = models.IntegerField()
    clean = models.IntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(unverified__gte=0, ms__gte=0, bms__gte=0, tms__gte=0, clean__gte=0),
                name="area_tally_is_never_negative",
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.code}"
