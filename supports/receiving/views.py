"""Penerimaan: the office's page of one receipt, and the minutes for both sides."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.web import add_refusal
from supports.handing_in.receipt_views import receipt_or_404
from supports.handing_in.receipts import said_moment
from supports.models import Receipt, Reception
from supports.papers.scans import papers_ready
from supports.progress import areas_kept
from supports.receiving.forms import ReceptionForm
from supports.receiving.operations import receive_round
from supports.receiving.paper import minutes_pdf

OK, REFUSED = 200, 422


@never_cache
@declare(Permission.RECEIVE_ROUND)
def reception(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """Claimed, counted and in Silon side by side; POST decides. Once decided, the receipt tells it."""
    receipt = receipt_or_404(request, receipt_id, Permission.RECEIVE_ROUND)
    if Reception.objects.filter(receipt=receipt).exists():
        return redirect("receipt", receipt.pk)
    form = ReceptionForm(receipt, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _receive(request, receipt, form)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            return redirect("receipt", receipt.pk)
    submission = receipt.hand_in.submission
    context = {
        "receipt": receipt,
        "body": receipt.body,
        "pair": submission.pair,
        "submission": submission,
        "when": said_moment(receipt.body),
        "papers": papers_ready(submission),
        "kept": len(areas_kept(submission)),
        "form": form,
    }
    return render(request, "supports/reception.html", context, status=REFUSED if form.errors else OK)


def _receive(request: HttpRequest, receipt: Receipt, form: ReceptionForm) -> None:
    receive_round(
        receipt,
        by=request.user,
        decision=form.cleaned_data["decision"],
        minutes_number=form.cleaned_data["minutes_number"],
        areas=form.counted(),
        reasons=form.cleaned_data["reasons"],
    )


@declare(Permission.VIEW_PROGRESS)
def minutes(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """The minutes as a paper; the pair and the office read the same."""
    receipt = receipt_or_404(request, receipt_id, Permission.VIEW_PROGRESS)
    found = get_object_or_404(Reception, receipt=receipt)
    response = HttpResponse(minutes_pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="berita-acara-{receipt.pk}.pdf"'
    return response
