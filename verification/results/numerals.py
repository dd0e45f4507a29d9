"""Whole numbers in Indonesian words, as minutes spell them out: 14,073 → "empat belas ribu tujuh puluh tiga". Pure."""

ONES = ("", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
GROUPS = ((10**9, "miliar"), (10**6, "juta"), (10**3, "ribu"))


def in_words(number: int) -> str:
    """A number from 0 to below a thousand billion. Raises ValueError for another."""
    if not 0 <= number < 10**12:
        raise ValueError(number)
    return " ".join(_parts(number)) or "nol"


def _parts(number: int) -> list[str]:
    said = []
    for size, name in GROUPS:
        many, number = divmod(number, size)
        if many:
            said += ["seribu"] if (many, name) == (1, "ribu") else [*_below_thousand(many), name]
    return said + _below_thousand(number)


def _below_thousand(number: int) -> list[str]:
    hundreds, rest = divmod(number, 100)
    said = ["seratus"] if hundreds == 1 else [ONES[hundreds], "ratus"] if hundreds else []
    if rest < 10:
        return said + ([ONES[rest]] if rest else [])
    if rest in (10, 11):
        return [*said, "sepuluh" if rest == 10 else "sebelas"]
    tens, ones = divmod(rest, 10)
    if tens == 1:
        return [*said, ONES[ones], "belas"]
    return [*said, ONES[tens], "puluh", *([ONES[ones]] if ones else [])]
