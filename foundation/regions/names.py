"""Names of regions as people write them, matched inside their parent only. Pure: no Django.

The same kecamatan arrives as "Kec. Bontang Utara", "BONTANG-UTARA" or "Bontangutara". A text is read in
several ways, strictest first, and the first reading that any region answers to decides:

1. as written, but for case, accents, apostrophes, punctuation and width of blanks (``exact_key``);
2. the same without the titles in front ("KEC.", "DESA", "GAMPONG");
3. without titles and blanks, usual abbreviations written out (``name_key``);
4. as 3, among the names that the region bore in earlier editions of the list.

So a desa that is really called "Desa Baru" is found as such, and an exact name beats a loose one. What more
than one region answers to is AMBIGUOUS, what none answers to is None: neither is ever settled by a guess.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from enum import Enum
from typing import Final, Literal

from foundation.regions.codes import PROVINCE, REGENCY, kind_of, level_of, parent_of


class Match(Enum):
    """What a lookup can say beside a code and None (unknown)."""

    AMBIGUOUS = "ambiguous"


AMBIGUOUS: Final = Match.AMBIGUOUS
Found = int | Literal[Match.AMBIGUOUS] | None

# Words that say what a region is and are no part of its name, and the kind they state, where they state one.
_TITLES = {
    "PROVINSI": "", "PROPINSI": "", "PROV": "", "PROP": "",
    "KECAMATAN": "", "KEC": "", "DISTRIK": "", "DISTRICT": "", "KAPANEWON": "", "KEMANTREN": "",
    "KELURAHAN": "kelurahan", "KEL": "kelurahan",
    "DESA": "desa", "DS": "desa", "ADAT": "", "KALURAHAN": "desa", "NAGARI": "desa",
    "GAMPONG": "desa", "GAMPOENG": "desa", "GAMP": "desa", "GP": "desa",
}  # fmt: skip

# Titles of some provinces that are as often part of a name: taken off a text, never off an official name.
_LOCAL_TITLES = _TITLES | {
    "KAMPUNG": "desa", "KAMPONG": "desa", "KP": "desa", "PEKON": "desa", "TIYUH": "desa", "KUTE": "desa",
    "NEGERI": "desa", "LEMBANG": "desa", "OHOI": "desa", "NAGORI": "desa", "KEPENGHULUAN": "desa",
}  # fmt: skip

_REGENCY_TITLES = {
    "KABUPATEN": "kabupaten", "KAB": "kabupaten",
    "KOTA": "kota", "KOTAMADYA": "kota", "KODYA": "kota", "KOTIF": "kota",
}  # fmt: skip
_KAB_AND_KOTA = re.compile("^(KABUPATEN|KAB) KOTA (?=.)")
_ADMINISTRATIVE = {"ADMINISTRASI", "ADMINISTRATIF", "ADM", "ADMIN"}

_ABBREVIATIONS = {
    "SEI": "SUNGAI", "TJ": "TANJUNG", "TJG": "TANJUNG", "TANJONG": "TANJUNG", "GN": "GUNUNG",
    "KEP": "KEPULAUAN", "KP": "KAMPUNG", "MNS": "MEUNASAH", "PERK": "PERKEBUNAN",
    "UTR": "UTARA", "SEL": "SELATAN", "SLT": "SELATAN", "BRT": "BARAT", "TIM": "TIMUR", "TMR": "TIMUR",
    "TGH": "TENGAH",
}  # fmt: skip

# A number at the end of a name is written in three ways: "Ensem I", "Ensem 1", "Ensem Satu".
_NUMBERS = {
    "SATU": "1", "DUA": "2", "TIGA": "3", "EMPAT": "4", "LIMA": "5", "ENAM": "6", "TUJUH": "7",
    "I": "1", "II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6", "VII": "7", "VIII": "8", "IX": "9",
    "X": "10",
}  # fmt: skip

# Apostrophes join ("Ba'u" = "Bau"); they come straight, doubled, typographic, as accents, as double quotes.
_APOSTROPHES = re.compile("['\"`\u00b4\u02bb\u02bc\u2018\u2019\u201c\u201d\u2032]")
_WORDS = re.compile("[A-Z0-9]+")


def exact_key(text: str) -> str:
    """The words of a name: upper case, one blank between, without accents, apostrophes and punctuation."""
    plain = text
    if not text.isascii():
        marked = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text))
        plain = "".join(letter for letter in marked if unicodedata.category(letter) not in ("Mn", "Cf"))
    return " ".join(_WORDS.findall(_APOSTROPHES.sub("", plain).upper()))


def name_key(text: str) -> str:
    """The forgiving key of a name: titles and blanks gone, usual abbreviations written out.

    "Kec. Bontang Utara", "BONTANG-UTARA" and "bontangutara" share it. Not unique, not even in one kecamatan.
    """
    *_, (words, _) = _readings(exact_key(text).split(), _TITLES)
    return _squeeze(words)


def regency_key(text: str) -> tuple[str, str]:
    """Kind and key of a kabupaten or kota: "KOTA ADM. Jakarta Utara" -> ("kota", "JAKARTAUTARA").

    The kind is "kabupaten", "kota" or, where the text does not say, "".
    """
    words = exact_key(text).split()
    kind = ""
    if len(words) > 1 and words[0] in _REGENCY_TITLES:
        kind, words = _REGENCY_TITLES[words[0]], words[1:]
    while len(words) > 1 and words[0] in _ADMINISTRATIVE:
        words = words[1:]
    return kind, _squeeze(words)


def _readings(words: list[str], titles: dict[str, str]) -> Iterator[tuple[list[str], set[str]]]:
    """The words as they stand, then without one title after the other; the kinds those titles state."""
    kinds: set[str] = set()
    yield words, kinds
    while len(words) > 1 and words[0] in titles:
        kinds = kinds | {titles[words[0]]} - {""}
        words = words[1:]
        yield words, kinds


def _squeeze(words: list[str]) -> str:
    """Words joined, abbreviations written out, a number at the end in digits."""
    full = [_ABBREVIATIONS.get(word, word) for word in words]
    if len(full) > 1:
        full[-1] = _NUMBERS.get(full[-1], full[-1])
    return "".join(full)


class NameIndex:
    """Finds regions by name among the given rows: (code, name) or (code, name, earlier names).

    Building costs microseconds a row, a lookup a few dictionary accesses; callers look up distinct texts.
    """

    def __init__(self, rows: Iterable[tuple[int, str] | tuple[int, str, Iterable[str]]]) -> None:
        self._exact: dict[tuple[int, str], list[int]] = defaultdict(list)
        self._loose: dict[tuple[int, str], list[int]] = defaultdict(list)
        self._earlier: dict[tuple[int, str], list[int]] = defaultdict(list)
        self._regencies: dict[str, list[int]] = defaultdict(list)
        self._former_regencies: dict[str, list[int]] = defaultdict(list)
        for code, name, *earlier in rows:
            self._add(code, name, earlier[0] if earlier else ())

    def _add(self, code: int, name: str, earlier: Iterable[str]) -> None:
        if level_of(code) == REGENCY:
            key, whole = regency_key(name)[1], exact_key(name).replace(" ", "")
            titled = {title + key for title, kind in _REGENCY_TITLES.items() if kind == kind_of(code)}
            for spelling in {key, whole} | titled:
                self._regencies[spelling].append(code)
            for text in earlier:
                self._former_regencies[regency_key(text)[1]].append(code)
            return
        parent = parent_of(code) or 0
        words = exact_key(name).split()
        self._exact[parent, " ".join(words)].append(code)
        for key in {spell(rest) for rest, _ in _readings(words, _TITLES) for spell in (_squeeze, "".join)}:
            self._loose[parent, key].append(code)
        for text in earlier:
            self._earlier[parent, name_key(text)].append(code)

    def find(self, parent: int, text: str) -> Found:
        """The code of ``text`` among the children of ``parent`` (0 for the provinces).

        None where no child answers to it; AMBIGUOUS where several do, unless the title written in front
        ("Kel.", "Desa") fits one of them only.
        """
        if parent and level_of(parent) == PROVINCE:
            return _only([code for code in self._regencies_called(text) if parent_of(code) == parent], [])
        readings = list(_readings(exact_key(text).split(), _LOCAL_TITLES))
        tries = (
            (self._exact, " ".join),
            (self._loose, _squeeze),
            (self._loose, "".join),
            (self._earlier, _squeeze),
        )
        for index, spell in tries:
            for words, kinds in readings:
                if codes := index.get((parent, spell(words))):
                    return _only(codes, [code for code in codes if {kind_of(code)} == kinds])
        return None

    def find_regency(self, text: str, *, prefer: Set[int] = frozenset()) -> Found:
        """The kabupaten or kota called ``text``, nationwide.

        "Kota Bandung" is one region; "Bandung" alone is AMBIGUOUS, unless exactly one of those so called is
        in ``prefer`` (the regions of an election).
        """
        codes = self._regencies_called(text)
        return _only(codes, [code for code in codes if code in prefer])

    def _regencies_called(self, text: str) -> list[int]:
        whole = exact_key(text).replace(" ", "")
        if not whole:
            return []
        # "Kota Baru" may be Kotabaru, "Kab/Kota Bontang" states no kind: read so if the plain reading fails.
        readings = [regency_key(text), ("", whole), regency_key(_KAB_AND_KOTA.sub("", exact_key(text)))]
        for index in (self._regencies, self._former_regencies):
            for wanted, name in readings:
                codes = [code for code in index.get(name, ()) if wanted in ("", kind_of(code))]
                if codes:
                    return codes
        return []


def _only(codes: list[int], preferred: list[int]) -> Found:
    """The single code, else the single preferred one, else AMBIGUOUS; None where there is none."""
    for choice in (codes, preferred):
        if len(choice) == 1:
            return choice[0]
    return AMBIGUOUS if codes else None
