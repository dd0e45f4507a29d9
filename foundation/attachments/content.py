"""What a document is, judged by its content alone: neither its name nor the type its sender declares counts."""

import json
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.attachments.apart import run_apart
from foundation.attachments.inspector import MOST_PAGES, MOST_PIXELS
from foundation.errors import Refused

SENTENCES = {
    "document_empty": gettext_lazy("Dokumen ini kosong (0 byte). Periksa berkas asalnya, lalu pilih lagi."),
    "document_kind": gettext_lazy(
        "Isi dokumen ini bukan PDF, JPG, atau PNG, apa pun nama berkasnya. Pindai atau simpan sebagai PDF, lalu "
        "pilih lagi."
    ),
    "document_encrypted": gettext_lazy(
        "PDF ini dilindungi kata sandi sehingga tidak dapat dibaca. Simpan tanpa kata sandi, lalu pilih lagi."
    ),
    "document_damaged": gettext_lazy(
        "Dokumen ini rusak atau terpotong sehingga tidak dapat dibuka. Pindai atau simpan ulang, lalu pilih lagi."
    ),
    "document_pages": gettext_lazy(
        "PDF ini tidak berhalaman, atau memuat lebih dari %(pages)s halaman. Periksa berkasnya, lalu pilih lagi."
    ),
    "document_pixels": gettext_lazy(
        "Gambar ini lebih besar dari %(pixels)s juta piksel. Pindai dengan resolusi lebih rendah, misalnya 300 dpi, "
        "lalu pilih lagi."
    ),
    "document_heavy": gettext_lazy(
        "Pemeriksaan dokumen ini memerlukan memori atau waktu melebihi batas. Pindai ulang sebagai PDF biasa, lalu "
        "pilih lagi."
    ),
}


class Content(NamedTuple):
    """What a document is: ``pdf``, ``jpg`` or ``png``, and its number of pages."""

    kind: str
    pages: int


def judge(document: BinaryIO, field: str) -> Content:
    """Look into a document, in a process with limited memory and time. Refuses what is none, at ``field``."""
    answered = run_apart("foundation.attachments.inspector", document.read())
    if answered is None:
        raise _refusal("document_heavy", field)
    answer = json.loads(answered)
    if "code" in answer:
        raise _refusal(answer["code"], field)
    return Content(**answer)


def _refusal(code: str, field: str) -> Refused:
    facts = {"pages": f"{MOST_PAGES:,}".replace(",", "."), "pixels": MOST_PIXELS // 1_000_000}
    return Refused(code, _(str(SENTENCES[code])) % facts, field)
