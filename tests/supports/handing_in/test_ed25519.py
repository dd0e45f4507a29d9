"""Signatures: the vectors of RFC 8032, and the library that signs."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from supports.handing_in.ed25519 import ORDER, verify

# RFC 8032, 7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd"
        "25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c3"
        "87b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594"
        "a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_vectors_of_the_rfc(key, message, signature):
    given = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)
    assert verify(*given)
    assert not verify(given[0], given[1] + b"x", given[2])


def test_what_the_library_signs_is_true_and_any_changed_bit_is_not():
    private = Ed25519PrivateKey.generate()
    public, message = private.public_key().public_bytes_raw(), b"tanda terima"
    signature = private.sign(message)
    assert verify(public, message, signature)
    for at in range(0, 64, 7):
        changed = bytearray(signature)
        changed[at] ^= 1
        assert not verify(public, message, bytes(changed))
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    assert not verify(other, message, signature)


def test_what_is_no_signature_is_not_true():
    private = Ed25519PrivateKey.generate()
    public, signature = private.public_key().public_bytes_raw(), private.sign(b"")
    assert not verify(public[:31], b"", signature)
    assert not verify(public, b"", signature[:63])
    assert not verify(b"\xff" * 32, b"", signature)
    # The same point said with a larger number would be a second signature of the same bytes.
    answer = int.from_bytes(signature[32:], "little") + ORDER
    assert not verify(public, b"", signature[:32] + answer.to_bytes(32, "little"))
