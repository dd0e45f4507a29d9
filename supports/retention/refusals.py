"""Why identities of an election may not be destroyed, held or kept longer now, each refusal with its sentence."""

from django.utils.translation import gettext as _

from candidates import zones
from candidates.models import Election
from foundation.accounts.access import scopes
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.jobs.models import Job
from supports.models import HandIn
from supports.retention.models import Destruction, LegalHold
from supports.retention.queries import Retention


def refuse_strangers(by: User) -> None:
    """Refuse who is not of KPU RI."""
    if not scopes(by, Permission.MANAGE_RETENTION).nation:
        message = _("Masa simpan identitas diatur oleh KPU RI. Sampaikan permintaannya kepada KPU RI.")
        raise NotAllowed("not_kpu_ri", message)


def refuse_practice(election: Election) -> None:
    """Refuse an election for practice: it is thrown away."""
    if election.practice:
        message = _(
            "Pemilihan ini latihan, sehingga tidak memiliki masa simpan. Buang latihannya dari halaman pemilihan."
        )
        raise Refused("for_practice", message)


def refuse_destroyed(retention: Retention) -> None:
    """Refuse (Conflict) where nothing is left to decide about."""
    if retention.destruction and retention.destruction.keys_destroyed_at:
        message = _(
            "Identitas pada pemilihan ini sudah dimusnahkan, sehingga tidak ada yang dapat diubah lagi."
        )
        raise Conflict("already_destroyed", message)


def refuse_destruction(retention: Retention) -> None:
    """Refuse before the term has ended, while a hold stands, and while somebody works on the election's rows."""
    election = retention.election
    refuse_practice(election)
    refuse_destroyed(retention)
    if not retention.ended:
        message = _(
            "Masa simpan identitas pemilihan ini berakhir %(day)s. Pemusnahan dapat diusulkan sehari setelahnya."
        )
        raise Refused("retention_lasts", message % {"day": zones.say_day(retention.ends_on)})
    refuse_held(retention.standing)
    _refuse_working(election)


def refuse_held(standing: list[LegalHold]) -> None:
    """Refuse while a hold stands."""
    if standing:
        message = _(
            "Data pemilihan ini ditahan berdasarkan %(number)s (%(reason)s), sehingga tidak dapat dimusnahkan. "
            "Penahanan dilepas oleh dua orang KPU RI."
        )
        raise Refused("held", message % {"number": standing[0].number, "reason": standing[0].reason})


def _refuse_working(election: Election) -> None:
    pairs = election.pairs.values_list("pk", flat=True)
    lanes = [f"{kind}:{pair}" for pair in pairs for kind in ("pair", "papers")]
    working = Job.objects.filter(lane__in=lanes, state__in=("queued", "running")).exists()
    if working or HandIn.objects.filter(submission__pair__election=election, ended_at=None).exists():
        message = _("Masih ada pekerjaan pada data pemilihan ini. Tunggu sampai selesai, lalu ulangi.")
        raise Refused("still_working", message)


def refuse_approval(destruction: Destruction, by: User) -> None:
    """Refuse who proposed it; Conflict when it was approved or withdrawn already."""
    if destruction.withdrawn_at:
        raise Conflict("withdrawn", _("Usulan pemusnahan ini sudah ditarik. Muat ulang halaman."))
    if destruction.approved_at:
        raise Conflict("already_approved", _("Usulan pemusnahan ini sudah disetujui. Muat ulang halaman."))
    if destruction.proposed_by_id == by.pk:
        message = _(
            "Anda yang mengusulkan pemusnahan ini, jadi persetujuannya diberikan orang lain di KPU RI."
        )
        raise NotAllowed("own_proposal", message)


def refuse_changed(seen: str, current: str) -> None:
    """Refuse (Conflict) when what is there is no longer what was looked at."""
    if seen != current:
        message = _(
            "Jumlah data atau masa simpannya berubah sejak halaman ini dibuka, sehingga tidak ada yang dimusnahkan. "
            "Periksa angka yang baru, lalu ulangi."
        )
        raise Conflict("changed_since_seen", message)


def refuse_lifting(hold: LegalHold, by: User) -> None:
    """Refuse the same person twice; Conflict when it was lifted already."""
    if not hold.standing:
        raise Conflict("already_lifted", _("Penahanan ini sudah dilepas. Muat ulang halaman."))
    if hold.first_lifted_by_id == by.pk:
        message = _(
            "Persetujuan pertama untuk melepas penahanan ini dari Anda. Yang kedua diberikan orang lain di KPU RI."
        )
        raise NotAllowed("same_person", message)
