"""What a round still lacks before it may be handed in: how many people, in which areas, exactly.

The office counts the statements it is given, whatever verification will say of them later (domain: penyerahan), and
so does this: a finding keeps nobody from handing in. In Bontang 2024 16,395 rows were given, of which 10,011 passed.
How many have no finding is told beside it.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from candidates import rule_sets
from candidates.thresholds import AREA_NAMES, asked_in, digits
from foundation.errors import Refused
from supports.models import Submission
from supports.progress import AreaCount, Progress, counts_by_area, progress


@dataclass(frozen=True)
class Shortage:
    """What is missing: ``asked`` people of whom ``have`` are given, ``min_spread`` areas of which ``covered``.

    ``clean`` of those given have nothing that keeps them from counting. ``allowed``: the rule set lets a pair hand in
    all the same. ``by_area`` are the areas of the election in all rounds; ``empty`` those without anybody.
    """

    asked: int
    have: int
    clean: int
    min_spread: int
    covered: int
    by_area: list[AreaCount]
    area_name: str
    allowed: bool

    @property
    def missing(self) -> int:
        """People."""
        return max(0, self.asked - self.have)

    @property
    def missing_areas(self) -> int:
        """Areas."""
        return max(0, self.min_spread - self.covered)

    @property
    def reached(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing and not self.missing_areas

    @property
    def empty(self) -> list[AreaCount]:
        """The areas in which nobody is given."""
        return [area for area in self.by_area if area.code and not _given(area)]

    def doubt(self) -> str:
        """What is said when enough are given, and too few of them are without a finding; else nothing."""
        if not self.reached or self.clean >= self.asked:
            return ""
        message = _(
            "Dari %(have)s baris yang diberikan, %(clean)s tanpa temuan yang menggugurkan, di bawah %(asked)s yang "
            "diminta. Boleh diserahkan; benahi temuannya selama masa pengisian masih dibuka."
        )
        words = {"have": digits(self.have), "clean": digits(self.clean), "asked": digits(self.asked)}
        return message % words

    def sentences(self) -> list[str]:
        """Each thing that is missing, in words."""
        said = []
        if self.missing:
            message = _("Kurang %(missing)s pendukung: diminta %(asked)s, yang diberikan %(have)s.")
            words = {"missing": digits(self.missing), "asked": digits(self.asked), "have": digits(self.have)}
            said.append(message % words)
        if self.missing_areas:
            message = _(
                "Sebaran kurang %(missing)s %(area)s: diminta %(spread)s, tercakup %(covered)s. Belum ada pendukung "
                "di %(names)s."
            )
            names = ", ".join(area.name for area in self.empty)
            words = {"missing": self.missing_areas, "area": self.area_name, "spread": self.min_spread}
            said.append(message % {**words, "covered": self.covered, "names": names})
        return said

    def as_json(self) -> list[dict[str, Any]]:
        """The same for programs."""
        areas = [{"code": one.code, "name": one.name, "given": _given(one)} for one in self.by_area]
        found = {"minimum": (self.missing, self.asked, self.have)}
        found["spread"] = (self.missing_areas, self.min_spread, self.covered)
        codes = [code for code, (missing, *_rest) in found.items() if missing]
        return [
            {
                "code": code,
                "message": sentence,
                "missing": found[code][0],
                "asked": found[code][1],
                "have": found[code][2],
                "areas": areas
                if code == "minimum"
                else [one for one in areas if one["code"] and not one["given"]],
            }
            for code, sentence in zip(codes, self.sentences(), strict=True)
        ]


class NotReached(Refused):
    """The round lacks people or areas, and its rule set does not let it be handed in like that."""

    def __init__(self, shortage: Shortage) -> None:
        message = _("Belum dapat diserahkan. %(missing)s Tambah dukungan, lalu serahkan lagi.")
        super().__init__("requirement_not_met", message % {"missing": " ".join(shortage.sentences())})
        self.more = {"missing": shortage.as_json()}


def shortage_of(submission: Submission, reached: Progress | None = None) -> Shortage:
    """What the round lacks now. ``reached`` is the pair's progress where it is known already."""
    pair = submission.pair
    reached = reached or progress(pair)
    rules = rule_sets.RuleSet.from_json(submission.rule_set.body)
    latest = reached.submission is not None and reached.submission.pk == submission.pk
    here = reached.here if latest else counts_by_area(pair, [submission])
    clean = sum(area.counted for area in here)
    missing = max(0, reached.minimum - (reached.counted - clean))
    return Shortage(
        asked=asked_in(rules.round(submission.stage), missing),
        have=sum(area.submitted for area in here),
        clean=clean,
        min_spread=reached.min_spread,
        covered=sum(1 for area in reached.by_area if area.code and _given(area)),
        by_area=reached.by_area,
        area_name=AREA_NAMES[pair.election.level],
        allowed=rules.short_may_be_handed_in,
    )


def _given(area: AreaCount) -> int:
    """The rows of an area that were found to pass, or that nobody has decided about."""
    return area.ms + area.unverified


def refuse_short(submission: Submission) -> None:
    """Refuses a round that lacks people or areas, unless its rule set lets it."""
    shortage = shortage_of(submission)
    if not shortage.reached and not shortage.allowed:
        raise NotReached(shortage)
