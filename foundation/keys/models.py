"""Wrapped keys, and the sealed files they open."""

import uuid

from django.db import models
from django.db.models import Q


class SealedKey(models.Model):
    """One random key for one purpose in one scope, wrapped by the key-encryption key (SILON_KEK).

    ``scope`` is what is destroyed together: ``election:3``. A destroyed key leaves its row, without the key.
    """

    scope = models.CharField(max_length=40)
    purpose = models.CharField(max_length=20)
    wrapped = models.BinaryField(null=True, help_text="Nonce, ciphertext and tag of AES-GCM.")
    kek_id = models.CharField(max_length=16, help_text="Which SILON_KEK wraps it; tells nothing about it.")
    created_at = models.DateTimeField(auto_now_add=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "purpose"], name="sealed_key_once_per_scope_and_purpose"
            ),
            models.CheckConstraint(
                condition=Q(wrapped__isnull=False, destroyed_at=None)
                | Q(wrapped=None, destroyed_at__isnull=False),
                name="sealed_key_is_there_or_destroyed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.purpose}"


def path_of(id: uuid.UUID) -> str:
    """Where something sealed lies in the storage."""
    return f"sealed/{id.hex[:2]}/{id.hex}"


class StoredFile(models.Model):
    """One sealed file in the storage; its row is committed before its first byte, so that none is forgotten.

    Without ``stored_at`` it is still being received, or the receiving process died.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scope = models.CharField(max_length=40, help_text="The scope whose file key seals it: election:3.")
    size = models.BigIntegerField(null=True, help_text="Bytes before sealing.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the bytes before sealing.")
    created_at = models.DateTimeField(auto_now_add=True)
    stored_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(
        null=True, help_text="Until when a file that arrives in pieces is waited for; empty once it is kept."
    )

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="stored_file_by_age")]
        constraints = [
            models.CheckConstraint(
                condition=Q(stored_at=None, size=None, sha256="")
                | Q(stored_at__isnull=False, size__isnull=False) & ~Q(sha256=""),
                name="stored_file_has_size_and_sha256_once_stored",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Its path in the storage: tells nothing about the file, and spreads the files over 256 folders."""
        return path_of(self.id)

    @property
    def state(self) -> str:
        """``receiving`` or ``stored``."""
        return "stored" if self.stored_at else "receiving"


class StoredPart(models.Model):
    """A part of a file that arrives in pieces: a sealed object of its own, for object storages cannot append.

    Its row, too, is committed before its first byte. Without ``stored_at`` it does not count.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(StoredFile, models.CASCADE, related_name="parts")
    begins_at = models.BigIntegerField(help_text="The byte of the file it begins with.")
    size = models.BigIntegerField(null=True, help_text="Bytes before sealing.")
    created_at = models.DateTimeField(auto_now_add=True)
    stored_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["file", "begins_at"],
                condition=Q(stored_at__isnull=False),
                name="stored_part_once_per_place",
            ),
            models.CheckConstraint(
                condition=Q(stored_at=None, size=None) | Q(stored_at__isnull=False, size__gt=0),
                name="stored_part_has_size_once_stored",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Its path in the storage."""
        return path_of(self.id)
