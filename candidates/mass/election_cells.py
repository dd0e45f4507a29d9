"""One row of a table of elections, read: what its texts mean, and which of them mean nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from candidates import zones
from candidates.models import Level

# Field → heading, in the order of the template; those in NEEDED must be filled in.
HEADINGS: dict[str, str] = {
    "level": "Jenis pemilihan",
    "region": "Kode daerah",
    "region_name": "Nama daerah",
    "name": "Nama pemilihan",
    "base": "Angka dasar",
    "base_date": "Tanggal angka dasar",
    "base_note": "Sumber angka dasar",
    "decree": "Keputusan",
    "voting_day": "Hari pemungutan suara",
    "rule_set": "Aturan",
    "zone": "Zona waktu",
    "practice": "Latihan",
}
NEEDED = ("base", "voting_day", "rule_set")
LEVELS = {
    "gubernur": Level.GUBERNUR, "provinsi": Level.GUBERNUR, "bupati": Level.BUPATI, "kabupaten": Level.BUPATI,
    "walikota": Level.WALIKOTA, "wali kota": Level.WALIKOTA, "kota": Level.WALIKOTA,
}  # fmt: skip
ZONES = {label.casefold(): zone for zone, label in zones.LABELS.items()}
YES, NO = ("ya", "y", "1", "benar", "true"), ("", "tidak", "t", "0", "salah", "false")
GROUPING = re.compile(r"(?<=\d)[.,\s](?=\d{3}(?!\d))")
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00(?::00)?(?:\.0+)?)?")


@dataclass
class Cells:
    """What a row says; ``faults`` are sentences about the cells that cannot be read."""

    level: str = ""
    region: int = 0
    region_name: str = ""
    name: str = ""
    base: int = 0
    base_date: date | None = None
    base_note: str = ""
    decree: str = ""
    voting_day: date | None = None
    rule_set: str = ""
    zone: str = ""
    practice: bool = False
    faults: list[str] = field(default_factory=list)


def read_cells(cells: Mapping[str, str]) -> Cells:
    """The row, read cell by cell: one fault never hides another."""
    texts = {name: " ".join(str(cells.get(name) or "").split()) for name in HEADINGS}
    row = Cells(**{name: texts[name] for name in ("region_name", "name", "base_note", "decree")})
    row.rule_set = texts["rule_set"].casefold()
    row.level = _one_of(row, "level", texts, LEVELS)
    row.zone = _one_of(row, "zone", texts, ZONES)
    row.region = _number(row, "region", texts["region"].replace(".", ""))
    row.base = _number(row, "base", GROUPING.sub("", texts["base"]))
    row.base_date, row.voting_day = _day(row, "base_date", texts), _day(row, "voting_day", texts)
    row.practice = texts["practice"].casefold() in YES
    if texts["practice"].casefold() not in (*YES, *NO):
        row.faults.append(_("Latihan: tulis ya atau tidak."))
    for name in NEEDED:
        if not texts[name]:
            row.faults.append(_("%(heading)s belum diisi.") % {"heading": HEADINGS[name]})
    return row


def _one_of(row: Cells, name: str, texts: Mapping[str, str], known: Mapping[str, str]) -> str:
    text = texts[name].casefold()
    if text and text not in known:
        message = _("%(heading)s “%(text)s” tidak dikenal. Tulis salah satu: %(known)s.")
        words = {"heading": HEADINGS[name], "text": texts[name], "known": ", ".join(known)}
        row.faults.append(message % words)
    return str(known.get(text, ""))


def _number(row: Cells, name: str, text: str) -> int:
    if re.fullmatch(r"[0-9]{1,10}(?:\.0)?", text):
        return int(text.removesuffix(".0"))
    if text:
        message = _("%(heading)s “%(text)s” bukan bilangan bulat. Tulis angka saja.")
        row.faults.append(message % {"heading": HEADINGS[name], "text": text})
    return 0


def _day(row: Cells, name: str, texts: Mapping[str, str]) -> date | None:
    text = texts[name]
    if not text:
        return None
    try:
        found = ISO_DAY.fullmatch(text)
        return date(*map(int, found.groups())) if found else zones.read_day(text)
    except ValueError:
        message = _("%(heading)s “%(text)s” tidak dikenal. Tulis misalnya 27-11-2024.")
        row.faults.append(message % {"heading": HEADINGS[name], "text": text})
        return None
