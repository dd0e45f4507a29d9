"""The installation's signing key: one, kept wrapped, known by its public half."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from foundation.keys.keyring import unwrap
from foundation.keys.models import SealedKey
from foundation.keys.operations import destroy_keys, rotate_kek
from foundation.keys.signing import SCOPE, id_of, newest_public_key, public_keys, sign

pytestmark = pytest.mark.django_db


def test_what_is_signed_is_checked_by_the_public_key():
    said = sign(b"tanda terima")
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(said.public_key))
    public.verify(bytes.fromhex(said.signature), b"tanda terima")
    assert said.key_id == id_of(bytes.fromhex(said.public_key))
    assert [one.key for one in public_keys()] == [said.public_key] == [newest_public_key().key]
    assert sign(b"lain").public_key == said.public_key


def test_the_key_is_stored_only_wrapped_and_outlives_a_new_kek():
    before = newest_public_key()
    (row,) = SealedKey.objects.filter(scope=SCOPE)
    assert unwrap(row, settings.SILON_KEK) not in bytes(row.wrapped)
    rotate_kek(settings.SILON_KEK, bytes(range(32)))
    rotate_kek(bytes(range(32)), settings.SILON_KEK)
    assert newest_public_key() == before


def test_the_key_that_signs_is_never_destroyed():
    newest_public_key()
    with pytest.raises(ValueError, match="no scopes to destroy"):
        destroy_keys(SCOPE, by=None)


def test_a_newer_key_signs_and_the_older_one_is_still_told():
    old = newest_public_key()
    from foundation.keys.keyring import make_rows

    make_rows(SCOPE, ["ed25519-2"])
    said = sign(b"x")
    assert said.public_key != old.key
    assert [one.key for one in public_keys()] == [said.public_key, old.key]
