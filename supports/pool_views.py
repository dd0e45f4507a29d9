"""Cadangan dukungan: what is in a pair's pool, and moving rows from it into the round that is being filled, or back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from candidates.models import Pair
from candidates.queries import rules_of
from candidates.templatetags.wording import number
from candidates.thresholds import AREA_NAMES
from foundation.accounts.access import declare, scopes
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.web import tell_refusal
from supports.findings import finding_counts
from supports.forms import MoveForm
from supports.models import Submission, Upload, UploadTally
from supports.moving import Choice, InPool, Preview, ends_of, look_into_pool, move_supports, preview_move
from supports.progress import counts_of_uploads
from supports.views import pair_or_404

MOST_UPLOADS = 200


@never_cache
@declare(GET=Permission.VIEW_UPLOADS, POST=Permission.UPLOAD)
def pool(request: HttpRequest, pair_id: int) -> HttpResponse:
    """The pool with its counts and uploads; a choice in the address is counted first, POST moves it."""
    permission = Permission.UPLOAD if request.method == "POST" else Permission.VIEW_UPLOADS
    pair = pair_or_404(request, pair_id, permission)
    if pair.pk not in scopes(request.user, permission).pairs:
        raise Http404
    found = look_into_pool(pair)
    uploads = _uploads_in(found.pool)
    sent = request.POST if request.method == "POST" else request.GET
    areas = list(pair.election.areas.values_list("code", "name"))
    form = MoveForm(areas, _uploads_of(pair), sent if "to" in sent else None)
    if request.method == "POST" and form.is_valid():
        return _move(request, pair, form)
    return _page(request, pair, found, uploads, form)


def _page(
    request: HttpRequest, pair: Pair, found: InPool, uploads: list[Upload], form: MoveForm
) -> HttpResponse:
    preview, refusal = _previewed(pair, form)
    here = Submission.objects.filter(pk=found.pool.pk) if found.pool else Submission.objects.none()
    context: dict[str, Any] = {
        "pair": pair,
        "found": found,
        "faulty": found.rows - found.rows_clean,
        "area_name": AREA_NAMES[pair.election.level],
        "findings": finding_counts(found.pool, found.findings) if found.pool else [],
        "uploads": uploads,
        "counts": counts_of_uploads(uploads, places=here),
        "form": form,
        "preview": preview,
        "target_title": _title(pair, preview.target) if preview else "",
        "refusal": refusal,
        "closed": _why_not(pair),
        "moving": found.move is not None and found.move.state in ("queued", "running"),
    }
    return render(request, "supports/pool.html", context, status=refusal.http_status if refusal else 200)


def _previewed(pair: Pair, form: MoveForm) -> tuple[Preview | None, Refused | None]:
    if not (form.is_bound and form.is_valid()):
        return None, None
    try:
        return preview_move(pair, _choice(form), to=form.cleaned_data["to"]), None
    except Refused as refusal:
        return None, refusal


def _move(request: HttpRequest, pair: Pair, form: MoveForm) -> HttpResponse:
    data = form.cleaned_data
    try:
        job = move_supports(
            pair, by=request.user, choice=_choice(form), to=data["to"], expected=data["expected"]
        )
    except Refused as refusal:
        tell_refusal(request, refusal)
    else:
        rows = number(job.params["expected"])
        messages.success(request, _("%(rows)s baris sedang dipindahkan.") % {"rows": rows})
    return redirect("pool", pair.pk)


def _choice(form: MoveForm) -> Choice:
    data = form.cleaned_data
    return Choice(
        upload=data["upload"],
        area=data["area"],
        finding=data["finding"] or None,
        clean=data["clean"],
        ids=data["ids"],
    )


def _why_not(pair: Pair) -> Refused | None:
    """Why nothing can be moved now, if so."""
    try:
        ends_of(pair, Submission.Kind.ROUND)
    except Refused as refusal:
        return refusal
    return None


def _title(pair: Pair, place: Submission) -> str:
    """ "putaran Awal", "Cadangan dukungan"."""
    if place.kind == Submission.Kind.POOL:
        return place.get_kind_display()
    return _("putaran %(title)s") % {"title": rules_of(pair.election).round(place.stage).title}


def _uploads_in(place: Submission | None) -> list[Upload]:
    """The uploads that have rows in the pool, or were handed in for it and came to nothing yet."""
    if place is None:
        return []
    held = UploadTally.objects.filter(submission=place, key="rows", n__gt=0).values("upload")
    found = Upload.objects.filter(submission=place).exclude(status__in=("discarded", "loaded"))
    both = found | Upload.objects.filter(pk__in=held)
    return list(both.select_related("job", "submission").order_by("-id")[:MOST_UPLOADS])


def _uploads_of(pair: Pair) -> list[Upload]:
    """The loaded uploads of the pair, to choose from."""
    return list(Upload.objects.filter(submission__pair=pair, status="loaded").order_by("-id")[:MOST_UPLOADS])


@never_cache
@declare(Permission.VIEW_UPLOADS)
def pool_progress(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Fragment: how far the move is; once it has ended the page is read anew."""
    pair = pair_or_404(request, pair_id, Permission.VIEW_UPLOADS)
    if pair.pk not in scopes(request.user, Permission.VIEW_UPLOADS).pairs:
        raise Http404
    found = look_into_pool(pair)
    moving = found.move is not None and found.move.state in ("queued", "running")
    context = {"pair": pair, "found": found, "moving": moving}
    response = render(request, "supports/_move.html", context)
    if not moving:
        response["HX-Refresh"] = "true"
    return response
