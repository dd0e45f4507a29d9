"""What the last closed round came to, as the desk of the pair says it: result, what was missing, and what follows."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from candidates import next_round, zones
from candidates.models import Pair, Window
from candidates.queries import requirement_of, rules_of, window_state
from candidates.rule_sets import Round
from candidates.thresholds import AREA_NAMES, digits
from supports.models import Submission
from supports.progress import counts_by_area
from supports.repairs.succession import title_of


@dataclass(frozen=True)
class Outcome:
    """``result`` MS, BMS or TMS of the round ``title``; ``missing`` and ``follows`` are sentences."""

    result: str
    title: str
    missing: list[str]
    follows: str

    @property
    def tone(self) -> str:
        """How the notice is coloured."""
        return {"MS": "good", "BMS": "warn", "TMS": "bad"}[self.result]


def outcome_of(pair: Pair) -> Outcome | None:
    """Of the last round of the pair that was closed with a result, from the counts."""
    rounds = pair.submissions.filter(kind=Submission.Kind.ROUND).select_related("rule_set").order_by("id")
    closed = [one for one in rounds if one.status == "closed"]
    if not closed or not closed[-1].result:
        return None
    last = closed[-1]
    missing = [] if last.result == "MS" else _missing(pair, closed)
    return Outcome(last.result, title_of(last), missing, what_follows(pair, last.stage, last.result))


def what_follows(pair: Pair, stage: str, result: str) -> str:
    """What a result means for the pair, and until when it may mend what is missing."""
    if result == "MS":
        return _("Jumlah dan sebaran terpenuhi. Tahap berikutnya verifikasi faktual.")
    repair = repair_after(pair, stage)
    if result == "TMS" or repair is None:
        return _("Tidak ada lagi putaran perbaikan setelah ini.")
    message = _("Kekurangannya dapat dibenahi pada putaran %(title)s: %(when)s.")
    return message % {"title": repair.title, "when": time_to_hand_in(pair, repair.key)}


def repair_after(pair: Pair, stage: str) -> Round | None:
    """The round that comes when the named one is short after the administrative verification, if one does."""
    later = next_round.rounds_after(rules_of(pair.election), stage)
    return next((one for one in later if one.when == "after_vermin"), None)


def time_to_hand_in(pair: Pair, stage: str) -> str:
    """When a round is handed in, as far as that is scheduled for this pair."""
    state = window_state(pair, Window.Kind.HANDING_IN, stage)
    if state.opens_at is None or state.closes_at is None:
        return _("jadwal belum ditetapkan")
    zone = pair.election.zone
    span = {"start": zones.say_start(state.opens_at, zone), "end": zones.say_end(state.closes_at, zone)}
    return _("masa penyerahan %(start)s sampai %(end)s") % span


def _missing(pair: Pair, closed: list[Submission]) -> list[str]:
    asked, areas = requirement_of(pair.election), counts_by_area(pair, closed)
    ms = sum(area.ms for area in areas)
    covered = sum(1 for area in areas if area.code and area.ms)
    said = []
    if ms < asked.minimum:
        said.append(_("Kurang %(missing)s pendukung MS.") % {"missing": digits(asked.minimum - ms)})
    if covered < asked.min_spread:
        message = _("Baru ada MS di %(covered)s %(area)s, diminta paling sedikit %(spread)s.")
        words = {"covered": covered, "area": AREA_NAMES[pair.election.level], "spread": asked.min_spread}
        said.append(message % words)
    return said
