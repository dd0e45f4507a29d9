"""What the name of a scan says: whose it is, by NIK or by the team's own number, and what it shows. Pure.

The name of its folder counts where the file's own name is silent: teams keep a folder for each supporter, or one for
each kind.
"""

import re
from typing import NamedTuple

NIK = re.compile(r"(?<!\d)\d{16}(?!\d)")
# A NIK with a digit too few or too many: nobody's number, and as little to be read by others.
DAMAGED_NIK = re.compile(r"(?<!\d)(?:\d{15}|\d{17})(?!\d)")
# What stands behind a number when a scan has several files: "hal 2", "(1)"; a bare number only behind the kind.
PAGE = re.compile(r"(?:(?<![a-z])(?:hal|halaman|page)\W*\d{1,2}|\(\d{1,2}\))$")
BEHIND_KIND = r"(?:[\W_]*0?\d$)?"
# Specific ones first: a PERNYATAAN.IDENTITAS is no statement of support.
KIND_WORDS = (
    ("identity", re.compile(r"identitas|pernyataan[\W_]*id(?![a-z])")),
    ("suket", re.compile(r"suket|(?:surat[\W_]*)?keterangan")),
    ("ktp", re.compile(r"(?<![a-z])e?[\W_]?ktp(?:[\W_]?el)?(?![a-z])")),
    (
        "statement",
        re.compile(r"(?<![a-z0-9])b[._ -]?1(?:[._ -]?kwk)?(?![a-z0-9])|(?:surat[\W_]*)?pernyataan|dukungan"),
    ),
)
AWAY = [re.compile(f"(?:{pattern.pattern}){BEHIND_KIND}") for _kind, pattern in KIND_WORDS]
LONGEST_TOKEN = 60
MASK = "•" * 12


class Named(NamedTuple):
    """``nik`` of 16 digits, or ``token``: the team's number without what separates it. ``several``: two people's."""

    nik: str
    token: str
    kind: str
    several: bool


def read_name(path: str) -> Named:
    """What a file name with its folders says; "" for what it does not."""
    parts = [part for part in path.replace("\\", "/").split("/") if part][-3:]
    if not parts:
        return Named("", "", "", several=False)
    parts[-1] = parts[-1].rpartition(".")[0] or parts[-1]
    kind = nik = token = ""
    for part in reversed(parts):
        words = part.casefold()
        kind = kind or _kind_in(words)
        if nik or token:
            continue
        niks = sorted(set(NIK.findall(words)))
        if len(niks) > 1:
            return Named("", "", kind, several=True)
        nik = niks[0] if niks else ""
        token = "" if nik else token_of(_without_kind(DAMAGED_NIK.sub(" ", words)))
    return Named(nik, token, kind, several=False)


def without_niks(name: str) -> str:
    """A file name as it may be shown: of a NIK, or of a damaged one, the first four digits stay, as in every list."""
    for pattern in (NIK, DAMAGED_NIK):
        name = pattern.sub(lambda found: found[0][:4] + MASK, name)
    return name


def token_of(text: str) -> str:
    """A team's number as it is compared: "LBR-0012" and "lbr 0012" are the same."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())[:LONGEST_TOKEN]


def _kind_in(words: str) -> str:
    return next((kind for kind, pattern in KIND_WORDS if pattern.search(words)), "")


def _without_kind(words: str) -> str:
    """What is left of a name when the words of its kind, and the number of a page, are taken out."""
    for pattern in AWAY:
        words = pattern.sub(" ", words)
    return PAGE.sub("", words.strip(" _-."))
