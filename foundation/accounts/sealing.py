"""Secrets of accounts, sealed as text: what a stolen dump, a job or a session must not tell."""

import base64

from foundation.keys.keyring import keyring
from foundation.seal import derive_key, open_text, seal_text


def seal_secret(text: str, purpose: str) -> str:
    """Sealed under the key of accounts, for one purpose."""
    return base64.b64encode(seal_text(text, 0, _key(purpose))).decode()


def open_secret(sealed: str, purpose: str) -> str:
    """In clear. Raises SealBroken, also for what was sealed for another purpose."""
    return open_text(base64.b64decode(sealed), 0, _key(purpose))


def _key(purpose: str) -> bytes:
    return derive_key(keyring("accounts").text, purpose)
