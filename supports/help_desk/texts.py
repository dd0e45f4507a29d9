"""What people write in a thread, and the NIKs that must not stand in it. Pure."""

import re

KEPT_DIGITS = 4
# Sixteen digits, written together or in groups.
NIK = re.compile(r"(?<!\d)\d(?:[ .\-\N{NO-BREAK SPACE}]?\d){15}(?!\d)")


def holds_nik(text: str) -> bool:
    """Whether something in the text can be a NIK."""
    return bool(NIK.search(text))


def mask_niks(text: str) -> str:
    """The text with all but the first digits of every NIK hidden."""
    return NIK.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found[0])
    return digits[:KEPT_DIGITS] + "•" * (len(digits) - KEPT_DIGITS)
