"""The pages of scans: what came in and what is missing, and one scan beside the search for its row."""

from collections import defaultdict
from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from candidates.models import Pair
from candidates.territory import pairs_governed_by
from foundation.accounts.access import declare, may, scopes
from foundation.accounts.matrix import Permission
from foundation.errors import Refused, sentence_of
from foundation.web import add_refusal, tell_refusal
from supports.listing import keys_of_page, rows_of
from supports.models import Standing, Submission, Support
from supports.progress import progress
from supports.queries import audience_of, submissions_visible_to, supports_visible_to
from supports.rounds import refuse_inactive
from supports.scans import operations, queries
from supports.scans.forms import PlaceForm, ScanSearchForm
from supports.scans.models import Scan, Wanted
from supports.scans.pictures import fetch_original, look_at, thumbnail
from supports.scans.placing import queue_placing
from supports.scans.responses import original_response, picture_response
from supports.scans.words import FAULTS, PROBLEMS, REASONS
from supports.search import find_supports, sought_in
from supports.views import pair_or_404

BATCHES_SHOWN, MANIFESTS_SHOWN, FAULTS_PER_PAGE, FOUND = 8, 4, 50, 10
LISTS = {
    "belum": gettext_lazy("Baris tanpa pindaian"),
    "menunggu": gettext_lazy("Pindaian tanpa baris"),
    "berulang": gettext_lazy("Pindaian sama pada beberapa baris"),
    "periksa": gettext_lazy("Perlu dipindai ulang"),
}
LACKS = {
    Wanted.ANY: gettext_lazy("Tanpa pindaian apa pun"),
    Wanted.STATEMENT: gettext_lazy("Tanpa surat pernyataan"),
    Wanted.KTP: gettext_lazy("Tanpa KTP-el atau surat keterangan"),
}
OWN = ("menunggu", "berulang", "periksa")


@never_cache
@require_safe
@declare(Permission.VIEW_SUPPORT_SCANS)
def scans(request: HttpRequest, pair_id: int) -> HttpResponse:
    """What came in, how it is going, and the lists of what is left to do."""
    pair = pair_or_404(request, pair_id, Permission.VIEW_SUPPORT_SCANS)
    if not pairs_governed_by(request.user, Permission.VIEW_SUPPORT_SCANS).filter(pk=pair.pk).exists():
        raise Http404
    may_send = pair.pk in scopes(request.user, Permission.SEND_SUPPORT_SCANS).pairs
    chosen = request.GET.get("daftar", "belum")
    if chosen not in LISTS or (chosen in OWN and not may_send):
        raise Http404
    submission = queries.latest_round(request.user, pair)
    context: dict[str, Any] = {
        "pair": pair,
        "submission": submission,
        "may_send": may_send,
        "closed": sentence_of(refuse_inactive, pair) if may_send else "",
        "limit": settings.SCANS_LIMIT_BYTES,
        "chosen": chosen,
        **_numbers(pair, submission, may_send),
        **_batches(pair, may_send),
        **_list(request, pair, submission, chosen),
    }
    return render(request, "scans/scans.html", context)


def _numbers(pair: Pair, submission: Submission | None, may_send: bool) -> dict[str, Any]:
    """The counts of the last placing; the number of rows is kept by the database."""
    counts = queries.counts_of(pair)
    rows = progress(pair).rows_here if submission else 0
    lacks = queries.lacks_of(counts, submission, rows)
    numbers = {
        "belum": lacks[Wanted.ANY],
        "menunggu": counts.get((0, "waiting"), 0),
        "berulang": counts.get((0, "repeated"), 0),
        "periksa": counts.get((0, "problems"), 0),
    }
    tabs = [(name, title, numbers[name]) for name, title in LISTS.items() if may_send or name not in OWN]
    return {
        "rows": rows,
        "with_scan": counts.get((submission.pk, "rows"), 0) if submission else 0,
        "total": counts.get((0, "scans"), 0),
        "tabs": tabs,
        "left": lacks[Wanted.ANY],
        "lacks": [(wanted, LACKS[wanted], lacks[wanted]) for wanted in Wanted],
    }


def _batches(pair: Pair, may_send: bool) -> dict[str, Any]:
    if not may_send:
        return {"batches": [], "manifests": [], "working": False}
    found = list(queries.batches_of(pair)[:BATCHES_SHOWN])
    lists = list(queries.manifests_of(pair)[:MANIFESTS_SHOWN])
    working = any(queries.works(one) for one in [*found, *lists])
    return {"batches": found, "manifests": lists, "working": working}


def _list(request: HttpRequest, pair: Pair, submission: Submission | None, chosen: str) -> dict[str, Any]:
    """One page of the chosen list, and the addresses of the pages beside it. Refuses an unknown cursor."""
    cursor = request.GET.get("kursor", "")
    if chosen == "belum":
        return _without_scan(request, pair, submission, cursor)
    if chosen == "berulang":
        ids, *ends = queries.page_of_repeated(Scan.objects.filter(pair=pair), cursor)
        shown: dict[str, Any] = {"groups": _groups(ids, pair, audience_of(request.user, pair))}
    else:
        listed = queries.waiting_scans(pair) if chosen == "menunggu" else queries.faulty_scans(pair)
        keys, *ends = keys_of_page(listed, ("id",), cursor)
        shown = {"scans": _told([key[-1] for key in keys], pair)}
    return shown | _pages(f"?daftar={chosen}", ends)


