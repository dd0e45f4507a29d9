"""Many rows of a round in parts, village after village: what a part changes of the round's counts stays little.

A part of 20,000 rows as they came touches thousands of villages, each with its own counts and holder; in the order
of villages it touches a few, and whoever decides single rows elsewhere waits for its counts only (docs/adr/0043).
"""

from collections.abc import Iterator

from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThanOrEqual

from supports.models import Standing, Submission

# So many rows take half a second, and hold the counts of the round for its last tenth.
PART = 20_000
_PLACE = Tuple(F("area"), F("support_id"))
Place = tuple[int, int]  # area and support_id


def kept_parts(kept: QuerySet) -> Iterator[list[Place]]:
    """The rows that one proposal has kept (``BulkRow``, ``CorrectionRow``), PART at a time, in the order of their key.

    A job that goes on for one that died begins with those that are left: those that are done were dropped.
    """
    last = (-1, -1)
    while part := _next(kept, last):
        yield part
        last = part[-1]


def drop_part(kept: QuerySet, part: list[Place]) -> None:
    """Drop what was kept up to the end of a part, in the part's own transaction; what was before it is gone already."""
    kept.filter(TupleLessThanOrEqual(_PLACE, part[-1])).delete()


def parts(submission: Submission, among: QuerySet) -> Iterator[list[int]]:
    """Ids of the round's rows that ``among`` names by ``support_id``, PART at a time, each part behind the last.

    The round is gone through in the order of its index, and each stretch of it is asked whether it is named: one
    question for both would be answered by sorting all that is named, for every part again.
    """
    rows = Standing.objects.filter(submission=submission)
    last, due = (-1, -1), []
    while stretch := _next(rows, last):
        last = stretch[-1]
        ids = [support_id for _area, support_id in stretch]
        named = set(among.filter(support_id__in=ids).values_list("support_id", flat=True))
        due += [pk for pk in ids if pk in named]
        if len(due) >= PART:
            yield due[:PART]
            due = due[PART:]
    if due:
        yield due


def _next(rows: QuerySet, last: Place) -> list[Place]:
    """The next PART of rows behind ``last``, in the order of an index on area and support_id."""
    behind = rows.filter(TupleGreaterThan(_PLACE, last)).order_by("area", "support_id")
    return list(behind.values_list("area", "support_id")[:PART])
