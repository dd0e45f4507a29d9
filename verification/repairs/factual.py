"""Whether a pair may go on to the factual verification: never below the minimum or the spread."""

from django.utils.translation import gettext as _

from candidates.models import Pair
from candidates.thresholds import AREA_NAMES, digits
from foundation.errors import Refused
from supports.models import Submission
from supports.repairs.succession import title_of
from supports.rounds import refuse_inactive
from verification.results.sums import Sum, sum_of


def refuse_factual(pair: Pair) -> Submission:
    """The round with which the administrative verification of a pair ended, so that the factual one may begin.

    Refuses a pair that no longer stands, one whose latest round is not closed, and one that lacks people or areas.
    """
    refuse_inactive(pair)
    rounds = Submission.objects.filter(pair=pair, kind=Submission.Kind.ROUND).select_related("rule_set")
    latest = rounds.order_by("-id").first()
    if latest is None or latest.status != "closed":
        status = latest.get_status_display() if latest else _("belum dimulai")
        message = _(
            "Verifikasi faktual belum dapat dimulai: putaran terakhir bakal pasangan calon ini berstatus “%(status)s”. "
            "Tutup dahulu verifikasi administrasinya."
        )
        raise Refused("round_not_closed", message % {"status": status})
    latest.pair = pair
    found = sum_of(latest)
    if not found.met:
        raise Refused("below_the_requirement", _below(pair, latest, found))
    return latest


def _below(pair: Pair, latest: Submission, found: Sum) -> str:
    """What is missing, in words."""
    missing = []
    if found.missing:
        people = _("%(ms)s pendukung memenuhi syarat, kurang %(missing)s dari %(minimum)s")
        words = {"ms": found.ms, "missing": found.missing, "minimum": found.minimum}
        missing.append(people % {name: digits(number) for name, number in words.items()})
    if found.areas_missing:
        areas = _("sebarannya kurang %(missing)s %(area)s")
        missing.append(areas % {"missing": found.areas_missing, "area": AREA_NAMES[pair.election.level]})
    message = _("Verifikasi faktual tidak dilakukan: sesudah putaran %(title)s %(missing)s.")
    return message % {"title": title_of(latest), "missing": _(" dan ").join(missing)}
