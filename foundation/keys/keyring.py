"""The keys of a scope: made on first use, wrapped by SILON_KEK, held in memory for seconds.

The key-encryption key lives in the environment, never in the database: who has only a dump has no key.
"""

import hashlib
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, fields

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils.translation import gettext as _

from foundation import sql
from foundation.errors import Refused
from foundation.keys.models import SealedKey

KEY_BYTES = 32
NONCE_BYTES = 12
# How long another process may still read after a destruction.
CACHE_SECONDS = 5.0
CHECK = {"scope": "kek", "purpose": "check"}


class KeysDestroyed(Refused):
    """The keys of this scope were destroyed: its identities are gone for good."""

    def __init__(self) -> None:
        super().__init__(
            "keys_destroyed",
            _(
                "Identitas pada pemilihan ini sudah dimusnahkan karena masa simpannya berakhir, sehingga "
                "tidak dapat dibuka atau ditambah lagi. Gunakan rekapitulasi yang sudah ditetapkan."
            ),
        )


@dataclass(frozen=True)
class Keys:
    """The raw keys of one scope, 32 bytes each. Never logged: they do not even show in a repr."""

    nik: bytes = field(repr=False)
    phone: bytes = field(repr=False)
    birth_date: bytes = field(repr=False)
    text: bytes = field(repr=False)
    digest: bytes = field(repr=False)
    file: bytes = field(repr=False)


PURPOSES = tuple(purpose.name for purpose in fields(Keys))
_cache: dict[str, tuple[float, Keys]] = {}


def keyring(scope: str) -> Keys:
    """The keys of ``scope`` (``election:3``), made now if it has none.

    Refuses when they were destroyed. Raises ImproperlyConfigured when SILON_KEK does not open them.
    """
    until, keys = _cache.get(scope, (0.0, None))
    if keys and time.monotonic() < until:
        return keys
    rows = _living_rows(scope)
    if len(rows) < len(PURPOSES):
        make_keys(scope)
        rows = _living_rows(scope)
    keys = Keys(**{purpose: unwrap(rows[purpose], settings.SILON_KEK) for purpose in PURPOSES})
    # Only what is committed may be remembered: keys made in a transaction that fails never were.
    transaction.on_commit(lambda: _remember(scope, keys))
    return keys


def living_keys(scopes: Iterable[str], purposes: Iterable[str]) -> dict[str, dict[str, bytes]]:
    """The raw keys of these purposes of many scopes, in one query: {scope: {purpose: key}}.

    Makes none: a scope that has no keys yet, or whose keys were destroyed, is left out. Raises ImproperlyConfigured
    when SILON_KEK does not open them.
    """
    found = SealedKey.objects.filter(
        scope__in=list(scopes), purpose__in=list(purposes), destroyed_at=None, wrapped__isnull=False
    )
    keys: dict[str, dict[str, bytes]] = {}
    for row in found:
        keys.setdefault(row.scope, {})[row.purpose] = unwrap(row, settings.SILON_KEK)
    return keys


def _living_rows(scope: str) -> dict[str, SealedKey]:
    rows = {row.purpose: row for row in SealedKey.objects.filter(scope=scope)}
    if any(row.destroyed_at for row in rows.values()):
        raise KeysDestroyed
    return rows


def _remember(scope: str, keys: Keys) -> None:
    _cache[scope] = (time.monotonic() + CACHE_SECONDS, keys)


def forget(scope: str) -> None:
    """Drop the keys from this process's memory."""
    _cache.pop(scope, None)


def make_keys(scope: str) -> None:
    """Give ``scope`` the keys it lacks. Whoever comes second uses the first one's: nothing is overwritten."""
    make_rows(scope, PURPOSES)


def make_rows(scope: str, purposes: Iterable[str]) -> None:
    """Make the random keys of these purposes that are not there."""
    with transaction.atomic():
        # Waits for a rotation, and makes one wait: no key is wrapped by a KEK that is on its way out.
        sql.execute(
            "SELECT FROM keys_sealedkey WHERE scope = %(scope)s AND purpose = %(purpose)s FOR SHARE", CHECK
        )
        check_kek()
        SealedKey.objects.bulk_create(
            [_new_row(scope, purpose, settings.SILON_KEK) for purpose in purposes], ignore_conflicts=True
        )


def check_kek() -> None:
    """Prove that SILON_KEK is the one this database was made with; on a new database, make it so.

    Raises ImproperlyConfigured with what to do.
    """
    if not SealedKey.objects.filter(**CHECK).exists():
        SealedKey.objects.bulk_create([_new_row(**CHECK, kek=settings.SILON_KEK)], ignore_conflicts=True)
    unwrap(SealedKey.objects.get(**CHECK), settings.SILON_KEK)


def kek_id(kek: bytes) -> str:
    """A name for a KEK that tells nothing about it."""
    return hashlib.blake2b(kek, digest_size=8, person=b"silon-kek-id").hexdigest()


def wrap(scope: str, purpose: str, key: bytes, kek: bytes) -> bytes:
    """Seal a key for the database, bound to its scope and purpose."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(kek).encrypt(nonce, key, _bound_to(scope, purpose))


def unwrap(row: SealedKey, kek: bytes) -> bytes:
    """The raw key of a row. Raises ImproperlyConfigured when ``kek`` does not open it."""
    wrapped = bytes(row.wrapped)
    try:
        return AESGCM(kek).decrypt(
            wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _bound_to(row.scope, row.purpose)
        )
    except (InvalidTag, ValueError) as error:
        raise ImproperlyConfigured(
            f"SILON_KEK (id {kek_id(kek)}) does not open the key {row.scope} {row.purpose} of this database,"
            f" wrapped by the KEK with id {row.kek_id}. Use that KEK: without it no identity can be read."
        ) from error


def _bound_to(scope: str, purpose: str) -> bytes:
    return f"{scope}|{purpose}".encode()


def _new_row(scope: str, purpose: str, kek: bytes) -> SealedKey:
    wrapped = wrap(scope, purpose, os.urandom(KEY_BYTES), kek)
    return SealedKey(scope=scope, purpose=purpose, wrapped=wrapped, kek_id=kek_id(kek))
