"""The territory at a glance: every pair of it with how far it is, until when, and what needs a look.

Everything is read in a constant number of queries whatever the number of pairs, and from counts only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from candidates.many_windows import Asked, states
from candidates.models import RuleSet
from candidates.queries import now, pairs_visible_to
from candidates.rule_sets import RuleSet as Rules
from candidates.thresholds import Requirement, requirement
from candidates.windows import WindowState
from foundation import sql
from foundation.accounts.access import AnyUser, may
from foundation.accounts.matrix import Permission
from foundation.workflow.table import PAIR, SUBMISSION

# A job that has neither ended nor begun after this long is looked at by a person; 1.2 million rows take a minute.
PATIENCE = timedelta(minutes=15)
LAST_DAY = timedelta(hours=24)
NOT_BEGUN = "none"


@dataclass(slots=True)
class Line:
    """One pair: ``deadline`` is when its time to hand in ends, ``window`` that in words (of lines shown only).

    The first fields are the columns of supports/sql/count_territory.sql. ``minimum`` and ``min_spread`` come from there
    where a decree gives them, and else (0) from the rules. ``small``: what counts is too little to be published.
    """

    pair: int
    name: str
    status: str
    election: int
    election_name: str
    level: str
    region: int
    region_name: str
    zone: str
    practice: bool
    rule_set: int
    base: int
    minimum: int
    min_spread: int
    areas: int
    submitted: int
    counted: int
    covered: int
    stage: str
    round_status: str
    last_upload: datetime | None
    failed: int
    stuck: int
    deadline: datetime | None
    stage_title: str = ""
    window: WindowState | None = None
    needs: list[str] = field(default_factory=list)
    small: bool = False

    @property
    def shortfall(self) -> int:
        """How many more are needed for the minimum."""
        return max(0, self.minimum - self.counted)

    @property
    def reached(self) -> bool:
        """Whether minimum and spread are reached."""
        return self.counted >= self.minimum and self.covered >= self.min_spread

    @property
    def state(self) -> str:
        """What a filter knows it by: the pair's status when it no longer stands, else its round's."""
        return self.status if self.status != PAIR.initial else self.round_status or NOT_BEGUN

    @property
    def state_title(self) -> str:
        """The same in words."""
        return STATES[self.state]

    @property
    def handed_in(self) -> bool:
        """Whether its latest round is no longer in the team's hands."""
        return self.round_status not in ("", "draft", "returned", "reopened", "lapsed")


STATES = (
    {NOT_BEGUN: "Belum mulai"}
    | SUBMISSION.states
    | {key: title for key, title in PAIR.states.items() if key != PAIR.initial}
)


@dataclass(frozen=True)
class Sums:
    """What the lines come to."""

    elections: int
    pairs: int
    reached: int
    handed_in: int
    counted: int | None
    submitted: int | None
    attention: int


def lines_of(user: AnyUser, *, practice: bool, moment: datetime | None = None) -> list[Line]:
    """Every pair of the user's territory, by name; practice elections apart. Three queries."""
    moment = moment or now()
    visible = pairs_visible_to(user, Permission.VIEW_TERRITORY).filter(election__practice=practice)
    pairs = list(visible.order_by().values_list("id", flat=True))
    rows = sql.rows("supports/count_territory", pairs=pairs, patience=PATIENCE.total_seconds(), moment=moment)
    lines = [Line(*row) for row in rows]
    rules, inside = _rules({line.rule_set for line in lines}), may(user, Permission.VIEW_UPLOADS)
    asked: dict[int, Requirement] = {}
    for line in lines:
        own = rules[line.rule_set]
        if line.election not in asked:
            asked[line.election] = requirement(own, line.level, line.base, line.areas)
        line.minimum = line.minimum or asked[line.election].minimum
        line.min_spread = line.min_spread or asked[line.election].min_spread
        if line.stage != own.rounds[0].key:
            line.stage_title = own.round(line.stage).title
        line.needs = _needs(line, moment, inside)
    return lines


def by_deadline(line: Line) -> tuple:
    """What ends soonest first, then what has no end."""
    return (False, line.deadline, line.name) if line.deadline else (True, line.name)


def asked_of(line: Line) -> Asked:
    """Which windows matter to a line."""
    return Asked(line.pair, line.election, line.stage, line.stage_title, line.zone)


def tell_windows(lines: Sequence[Line], moment: datetime) -> None:
    """Say in words until when each of these lines has time: for those that are shown."""
    told = states([asked_of(line) for line in lines], moment)
    for line in lines:
        line.window = told[line.pair]


def sums_of(lines: Sequence[Line]) -> Sums:
    """How many elections and pairs, how many have reached their minimum, how many need a look."""
    return Sums(
        elections=len({line.election for line in lines}),
        pairs=len(lines),
        reached=sum([line.reached for line in lines]),
        handed_in=sum([line.handed_in for line in lines]),
        counted=sum([line.counted for line in lines]),
        submitted=sum([line.submitted for line in lines]),
        attention=sum([bool(line.needs) for line in lines]),
    )


def _rules(wanted: Iterable[int]) -> dict[int, Rules]:
    found = RuleSet.objects.filter(pk__in=wanted).values_list("pk", "body")
    return {pk: Rules.from_json(body) for pk, body in found}


def _needs(line: Line, moment: datetime, inside: bool) -> list[str]:
    """Why somebody should look at a pair that still stands; what happens to its files only for who may see them."""
    if line.status != PAIR.initial:
        return []
    needs = []
    if line.deadline and not line.handed_in and line.deadline - moment <= LAST_DAY:
        needs.append(_("kurang dari 24 jam lagi, belum diserahkan"))
    if inside and line.stuck:
        needs.append(_("%(n)s pekerjaan tertahan") % {"n": line.stuck})
    if inside and line.failed:
        needs.append(_("%(n)s unggahan gagal") % {"n": line.failed})
    return needs
