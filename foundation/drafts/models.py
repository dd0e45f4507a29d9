"""What somebody began to fill in and has not sent yet."""

from django.conf import settings
from django.db import models


class Draft(models.Model):
    """The changed fields of one form of one user, sealed; erased when the form is sent, or when it expires.

    ``scope`` is the scope of the keys that seal it: with an election's keys its drafts are gone, too.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    name = models.CharField(max_length=100, help_text="Which form of which thing: support.4345298945.")
    scope = models.CharField(max_length=40)
    sealed = models.BinaryField()
    saved_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="draft_once_per_user_and_form")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.name}"