def _without_scan(
    request: HttpRequest, pair: Pair, submission: Submission | None, cursor: str
) -> dict[str, Any]:
    """Rows without any scan, or without the document that ``dokumen`` names. Raises Http404 for another one."""
    wanted = request.GET.get("dokumen", Wanted.ANY)
    if wanted not in Wanted.values:
        raise Http404
    if submission is None:
        return {"people": [], "wanted": wanted}
    ids, *ends = queries.page_without_scan(submission, wanted, cursor)
    people = rows_of(ids, submission, audience_of(request.user, pair))
    return {"people": people, "wanted": wanted, **_pages(f"?daftar=belum&dokumen={wanted}", ends)}


def _pages(address: str, ends: list[str | None]) -> dict[str, str | None]:
    onwards, backwards = (f"{address}&kursor={cursor}#daftar" if cursor else None for cursor in ends)
    return {"next_url": onwards, "previous_url": backwards}


def _groups(ids: list[int], pair: Pair, audience: str) -> list[list[dict[str, Any]]]:
    """Scans in lists of equal content, each with its row."""
    scans = _told(ids, pair)
    supports: dict[int, list[int]] = defaultdict(list)
    places = Standing.objects.filter(support_id__in=[one["scan"].support_id for one in scans])
    for submission_id, support_id in places.values_list("submission_id", "support_id"):
        supports[submission_id].append(support_id)
    rounds = Submission.objects.filter(pk__in=supports).select_related("pair__election__rule_set", "rule_set")
    rows = {row.id: row for one in rounds for row in rows_of(supports[one.pk], one, audience)}
    for one in scans:
        one["row"] = rows.get(one["scan"].support_id)
    return [list(equal) for _content, equal in groupby(scans, key=lambda one: one["scan"].digest)]


def _told(ids: list[int], pair: Pair) -> list[dict[str, Any]]:
    """Scans with their names, and what is wrong with each in words."""
    found = Scan.objects.in_bulk(ids)
    names = queries.open_names(found.values(), pair)
    return [told(found[pk], names[pk]) for pk in ids if pk in found]


def told(scan: Scan, name: str) -> dict[str, Any]:
    """One scan as pages show it."""
    return {
        "scan": scan,
        "name": name,
        "reason": REASONS.get(scan.reason, ""),
        "problems": [PROBLEMS[code] for code in scan.problems.split()],
    }


