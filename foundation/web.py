"""How refusals reach people and programs: form errors, messages, short pages, JSON."""

import logging
import secrets
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.forms import BaseForm
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from foundation.errors import Refused, TooMany

HTMX_STOP_POLLING = 286
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
ZIP = "application/zip"
log = logging.getLogger(__name__)


def searched(request: HttpRequest, name: str = "cari") -> str:
    """What was typed into a search box: short, and without the one character that no database stores."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:100]


def is_api(request: HttpRequest) -> bool:
    """Whether a program asks, and JSON is its answer."""
    return request.path_info.startswith("/api/")


def by_script(request: HttpRequest) -> bool:
    """Whether a script of ours asks, and JSON is its answer."""
    return request.headers.get("X-Requested-With") == "XMLHttpRequest"


def error_body(refusal: Refused) -> dict[str, Any]:
    """The one form of every error of the API."""
    return {"code": refusal.code, "message": refusal.message, "field": refusal.field, **refusal.more}


def error_headers(refusal: Refused, status: int) -> dict[str, str]:
    """What HTTP asks to be said beside some errors."""
    if isinstance(refusal, TooMany):
        return {"Retry-After": str(refusal.retry_after)}
    return {"WWW-Authenticate": "Token"} if status == HTTPStatus.UNAUTHORIZED else {}


def refusal_response(request: HttpRequest, refusal: Refused, status: int | None = None) -> HttpResponse:
    """A refusal as the whole answer: JSON under /api/, a short page elsewhere."""
    status = status or refusal.http_status
    if is_api(request):
        response: HttpResponse = JsonResponse(error_body(refusal), status=status)
    else:
        # A fault may be the database's: its page asks for nothing.
        layout = "bare.html" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "base.html"
        context = {"message": refusal.message, "status": status, "layout": layout}
        response = render(request, "refused.html", context, status=status)
    for name, value in error_headers(refusal, status).items():
        response.headers[name] = value
    return response


class RefusalMiddleware:
    """What a page refuses without saying it in a form of its own becomes a short page, never a fault."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The refusal as an answer; None for everything else."""
        return refusal_response(request, error) if isinstance(error, Refused) else None


def login_redirect(request: HttpRequest) -> HttpResponse:
    """Send somebody unknown to the log-in page; what was sent with other methods than GET is not read."""
    if request.htmx or request.method in ("GET", "HEAD"):
        target = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': _page_of(request)})}"
        return redirect_response(request, target)
    message = _(
        "Anda belum masuk atau sesi Anda telah berakhir, sehingga kiriman ini tidak disimpan. Masuk, lalu "
        "ulangi."
    )
    return refusal_response(request, Refused("not_authenticated", message), HTTPStatus.UNAUTHORIZED)


def redirect_response(request: HttpRequest, target: str) -> HttpResponse:
    """Lead the whole page there, also when only a fragment of it was asked for."""
    if request.htmx:
        return HttpResponseClientRedirect(target)
    return HttpResponseRedirect(target)


def _page_of(request: HttpRequest) -> str:
    """Where to come back to after logging in: the page, not the fragment it asked for."""
    if request.htmx:
        return request.htmx.current_url_abs_path or "/"
    return request.get_full_path()


def add_refusal(form: BaseForm, refusal: Refused) -> None:
    """Show a refusal in its form: at the field it names, or on top."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


def tell_refusal(request: HttpRequest, refusal: Refused) -> None:
    """Show a refusal on the next page."""
    messages.error(request, refusal.message)


def stop_polling(response: HttpResponse) -> HttpResponse:
    """Make this the last fragment of a polled one: htmx takes it in and asks no more."""
    response.status_code = HTMX_STOP_POLLING
    return response


def csv_response(pieces: Iterator[bytes], name: str) -> StreamingHttpResponse:
    """A CSV that is made while it is sent; it may hold identities, so nobody on the way keeps a copy."""
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def workbook_response(content: bytes, name: str) -> HttpResponse:
    """A workbook to be saved; it may hold identities, so nobody on the way keeps a copy."""
    response = HttpResponse(content, content_type=WORKBOOK)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """A PDF to be saved; it may hold identities, so nobody on the way keeps a copy."""
    response = HttpResponse(content, content_type=PDF)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def zip_response(pieces: Iterator[bytes], size: int, name: str) -> StreamingHttpResponse:
    """A ZIP to be saved; it may hold identities, so nobody on the way keeps a copy."""
    response = StreamingHttpResponse(pieces, content_type=ZIP)
    response.headers["Content-Length"] = str(size)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400: in the words of a refusal, where one is the cause."""
    message = _("Permintaan ini tidak dapat dibaca, sehingga tidak ada yang diubah. Muat ulang, lalu ulangi.")
    refusal = exception if isinstance(exception, Refused) else Refused("bad_request", message)
    return refusal_response(request, refusal, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403."""
    message = _(
        "Akun Anda tidak memiliki wewenang untuk ini. Bila seharusnya berwenang, hubungi KPU setempat."
    )
    return refusal_response(request, Refused("permission_denied", message), HTTPStatus.FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: mostly a page that was open for too long."""
    message = _("Formulir sudah kedaluwarsa, sehingga tidak ada yang disimpan. Muat ulang, lalu kirim lagi.")
    return refusal_response(request, Refused("page_expired", message), HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404: what does not exist, and what its asker may not know to exist."""
    message = _(
        "Data atau alamat ini tidak ada, sudah dihapus, atau di luar wewenang Anda. Periksa alamatnya."
    )
    return refusal_response(request, Refused("not_found", message), HTTPStatus.NOT_FOUND)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler429, asked by allauth."""
    message = _("Terlalu banyak percobaan dalam waktu singkat. Tunggu beberapa menit, lalu coba lagi.")
    return refusal_response(request, Refused("too_many_requests", message), HTTPStatus.TOO_MANY_REQUESTS)


def fault(request: HttpRequest) -> HttpResponse:
    """handler500: a number that stands in the log beside the trace, for the help desk.

    Its page asks neither the database nor a context processor: they may be what failed.
    """
    number = secrets.token_hex(4).upper()
    log.exception("Fault %s: %s %s", number, request.method, request.path)
    message = _(
        "Terjadi gangguan di pihak kami (nomor %(number)s). Data yang sudah tersimpan aman. Coba lagi; bila "
        "berulang, sampaikan nomor ini ke help desk."
    ) % {"number": number}
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    if is_api(request):
        return refusal_response(request, Refused("fault", message), status)
    return HttpResponse(render_to_string("500.html", {"message": message}), status=status)
