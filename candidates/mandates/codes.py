"""Kode tanda terima: what whoever filed a mandate follows it with, without an account.

A code is the mandate's number and a seal made with a key of its election, so it need not be stored: it can be
mailed again, and a stolen dump tells none.
"""

import base64
import hashlib
import hmac
import re

from candidates.mandates.models import Mandate
from candidates.queries import key_scope
from foundation.errors import Refused
from foundation.keys.keyring import keyring
from foundation.seal import derive_key

SEAL_BYTES = 10
CODE = re.compile(r"\s*([0-9]{1,9})[-\s]*((?:[A-Z2-7]{4}[-\s]*){4})\s*", re.IGNORECASE)


def code_of(mandate: Mandate) -> str:
    """12-ABCD-EFGH-IJKL-MNOP: the same every time it is asked for. Refuses when the election's keys are destroyed."""
    seal = _seal(mandate)
    return "-".join([str(mandate.pk), *(seal[at : at + 4] for at in range(0, len(seal), 4))])


def find_by_code(text: str) -> Mandate | None:
    """The mandate whose code somebody typed or followed; None when there is none."""
    found = CODE.fullmatch(text)
    if not found:
        return None
    mandate = Mandate.objects.select_related("election__rule_set").filter(pk=int(found[1])).first()
    typed = re.sub(r"[-\s]", "", found[2]).upper()
    try:
        return mandate if mandate and hmac.compare_digest(_seal(mandate), typed) else None
    except Refused:
        return None


def _seal(mandate: Mandate) -> str:
    key = derive_key(keyring(key_scope(mandate.election)).digest, "mandate code")
    seal = hashlib.blake2b(str(mandate.pk).encode(), digest_size=SEAL_BYTES, key=key).digest()
    return base64.b32encode(seal).decode()
