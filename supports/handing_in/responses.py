"""Receipts and copies of rows as answers; the same for pages and the API."""

import json
from collections.abc import Iterator

from django.http import Http404, HttpResponse, StreamingHttpResponse

from foundation.accounts.access import AnyUser, scopes
from foundation.accounts.matrix import Permission
from supports.models import Receipt


def refuse_strangers(receipt: Receipt, user: AnyUser) -> None:
    """The copy of the rows holds identities: it is the own team's. Raises Http404."""
    if receipt.hand_in.submission.pair_id not in scopes(user, Permission.DOWNLOAD_ROWS).pairs:
        raise Http404


def rows_response(pieces: Iterator[bytes], receipt: Receipt) -> StreamingHttpResponse:
    """A copy that is made while it is sent; nobody on the way keeps one."""
    response = StreamingHttpResponse(pieces, content_type="application/x-ndjson")
    response["Content-Disposition"] = f'attachment; filename="{_name(receipt)}-baris.jsonl"'
    response["Cache-Control"] = "no-store"
    return response


def json_response(receipt: Receipt) -> HttpResponse:
    """The receipt as a file."""
    text = json.dumps(receipt.body, ensure_ascii=False, indent=2) + "\n"
    response = HttpResponse(text.encode(), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{_name(receipt)}.json"'
    return response


def pdf_response(content: bytes, receipt: Receipt) -> HttpResponse:
    """The receipt as a paper."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{_name(receipt)}.pdf"'
    return response


def _name(receipt: Receipt) -> str:
    """TT-0001/6474/2024 as a file may be called."""
    return f"tanda-terima-{receipt.number.replace('/', '-')}"
