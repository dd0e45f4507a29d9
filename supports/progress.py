"""How far a pair is: minimum, counted, spread, findings. Read from the counts, never from the rows."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from candidates.models import Pair, Window
from candidates.queries import Schedule, now, requirement_of, schedule_of
from candidates.windows import WindowState
from supports.models import AreaTally, HandIn, PairMatchCount, Submission, Tally, Upload, UploadTally
from supports.rules import BY_CODE, BY_NUMBER, COMMISSION, TEAM

COUNTS = ("unverified", "ms", "bms", "tms", "clean")
UNPLACED = "Belum diketahui atau di luar daerah"


@dataclass
class AreaCount:
    """The rows of one area: submitted = ms + bms + tms + unverified, always. ``counted`` are those that count now."""

    code: int
    name: str
    submitted: int = 0
    ms: int = 0
    bms: int = 0
    tms: int = 0
    unverified: int = 0
    clean: int = 0
    counted: int = 0

    @property
    def faulty(self) -> int:
        """Rows that do not count as they are."""
        return self.submitted - self.counted


@dataclass(frozen=True)
class Progress:
    """What the team's page and ``/pairs/{id}/progress/`` show, at ``moment`` by the database's clock.

    ``by_area`` over all rounds, ``here`` in the latest round (``submission``) alone, whose windows are ``schedule``.
    """

    minimum: int
    min_spread: int
    counted: int
    clean: int
    submitted: int
    areas_covered: int
    areas: int
    shortfall: int
    by_area: list[AreaCount]
    here: list[AreaCount]
    findings: dict[str, int]
    window: WindowState
    schedule: Schedule
    moment: datetime = field(compare=False)
    submission: Submission | None
    handed_in: bool = field(default=False)

    @property
    def rows_here(self) -> int:
        """The rows of the latest round."""
        return sum(area.submitted for area in self.here)

    @property
    def later(self) -> str:
        """The name of the latest round when it is not the first; that of the first is not said."""
        return self.schedule.title if self.submission else ""


def progress(pair: Pair, *, audience: str = TEAM) -> Progress:
    """The pair's progress over all its rounds; the pool is not given yet and does not count."""
    rounds = list(
        pair.submissions.filter(kind=Submission.Kind.ROUND)
        .annotate(under_way=Exists(HandIn.objects.filter(submission=OuterRef("pk"), ended_at=None)))
        .select_related("rule_set")
        .order_by("id")
    )
    latest = rounds[-1] if rounds else None
    requirement = requirement_of(pair.election)
    tallies = _tallies(rounds)
    by_area = _areas(pair, rounds, tallies)
    counted = sum(area.counted for area in by_area)
    covered = sum(1 for area in by_area if area.code and area.counted)
    schedule, moment = schedule_of(pair, latest.stage if latest else None), now()
    if latest and latest.status == "reopened":  # what everybody is given opens nothing in it
        schedule = schedule.by_rulings()
    return Progress(
        minimum=requirement.minimum,
        min_spread=requirement.min_spread,
        counted=counted,
        clean=sum(area.clean for area in by_area),
        submitted=sum(area.submitted for area in by_area),
        areas_covered=covered,
        areas=sum(1 for area in by_area if area.code),
        shortfall=max(0, requirement.minimum - counted),
        by_area=by_area,
        here=_areas(pair, rounds[-1:], tallies),
        findings=findings_of_round(latest, audience) if latest else {},
        window=schedule.state(Window.Kind.FILLING, moment),
        schedule=schedule,
        moment=moment,
        submission=latest,
        handed_in=bool(latest and latest.status not in ("draft", "reopened", "returned", "lapsed")),
    )


def counts_by_area(pair: Pair, rounds: list[Submission]) -> list[AreaCount]:
    """Every area that counts for the spread, and one more for rows of no such area, so that the sum is the whole."""
    return _areas(pair, rounds, _tallies(rounds))


def areas_kept(submission: Submission) -> set[int]:
    """The areas that count for the spread in which the rounds before this one left somebody."""
    before = AreaTally.objects.filter(
        submission__pair=submission.pair_id,
        submission__kind=Submission.Kind.ROUND,
        submission__lt=submission.pk,
        ms__gt=0,
    )
    return set(before.exclude(code=0).values_list("code", flat=True))


