"""Berita acara of a reception, filled and ready to sign."""

from typing import Any

from django.utils.translation import gettext as _

from candidates.templatetags.wording import moment
from candidates.thresholds import digits
from supports.handing_in.receipts import said_moment
from supports.models import Reception
from supports.papers.typeset import typeset

NUMBERS = ("claimed", "counted", "in_silon")


def minutes_pdf(reception: Reception) -> bytes:
    """The PDF. Refuses when it cannot be made."""
    return typeset("minutes", _data(reception))


def _data(reception: Reception) -> dict[str, Any]:
    body, zone = reception.receipt.body, reception.receipt.election.zone
    sums = [sum(one[name] for one in reception.areas) for name in NUMBERS]
    returned = reception.decision == Reception.Decision.RETURNED
    return {
        "title": _("Berita acara pengembalian dukungan")
        if returned
        else _("Berita acara penerimaan dukungan"),
        "code": reception.minutes_number,
        "official": False,
        "note": _("Tata letak disusun Silon; isinya diambil dari data pada saat keputusan."),
        "source": _("Tanda terima %(number)s · akar %(root)s")
        % {"number": body["number"], "root": body["root"]},
        "subtitle": [body["election"]["name"], body["pair"]["name"], body["stage_title"]],
        "facts": [
            {"label": _("Nomor berita acara"), "value": reception.minutes_number},
            {"label": _("Diserahkan"), "value": said_moment(body)},
            {"label": _("Diputus"), "value": moment(reception.decided_at, zone)},
            {"label": _("Keputusan"), "value": reception.get_decision_display()},
            *_completion(reception, zone),
            {"label": _("Diminta"), "value": digits(body["asked"])},
        ],
        "head": [_("Wilayah"), _("Dinyatakan"), _("Dihitung"), _("Dalam Silon")],
        "areas": [[one["name"], *(digits(one[name]) for name in NUMBERS)] for one in reception.areas],
        "sum": [_("Jumlah"), *(digits(one) for one in sums)],
        "reasons_title": _("Alasan dan penjelasan"),
        "reasons": [line for line in (reception.reasons, reception.papers_missing) if line],
        "closing": _(
            "Yang dihitung adalah pernyataan dukungan (B.1) yang dilampiri salinan KTP-el atau surat keterangan dan "
            "ditandatangani atau dibubuhi cap jempol."
        ),
        "signatures": [
            {"role": "KPU", "name": "", "note": ""},
            {"role": _("Petugas penghubung"), "name": "", "note": body["pair"]["name"]},
            {"role": "Bawaslu", "name": "", "note": ""},
        ],
    }


def _completion(reception: Reception, zone: str) -> list[dict[str, str]]:
    if reception.completes_until is None:
        return []
    return [{"label": _("Pelengkapan sampai"), "value": moment(reception.completes_until, zone)}]
