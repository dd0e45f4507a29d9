"""A team's files: the page they are dropped on, the page that follows one, and what can be done with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from rest_framework.authentication import CSRFCheck

from candidates.models import Pair
from foundation import sql
from foundation.accounts.access import declare, may, scopes
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.jobs.models import Job
from foundation.storage import delete_file, take_file
from foundation.web import add_refusal, by_script, csrf_failure, error_body, tell_refusal, workbook_response
from supports import operations, rounds
from supports.desk.pair_views import is_loading
from supports.findings import finding_counts
from supports.forms import ConfirmDiscardForm
from supports.incoming import SCANS
from supports.mapping_form import MappingForm
from supports.models import Submission, Upload
from supports.progress import counts_of_uploads, places_of_uploads
from supports.queries import audience_of, incoming_visible_to, places_read_by, uploads_visible_to
from supports.repeat_offer_views import offers_for
from supports.replaceable import replaceable, upload_chosen
from supports.report import download_report
from supports.report_workbook import download_workbook
from supports.samples import open_samples
from supports.standards import key_scope
from supports.template import FILE_NAME, template_of
from supports.views import pair_or_404

UPLOADS_PER_PAGE = 25
# The steps of a load as its job names them, in their order.
STEPS = {
    "reading": gettext_lazy("Dibaca dan diperiksa"),
    "loading": gettext_lazy("Disimpan"),
    "duplicates": gettext_lazy("Dicari gandanya"),
}


@dataclass(frozen=True)
class Step:
    """One step of a load: ``state`` is done, now or later; ``rows`` so far when it is the current one."""

    title: str
    state: str
    rows: int


@never_cache
@csrf_exempt  # checked in _take, once it is known who asks: the check reads the body
@declare(GET=Permission.VIEW_UPLOADS, POST=Permission.UPLOAD)
def uploads(request: HttpRequest, pair_id: int) -> HttpResponse:
    """The drop zone, and every upload of the pair; POST hands a file in."""
    if request.method != "POST":
        return _uploads_page(request, pair_or_404(request, pair_id, Permission.VIEW_UPLOADS))
    pair = pair_or_404(request, pair_id, Permission.UPLOAD)
    try:
        rounds.may_send(pair, request.GET.get("target"))
        answer = _take(request, pair)
    except Refused as refusal:
        if by_script(request):
            return JsonResponse(error_body(refusal), status=refusal.http_status)
        return _uploads_page(request, pair, refusal)
    if isinstance(answer, HttpResponse):
        return answer
    address = reverse("upload", args=[answer.pk])
    return JsonResponse({"url": address}, status=201) if by_script(request) else redirect(address)


def _take(request: HttpRequest, pair: Pair) -> Upload | HttpResponse:
    """Seal the body's file, then see that the form was ours, then hand the file in. Refuses."""
    file = take_file(request, key_scope(pair.election), limit=settings.UPLOAD_LIMIT_BYTES)
    check = CSRFCheck(lambda _request: None)
    check.process_request(request)
    reason = check.process_view(request, None, (), {})
    if reason:
        delete_file(file.stored_file)
        return csrf_failure(request, reason)
    try:
        replaces = upload_chosen(request, pair)
    except Http404:
        delete_file(file.stored_file)
        raise
    target = request.POST.get("target") or request.GET.get("target") or Submission.Kind.ROUND
    upload, new = operations.receive_upload(
        pair, by=request.user, file=file, target=target, replaces=replaces
    )
    if not new:
        tell_repeated(request)
    return upload


def tell_repeated(request: HttpRequest) -> None:
    """Say on the upload's page that this very file was there already."""
    message = _("Berkas ini sudah pernah diunggah, jadi tidak disimpan lagi. Inilah unggahannya.")
    messages.info(request, message)


def _uploads_page(request: HttpRequest, pair: Pair, refusal: Refused | None = None) -> HttpResponse:
    found = uploads_visible_to(request.user).filter(submission__pair=pair).order_by("-id")
    found = found.select_related("job", "received_by", "submission")
    page = Paginator(found, UPLOADS_PER_PAGE).get_page(request.GET.get("halaman"))
    may_upload = _may_change(request, pair)
    unfinished = incoming_visible_to(request.user).filter(pair=pair, upload=None).exclude(target=SCANS)
    places = places_read_by(request.user, pair, Permission.VIEW_UPLOADS)
    offered = replaceable(request, pair) if may_upload else []
    context = {
        "pair": pair,
        "page": page,
        "counted": _counted(page, places),
        "unfinished": unfinished.order_by("id") if may_upload else [],
        "counts": counts_of_uploads([*page, *offered], places=places),
        "replaceable": offered,
        "limit": settings.UPLOAD_LIMIT_BYTES,
        "may_upload": may_upload,
        "refusal": refusal,
        "closed": _why_closed(pair) if may_upload else None,
        "inactive": pair.status != "active",
        "to_pool": request.GET.get("tujuan") == Submission.Kind.POOL,
    }
    status = refusal.http_status if refusal else 200
    return render(request, "supports/uploads.html", context, status=status)


