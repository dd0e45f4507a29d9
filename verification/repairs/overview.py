"""The rounds of a pair one after the other: what each came to, what the open one asks for, or why none comes."""

from dataclasses import dataclass

from candidates.models import Pair, Window
from candidates.queries import rules_of
from candidates.windows import WindowState
from supports.handing_in.requirement import Shortage, shortage_of
from supports.locks import OPEN
from supports.models import AreaTally, Receipt, Submission
from supports.progress import progress
from supports.repairs.models import ReplacedCount
from supports.repairs.succession import title_of, why_none
from supports.rounds import latest_round
from supports.standards import MENDED

STATUSES = ("unverified", "ms", "bms", "tms")


@dataclass(frozen=True)
class RoundCounts:
    """submitted = ms + bms + tms + unverified, always; ``replaced`` of the BMS rows have a row of a later round."""

    unverified: int = 0
    ms: int = 0
    bms: int = 0
    tms: int = 0
    replaced: int = 0

    @property
    def submitted(self) -> int:
        """All rows of the round."""
        return self.unverified + self.ms + self.bms + self.tms

    @property
    def left(self) -> int:
        """BMS rows that nothing replaces yet."""
        return self.bms - self.replaced


@dataclass(frozen=True)
class ShownRound:
    """One round with its title, its counts, its latest receipt; ``mended``: its BMS rows can be mended now or later."""

    submission: Submission
    title: str
    counts: RoundCounts
    receipt: Receipt | None
    mended: bool


@dataclass(frozen=True)
class Asked:
    """What the round that is being filled asks for, and until when."""

    shortage: Shortage
    filling: WindowState
    handing_in: WindowState
    admits: list[str]

    @property
    def mends(self) -> bool:
        """Whether rows of earlier rounds may be mended in it."""
        return bool(set(self.admits) & set(MENDED))

    @property
    def new(self) -> bool:
        """Whether people who were never given are admitted."""
        return "new" in self.admits


@dataclass(frozen=True)
class Overview:
    """``why_none``: why no round comes after a closed one; empty while one is under way."""

    rounds: list[ShownRound]
    asked: Asked | None
    why_none: str


def overview_of(pair: Pair) -> Overview:
    """A constant number of queries, from counts; the round that comes begins with it."""
    latest = latest_round(pair)
    rounds = list(
        Submission.objects.filter(pair=pair, kind=Submission.Kind.ROUND)
        .select_related("rule_set")
        .order_by("id")
    )
    for one in rounds:
        one.pair = pair
    counts, receipts = _counts(rounds), _receipts(rounds)
    shown = [
        ShownRound(one, title_of(one), counts[one.pk], receipts.get(one.pk), _is_mended(one))
        for one in rounds
    ]
    closed = latest is not None and latest.status == "closed"
    return Overview(shown, _asked(pair, latest), why_none(latest) if closed else "")


def _asked(pair: Pair, latest: Submission | None) -> Asked | None:
    if latest is None or latest.status not in (*OPEN, "returned") or pair.status != "active":
        return None
    reached = progress(pair)
    latest.pair = pair
    return Asked(
        shortage=shortage_of(latest, reached),
        filling=reached.window,
        handing_in=reached.schedule.state(Window.Kind.HANDING_IN, reached.moment),
        admits=sorted(rules_of(pair.election).round(latest.stage).admits),
    )


def _is_mended(submission: Submission) -> bool:
    """Whether the list of the rows to be mended is of use: the round is closed and left some way on."""
    return submission.status == "closed" and submission.result == "BMS"


def _counts(rounds: list[Submission]) -> dict[int, RoundCounts]:
    sums = {one.pk: dict.fromkeys((*STATUSES, "replaced"), 0) for one in rounds}
    for pk, *numbers in AreaTally.objects.filter(submission__in=list(sums)).values_list(
        "submission_id", *STATUSES
    ):
        for status, number in zip(STATUSES, numbers, strict=True):
            sums[pk][status] += number
    for pk, rows in ReplacedCount.objects.filter(pk__in=list(sums)).values_list("pk", "rows"):
        sums[pk]["replaced"] = rows
    return {pk: RoundCounts(**found) for pk, found in sums.items()}


def _receipts(rounds: list[Submission]) -> dict[int, Receipt]:
    """The latest of each round."""
    found = Receipt.objects.filter(hand_in__submission__in=rounds).select_related("hand_in").order_by("id")
    return {one.hand_in.submission_id: one for one in found}