@never_cache
@declare(Permission.SEND_SUPPORT_SCANS)
def scans_progress(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Fragment: the latest batches; once all have ended the page is read anew."""
    pair = pair_or_404(request, pair_id, Permission.SEND_SUPPORT_SCANS)
    context = {"pair": pair, **_batches(pair, may_send=True)}
    response = render(request, "scans/_batches.html", context)
    if not context["working"]:
        response["HX-Refresh"] = "true"
    return response


@never_cache
@require_safe
@declare(Permission.SEND_SUPPORT_SCANS)
def scan_batch(request: HttpRequest, pair_id: int, batch_id: int) -> HttpResponse:
    """One delivery: how far it is, and every file of it that is no scan."""
    pair = pair_or_404(request, pair_id, Permission.SEND_SUPPORT_SCANS)
    batch = get_object_or_404(queries.batches_of(pair), pk=batch_id)
    page = Paginator(queries.faults_of(batch), FAULTS_PER_PAGE).get_page(request.GET.get("halaman"))
    names = queries.open_names(page, pair)
    context = {
        "pair": pair,
        "batch": batch,
        "page": page,
        "faults": [(names[fault.pk], FAULTS[fault.code]) for fault in page],
        "working": queries.works(batch),
    }
    return render(request, "scans/batch.html", context)


@require_POST
@declare(Permission.SEND_SUPPORT_SCANS)
def match_again(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Look again for the rows of scans that have none."""
    pair = pair_or_404(request, pair_id, Permission.SEND_SUPPORT_SCANS)
    queue_placing(pair)
    messages.info(
        request, _("Pindaian sedang dicocokkan lagi dengan baris. Muat ulang halaman ini sebentar lagi.")
    )
    return redirect("support_scans", pair.pk)


# ---- one scan -------------------------------------------------------------------------------------------


@never_cache
@declare(GET=Permission.VIEW_SUPPORT_SCANS, POST=Permission.SEND_SUPPORT_SCANS)
def scan_page(request: HttpRequest, scan_id: int) -> HttpResponse:
    """A scan, page by page, and whose it is; POST searches the row of one that has none."""
    permission = Permission.SEND_SUPPORT_SCANS if request.method == "POST" else Permission.VIEW_SUPPORT_SCANS
    scan = queries.scan_or_404(request.user, permission, scan_id)
    request.pair = scan.pair
    search = ScanSearchForm(request.POST if request.method == "POST" else None)
    places = _searched(request, scan, search) if request.method == "POST" else []
    name = queries.open_names([scan], scan.pair)[scan.pk]
    may_send = scan.pair_id in scopes(request.user, Permission.SEND_SUPPORT_SCANS).pairs
    context = {
        "pair": scan.pair,
        **told(scan, name),
        "pages": range(1, scan.pages + 1),
        "row": _row_of(request, scan),
        "may_send": may_send,
        "may_fetch": may(request.user, Permission.FETCH_SUPPORT_SCANS),
        "form": PlaceForm(initial={"kind": scan.kind}),
        "search": search,
        "places": places,
        "searched": request.method == "POST" and search.is_valid(),
        "next": _next_waiting(scan) if may_send else None,
    }
    return render(request, "scans/scan.html", context, status=422 if search.errors else 200)


def _row_of(request: HttpRequest, scan: Scan) -> Any:
    if scan.support is None:
        return None
    rows = rows_of([scan.support_id], scan.support.submission, audience_of(request.user, scan.pair))
    return rows[0] if rows else None


def _next_waiting(scan: Scan) -> Scan | None:
    waiting = queries.waiting_scans(scan.pair)
    return (
        waiting.filter(pk__gt=scan.pk).order_by("pk").first()
        or waiting.exclude(pk=scan.pk).order_by("pk").first()
    )


def _searched(request: HttpRequest, scan: Scan, form: ScanSearchForm) -> list[tuple[Submission, list[Any]]]:
    """The first rows of each round of the pair that fit what was typed; what is looked for stands in no address."""
    if not form.is_valid():
        return []
    rounds = submissions_visible_to(request.user, Permission.SEND_SUPPORT_SCANS).filter(pair=scan.pair)
    found = []
    try:
        sought = sought_in(form.cleaned_data["cari"], None, audience_of(request.user, scan.pair), None)
        for submission in rounds.select_related("pair__election__rule_set", "rule_set").order_by("-id"):
            rows = find_supports(submission, sought, by=request.user, limit=FOUND).rows
            if rows:
                found.append((submission, rows))
    except Refused as refusal:
        refusal.field = "cari"
        add_refusal(form, refusal)
    return found


@require_POST
@declare(Permission.SEND_SUPPORT_SCANS)
def place_scan(request: HttpRequest, scan_id: int) -> HttpResponse:
    """Give a scan its row, then go to the next that has none."""
    scan = queries.scan_or_404(request.user, Permission.SEND_SUPPORT_SCANS, scan_id)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        raise Http404
    rows = supports_visible_to(request.user, Permission.SEND_SUPPORT_SCANS)
    chosen = form.cleaned_data["support"]
    support: Support = get_object_or_404(
        rows.select_related("submission__pair"), pk=chosen, submission__pair=scan.pair
    )
    following = _next_waiting(scan)
    try:
        operations.place_scan(scan, support, by=request.user, kind=form.cleaned_data["kind"])
    except Refused as refusal:
        tell_refusal(request, refusal)
        return redirect("support_scan", scan.pk)
    message = _("Pindaian ditempatkan pada baris %(name)s.")
    messages.success(request, message % {"name": support.name or _("(tanpa nama)")})
    if following is None:
        return redirect(f"{reverse('support_scans', args=[scan.pair_id])}?daftar=menunggu")
    return redirect("support_scan", following.pk)


@require_POST
@declare(Permission.SEND_SUPPORT_SCANS)
def take_scan_off(request: HttpRequest, scan_id: int) -> HttpResponse:
    """Take a scan off its row."""
    scan = queries.scan_or_404(request.user, Permission.SEND_SUPPORT_SCANS, scan_id)
    try:
        operations.take_scan_off(scan, by=request.user)
    except Refused as refusal:
        tell_refusal(request, refusal)
    else:
        messages.success(request, _("Pindaian dilepas dari barisnya. Berkasnya tetap tersimpan."))
    return redirect("support_scan", scan.pk)


@never_cache
@require_safe
@declare(Permission.VIEW_SUPPORT_SCANS)
def scan_picture(request: HttpRequest, scan_id: int, number: int) -> HttpResponse:
    """A page with who looks at it and when."""
    scan = queries.scan_or_404(request.user, Permission.VIEW_SUPPORT_SCANS, scan_id)
    return picture_response(look_at(scan, number, by=request.user))


@never_cache
@require_safe
@declare(Permission.VIEW_SUPPORT_SCANS)
def scan_thumbnail(request: HttpRequest, scan_id: int) -> HttpResponse:
    """The first page, too small to read."""
    return picture_response(
        thumbnail(queries.scan_or_404(request.user, Permission.VIEW_SUPPORT_SCANS, scan_id))
    )


@never_cache
@require_safe
@declare(Permission.FETCH_SUPPORT_SCANS)
def scan_original(request: HttpRequest, scan_id: int) -> StreamingHttpResponse:
    """The file as it was sent."""
    scan = queries.scan_or_404(request.user, Permission.FETCH_SUPPORT_SCANS, scan_id)
    return original_response(scan, fetch_original(scan, by=request.user))
