"""A row that is replaced stays as it was decided; who wants to decide it anew is told before the database refuses."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from candidates.thresholds import digits
from foundation.errors import Refused
from supports.repairs.models import Replacement


def refuse_replaced(support_ids: Iterable[int]) -> None:
    """Refuse to take back the decision about rows in whose place a row of a later round came."""
    replaced = Replacement.objects.filter(origin_id__in=list(support_ids), stands=True).count()
    if replaced:
        message = _(
            "%(rows)s baris sudah diganti dengan baris perbaikan pada putaran sesudahnya, sehingga keputusannya tetap. "
            "Keluarkan baris itu dari daftar; yang diperiksa adalah baris penggantinya."
        )
        raise Refused("rows_replaced", message % {"rows": digits(replaced)}, "rows")
