"""The forms of a round at one look: what each counts now, when it was printed, and the lists below each area."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from candidates.models import Level
from foundation import sql
from foundation.regions.codes import DISTRICT, REGENCY, area_range, level_of
from foundation.regions.models import Region
from foundation.workflow.models import Event
from supports.models import Submission
from supports.papers.catalogue import LIST, Paper
from supports.papers.counts import LAST_AREA, Place, places_of
from supports.papers.printing import papers_of_round
from supports.progress import UNPLACED

DISTRICTS, REGENCIES = 10_000, 1_000_000  # what an area is divided by to be a region's code
ELSEWHERE = -1


@dataclass(frozen=True)
class Area:
    """A wider area: its rows, and on how many lists they stand. ``code`` is ELSEWHERE for what is in none."""

    code: int
    name: str
    rows: int
    lists: int


@dataclass(frozen=True)
class PaperState:
    """One form: when it was last printed and how many rows the round had then."""

    paper: Paper
    rows: int
    printed_at: datetime | None = None
    printed_rows: int | None = None

    @property
    def changed(self) -> bool:
        """Whether the number on the last print is no longer that of the round: it has to be printed again."""
        return self.printed_rows is not None and self.printed_rows != self.rows


@dataclass(frozen=True)
class Overview:
    """The forms of a round."""

    rows: int
    spread: int
    lists: int
    papers: list[PaperState]
    areas: list[Area]


def overview_of(submission: Submission) -> Overview:
    """The forms of a round, with the areas that count for the spread. Prefetch the election's areas."""
    areas = _areas_of_election(submission)
    rows = sum(area.rows for area in areas)
    printed = _printed(submission)
    papers = [
        PaperState(paper, rows, *printed.get(paper.purpose, (None, None)))
        for paper in papers_of_round(submission)
    ]
    return Overview(
        rows=rows,
        spread=sum(1 for area in areas if area.code != ELSEWHERE and area.rows),
        lists=sum(area.lists for area in areas),
        papers=papers,
        areas=areas,
    )


def inside(submission: Submission, code: int) -> tuple[list[Area], list[Place]]:
    """What lies in an area: narrower areas, or the lists themselves. Three queries at most."""
    if code != ELSEWHERE and level_of(code) == REGENCY and submission.pair.election.level == Level.GUBERNUR:
        return _areas_inside(submission, code, DISTRICTS), []
    if code != ELSEWHERE:
        return [], places_of(submission, code)
    return [], _elsewhere(submission)


def _areas_of_election(submission: Submission) -> list[Area]:
    """Those that count for the spread, and one more for rows of no such area, so that the sum is the whole."""
    election = submission.pair.election
    names = {area.code: area.name for area in election.areas.all()}
    found = _counted(submission, 0, LAST_AREA + 1, _width(submission))
    there = {code: (rows, lists) for code, rows, lists in found}
    areas = [Area(code, name, *there.pop(code, (0, 0))) for code, name in names.items()]
    if there:
        rows, lists = (sum(numbers) for numbers in zip(*there.values(), strict=True))
        areas.append(Area(ELSEWHERE, UNPLACED, rows, lists))
    return areas


def _areas_inside(submission: Submission, code: int, width: int) -> list[Area]:
    first, last = area_range(code)
    found = _counted(submission, first, last + 1, width)
    names = dict(Region.objects.filter(pk__in=[one for one, *_ in found]).values_list("code", "name"))
    return [Area(one, names.get(one, UNPLACED), rows, lists) for one, rows, lists in found]


def _counted(submission: Submission, first: int, end: int, width: int) -> Sequence[tuple[int, int, int]]:
    return sql.rows(
        "supports/count_lists", submission=submission.pk, area_from=first, area_to=end, width=width
    )


def _elsewhere(submission: Submission) -> list[Place]:
    """The lists of rows that lie in no area of the election."""
    codes = {area.code for area in submission.pair.election.areas.all()}
    width = _width(submission)
    return [place for place in places_of(submission) if place.area // width not in codes]


def _width(submission: Submission) -> int:
    return REGENCIES if submission.pair.election.level == Level.GUBERNUR else DISTRICTS


def _printed(submission: Submission) -> dict[str, tuple[datetime, int | None]]:
    """By purpose, when it was last printed and from how many rows; of the lists only when."""
    events = Event.objects.filter(
        subject_kind="submission", subject_id=submission.pk, name="paper_printed"
    ).order_by("data__form", "-id")
    latest = events.distinct("data__form").values_list("data__form", "at", "data__rows")
    return {form: (at, None if form == LIST else rows) for form, at, rows in latest}


def may_name(code: int) -> bool:
    """Whether a number can be an area that is looked into."""
    return code == ELSEWHERE or level_of(code) in (REGENCY, DISTRICT)
