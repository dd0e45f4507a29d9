"""What a reading's filter says, in words; sealed values are never among them."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.readings.kinds import Kind
from foundation.readings.models import Reading

SOUGHT = {
    "nik": gettext_lazy("pencarian NIK"),
    "phone": gettext_lazy("pencarian nomor telepon"),
    "name": gettext_lazy("pencarian nama"),
    "list": gettext_lazy("pencarian dengan daftar baris"),
}
FORMS = {"csv": "CSV", "workbook": "XLSX", "pdf": "PDF", "zip": "ZIP"}
DOCUMENTS = {
    "mandate": gettext_lazy("surat mandat"),
    "pairchange": gettext_lazy("surat pengunduran diri atau penggantian"),
    "paperscan": gettext_lazy("pindaian formulir"),
    "ruling": gettext_lazy("dokumen putusan"),
}


def said_filter(reading: Reading) -> str:
    """Which rows were asked for: "pencarian NIK", "unggahan 12, hanya baris dengan temuan, CSV"."""
    return ", ".join(str(part) for part in _parts(reading) if part)


def _parts(reading: Reading) -> list[str]:
    given = reading.filter
    parts = [SOUGHT.get(name, "") for name in given.get("by_what", [])]
    if reading.row_id:
        parts.append(_("baris %(id)s") % {"id": reading.row_id})
    if reading.upload_id and not reading.row_id:
        parts.append(_("unggahan %(id)s") % {"id": reading.upload_id})
    if "findings_only" in given:
        parts.append(_("hanya baris dengan temuan") if given["findings_only"] else _("semua baris"))
    if reading.kind == Kind.LIST:
        parts.append(_area(reading))
    if "receipt" in given:
        parts.append(_("tanda terima %(number)s") % {"number": given["receipt"]})
    if "document" in given:
        parts.append(DOCUMENTS.get(given["document"], given["document"]))
    if "page" in given:
        parts.append(_("halaman %(number)s") % {"number": given["page"]})
    parts.append(FORMS.get(given.get("form", ""), ""))
    return parts


def _area(reading: Reading) -> str:
    if reading.area_from is None:
        return _("semua wilayah")
    width = len(str(reading.area_to - reading.area_from)) - 1
    return _("wilayah %(code)s") % {"code": reading.area_from // 10**width}
