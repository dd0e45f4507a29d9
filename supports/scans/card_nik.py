"""The NIK among the lines that were read on a card, or none: claimed only when there is no doubt. Pure.

A line has to be sixteen digits and nothing else but "NIK" and what separates; the reader has to be sure of it; the
digits have to be a NIK that can be; and no other line of the picture may hold another one.
"""

import re
from collections.abc import Iterable

from supports.nik import parse

SURE = 0.9
BESIDE = re.compile(r"^\W*N[I1l|]K\W*|[\s:;.,：·•_'\"`|-]+", re.IGNORECASE)


def nik_on(lines: Iterable[tuple[str, float]]) -> str | None:
    """The NIK on a picture from its lines, each with how sure the reader is; None where it is in doubt."""
    found = {
        digits: score
        for text, score in lines
        if len(digits := BESIDE.sub("", text)) == 16 and _digits(digits)
    }
    if len(found) != 1:
        return None
    ((digits, score),) = found.items()
    return digits if score >= SURE and parse(digits).valid else None


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
