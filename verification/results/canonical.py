"""The text of a result that its hash is made over: the same from whatever says the same. Pure: the standard library.

Everything that the result says with its recap, as JSON in UTF-8 with sorted keys and without blanks (docs/recap.md).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

FORMAT = "silon-recap-1"
NUMBERS = ("submitted", "ms", "bms", "tms", "unverified")


def canonical(body: Mapping[str, Any], by_area: Iterable[Mapping[str, Any]]) -> bytes:
    """The bytes of a result: what it says, and a line for each area in the order of their codes."""
    whole = {**body, "format": FORMAT, "by_area": list(by_area)}
    return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256_of(body: Mapping[str, Any], by_area: Iterable[Mapping[str, Any]]) -> str:
    """The hash that stands on the minutes."""
    return hashlib.sha256(canonical(body, by_area)).hexdigest()
