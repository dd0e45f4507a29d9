"""Support's readable columns as plain text. The bench makes the table; no migration knows it."""

from django.db import models


class PlainSupport(models.Model):
    """One row as given, with the same index as Support: its key and the NIK."""

    nik = models.TextField()
    name = models.TextField()
    birth_place = models.TextField()
    birth_date = models.TextField()
    sex = models.TextField()
    marital = models.TextField()
    address = models.TextField()
    rt = models.TextField()
    rw = models.TextField()
    village = models.TextField()
    district = models.TextField()
    regency = models.TextField()
    occupation = models.TextField()
    phone = models.TextField()
    sheet = models.TextField()

    class Meta:
        app_label = "yardstick"
        indexes = [models.Index(fields=["nik"], name="plain_support_by_nik")]

    def __str__(self) -> str:
        return f"{self.pk}"
