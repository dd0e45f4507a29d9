"""What a round asks for, as its forms say it: all of the minimum in the first one, in a later one what is missing."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from candidates.queries import requirement_of
from candidates.rule_sets import Round, RuleSet
from candidates.templatetags.wording import number
from candidates.thresholds import AREA_NAMES, asked_in
from supports.models import AreaTally, Submission


@dataclass(frozen=True)
class Asked:
    """``kept`` are the MS of the rounds before this one, in ``kept_areas`` of the areas that count for the spread."""

    rule: Round
    minimum: int
    min_spread: int
    kept: int
    kept_areas: int
    later: bool
    area_name: str

    @property
    def people(self) -> int:
        """How many have to be given in this round."""
        return asked_in(self.rule, self.missing)

    @property
    def missing(self) -> int:
        """How many the rounds before left short of the minimum."""
        return max(0, self.minimum - self.kept)

    @property
    def areas(self) -> int:
        """In how many areas somebody has to be given in which nobody is yet."""
        return max(0, self.min_spread - self.kept_areas)

    @property
    def overall(self) -> str:
        """What the election asks of all rounds together."""
        words = {"minimum": number(self.minimum), "spread": number(self.min_spread), "area": self.area_name}
        return _("%(minimum)s pendukung di %(spread)s %(area)s") % words

    @property
    def here(self) -> str:
        """What a later round asks."""
        people = _("paling sedikit %(people)s pendukung") % {"people": number(self.people)}
        if self.rule.factor > 1 and self.people:
            words = {"people": people, "factor": self.rule.factor, "missing": number(self.missing)}
            people = _("%(people)s (%(factor)s × kekurangan %(missing)s)") % words
        if not self.areas:
            return people
        areas = _("%(areas)s %(area)s yang belum tercakup") % {"areas": self.areas, "area": self.area_name}
        return (
            _("%(people)s, termasuk di %(areas)s") % {"people": people, "areas": areas}
            if self.people
            else areas
        )

    @property
    def before(self) -> str:
        """What the rounds before brought."""
        words = {"kept": number(self.kept), "areas": number(self.kept_areas), "area": self.area_name}
        return _("%(kept)s MS di %(areas)s %(area)s") % words


def asked_of(submission: Submission) -> Asked:
    """What a round asks for, from the counts of those before it; one query. Prefetch the election's areas."""
    election = submission.pair.election
    rules, requirement = RuleSet.from_json(submission.rule_set.body), requirement_of(election)
    known = {area.code for area in election.areas.all()}
    rounds = Submission.objects.filter(
        pair=submission.pair_id, kind=Submission.Kind.ROUND, pk__lt=submission.pk
    )
    kept = AreaTally.objects.filter(submission__in=rounds, ms__gt=0).values_list("code", "ms")
    return Asked(
        rule=rules.round(submission.stage),
        minimum=requirement.minimum,
        min_spread=requirement.min_spread,
        kept=sum(ms for _code, ms in kept),
        kept_areas=len(known & {code for code, _ms in kept}),
        later=submission.stage != rules.rounds[0].key,
        area_name=AREA_NAMES[election.level],
    )