def _tallies(rounds: list[Submission]) -> list[tuple[int, ...]]:
    """The counts of rounds by the areas that count for the spread: round, area and COUNTS. One query."""
    found = AreaTally.objects.filter(submission__in=[one.pk for one in rounds])
    return list(found.values_list("submission_id", "code", *COUNTS))


def _areas(pair: Pair, rounds: list[Submission], tallies: list[tuple[int, ...]]) -> list[AreaCount]:
    """What ``counts_by_area`` says of these rounds, from the counts that were read; the last one may be undecided."""
    areas = {area.code: AreaCount(area.code, area.name) for area in pair.election.areas.all()}
    unplaced = AreaCount(0, UNPLACED)
    decided = {one.pk: one.status == "closed" or one is not rounds[-1] for one in rounds}
    for submission_id, code, unverified, ms, bms, tms, clean in tallies:
        if submission_id not in decided:
            continue
        area = areas.get(code, unplaced)
        area.submitted += unverified + ms + bms + tms
        area.unverified += unverified
        area.ms += ms
        area.bms += bms
        area.tms += tms
        area.clean += clean
        area.counted += ms if decided[submission_id] else clean
    return [*areas.values(), *([unplaced] if unplaced.submitted else [])]


def findings_of_round(submission: Submission, audience: str = TEAM) -> dict[str, int]:
    """How many rows each rule speaks of; matches across pairs for the commission only."""
    rows = Tally.objects.filter(submission=submission, area=0, n__gt=0).values_list("key", "n")
    found = _by_code(rows, audience)
    if audience == COMMISSION:
        matches = matches_of(submission.pair.election_id)
        found |= {"PAIR_MATCH": matches} if matches else {}
    return found


def for_team(findings: dict[str, int]) -> dict[str, int]:
    """Of counts by code, those that the pair's team may know."""
    return {code: n for code, n in findings.items() if code in BY_CODE and BY_CODE[code].audience == TEAM}


def matches_of(election_id: int) -> int:
    """How many people of the election several pairs gave, as the last look at them counted."""
    return PairMatchCount.objects.filter(pk=election_id).values_list("n", flat=True).first() or 0


def counts_of_uploads(
    uploads: Iterable[Upload], audience: str = TEAM, places: QuerySet[Submission] | None = None
) -> dict[int, dict]:
    """For each upload: rows, rows_clean and findings; one query for all.

    ``places`` are the rounds, and the pool, whose rows the reader may know of (``queries.places_read_by``).
    """
    counts: dict[int, dict] = {one.pk: {"rows": 0, "rows_clean": 0, "findings": {}} for one in uploads}
    found = UploadTally.objects.filter(upload__in=list(counts), n__gt=0)
    if places is not None:
        found = found.filter(submission__in=places)
    tallies: dict[int, Counter] = defaultdict(Counter)
    for upload_id, key, n in found.values_list("upload_id", "key", "n"):
        tallies[upload_id][key] += n
    for upload_id, named in tallies.items():
        counts[upload_id] = {
            "rows": named["rows"],
            "rows_clean": named["clean"],
            "findings": _by_code(named.items(), audience),
        }
    return counts


def places_of_uploads(
    uploads: Iterable[Upload], places: QuerySet[Submission]
) -> dict[int, list[tuple[Submission, int, int]]]:
    """For each upload: the rounds, and the pool, that hold rows of it, each with all rows and the clean ones."""
    known = {one.pk: one for one in places}
    found = UploadTally.objects.filter(upload__in=[one.pk for one in uploads], submission__in=list(known))
    counts: dict[int, dict[int, Counter]] = defaultdict(lambda: defaultdict(Counter))
    rows = found.filter(key__in=("rows", "clean"), n__gt=0).order_by("submission_id")
    for upload_id, submission_id, key, n in rows.values_list("upload_id", "submission_id", "key", "n"):
        counts[upload_id][submission_id][key] = n
    return {
        upload_id: [(known[pk], one["rows"], one["clean"]) for pk, one in held.items()]
        for upload_id, held in counts.items()
    }


def _by_code(rows: Iterable[tuple[str, int]], audience: str) -> dict[str, int]:
    """Counts whose key is a rule's number, under the rule's code, in the order of the rules."""
    found = {int(key): n for key, n in rows if key.isdigit()}
    rules = [BY_NUMBER[number] for number in sorted(found)]
    return {
        rule.code: found[rule.number] for rule in rules if audience == COMMISSION or rule.audience == TEAM
    }
