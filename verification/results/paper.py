"""Berita acara of the administrative verification (BA.VERMIN), filled and ready to sign."""

from typing import Any

from django.utils.translation import gettext as _

from candidates.rule_sets import RuleSet
from candidates.templatetags.wording import moment
from candidates.thresholds import digits
from supports.models import Submission
from supports.papers.typeset import typeset
from verification.results.canonical import NUMBERS
from verification.results.closing import by_area_of
from verification.results.models import Result
from verification.results.numerals import in_words
from verification.results.recap import District, districts_of
from verification.results.words import conservation, sum_lines, title_of_outcome

FORM = "MODEL BA.VERMIN.DUKUNGAN.KWK-KPU"


def minutes_pdf(result: Result) -> bytes:
    """The PDF: the result, its sum, the recap by kecamatan, and by kelurahan behind. Refuses when it cannot be made."""
    return typeset("vermin_minutes", _data(result))


def _data(result: Result) -> dict[str, Any]:
    body, submission = result.body, result.review.submission
    zone = submission.pair.election.zone
    districts = districts_of(by_area_of(result), body["sum"])
    return {
        "title": _("Berita acara hasil verifikasi administrasi dukungan"),
        "code": _form_of(submission),
        "official": False,
        "note": _("Tata letak disusun Silon; isinya diambil dari hasil yang dibekukan saat putaran ditutup."),
        "source": _("Ditutup %(at)s · versi %(version)s · SHA-256 %(hash)s")
        % {"at": moment(result.closed_at, zone), "version": result.version, "hash": result.sha256},
        "subtitle": [body["election"]["name"], body["pair"]["name"], body["stage_title"]],
        "facts": _facts(result, zone),
        "numbers": [_count(label, result, name) for label, name in _labels()],
        "conservation": conservation(body),
        "sum_title": _("Jumlah dan sebaran"),
        "sum": sum_lines(body["sum"], submission.pair.election.level),
        "recap_title": _("Rekapitulasi per kecamatan"),
        "head": [_("Kecamatan"), _("Diserahkan"), "MS", "BMS", "TMS", _("Belum diperiksa")],
        "areas": [[_named(one), *_digits(one.numbers)] for one in districts],
        "total": [_("Jumlah"), *_digits(body)],
        "villages_title": _("Rekapitulasi per desa/kelurahan"),
        "districts": [_with_villages(one) for one in districts],
        "closing": _(
            "Diserahkan = MS + BMS + TMS + belum diperiksa, untuk setiap wilayah. SHA-256 dibuat atas teks hasil "
            "beserta rekapitulasinya; teks itu dapat diunduh dan diperiksa siapa pun yang memegang berita acara ini."
        ),
        "signatures": [
            {"role": "KPU", "name": "", "note": ""},
            {"role": _("Petugas penghubung"), "name": "", "note": body["pair"]["name"]},
            {"role": "Bawaslu", "name": "", "note": ""},
        ],
    }


def _form_of(submission: Submission) -> str:
    """What the rule set calls these minutes."""
    return RuleSet.from_json(submission.rule_set.body).form_set.get("vermin", FORM)


def _facts(result: Result, zone: str) -> list[dict[str, str]]:
    body = result.body
    return [
        {"label": _("Nomor berita acara"), "value": result.minutes_number or "." * 40},
        {"label": _("Bakal pasangan calon"), "value": f"{body['pair']['head']} – {body['pair']['deputy']}"},
        {"label": _("Tanda terima"), "value": body["receipt"]},
        {"label": _("Ditutup"), "value": moment(result.closed_at, zone)},
        {"label": _("Versi"), "value": str(result.version)},
        {"label": _("Hasil"), "value": f"{result.outcome} ({title_of_outcome(result.outcome)})"},
    ]


def _labels() -> list[tuple[str, str]]:
    return [
        (_("Diserahkan"), "submitted"),
        (_("Memenuhi syarat (MS)"), "ms"),
        (_("Belum memenuhi syarat (BMS)"), "bms"),
        (_("Tidak memenuhi syarat (TMS)"), "tms"),
    ]


def _count(label: str, result: Result, name: str) -> list[str]:
    number = getattr(result, name)
    return [label, digits(number), in_words(number)]


def _named(one: District) -> str:
    return f"{one.name}, {one.regency}" if one.regency else one.name


def _digits(numbers: dict[str, int]) -> list[str]:
    return [digits(numbers[name]) for name in NUMBERS]


def _with_villages(one: District) -> dict[str, Any]:
    return {"name": _named(one), "rows": [[line["village"], *_digits(line)] for line in one.lines]}
