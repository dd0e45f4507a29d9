"""What a request left at the rows of one person: who may still see them, and what is to be corrected.

Whose rows are hidden is asked by the sealed NIK, for a page of rows in one query. The commission and who verifies or
watches still see them; the pair's team and its typists see only that there is a row, so that every count stays.
"""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from foundation.accounts.access import scopes
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import NotAllowed
from supports.privacy.models import Mark

Kind = Mark.Kind
HIDING = (Kind.RESTRICTION, Kind.OBJECTION)


def marks_of(niks: Iterable[UUID | None], election_id: int) -> dict[UUID, list[str]]:
    """The kinds of the marks that hold for each of these sealed NIKs; one query."""
    found: dict[UUID, list[str]] = defaultdict(list)
    asked = {nik for nik in niks if nik}
    living = Mark.objects.filter(election=election_id, nik__in=asked, ended_at=None).order_by("id")
    for nik, kind in living.values_list("nik", "kind") if asked else ():
        if kind not in found[nik]:
            found[nik].append(kind)
    return found


def hides(kinds: Iterable[str]) -> bool:
    """Whether marks of these kinds hide a row from the pair's team."""
    return bool(set(HIDING) & set(kinds))


def hidden_niks(election_id: int) -> list[UUID]:
    """The sealed NIKs of everybody whose rows the teams of an election may not see: for files with whole lists."""
    living = Mark.objects.filter(election=election_id, kind__in=HIDING, ended_at=None)
    return list(living.values_list("nik", flat=True).distinct())


def refuse_restricted(nik: UUID | None, election_id: int) -> None:
    """Refuse what would show or change the data of somebody who asked that they be used no more."""
    if nik and hides(marks_of([nik], election_id)[nik]):
        message = _(
            "Baris ini dibatasi atas permintaan pemilik datanya, sehingga isinya tidak dapat dibuka atau diubah. Baris "
            "tetap dihitung sampai KPU memutuskan; selama putaran masih diisi, baris dapat dihapus."
        )
        raise NotAllowed("restricted_by_its_person", message)


def reads_as_team(user: User, pair_id: int) -> bool:
    """Whether somebody reads the rows of this pair as one of its team."""
    return pair_id in scopes(user, Permission.VIEW_SUPPORTS).pairs
