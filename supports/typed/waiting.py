"""Rows that wait in a browser while the network is gone: whose they are, and the key they are sealed with there."""

import base64

from candidates.models import Pair
from foundation import seal
from foundation.accounts.models import User
from foundation.keys.keyring import keyring
from supports.standards import key_scope


def owner_of_rows(pair: Pair, user: User) -> str:
    """The name under which a browser keeps rows: of one person, for one pair."""
    return f"{user.pk}.{pair.pk}"


def key_for_browser(pair: Pair, user: User) -> str:
    """The key that seals what this person types for this pair, in base64; the same at every log-in.

    The browser holds it in the memory of the open page only: what it wrote to its disk opens nowhere without a
    log-in of the same person. It opens nothing that is stored here.
    """
    key = seal.derive_key(keyring(key_scope(pair.election)).text, f"rows waiting in a browser of {user.pk}")
    return base64.b64encode(key).decode("ascii")
