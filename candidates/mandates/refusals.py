"""What a mandate may not be, and who may not decide on it; each refusal with its sentence."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from candidates import queries as elections
from candidates import refusals
from candidates.mandates import queries
from candidates.mandates.models import Mandate, MandatePerson
from candidates.models import Election, Pair
from foundation.accounts.matrix import Permission, Role
from foundation.accounts.models import User
from foundation.errors import Conflict, NotAllowed, Refused


class AlreadySubmitted(Conflict):
    """The same request waits for its decision already; ``mandate`` is it."""

    def __init__(self, mandate: Mandate) -> None:
        message = _(
            "Mandat pasangan %(pair)s sudah diajukan dan menunggu pemeriksaan KPU, sehingga permohonan ini tidak "
            "disimpan lagi. Ikuti dengan kode tanda terima yang sudah dikirim ke surel yang mengajukan."
        )
        super().__init__("mandate_already_submitted", message % {"pair": mandate})
        self.mandate = mandate


def prefixes(people: Iterable[MandatePerson]) -> list[tuple[str, MandatePerson]]:
    """The people with the beginning of their fields' names: lo, operator_1, operator_2."""
    lo = [("lo", one) for one in people if one.role == Role.LO]
    operators = [one for one in people if one.role == Role.OPERATOR]
    return lo + [(f"operator_{number}", one) for number, one in enumerate(operators, 1)]


def refuse_people(election: Election, people: Sequence[MandatePerson]) -> None:
    """Refuse no LO or no operator, more operators than the rules allow, and an address that is none or given twice."""
    named = prefixes(people)
    nameless = [prefix for prefix, one in named if not one.name]
    missing = [prefix for prefix in ("lo", "operator_1") if prefix not in dict(named)] + nameless
    for prefix in missing:
        title = (Role.LO if prefix == "lo" else Role.OPERATOR).title
        message = _("%(role)s belum diisi. Isi nama dan surelnya.")
        raise Refused("person_missing", message % {"role": title}, f"{prefix}_name")
    allowed = elections.operators_allowed_in(election)
    if f"operator_{allowed + 1}" in dict(named):
        message = _("Aturan pemilihan ini memberi paling banyak %(n)s operator. Hapus yang selebihnya.")
        raise Refused("too_many_operators", message % {"n": allowed}, f"operator_{allowed + 1}_name")
    seen: set[str] = set()
    for prefix, one in named:
        _refuse_address(one.email, f"{prefix}_email")
        if one.email.casefold() in seen:
            message = _(
                "Surel %(email)s tercantum dua kali. Setiap orang memerlukan surelnya sendiri, karena tautan aktivasi "
                "akun dikirim ke sana."
            )
            raise Refused("email_twice", message % {"email": one.email}, f"{prefix}_email")
        seen.add(one.email.casefold())


def _refuse_address(email: str, field: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        message = _("Surel “%(email)s” tidak lengkap atau salah tulis. Periksa, misalnya nama@contoh.id.")
        raise Refused("email_invalid", message % {"email": email[:100]}, field) from error


def refuse_own_mandate(people: Iterable[MandatePerson], pair: Pair | None, by: User | None) -> None:
    """Refuse who is named in it or works for the pair: nobody gives an account to oneself."""
    if by is None:
        return
    named = bool(by.email) and by.email.casefold() in {one.email.casefold() for one in people}
    of_the_team = pair is not None and by.assignments.filter(scope_kind="pair", scope_id=pair.pk).exists()
    if named or of_the_team:
        message = _(
            "Mandat ini menyebut Anda, atau Anda bekerja untuk pasangan ini, sehingga Anda tidak dapat mencatat atau "
            "memutusnya. Mintalah petugas KPU yang lain."
        )
        raise NotAllowed("own_mandate", message)


def refuse_closed(election: Election) -> None:
    """Refuse to file without an account once the election's support cannot be filled in any more."""
    if not queries.elections_open_for_mandates().filter(pk=election.pk).exists():
        message = _(
            "Pengajuan mandat untuk %(election)s sudah ditutup karena masa dukungannya berakhir. Bila masih "
            "diperlukan, datangi KPU di wilayah itu."
        )
        raise Refused("mandates_closed", message % {"election": election.name})


def refuse_again(mandate: Mandate, people: Sequence[MandatePerson], sha256: str) -> None:
    """Refuse the same request while it waits for its decision: the same pair with the same document or the same LO."""
    lo = next(one.email.casefold() for one in people if one.role == Role.LO)
    waiting = (
        queries.same_mandates(mandate).select_related("document__stored_file").prefetch_related("people")
    )
    for other in waiting:
        if other.document.stored_file.sha256 == sha256 or other.lo.email.casefold() == lo:
            raise AlreadySubmitted(other)


def refuse_out_of_reach(mandate: Mandate, by: User | None) -> None:
    """Refuse who does not decide on mandates there."""
    refusals.refuse_outside(by, Permission.DECIDE_MANDATES, mandate.election.region_id)


def refuse_unseen(mandate: Mandate, seen: datetime | None) -> None:
    """Refuse to approve what the officer has not looked at: it was refused and filed anew meanwhile."""
    if seen is not None and seen != mandate.submitted_at:
        message = _("Mandat ini sudah diajukan lagi dengan isi yang baru. Muat ulang, lalu periksa kembali.")
        raise Conflict("mandate_changed", message)


def refuse_pair(mandate: Mandate, pair: Pair) -> None:
    """Refuse to link a pair of another election, or one that no longer stands."""
    if pair.election_id != mandate.election_id:
        message = _(
            "Pasangan itu tidak terdaftar pada %(election)s. Pilih dari daftar, atau daftarkan yang baru."
        )
        raise Refused("pair_of_another_election", message % {"election": mandate.election.name}, "pair")
    if pair.status != "active":
        message = _("Pasangan “%(name)s” sudah tidak aktif, sehingga mandatnya tidak dapat disetujui.")
        raise Refused("pair_not_active", message % {"name": pair.name}, "pair")
