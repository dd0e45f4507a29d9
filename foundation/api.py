"""What every call of the API has in common: one form of errors, one way to page, one schema of both."""

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from foundation import api_words
from foundation.errors import Refused, TooLarge, TooMany
from foundation.web import error_body, error_headers

api_words.speak_indonesian()

SENTENCES: dict[type[Exception], tuple[HTTPStatus, str, str]] = {
    exceptions.ParseError: (
        HTTPStatus.BAD_REQUEST,
        "parse_error",
        gettext_lazy("Isi permintaan tidak sesuai dengan Content-Type-nya. Periksa tanda baca JSON-nya."),
    ),
    BadRequest: (
        HTTPStatus.BAD_REQUEST,
        "bad_request",
        gettext_lazy("Permintaan tidak dapat dibaca. Periksa alamat, header, dan isinya."),
    ),
    SuspiciousOperation: (
        HTTPStatus.BAD_REQUEST,
        "bad_request",
        gettext_lazy("Permintaan ditolak karena bentuknya tidak wajar. Periksa alamat, header, dan isinya."),
    ),
    exceptions.NotAuthenticated: (
        HTTPStatus.UNAUTHORIZED,
        "not_authenticated",
        gettext_lazy("Permintaan ini memerlukan token. Masuk dahulu melalui POST /api/v1/auth/login/."),
    ),
    exceptions.AuthenticationFailed: (
        HTTPStatus.UNAUTHORIZED,
        "token_unknown",
        gettext_lazy("Token tidak dikenal atau sudah kedaluwarsa. Masuk lagi untuk memperoleh token baru."),
    ),
    exceptions.PermissionDenied: (
        HTTPStatus.FORBIDDEN,
        "permission_denied",
        gettext_lazy("Peran Anda tidak mencakup tindakan ini. Mintalah hak akses kepada admin KPU."),
    ),
    Http404: (
        HTTPStatus.NOT_FOUND,
        "not_found",
        gettext_lazy("Data ini tidak ada, sudah dihapus, atau di luar wewenang Anda. Periksa alamatnya."),
    ),
    exceptions.MethodNotAllowed: (
        HTTPStatus.METHOD_NOT_ALLOWED,
        "method_not_allowed",
        gettext_lazy("Alamat ini tidak melayani metode tersebut. Periksa metodenya di dokumentasi API."),
    ),
    exceptions.NotAcceptable: (
        HTTPStatus.NOT_ACCEPTABLE,
        "not_acceptable",
        gettext_lazy("Jawaban tidak tersedia dalam bentuk di header Accept. Mintalah application/json."),
    ),
    exceptions.UnsupportedMediaType: (
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
        gettext_lazy("Content-Type ini tidak dilayani di sini. Periksa jenisnya di dokumentasi API."),
    ),
}
# The same thing, named by two frameworks.
SENTENCES[exceptions.NotFound] = SENTENCES[Http404]
SENTENCES[PermissionDenied] = SENTENCES[exceptions.PermissionDenied]


