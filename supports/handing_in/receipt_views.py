"""Tanda terima: the page, its files, and the public keys with the program that checks them."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from foundation.accounts.access import declare, may, scopes
from foundation.accounts.matrix import Permission
from foundation.keys.signing import public_keys
from supports.findings import finding_counts
from supports.handing_in.checker import checker_archive
from supports.handing_in.paper import pdf_of
from supports.handing_in.receipts import receipts_visible_to, said_moment
from supports.handing_in.responses import json_response, pdf_response, refuse_strangers, rows_response
from supports.handing_in.team_copy import download_rows
from supports.models import Receipt
from supports.privacy.sums import refuse_small_sums


def receipt_or_404(request: HttpRequest, receipt_id: int, permission: Permission) -> Receipt:
    """The receipt, if this user may see its round. The frame finds its pair on the request."""
    found = get_object_or_404(receipts_visible_to(request.user, permission), pk=receipt_id)
    request.pair = found.hand_in.submission.pair
    refuse_small_sums(found.body, request.user)
    return found


@never_cache
@declare(Permission.VIEW_PROGRESS)
def receipt(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """The receipt to read and to print."""
    found = receipt_or_404(request, receipt_id, Permission.VIEW_PROGRESS)
    submission = found.hand_in.submission
    context = {
        "receipt": found,
        "body": found.body,
        "pair": submission.pair,
        "submission": submission,
        "when": said_moment(found.body),
        "findings": finding_counts(submission, found.body["findings"]),
        "reception": getattr(found, "reception", None),
        "may_receive": submission.status == "submitted" and may(request.user, Permission.RECEIVE_ROUND),
        "own": submission.pair_id in scopes(request.user, Permission.DOWNLOAD_ROWS).pairs,
        "may_redraft": submission.pair_id in scopes(request.user, Permission.HAND_IN).pairs,
    }
    return render(request, "supports/receipt.html", context)


@declare(Permission.VIEW_PROGRESS)
def receipt_json(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """What was signed, as a file."""
    return json_response(receipt_or_404(request, receipt_id, Permission.VIEW_PROGRESS))


@declare(Permission.VIEW_PROGRESS)
def receipt_pdf(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """The receipt as a paper."""
    found = receipt_or_404(request, receipt_id, Permission.VIEW_PROGRESS)
    return pdf_response(pdf_of(found), found)


@declare(Permission.DOWNLOAD_ROWS)
def receipt_rows(request: HttpRequest, receipt_id: int) -> StreamingHttpResponse:
    """The team's own copy of the rows."""
    found = receipt_or_404(request, receipt_id, Permission.DOWNLOAD_ROWS)
    refuse_strangers(found, request.user)
    return rows_response(download_rows(found, by=request.user), found)


@declare(Permission.VIEW_RECEIPT_KEYS)
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys, and how to check a receipt."""
    return render(request, "supports/receipt_keys.html", {"keys": public_keys()})


@declare(Permission.VIEW_RECEIPT_KEYS)
def checker(request: HttpRequest) -> HttpResponse:
    """The program that checks receipts, as one file that needs nothing but Python."""
    response = HttpResponse(checker_archive(), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="pemeriksa.pyz"'
    return response