def _counted(uploads: Iterable[Upload], places: QuerySet[Submission]) -> dict[int, int]:
    """For each upload its clean rows that are in a round: those of the pool do not count."""
    held = places_of_uploads(uploads, places.filter(kind=Submission.Kind.ROUND))
    return {pk: sum(clean for _place, _rows, clean in one) for pk, one in held.items()}


@declare(Permission.VIEW_UPLOADS)
def template(request: HttpRequest, pair_id: int) -> HttpResponse:
    """The workbook to be filled in, with the regions of the pair's election."""
    pair = pair_or_404(request, pair_id, Permission.VIEW_UPLOADS)
    return workbook_response(template_of(pair.election), FILE_NAME)


def _why_closed(pair: Pair) -> Refused | None:
    """Why nothing can be handed in now, if so."""
    try:
        rounds.may_receive(pair)
    except Refused as refusal:
        return refusal
    return None


def _may_change(request: HttpRequest, pair: Pair) -> bool:
    return pair.pk in scopes(request.user, Permission.UPLOAD).pairs


def upload_or_404(request: HttpRequest, upload_id: int, permission: Permission) -> Upload:
    """An upload that the user may see. Raises Http404."""
    visible = uploads_visible_to(request.user, permission)
    related = (
        "job",
        "received_by",
        "replaces",
        "successor",
        "submission__rule_set",
        "submission__pair__election__rule_set",
    )
    upload = get_object_or_404(visible.select_related(*related), pk=upload_id)
    request.pair = upload.submission.pair
    return upload


@never_cache
@declare(Permission.VIEW_UPLOADS)
def upload_page(request: HttpRequest, upload_id: int) -> HttpResponse:
    """One upload: how far it is, what came of it, what can be done."""
    return show_upload(request, upload_or_404(request, upload_id, Permission.VIEW_UPLOADS))


def show_upload(
    request: HttpRequest,
    upload: Upload,
    mapping: MappingForm | None = None,
    discard: ConfirmDiscardForm | None = None,
    filled: Mapping[str, ConfirmDiscardForm] | None = None,
) -> HttpResponse:
    """The page of an upload, with a form that came back; ``filled`` are those about other uploads by their prefix.

    Read at one moment: counts from before a job and its end from after would be a page that waits for nothing.
    """
    with sql.one_moment():
        return _upload_page(request, upload, mapping, discard, filled)


def _upload_page(
    request: HttpRequest,
    upload: Upload,
    mapping: MappingForm | None,
    discard: ConfirmDiscardForm | None,
    filled: Mapping[str, ConfirmDiscardForm] | None,
) -> HttpResponse:
    pair = upload.submission.pair
    places = places_read_by(request.user, pair, Permission.VIEW_UPLOADS)
    counts = counts_of_uploads([upload], audience_of(request.user, pair), places)[upload.pk]
    held = places_of_uploads([upload], places).get(upload.pk, [])
    wrong = any(form is not None and form.errors for form in (mapping, discard))
    context = {
        "upload": upload,
        "pair": pair,
        "loading": is_loading(upload),
        "steps": _steps(upload.job),
        "rows": counts["rows"],
        "clean": counts["rows_clean"],
        "faulty": counts["rows"] - counts["rows_clean"],
        "held": held,
        "in_pool": sum(rows for place, rows, _clean in held if place.kind == Submission.Kind.POOL),
        "findings": finding_counts(upload.submission, counts["findings"]),
        "finding_query": f"?unggahan={upload.pk}&temuan=",
        "mapping": mapping or MappingForm(upload, samples=_samples(request, upload)),
        "mapping_from": _mapping_from(request, upload),
        "may_change": _may_change(request, pair),
        "may_report": may(request.user, Permission.VIEW_REPORT),
        "discard": discard or ConfirmDiscardForm(counts["rows"]),
    }
    context |= offers_for(upload, counts, uploads_visible_to(request.user), filled)
    return render(request, "supports/upload.html", context, status=422 if wrong or filled else 200)


