"""What stands on each paper, as the templates take it: texts, never markup."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from candidates import zones
from candidates.models import Election, Level
from candidates.queries import rules_of
from candidates.templatetags.wording import number
from candidates.thresholds import AREA_NAMES
from supports.models import Submission
from supports.papers.asked import asked_of
from supports.papers.catalogue import NUMBER, SUBMISSION, Paper
from supports.papers.counts import Place, spread_of
from supports.papers.people import FIELDS

HEADS = {
    Level.GUBERNUR: ("Bakal calon Gubernur", "Bakal calon Wakil Gubernur"),
    Level.BUPATI: ("Bakal calon Bupati", "Bakal calon Wakil Bupati"),
    Level.WALIKOTA: ("Bakal calon Wali Kota", "Bakal calon Wakil Wali Kota"),
}
STAMP = "meterai"
NOT_HANDED_IN = ("draft", "returned", "reopened")
Data = dict[str, Any]


@dataclass(frozen=True)
class Source:
    """What papers are printed from: a round with its areas, at a moment of the database's clock.

    ``root`` is the Merkle root of its rows, where it is known.
    """

    submission: Submission
    places: Sequence[Place]
    at: datetime
    root: str = ""

    @property
    def rows(self) -> int:
        """All rows of the round (or of the part of it that ``places`` are)."""
        return sum(place.rows for place in self.places)

    @property
    def election(self) -> Election:
        """The election of the round."""
        return self.submission.pair.election

    @property
    def round_title(self) -> str:
        """Awal, Perbaikan Kesatu …"""
        return rules_of(self.election).round(self.submission.stage).title

    def sentence(self, rows: int) -> str:
        """What every page says about where it comes from; ``rows`` of them stand on this paper."""
        handed_in = self.submission.status not in NOT_HANDED_IN
        said = _(
            "Dicetak %(at)s dari putaran %(round)s (%(state)s): %(rows)s baris pada dokumen ini, "
            "%(whole)s baris seluruhnya."
        ) % {
            "at": zones.say_start(self.at, self.election.zone),
            "round": self.round_title,
            "state": _("sudah diserahkan") if handed_in else _("belum diserahkan"),
            "rows": number(rows),
            "whole": number(self.rows),
        }
        return f"{said} {_('Akar Merkle')} {self.root}." if self.root else said


def list_contents(
    paper: Paper, source: Source, place: Place, people: pl.DataFrame, part: int, parts: int, first: int
) -> Data:
    """One desa's list, or a part of it: ``people`` beginning with the ``first``-th. The last part is signed."""
    numbers = [str(at) for at in range(first, first + people.height)]
    cells = people.select(_breaking(field) for field in FIELDS)
    rows = [[at, *row, ""] for at, row in zip(numbers, cells.iter_rows(), strict=True)]
    unknown = _("belum diketahui")
    facts = [
        (_("Bakal pasangan calon"), source.submission.pair.name),
        (_("Provinsi"), place.province or unknown),
        (_("Putaran"), source.round_title),
        (_("Kabupaten/kota"), place.regency or unknown),
        (_("Jumlah pendukung"), number(place.rows)),
        (_("Kecamatan"), place.district or unknown),
        (_("Bagian"), f"{part} dari {parts}"),
        (_("Kelurahan/desa"), place.village or unknown),
    ]
    return _frame(paper, source, people.height) | {
        "facts": _facts(facts),
        "rows": rows,
        "signatures": _signatures(source, STAMP) if part == parts else [],
    }


def _breaking(field: str) -> pl.Expr:
    """A column's texts, in which a word longer than the column may break; a NIK of sixteen digits stays whole."""
    text, most = pl.col(field).fill_null(""), 16 if field == "nik" else 12
    broken = text.str.replace_all(rf"(\S{{{most}}})", "${1}\u200b")
    return pl.when(text.str.contains(rf"\S{{{most + 1}}}")).then(broken).otherwise(text).alias(field)


