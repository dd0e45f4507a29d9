"""The installation's own Ed25519 key: what it signs was said by this installation, and by nobody else.

Wrapped by SILON_KEK like every key, made on first use. Keys are numbered: the newest signs, the older ones stay, so
that what they signed can be checked for ever.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction

from foundation.keys.keyring import make_rows, unwrap
from foundation.keys.models import SealedKey

SCOPE = "signing"
FIRST = "ed25519-1"


@dataclass(frozen=True)
class PublicKey:
    """A key as everybody may know it: ``id`` is the beginning of its SHA-256, in hex like the key."""

    id: str
    key: str
    since: datetime


@dataclass(frozen=True)
class Signature:
    """A signature, and the key that checks it; all in hex."""

    key_id: str
    public_key: str
    signature: str


def sign(message: bytes) -> Signature:
    """Sign by the newest key."""
    private = Ed25519PrivateKey.from_private_bytes(unwrap(_rows()[-1], settings.SILON_KEK))
    public = private.public_key().public_bytes_raw()
    return Signature(id_of(public), public.hex(), private.sign(message).hex())


def newest_public_key() -> PublicKey:
    """The key that signs now."""
    return _public(_rows()[-1])


def public_keys() -> list[PublicKey]:
    """Every key that ever signed, the newest first."""
    return [_public(row) for row in reversed(_rows())]


def id_of(public_key: bytes) -> str:
    """A short name of a public key."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def _rows() -> list[SealedKey]:
    """The wrapped keys, the oldest first; the first one is made now if there is none."""
    rows = SealedKey.objects.filter(scope=SCOPE).order_by("id")
    if not rows.exists():
        with transaction.atomic():
            make_rows(SCOPE, [FIRST])
    return list(rows)


def _public(row: SealedKey) -> PublicKey:
    private = Ed25519PrivateKey.from_private_bytes(unwrap(row, settings.SILON_KEK))
    public = private.public_key().public_bytes_raw()
    return PublicKey(id_of(public), public.hex(), row.created_at)