def _samples(request: HttpRequest, upload: Upload) -> list[list[str]]:
    """What stands in the file's columns, for the team whose file it is."""
    return open_samples(upload) if _may_change(request, upload.submission.pair) else []


def _mapping_from(request: HttpRequest, upload: Upload) -> Upload | None:
    """The upload whose mapping was taken for this one."""
    source = upload.columns.get("mapping_from")
    return uploads_visible_to(request.user).filter(pk=source).first() if source else None


def _steps(job: Job | None) -> list[Step]:
    """The steps of a load, as far as its job has told."""
    if job is None or job.kind != "supports.ingest_upload":
        return []
    names = list(STEPS)
    reached = names.index(job.step) if job.step in names else -1
    if job.step == "done" or job.state == "done":
        reached = len(names)
    states = ["done" if at < reached else "now" if at == reached else "later" for at in range(len(names))]
    return [Step(STEPS[name], state, job.done) for name, state in zip(names, states, strict=True)]


@never_cache
@declare(Permission.VIEW_UPLOADS)
def upload_progress(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Fragment: the steps of a load; once it has ended the page is read anew."""
    upload = upload_or_404(request, upload_id, Permission.VIEW_UPLOADS)
    context = {"upload": upload, "steps": _steps(upload.job), "loading": is_loading(upload)}
    response = render(request, "supports/_steps.html", context)
    if not is_loading(upload):
        response["HX-Refresh"] = "true"
    return response


@never_cache
@declare(Permission.VIEW_REPORT)
def upload_report(request: HttpRequest, upload_id: int) -> StreamingHttpResponse:
    """The report as CSV: the rows with findings, or with ``?semua=1`` every row."""
    upload = upload_or_404(request, upload_id, Permission.VIEW_REPORT)
    pieces = download_report(
        upload,
        by=request.user,
        audience=audience_of(request.user, upload.submission.pair),
        everything=bool(request.GET.get("semua")),
    )
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    name = f"laporan-{Path(upload.name).stem}.csv"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


@never_cache
@declare(Permission.VIEW_REPORT)
def upload_workbook(request: HttpRequest, upload_id: int) -> HttpResponse:
    """The same report as a workbook with coloured cells."""
    upload = upload_or_404(request, upload_id, Permission.VIEW_REPORT)
    content = download_workbook(
        upload,
        by=request.user,
        audience=audience_of(request.user, upload.submission.pair),
        everything=bool(request.GET.get("semua")),
    )
    return workbook_response(content, f"laporan-{Path(upload.name).stem}.xlsx")


@require_POST
@declare(Permission.UPLOAD)
def cancel_upload(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Stop a load."""
    upload = upload_or_404(request, upload_id, Permission.UPLOAD)
    return carry_out(request, upload, operations.cancel_upload)


@require_POST
@declare(Permission.UPLOAD)
def retry_upload(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Load a failed upload again, from the file as it was received."""
    upload = upload_or_404(request, upload_id, Permission.UPLOAD)
    return carry_out(request, upload, operations.retry_upload)


@require_POST
@declare(Permission.UPLOAD)
def discard_upload(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Throw an upload away; where rows go with it, their number has to be typed."""
    upload = upload_or_404(request, upload_id, Permission.UPLOAD)
    rows = counts_of_uploads([upload])[upload.pk]["rows"]
    if upload.status == "loaded" and rows:
        form = ConfirmDiscardForm(rows, request.POST)
        if not form.is_valid():
            return show_upload(request, upload, discard=form)
    return carry_out(request, upload, operations.discard_upload)


@require_POST
@declare(Permission.UPLOAD)
def map_upload(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Take the team's mapping and load the file with it; anew when it is loaded already."""
    upload = upload_or_404(request, upload_id, Permission.UPLOAD)
    form = MappingForm(upload, request.POST, samples=_samples(request, upload))
    if form.is_valid():
        try:
            loading = operations.map_upload(upload, by=request.user, mapping=form.mapping)
            return redirect("upload", loading.pk)
        except Refused as refusal:
            add_refusal(form, refusal)
    return show_upload(request, upload, mapping=form)


def carry_out(request: HttpRequest, upload: Upload, operation: Any, **more: Any) -> HttpResponse:
    """Carry out, or say on the page why not."""
    try:
        operation(upload, by=request.user, **more)
    except Refused as refusal:
        tell_refusal(request, refusal)
    return redirect("upload", upload.pk)