def summary_contents(paper: Paper, source: Source) -> tuple[str, Data]:
    """The template and what stands on a covering letter, a number form or a recap."""
    data = _frame(paper, source, source.rows) | {"signatures": _signatures(source, STAMP)}
    if paper.purpose == SUBMISSION:
        return "letter", data | _letter(source)
    spread = spread_of(source.election, source.places)
    sums = [
        (_("jumlah dukungan"), number(source.rows)),
        (_("jumlah sebaran"), f"{number(spread)} {AREA_NAMES[source.election.level]}"),
    ]
    table = _by_area(source) if paper.purpose == NUMBER else _by_village(source)
    facts = [(_("Bakal pasangan calon"), source.submission.pair.name), *_required(source)]
    return "recap", data | table | {
        "facts": _facts(facts),
        "total": number(source.rows),
        "sums": _facts(sums),
    }


def _frame(paper: Paper, source: Source, rows: int) -> Data:
    pair = source.submission.pair
    first = source.submission.stage == rules_of(source.election).rounds[0].key
    subtitle = [pair.election.name]
    if not first:
        subtitle.append(_("Putaran %(round)s") % {"round": source.round_title})
    if pair.election.practice:
        subtitle.append(_("LATIHAN, bukan pemilihan"))
    return {
        "title": paper.title,
        "code": paper.code or _("Lembar kerja, tidak diserahkan"),
        "official": paper.official,
        "note": paper.note,
        "source": source.sentence(rows),
        "subtitle": subtitle,
    }


def _letter(source: Source) -> Data:
    pair, election = source.submission.pair, source.election
    roles = HEADS[Level(election.level)]
    spread = spread_of(election, source.places)
    facts = [
        (roles[0], pair.head),
        (roles[1], pair.deputy),
        (_("Jumlah dukungan"), _("%(rows)s pendukung") % {"rows": number(source.rows)}),
        (_("Sebaran"), f"{number(spread)} {AREA_NAMES[election.level]}"),
    ]
    return {
        "opening": _(
            "Kami yang bertanda tangan di bawah ini, bakal pasangan calon perseorangan dalam %(election)s, menyerahkan "
            "dokumen dukungan putaran %(round)s kepada KPU:"
        )
        % {"election": election.name, "round": source.round_title},
        "facts": _facts(facts),
        "paragraphs": [
            _(
                "Jumlah dan sebaran di atas sesuai dengan data dukungan dalam sistem pada saat surat ini dicetak."
            ),
            _("Demikian surat penyerahan ini dibuat untuk dipergunakan sebagaimana mestinya."),
        ],
    }


def _required(source: Source) -> list[tuple[str, str]]:
    asked = asked_of(source.submission)
    overall, stage = (_("Syarat minimal"), asked.overall), (_("Putaran"), source.round_title)
    if not asked.later:
        return [overall, stage]
    here = (_("Diminta pada putaran ini"), asked.here)
    return [stage, here, (_("Dari putaran sebelumnya"), asked.before), overall]


def _by_village(source: Source) -> Data:
    """B.2: No, Kab/Kota, Kecamatan, Kel/Desa, Jumlah."""
    unknown = _("belum diketahui")
    rows = [
        [
            str(at),
            place.regency or unknown,
            place.district or unknown,
            place.village or unknown,
            number(place.rows),
        ]
        for at, place in enumerate(source.places, start=1)
    ]
    return {"columns": ["No", "Kab/Kota", "Kecamatan", "Kel/Desa", "Jumlah"], "rows": rows}


def _by_area(source: Source) -> Data:
    """The areas that count for the spread, and one line for rows of no such area, so that the sum is the whole."""
    areas = {area.code: area.name for area in source.election.areas.all()}
    width = 1_000_000 if source.election.level == Level.GUBERNUR else 10_000
    counts: Counter[int] = Counter()
    for place in source.places:
        code = place.area // width
        counts[code if code in areas else 0] += place.rows
    named = [(areas[code], counts[code]) for code in areas]
    if counts[0]:
        named.append((_("belum diketahui atau di luar daerah"), counts[0]))
    rows = [[str(at), name, number(n)] for at, (name, n) in enumerate(named, start=1)]
    return {"columns": ["No", AREA_NAMES[source.election.level].capitalize(), "Jumlah"], "rows": rows}


def _signatures(source: Source, note: str) -> list[dict[str, str]]:
    pair = source.submission.pair
    roles = HEADS[Level(source.election.level)]
    return [
        {"role": roles[0], "name": pair.head, "note": note},
        {"role": roles[1], "name": pair.deputy, "note": ""},
    ]


def _facts(pairs: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in pairs]
