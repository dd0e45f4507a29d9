"""What came in on each of the last days: rows of files by the day they were loaded, and typed ones."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.db.models.functions import TruncDate

from candidates.models import Pair
from supports.models import Submission, Upload, UploadTally
from supports.typed_table import TypedDay

DAYS = 14


@dataclass(frozen=True)
class Day:
    """The rows that came on one day of the election's zone; those of files that are still there."""

    day: date
    files: int
    typed: int

    @property
    def rows(self) -> int:
        """All of them."""
        return self.files + self.typed


def last_days(pair: Pair, moment: datetime, days: int = DAYS) -> list[Day]:
    """The last days up to that moment, the earliest first, also empty ones. Two queries, no row read."""
    zone = ZoneInfo(pair.election.zone)
    today = moment.astimezone(zone).date()
    first = today - timedelta(days=days - 1)
    files, typed = _of_files(pair, first, zone), _typed(pair, first)
    dates = [first + timedelta(days=at) for at in range(days)]
    return [Day(one, files[one], typed[one]) for one in dates]


def _of_files(pair: Pair, first: date, zone: ZoneInfo) -> Counter[date]:
    begin = datetime.combine(first, datetime.min.time(), zone)
    rows = UploadTally.objects.filter(
        key="rows",
        submission__pair=pair,
        submission__kind=Submission.Kind.ROUND,
        upload__source=Upload.Source.FILE,
        upload__loaded_at__gte=begin,
    )
    by_day = rows.annotate(day=TruncDate("upload__loaded_at", tzinfo=zone)).values("day")
    return Counter({one["day"]: one["rows"] for one in by_day.annotate(rows=Sum("n")).order_by("day")})


def _typed(pair: Pair, first: date) -> Counter[date]:
    by_day = TypedDay.objects.filter(pair=pair, day__gte=first).values("day")
    return Counter({one["day"]: one["rows"] for one in by_day.annotate(rows=Sum("n")).order_by("day")})
