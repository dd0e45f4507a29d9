"""The receipt as a paper to print and keep."""

from typing import Any

from django.utils.translation import gettext as _

from candidates.thresholds import digits
from supports.handing_in.receipts import said_moment
from supports.models import Receipt
from supports.papers.typeset import typeset
from supports.rules import BY_CODE


def pdf_of(receipt: Receipt) -> bytes:
    """The PDF. Refuses when it cannot be made."""
    return typeset("receipt", _data(receipt.body))


def _data(body: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": _("Tanda terima penyerahan dukungan"),
        "code": body["number"],
        "official": False,
        "note": _("Tanda terima dari Silon; berita acara penerimaan dibuat tersendiri oleh KPU."),
        "source": _("Nomor %(number)s · akar %(root)s") % {"number": body["number"], "root": body["root"]},
        "subtitle": [body["election"]["name"], body["pair"]["name"], body["stage_title"]],
        "facts": _facts(body),
        "head": [_("Wilayah"), _("Baris"), _("Terhitung")],
        "areas": [[one["name"], digits(one["rows"]), digits(one["counted"])] for one in body["by_area"]],
        "sum": [_("Jumlah"), digits(body["rows"]), digits(body["counted"])],
        "findings_title": _("Temuan saat diserahkan (hanya menyarankan; status ditetapkan oleh KPU)"),
        "findings": [
            [BY_CODE[code].title, digits(n)] for code, n in body["findings"].items() if code in BY_CODE
        ],
        "proofs": [
            {"label": _("Akar pohon Merkle atas semua baris (RFC 6962, SHA-256)"), "value": body["root"]},
            {
                "label": _("Kunci publik %(id)s (Ed25519)") % {"id": body["key_id"]},
                "value": body["public_key"],
            },
            {"label": _("Tanda tangan"), "value": body["signature"]},
        ],
        "closing": _(
            "Yang ditandatangani adalah berkas JSON tanda terima ini. Siapa pun dapat memeriksanya dengan program "
            "pemeriksa di halaman Kunci tanda terima, tanpa masuk dan tanpa basis data KPU."
        ),
    }


def _facts(body: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {"label": _("Nomor"), "value": body["number"]},
        {"label": _("Diserahkan"), "value": said_moment(body)},
        {"label": _("Bakal pasangan calon"), "value": body["pair"]["name"]},
        {"label": _("Putaran"), "value": body["stage_title"]},
        {"label": _("Baris diserahkan"), "value": digits(body["rows"])},
        {"label": _("Terhitung"), "value": digits(body["counted"])},
        {"label": _("Diminta"), "value": digits(body["asked"])},
    ]
