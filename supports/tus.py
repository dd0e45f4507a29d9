"""The tus 1.0 protocol (https://tus.io): what its headers say, over the operations of ``supports.incoming``.

Knows neither tokens nor sessions: the API and the page call it when it is known who asks. Nothing is read of a body
before its headers are found good.
"""

import base64
import binascii
import os
import re
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date
from django.utils.translation import gettext as _

from candidates.models import Election, Pair
from foundation.accounts.models import User
from foundation.errors import Refused
from foundation.pieces import ALGORITHMS, Checksum, ChecksumMismatch
from foundation.storage import give_up_on_silence
from supports import incoming as operations
from supports.models import IncomingFile

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,termination,expiration"
PIECE_TYPE = "application/offset+octet-stream"
NAMELESS = "tanpa-nama"
SHA256 = re.compile(r"[0-9a-fA-F]{64}")


class Unreadable(Refused):
    """A header is missing or says nothing."""

    http_status = 400


class OtherVersion(Refused):
    """The client speaks another version of the protocol."""

    http_status = 412


class OtherKind(Refused):
    """The body is not a piece of a file."""

    http_status = 415


def sign(response: HttpResponseBase) -> HttpResponseBase:
    """What every answer says, refusals too."""
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Tus-Version"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    if response.status_code == ChecksumMismatch.http_status:
        response.reason_phrase = "Checksum Mismatch"
    return response


def tell_abilities() -> HttpResponse:
    """OPTIONS: what is understood here."""
    headers = {
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(settings.UPLOAD_LIMIT_BYTES),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }
    return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=headers)


def create(request: HttpRequest, whose: Pair | Election, *, by: User, target: str = "") -> IncomingFile:
    """POST: declare a file, and take its first piece when it is in the body. ``target`` comes before what is said."""
    refuse_other_version(request)
    size = _number(request, "Upload-Length")
    told = _metadata(request)
    told["target"] = target or told["target"]
    with_piece = request.content_type == PIECE_TYPE and _body_length(request) > 0
    checksum = _checksum(request) if with_piece else None
    made = operations.declare_file(whose, by=by, size=size, **told)
    if with_piece:
        try:
            _take(request, made, 0, checksum)
        except Refused:
            operations.withdraw_file(made, by=by)
            raise
    return made


def take_piece(request: HttpRequest, incoming: IncomingFile) -> HttpResponse:
    """PATCH: the next piece."""
    refuse_other_version(request)
    if request.content_type != PIECE_TYPE:
        message = _("Potongan berkas dikirim dengan Content-Type %(kind)s. Periksa headernya.")
        raise OtherKind("unsupported_media_type", message % {"kind": PIECE_TYPE})
    _take(request, incoming, _number(request, "Upload-Offset"), _checksum(request))
    return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=state_of(incoming))


def tell_offset(request: HttpRequest, incoming: IncomingFile) -> HttpResponse:
    """HEAD: how far the file is."""
    refuse_other_version(request)
    metadata = f"filename {_encoded(incoming.name)}"
    if incoming.sha256:
        metadata += f",sha256 {_encoded(incoming.sha256)}"
    return HttpResponse(headers={**state_of(incoming), "Upload-Metadata": metadata})


def withdraw(request: HttpRequest, incoming: IncomingFile, *, by: User) -> HttpResponse:
    """DELETE: forget the file."""
    refuse_other_version(request)
    operations.withdraw_file(incoming, by=by)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def state_of(incoming: IncomingFile) -> dict[str, str]:
    """The headers that say how far a file is, and until when it is waited for."""
    headers = {"Upload-Offset": str(incoming.offset), "Upload-Length": str(incoming.size)}
    if not incoming.upload_id and incoming.file.expires_at:
        headers["Upload-Expires"] = http_date(incoming.file.expires_at.timestamp())
    return headers


def refuse_other_version(request: HttpRequest) -> None:
    """Refuse a client that does not say it speaks our version."""
    if request.headers.get("Tus-Resumable") != VERSION:
        message = _(
            "Alamat ini melayani protokol tus %(version)s. Kirim header “Tus-Resumable: %(version)s”."
        )
        raise OtherVersion("tus_version", message % {"version": VERSION})


def _take(request: HttpRequest, incoming: IncomingFile, offset: int, checksum: Checksum | None) -> None:
    give_up_on_silence(request)
    read: Callable[[int], bytes] = request.read
    operations.take_piece(incoming, read, offset=offset, length=_body_length(request), checksum=checksum)


def _body_length(request: HttpRequest) -> int:
    """As declared: without it nothing is read."""
    text = request.META.get("CONTENT_LENGTH") or ""
    if not text.isdecimal() or request.headers.get("Transfer-Encoding"):
        message = _(
            "Header “Content-Length” tidak ada, sehingga tidak ada yang dibaca. Sebutkan panjang isinya."
        )
        raise Unreadable("length_required", message)
    return int(text)


def _number(request: HttpRequest, header: str) -> int:
    text = request.headers.get(header, "")
    if not re.fullmatch(r"[0-9]{1,15}", text):
        message = _("Header “%(header)s” tidak ada atau bukan bilangan. Isi dengan banyaknya byte.")
        raise Unreadable("header_unreadable", message % {"header": header})
    return int(text)


def _checksum(request: HttpRequest) -> Checksum | None:
    """Upload-Checksum: "sha1 Base64"."""
    text = request.headers.get("Upload-Checksum")
    if text is None:
        return None
    algorithm, _space, encoded = text.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        message = _("Header “Upload-Checksum” memakai cara yang tidak dikenal. Pakai salah satu: %(known)s.")
        raise Unreadable("checksum_unknown", message % {"known": ", ".join(ALGORITHMS)})
    return Checksum(algorithm, _decoded("Upload-Checksum", encoded.strip()))


def _metadata(request: HttpRequest) -> dict[str, str]:
    """Name, SHA-256 and target of Upload-Metadata: "filename Base64,sha256 Base64"; other keys are ignored."""
    values: dict[str, str] = {}
    for part in filter(None, map(str.strip, request.headers.get("Upload-Metadata", "").split(","))):
        key, _space, encoded = part.partition(" ")
        if key in ("filename", "sha256", "target"):
            values[key] = _text(_decoded("Upload-Metadata", encoded.strip()))
    sha256 = values.get("sha256", "")
    if sha256 and not SHA256.fullmatch(sha256):
        message = _(
            "sha256 di header “Upload-Metadata” bukan 64 angka heksadesimal. Hitung ulang, lalu kirim lagi."
        )
        raise Unreadable("sha256_unreadable", message)
    name = _plain_name(values.get("filename", ""))
    target = values.get("target") or request.GET.get("target", "round")
    return {"name": name, "sha256": sha256.lower(), "target": target}


def _plain_name(name: str) -> str:
    """The name without folders and without what cannot be seen or stored."""
    base = os.path.basename(name.replace("\\", "/"))  # noqa: PTH119 -- a name somebody sent, no path of ours
    return "".join(letter for letter in base if letter.isprintable()).strip(" .") or NAMELESS


def _decoded(header: str, text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _not_base64(header) from error


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise _not_base64("Upload-Metadata") from error


def _not_base64(header: str) -> Unreadable:
    message = _("Header “%(header)s” bukan teks UTF-8 dalam Base64. Periksa cara menuliskannya.")
    return Unreadable("header_unreadable", message % {"header": header})


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
