"""The result of a round in words: the sum spelled out, what is missing, and until when it may be mended."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from candidates.thresholds import AREA_NAMES, digits
from foundation.workflow.table import VERMIN
from supports.desk.outcome import what_follows
from verification.results.models import Result
from verification.results.numerals import in_words


def title_of_outcome(outcome: str) -> str:
    """MS as "memenuhi syarat"."""
    return VERMIN.states[outcome].lower()


def conservation(numbers: Mapping[str, int]) -> str:
    """Submitted is what came of each row, and nothing else."""
    message = _(
        "%(submitted)s diserahkan = %(ms)s MS + %(bms)s BMS + %(tms)s TMS + %(unverified)s belum diperiksa"
    )
    names = ("submitted", "ms", "bms", "tms", "unverified")
    return message % {name: digits(numbers[name]) for name in names}


def sum_lines(said: Mapping[str, Any], level: str) -> list[str]:
    """The sum of a result (``Result.body["sum"]``), one sentence a line."""
    return [_people(said), _against_minimum(said), _spread(said, AREA_NAMES[level])]


def _people(said: Mapping[str, Any]) -> str:
    here = digits(said["here"])
    if not said["rounds"]:
        return _("%(here)s MS dari putaran ini.") % {"here": here}
    parts = [
        _("%(ms)s MS dari putaran %(title)s") % {"ms": digits(one["ms"]), "title": one["title"]}
        for one in said["rounds"]
    ]
    message = _("%(earlier)s + %(here)s MS dari putaran ini = %(ms)s MS.")
    return message % {"earlier": " + ".join(parts), "here": here, "ms": digits(said["ms"])}


def _against_minimum(said: Mapping[str, Any]) -> str:
    words = {"minimum": digits(said["minimum"]), "ms": digits(said["ms"])}
    if said["missing"]:
        message = _("Diminta paling sedikit %(minimum)s MS: kurang %(missing)s.")
        return message % {**words, "missing": digits(said["missing"])}
    message = _("Diminta paling sedikit %(minimum)s MS: tercapai, lebih %(more)s.")
    return message % {**words, "more": digits(said["ms"] - said["minimum"])}


def _spread(said: Mapping[str, Any], area_name: str) -> str:
    words = {"spread": said["min_spread"], "reached": said["areas_reached"], "area": area_name}
    if not said["areas_missing"]:
        message = _("Sebaran paling sedikit %(spread)s %(area)s: tercapai, ada MS di %(reached)s %(area)s.")
        return message % words
    empty = [one["name"] for one in said["by_area"] if one["code"] and not one["before"] + one["here"]]
    message = _(
        "Sebaran paling sedikit %(spread)s %(area)s: kurang %(missing)s, baru ada MS di %(reached)s %(area)s. Belum "
        "ada di %(empty)s."
    )
    return message % {**words, "missing": said["areas_missing"], "empty": ", ".join(empty)}


def follows(result: Result) -> str:
    """What the outcome means for the pair, and until when it may mend what is missing."""
    return what_follows(result.review.submission.pair, result.body["stage"], result.outcome)


def spelled_out(said: Mapping[str, Any]) -> str:
    """The MS of all rounds in digits and in words, as minutes write them."""
    return f"{digits(said['ms'])} ({in_words(said['ms'])})"
