"""What is done to keys: destroyed when their time is over, wrapped anew when the KEK changes."""

from django.db import connection, transaction
from django.db.models.functions import Now

from foundation import sql
from foundation.accounts.models import User
from foundation.keys.keyring import CHECK, forget, kek_id, make_keys, unwrap, wrap
from foundation.keys.models import SealedKey
from foundation.keys.signing import SCOPE as SIGNING_SCOPE
from foundation.workflow import engine


def destroy_keys(scope: str, *, by: User | None) -> int:
    """Erase the keys of ``scope`` and return how many: whatever they sealed is unreadable from then on.

    Other processes may still read for CACHE_SECONDS. An older copy of the database still holds the wrapped
    keys: it is closed when the KEK is rotated and the old one destroyed (docs/adr/0003).
    """
    if scope in (CHECK["scope"], SIGNING_SCOPE):
        raise ValueError("the check value of the KEK and the keys that sign are no scopes to destroy")
    with transaction.atomic():
        # Also a scope that never had keys, or lacks one, must not get new ones.
        make_keys(scope)
        living = SealedKey.objects.filter(scope=scope, destroyed_at=None)
        destroyed = living.update(wrapped=None, destroyed_at=Now())
        if destroyed:
            first = SealedKey.objects.filter(scope=scope).order_by("id").first()
            engine.record("keys_destroyed", first, by=by, scope=scope, keys=destroyed)
        transaction.on_commit(lambda: forget(scope))
    return destroyed


def rotate_kek(old: bytes, new: bytes) -> int:
    """Wrap every living key by ``new`` instead of ``old``, in one transaction, and return how many.

    The keys themselves do not change, so no sealed value is touched. Raises ImproperlyConfigured, changing
    nothing, when a key is not wrapped by ``old``. Processes with the old KEK make no key afterwards.
    """
    with transaction.atomic():
        # The check value first: make_keys waits there, then finds that its KEK is no longer right.
        SealedKey.objects.select_for_update(no_key=True).filter(**CHECK).first()
        rows = list(SealedKey.objects.select_for_update(no_key=True).filter(destroyed_at=None))
        wrapped = [wrap(row.scope, row.purpose, unwrap(row, old), new) for row in rows]
        return sql.execute(
            "UPDATE keys_sealedkey AS k SET wrapped = v.wrapped, kek_id = %(kek_id)s"
            " FROM unnest(%(ids)s::bigint[], %(wrapped)s::bytea[]) AS v (id, wrapped) WHERE k.id = v.id",
            {
                "kek_id": kek_id(new),
                "ids": [row.id for row in rows],
                "wrapped": [connection.Database.Binary(value) for value in wrapped],
            },
        )
