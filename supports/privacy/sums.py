"""What who may read sums only is told of a pair: counts of five and more, and nothing that gives smaller ones away.

Of an area they learn what counts; the rest of a row of counts would tell by subtraction what is hidden.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from foundation.accounts.access import AnyUser, may
from foundation.accounts.matrix import Permission
from foundation.errors import NotAllowed
from supports.privacy.small_counts import HIDDEN, SMALL, Published, is_small, published, suppress
from supports.progress import Progress

Figure = int | str


def reads_sums_only(user: AnyUser) -> bool:
    """Whether somebody may read no row anywhere: an accredited observer."""
    return not may(user, Permission.VIEW_SUPPORTS)


@dataclass(frozen=True)
class Sums:
    """One pair as it may be published; ``areas`` are (code, name, what counts there)."""

    counted: Figure
    submitted: Figure
    shortfall: Figure
    areas: list[tuple[int, str, Figure]]

    @property
    def hides(self) -> bool:
        """Whether something is hidden, which the page then explains."""
        figures = (self.counted, self.submitted, *(one[2] for one in self.areas))
        return any(figure in (SMALL, HIDDEN) for figure in figures)


def sums_of(reached: Progress) -> Sums:
    """The progress of a pair without its small counts."""
    found = suppress([area.counted for area in reached.by_area])
    return Sums(
        counted=found.total,
        submitted=rows_of(reached.submitted, reached.counted, found),
        shortfall=reached.shortfall if isinstance(found.total, int) else HIDDEN,
        areas=[
            (area.code, area.name, figure) for area, figure in zip(reached.by_area, found.parts, strict=True)
        ],
    )


def rows_of(rows: int, counted: int, found: Published) -> Figure:
    """All rows beside those that count: hidden when the difference is small."""
    if isinstance(found.total, int) and is_small(rows - counted):
        return HIDDEN
    return published(rows)


def known(figure: Figure) -> int | None:
    """A figure as a program gets it: a number, or null where it is not published."""
    return figure if isinstance(figure, int) else None


def cells_of(whole: tuple[int, ...], areas: Iterable[int]) -> tuple[tuple[Any, ...], list[tuple[Any, ...]]]:
    """The cells of the exported table (rows, MS, BMS, TMS, unverified, counted, faulty): of the pair, of its areas."""
    rows, *statuses, counted, faulty = whole
    found = suppress(list(areas))
    shown_rows = rows_of(rows, counted, found)
    whole_statuses = (
        [None] * 4 if any(map(is_small, statuses)) or not isinstance(shown_rows, int) else statuses
    )
    both = isinstance(shown_rows, int) and isinstance(found.total, int)
    own = (shown_rows, *whole_statuses, found.total, faulty if both else None)
    return own, [(None, None, None, None, None, figure, None) for figure in found.parts]


def refuse_small_sums(body: Mapping[str, Any], user: AnyUser) -> None:
    """Refuse a signed receipt, which cannot leave anything out, to who may not read the small counts in it."""
    if not reads_sums_only(user):
        return
    areas = [(one["rows"], one["counted"]) for one in body["by_area"]]
    figures = [n for rows, counted in areas for n in (rows, counted, rows - counted)]
    figures += [body["rows"], body["counted"], *body["findings"].values()]
    if any(map(is_small, figures)):
        message = _(
            "Tanda terima ini memuat jumlah di bawah 5, yang tidak diumumkan agar tidak menunjuk orang. Lihat jumlah "
            "pasangan ini di halaman ringkasannya."
        )
        raise NotAllowed("small_counts", message)
