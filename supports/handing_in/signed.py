"""The bytes of a receipt that are signed: the same from every JSON text that says the same. Pure: the standard library.

Everything but the signature itself, as JSON in UTF-8 with sorted keys and without blanks (``docs/receipt.md``).
"""

import json
from collections.abc import Mapping
from typing import Any

FORMAT = "silon-receipt-1"
TREE = "RFC6962-SHA256"


def signed_bytes(body: Mapping[str, Any]) -> bytes:
    """What the signature of a receipt is made over."""
    rest = {name: value for name, value in body.items() if name != "signature"}
    return json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
