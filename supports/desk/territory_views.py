"""Wilayah kerja: the page an office begins with."""

from collections.abc import Iterable
from dataclasses import replace

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from candidates.mandates.queries import mandates_visible_to
from candidates.models import Level
from candidates.queries import now
from foundation.accounts.access import AnyUser, declare, may
from foundation.accounts.matrix import Permission
from foundation.regions.models import Region
from foundation.web import csv_response, workbook_response
from foundation.workflow.table import MANDATE
from supports.desk.exports import csv_pieces, record_export, rows_of, workbook
from supports.desk.filters import asking, orders, province_of
from supports.desk.territory import STATES, Line, lines_of, sums_of, tell_windows
from supports.privacy.small_counts import is_small
from supports.privacy.sums import reads_sums_only

PAIRS_PER_PAGE = 25
EXPORT_NAME = "jumlah-dukungan"


@never_cache
@declare(Permission.VIEW_TERRITORY)
def territory(request: HttpRequest) -> HttpResponse:
    """Every pair of the user's territory: how far, until when, what needs a look. Constant in queries."""
    inside = may(request.user, Permission.VIEW_UPLOADS)
    asked, moment = asking(request.GET, inside=inside), now()
    request.moment = moment
    lines = lines_of(request.user, practice=asked.practice, moment=moment)
    chosen = asked.chosen(lines)
    page = Paginator(chosen, PAIRS_PER_PAGE).get_page(request.GET.get("halaman"))
    shown = list(page.object_list)
    tell_windows(shown, moment)
    sums, hides = sums_of(chosen), reads_sums_only(request.user) and any(map(_has_small, chosen))
    if hides:
        for line in shown:
            line.small = is_small(line.counted)
        # The sum less the others would tell the small one.
        sums = replace(sums, counted=None, submitted=None)
    found_levels = {line.level for line in lines}
    found_states = {line.state for line in lines}
    context = {
        "asked": asked,
        "page": page,
        "lines": shown,
        "sums": sums,
        "hides": hides,
        "total": len(lines),
        "provinces": _provinces(lines),
        "levels": [(key, title) for key, title in Level.choices if key in found_levels],
        "states": [(key, title) for key, title in STATES.items() if key in found_states],
        "orders": list(orders(inside=inside).items()),
        "sees_uploads": inside,
        "mandates": _mandates_waiting(request.user),
        "undecided": _undecided(request.user, lines),
    }
    return render(request, "desk/territory.html", context)


@never_cache
@declare(Permission.VIEW_TERRITORY)
def counts_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The counts of what the page shows, pairs × areas, as CSV."""
    lines = _exported(request, "csv")
    rows = rows_of(lines, **_may_know(request.user))
    return csv_response(csv_pieces(rows), f"{EXPORT_NAME}.csv")


@never_cache
@declare(Permission.VIEW_TERRITORY)
def counts_workbook(request: HttpRequest) -> HttpResponse:
    """The same as XLSX."""
    lines = _exported(request, "xlsx")
    rows = rows_of(lines, **_may_know(request.user))
    return workbook_response(workbook(rows), f"{EXPORT_NAME}.xlsx")


def _has_small(line: Line) -> bool:
    return is_small(line.counted) or is_small(line.submitted) or is_small(line.submitted - line.counted)


def _may_know(user: AnyUser) -> dict[str, bool]:
    """What of the counts a reader may have."""
    return {"findings": may(user, Permission.VIEW_FINDINGS), "sums_only": reads_sums_only(user)}


def _exported(request: HttpRequest, kind: str) -> list[Line]:
    asked = asking(request.GET, inside=may(request.user, Permission.VIEW_UPLOADS))
    lines = asked.chosen(lines_of(request.user, practice=asked.practice))
    record_export(request.user, kind, lines)
    return lines


def _mandates_waiting(user: AnyUser) -> int:
    """How many requests for accounts nobody has decided about; none for who may not see them."""
    if not may(user, Permission.VIEW_MANDATES):
        return 0
    waiting = mandates_visible_to(user).filter(status=MANDATE.initial)
    return waiting.select_related(None).prefetch_related(None).count()


def _undecided(user: AnyUser, lines: Iterable[Line]) -> int:
    """How many rounds that were handed in wait for the office's decision; none for who does not decide."""
    return sum(line.state == "submitted" for line in lines) if may(user, Permission.RECEIVE_ROUND) else 0


def _provinces(lines: Iterable[Line]) -> list[tuple[int, str]]:
    """The provinces of the territory, to choose from; none when there is nothing to choose."""
    codes = {province_of(line) for line in lines}
    found = list(Region.objects.filter(pk__in=codes).order_by("name").values_list("code", "name"))
    return found if len(found) > 1 else []
