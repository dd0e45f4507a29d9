"""The certificate of a destruction: what went, what stayed, when, by whom and on what basis; signed like a receipt."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates import zones
from candidates.models import Election
from candidates.queries import key_scope
from candidates.thresholds import digits
from foundation.keys.models import SealedKey
from foundation.keys.signing import newest_public_key, public_keys, sign
from supports.handing_in.signed import signed_bytes
from supports.handing_in.verify import CERTIFICATE_FORMAT, check_signature
from supports.papers.typeset import typeset
from supports.retention.models import Certificate, Destruction
from supports.retention.queries import retention_of

# By the names of ``queries.what_is_there``: what is told of what went.
WENT = {
    "rows": gettext_lazy("Baris pendukung (nama, alamat, dan semua isiannya)"),
    "uploads": gettext_lazy("Unggahan yang isinya dimusnahkan"),
    "files": gettext_lazy("Berkas tersegel (berkas asli, pindaian, dokumen, daftar hash)"),
    "documents": gettext_lazy("di antaranya dokumen dan pindaian terlampir"),
    "matches": gettext_lazy("Catatan ganda antarbakal pasangan calon"),
}


def issue_certificate(destruction: Destruction, *, files: int) -> Certificate:
    """Number, sign and keep the certificate, in the transaction that ends the destruction."""
    election = destruction.election
    year = zones.local(destruction.finished_at, election.zone).year
    number = f"SP-{destruction.pk:04d}/{election.region_id}/{year}"
    body = _told(destruction, files) | {"format": CERTIFICATE_FORMAT, "number": number}
    public = newest_public_key()
    body |= {"key_id": public.id, "public_key": public.key}
    body["signature"] = sign(signed_bytes(body)).signature
    return Certificate.objects.create(destruction=destruction, election=election, number=number, body=body)


def _told(destruction: Destruction, files: int) -> dict[str, Any]:
    election, retention = destruction.election, retention_of(destruction.election)
    seen = destruction.seen
    keys = SealedKey.objects.filter(scope=key_scope(election)).order_by("id")
    return {
        "election": {"id": election.pk, "name": election.name, "region": election.region_id},
        "zone": zones.LABELS[election.zone],
        "kept_until": retention.ends_on.isoformat(),
        "basis": retention.basis,
        "destroyed": {name: seen[name] for name in WENT} | {"files": files, "bytes": seen["bytes"]},
        "keys": [f"{key.scope} {key.purpose} #{key.pk}" for key in keys],
        "kept": {"pairs": seen["pairs"], "rounds": seen["rounds"], "receipts": seen["receipts"]},
        "proposed": _step(destruction.proposed_by.name, destruction.proposed_at, election),
        "approved": _step(destruction.approved_by.name, destruction.approved_at, election),
        "keys_destroyed_at": _written(destruction.keys_destroyed_at, election),
        "finished_at": _written(destruction.finished_at, election),
        "digest": destruction.digest,
    }


def _step(who: str, at: datetime, election: Election) -> dict[str, str]:
    return {"by": who, "at": _written(at, election)}


def _written(moment: datetime, election: Election) -> str:
    return zones.local(moment, election.zone).isoformat(timespec="microseconds")


def check_certificate(body: Mapping[str, Any]) -> list[str]:
    """What is not true of a certificate: by its signature, our keys, and what is stored."""
    faults = check_signature(body, what=_("sertifikat"))
    if body.get("public_key") not in {one.key for one in public_keys()}:
        faults.append(_("Kunci publik di sertifikat bukan kunci instalasi ini."))
    stored = Certificate.objects.filter(number=str(body.get("number"))).first()
    if stored is None:
        return [*faults, _("Sertifikat nomor %(number)s tidak ada di sini.") % {"number": body.get("number")}]
    names = sorted({*body, *stored.body})
    return faults + [
        _("“%(name)s” di berkas bukan yang ditandatangani.") % {"name": name}
        for name in names
        if body.get(name) != stored.body.get(name)
    ]


def lines_of(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was destroyed, as words and numbers."""
    return [(str(title), digits(body["destroyed"][name])) for name, title in WENT.items()]


def said(text: str, zone: str) -> str:
    """A moment of the certificate in words: 12 Mei 2029 pukul 10.00.00 WITA."""
    moment = datetime.fromisoformat(text)
    return f"{zones.say_day(moment.date())} pukul {moment:%H.%M.%S} {zone}"


def facts_of(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The certificate beside its numbers, line by line."""
    zone = body["zone"]
    day = datetime.fromisoformat(body["kept_until"]).date()
    return [
        (_("Nomor"), body["number"]),
        (_("Pemilihan"), body["election"]["name"]),
        (_("Masa simpan sampai"), zones.say_day(day)),
        (_("Dasar"), body["basis"]),
        (_("Diusulkan"), f"{body['proposed']['by']}, {said(body['proposed']['at'], zone)}"),
        (_("Disetujui"), f"{body['approved']['by']}, {said(body['approved']['at'], zone)}"),
        (_("Kunci dimusnahkan"), said(body["keys_destroyed_at"], zone)),
        (_("Selesai"), said(body["finished_at"], zone)),
        (_("Kunci"), ", ".join(body["keys"])),
        (_("Tetap disimpan"), _kept(body)),
    ]


def _kept(body: Mapping[str, Any]) -> str:
    receipts = ", ".join(body["kept"]["receipts"]) or _("tidak ada")
    return _(
        "jumlah dan rekapitulasi semua putaran, catatan peristiwa tanpa identitas, berita acara, dan tanda terima "
        "beserta akarnya (%(receipts)s)"
    ) % {"receipts": receipts}


CLOSING = gettext_lazy(
    "Salinan cadangan basis data yang lebih lama masih memuat kunci terbungkus dan nama sampai salinan itu dihapus "
    "menurut jadwalnya; kunci di dalamnya tidak terbuka lagi setelah kunci induk (KEK) diganti. Siapa pun dapat "
    "memeriksa berkas JSON sertifikat ini dengan program pemeriksa di halaman Kunci tanda terima."
)


def pdf_of(certificate: Certificate) -> bytes:
    """The certificate as a paper. Refuses when it cannot be made."""
    body = certificate.body
    data = {
        "title": _("Sertifikat pemusnahan identitas"),
        "code": body["number"],
        "official": False,
        "note": _("Sertifikat dari Silon; berita acara pemusnahan dibuat tersendiri oleh KPU."),
        "source": _("Nomor %(number)s · intisari %(digest)s") % {"number": body["number"], "digest": body["digest"]},
        "subtitle": [body["election"]["name"]],
        "facts": [{"label": label, "value": value} for label, value in facts_of(body)],
        "head": [_("Yang dimusnahkan"), _("Jumlah")],
        "lines": [list(line) for line in lines_of(body)],
        "proofs": [
            {"label": _("Intisari (SHA-256) dari yang dilihat pengusul dan penyetuju"), "value": body["digest"]},
            {"label": _("Kunci publik %(id)s (Ed25519)") % {"id": body["key_id"]}, "value": body["public_key"]},
            {"label": _("Tanda tangan"), "value": body["signature"]},
        ],
        "closing": str(CLOSING),
    }  # fmt: skip
    return typeset("certificate", data)
