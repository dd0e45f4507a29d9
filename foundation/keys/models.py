"""Wrapped keys, and the rows of sealed files."""

import uuid

from django.db import models


class SealedKey(models.Model):
    """A random key of one scope (``election:3``) and purpose (``nik``), wrapped by the key-encryption key.

    A destroyed key keeps its row without its bytes: what it sealed can never be opened again.
    """

    scope = models.CharField(max_length=40)
    purpose = models.CharField(max_length=20)
    wrapped = models.BinaryField(null=True)
    kek_id = models.CharField(max_length=16)
    created_at = models.DateTimeField(auto_now_add=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "purpose"], name="sealed_key_once_per_scope_and_purpose")
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.purpose}"


class StoredFile(models.Model):
    """One sealed file in storage. The row stands before the first byte, so that a killed receive can be swept."""

    class State(models.TextChoices):
        RECEIVING = "receiving"
        STORED = "stored"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    scope = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVING)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.scope} {self.id}"