def error_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER. None (an unforeseen fault) becomes handler500."""
    refusal, status = refusal_of(error)
    if refusal is None:
        return None
    return Response(error_body(refusal), status=status, headers=error_headers(refusal, status))


def refusal_of(error: Exception) -> tuple[Refused | None, int]:
    """An exception as a refusal and its HTTP status; (None, 500) when nobody expected it."""
    if isinstance(error, RequestDataTooBig):
        error = TooLarge("too_large", _("Isi permintaan terlalu besar. Kirim dalam beberapa bagian."))
    if isinstance(error, exceptions.Throttled):
        error = _throttled(error)
    if isinstance(error, Refused):
        return error, error.http_status
    if isinstance(error, DjangoValidationError):
        error = exceptions.ValidationError(
            error.message_dict if hasattr(error, "error_dict") else error.messages
        )
    if isinstance(error, exceptions.ValidationError):
        return _first_fault(error.detail), HTTPStatus.BAD_REQUEST
    for kind in type(error).__mro__:
        if kind in SENTENCES:
            status, code, message = SENTENCES[kind]
            return Refused(code, str(message)), status
    return None, HTTPStatus.INTERNAL_SERVER_ERROR


def _throttled(error: exceptions.Throttled) -> TooMany:
    message = _("Terlalu banyak permintaan dalam waktu singkat. Tunggu %(wait)s detik, lalu coba lagi.")
    wait = max(1, int(error.wait or 1))
    return TooMany("too_many_requests", message % {"wait": wait}, retry_after=wait)


def _first_fault(detail: Any) -> Refused:
    """The first fault of a serializer, its field as a path (``mapping.nik``, ``3.name``)."""
    path, fault = next(_faults(detail, ()), ((), ""))
    field = ".".join(path) or None
    code = getattr(fault, "code", "invalid")
    if field is None:
        return Refused(code, str(fault))
    sentences = {
        "required": _("Isian “%(field)s” tidak ada. Tambahkan, lalu kirim lagi."),
        "null": _("Isian “%(field)s” bernilai null. Isi, lalu kirim lagi."),
        "blank": _("Isian “%(field)s” kosong. Isi, lalu kirim lagi."),
    }
    sentence = sentences.get(code, _("Isian “%(field)s” tidak dapat diterima: %(fault)s"))
    return Refused(code, sentence % {"field": field, "fault": fault}, field)


def _faults(detail: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _faults(inner, path if name == "non_field_errors" else (*path, str(name)))
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            yield from _faults(inner, (*path, str(number)) if isinstance(inner, dict) else path)
    else:
        yield path, detail


class TextJson(JSONParser):
    """JSON of which every text can be stored and sent back."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        """The values of the body. Raises ParseError."""
        return refuse_half_characters(super().parse(*args, **kwargs))


def refuse_half_characters(values: Any) -> Any:
    """The values as they are. Raises ParseError for half of a surrogate pair: no encoding has it, only JSON."""
    try:
        json.dumps(values, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise exceptions.ParseError from error
    return values


class Cursor(CursorPagination):
    """Pages by the key they stopped at, so that the last page costs what the first does.

    A view names its ``ordering``: a unique, indexed field last; never one that holds a name or an identity,
    for the position stands in the address.
    """

    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"
    ordering = "id"

    def get_ordering(self, request: Request, queryset: QuerySet, view: Any) -> tuple[str, ...]:
        """The view's ordering, ours without one."""
        ordering = getattr(view, "ordering", None) or self.ordering
        return (ordering,) if isinstance(ordering, str) else tuple(ordering)

    def paginate_queryset(self, queryset: QuerySet, request: Request, view: Any = None) -> list[Any]:
        """The page that ``?cursor`` names. Raises NotFound for a cursor that was not made here."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, OverflowError, DjangoValidationError) as error:
            raise exceptions.NotFound from error


class TokenScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI description tells about tokens."""

    target_class = "foundation.accounts.access.ApiTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Swagger offers one field; what is typed there is the whole header."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "Token <token>, dari POST /api/v1/auth/login/.",
        }


def add_errors(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Spectacular's post-processing hook: every call may answer with the one form of errors."""
    result.setdefault("components", {}).setdefault("schemas", {})["Error"] = {
        "type": "object",
        "required": ["code", "message", "field"],
        "properties": {
            "code": {"type": "string", "description": "Tetap; dapat diandalkan oleh program."},
            "message": {"type": "string", "description": "Untuk dibaca orang."},
            "field": {"type": "string", "nullable": True, "description": "Isian yang salah, bila ada."},
            "missing": {
                "type": "array",
                "items": {"type": "object"},
                "description": "Bila beberapa hal kurang: apa, berapa, dan di mana.",
            },
        },
    }
    answer = {
        "description": "400, 401, 403, 404, 409, 412, 413, 415, 422, 429 (dengan Retry-After)",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
    for calls in result["paths"].values():
        for call in calls.values():
            if isinstance(call, dict) and "responses" in call:
                call["responses"].setdefault("4XX", answer)
    return result
