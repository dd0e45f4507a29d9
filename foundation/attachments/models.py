"""Documents that people attach: a signed mandate, a putusan, a scan of a form."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.keys.models import StoredFile


class Attachment(models.Model):
    """One document, sealed in the storage under the key of its election; what it is was judged by its content.

    Whatever it is attached to refers to it by a foreign key and says who may read it.
    """

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        JPG = "jpg", "JPG"
        PNG = "png", "PNG"

    stored_file = models.OneToOneField(StoredFile, models.PROTECT, related_name="attachment")
    name = models.CharField(max_length=200, help_text="What its sender calls it.")
    kind = models.CharField(max_length=3, choices=Kind)
    pages = models.PositiveIntegerField(help_text="1 for a picture.")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty: without account.",
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pages__gt=0), name="attachment_has_pages")]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_kind_display()})"

    @property
    def picture(self) -> bool:
        """Whether a page can show it as it is."""
        return self.kind != self.Kind.PDF
