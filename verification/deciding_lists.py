"""Many decisions that people made, in one list: each row by itself, and every row with its outcome."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.errors import Refused
from supports.models import Standing
from verification.deciding import decide
from verification.models import Decision
from verification.reasons import BY_NUMBER

MOST_AT_ONCE = 1_000
# A row that these speak of may have been decided by the same list, whose answer was lost.
NOT_WAITING = ("already_decided", "not_your_row", "read_by_you")


@dataclass(frozen=True)
class Outcome:
    """What became of a row: ``decision`` is what stands, ``new`` whether it was made now, ``error`` why it is not."""

    support: int
    decision: Decision | None = None
    new: bool = False
    error: Refused | None = None

    @property
    def outcome(self) -> str:
        """In one word."""
        if self.error:
            return "refused"
        return "decided" if self.new else "unchanged"


def decide_once(
    standing: Standing, *, by: User, status: str, reasons: Sequence[str] = (), note: str = ""
) -> tuple[Decision, bool]:
    """``decide``; sent again by the same person it is the decision that stands, and not a new one (False)."""
    try:
        return decide(standing, by=by, status=status, reasons=reasons, note=note), True
    except Refused as refusal:
        if refusal.code not in NOT_WAITING:
            raise
        stands = _standing_decision(standing, by, status, reasons, note)
        if stands is None:
            raise
        return stands, False


def decide_rows(
    standings: Iterable[Standing], wanted: Sequence[Mapping[str, Any]], *, by: User
) -> list[Outcome]:
    """Decide a list row by row, each committed by itself; what is ``wanted`` names its ``support``.

    Refuses an empty list and one of more than a thousand; whatever is wrong with a row is that row's outcome.
    """
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        message = _("Kirim 1 sampai 1.000 keputusan sekali jalan; sisanya dalam kiriman berikutnya.")
        raise Refused("decisions_number", message)
    known = {standing.support_id: standing for standing in standings}
    return [_outcome(known.get(one["support"]), dict(one), by) for one in wanted]


def _outcome(standing: Standing | None, wanted: dict[str, Any], by: User) -> Outcome:
    support = wanted.pop("support")
    if standing is None:
        message = _("Baris ini tidak ada di putaran ini, sudah dibuang, atau di luar wewenang Anda.")
        return Outcome(support, error=Refused("row_unknown", message, "support"))
    try:
        decision, new = decide_once(standing, by=by, **wanted)
    except Refused as refusal:
        return Outcome(support, error=refusal)
    return Outcome(support, decision, new)


def _standing_decision(
    standing: Standing, by: User, status: str, reasons: Sequence[str], note: str
) -> Decision | None:
    """The row's last decision, if it is this very one by this person."""
    last = Decision.objects.filter(support_id=standing.support_id).order_by("-id").first()
    if last is None or last.bulk_id or (last.by_id, last.after, last.note) != (by.pk, status, note.strip()):
        return None
    return last if {BY_NUMBER[number].code for number in last.reasons} == set(reasons) else None
