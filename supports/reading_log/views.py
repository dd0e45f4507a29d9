"""Log pembacaan: the page and its CSV."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from candidates.models import Pair
from foundation.accounts.access import declare, scopes
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.web import csv_response
from supports.reading_log.export import export_log
from supports.reading_log.forms import LogForm
from supports.reading_log.log import FURTHER, Asked, read_log

EXPORT_NAME = "log-pembacaan.csv"


@never_cache
@declare(Permission.VIEW_READINGS)
def reading_log(request: HttpRequest) -> HttpResponse:
    """Who read which identities, the newest first; for a team those who opened its people's data."""
    form = LogForm(request.GET)
    asked = form.asked(request.GET)
    page = read_log(request.user, asked)
    held = scopes(request.user, Permission.VIEW_READINGS)
    context = {
        "form": form,
        "asked": asked,
        "lines": page.lines,
        "own": not (held.nation or held.regions),
        "chosen": _chosen(asked),
        "next_url": _address(request, page.further) if page.further else None,
        "first_url": _address(request, None) if asked.before else None,
    }
    return render(request, "readings/log.html", context)


@never_cache
@declare(Permission.VIEW_READINGS)
def reading_log_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same as CSV; that it was taken along stands in the log."""
    return csv_response(export_log(LogForm(request.GET).asked({}), by=request.user), EXPORT_NAME)


def _chosen(asked: Asked) -> list[tuple[str, str]]:
    """What was narrowed by a link: its parameter, and in words."""
    found = []
    if asked.person:
        name = User.objects.filter(pk=asked.person).values_list("name", flat=True).first() or "–"
        found.append(("orang", _("Hanya oleh %(name)s") % {"name": name}))
    if asked.pair:
        name = Pair.objects.filter(pk=asked.pair).values_list("name", flat=True).first() or "–"
        found.append(("pasangan", _("Hanya pasangan %(name)s") % {"name": name}))
    return found


def _address(request: HttpRequest, further: int | None) -> str:
    query = request.GET.copy()
    query.pop(FURTHER, None)
    if further:
        query[FURTHER] = str(further)
    return f"?{query.urlencode()}"
