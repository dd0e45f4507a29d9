"""The region tree of Kemendagri, reference data: written only by ``manage.py load_regions``."""

from django.db import models


class Region(models.Model):
    """A province, kabupaten/kota, kecamatan or desa/kelurahan, of the list in force or of an earlier one.

    ``code`` and ``level`` as in ``codes.py``; ``key`` is ``name_key(name)``, for a kabupaten or kota the key
    without its kind; ``earlier`` holds the names it bore before, parted by "|".
    """

    code = models.BigIntegerField(primary_key=True)
    parent = models.BigIntegerField(null=True, db_index=True)
    level = models.SmallIntegerField()
    name = models.CharField(max_length=100)
    key = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, blank=True)
    earlier = models.TextField(blank=True)
    current = models.BooleanField()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
