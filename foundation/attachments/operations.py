"""Attached documents: taken from a request, kept with what they belong to, removed with it.

A view takes the document, an operation keeps it::

    document = take_document(request, key_scope(election))      # before anything reads the body; refuses
    with dropped_if_refused(document):
        submit_mandate(election, by=..., document=document)      # calls keep_document in its transaction

Its permission stands in ``TAKES_DOCUMENTS`` of the matrix, or its body is refused unread above the ordinary
limit. A page's view is ``csrf_exempt``: the check reads the body, so ``take_document`` makes it itself.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.authentication import CSRFCheck

from foundation.accounts.models import User
from foundation.attachments.content import Content, judge
from foundation.attachments.models import Attachment
from foundation.errors import NotAllowed, Refused, TooLarge
from foundation.keys.models import StoredFile
from foundation.storage import (
    Receiving,
    SealingUploadHandler,
    delete_file,
    give_up_on_silence,
    interrupted,
    open_file,
    receive_file,
)
from foundation.web import is_api

LONGEST_NAME = Attachment._meta.get_field("name").max_length


class Document:
    """A document that was received and judged, and belongs to nothing yet; what stays so is swept after a day."""

    def __init__(self, stored_file: StoredFile, name: str, content: Content) -> None:
        self.stored_file, self.content = stored_file, content
        self.name = " ".join(name.split())[-LONGEST_NAME:]

    @property
    def sha256(self) -> str:
        """Of its bytes, in hex: the same document has the same."""
        return self.stored_file.sha256


def take_document(
    request: HttpRequest,
    scope: str,
    *,
    field: str = "document",
    required: bool = True,
    beside: Sequence[FileUploadHandler] = (),
) -> Document | None:
    """Read the body of ``request`` and store its document, sealed by the file key of ``scope``.

    Called when it is known who asks and that they may, and before anything reads the body; the other fields are
    in ``request.POST`` afterwards, also when this refuses. Refuses, leaving nothing: no document where one is
    ``required`` (else None), one above the limit, a body that ends early, and whatever is no PDF, JPG or PNG.
    ``beside`` take other files of the same form before the document is looked for.
    """
    give_up_on_silence(request)
    handler = _DocumentHandler(request, lambda: receive_file(scope), settings.ATTACHMENT_LIMIT_BYTES, field)
    request.upload_handlers = [*beside, handler]
    try:
        upload = request.FILES.get(field)
        _refuse_foreign_form(request)
        if handler.refusal:
            raise handler.refusal
        if handler.interrupted:
            raise _at(field, interrupted())
        if upload is None:
            handler.abort()
            return _none(field, required)
        with open_file(upload.stored_file) as stream:
            return Document(upload.stored_file, upload.name, judge(stream, field))
    except BaseException:
        handler.abort()
        raise


def read_fields(request: HttpRequest, *, field: str = "document") -> None:
    """Read what stands beside the document into ``request.POST``, and keep nothing of the document itself.

    For a form that came too late: nobody has to type it again. Refuses a body that is too large, and one of a page
    that is not ours.
    """
    give_up_on_silence(request)
    nothing = partial(receive_file, "")
    request.upload_handlers = [_SkippingHandler(request, nothing, settings.ATTACHMENT_LIMIT_BYTES, field)]
    request.FILES  # noqa: B018 -- reads the body
    _refuse_foreign_form(request)


def keep_document(document: Document, *, by: User | None) -> Attachment:
    """Make a document that was taken an attachment, in the transaction of what it is attached to."""
    return Attachment.objects.create(
        stored_file=document.stored_file,
        name=document.name or _("dokumen"),
        kind=document.content.kind,
        pages=document.content.pages,
        created_by=by,
    )


def drop_document(document: Document | None) -> None:
    """Leave nothing of a document, unless it is an attachment by now."""
    if document and not Attachment.objects.filter(stored_file=document.stored_file).exists():
        delete_file(document.stored_file)


@contextmanager
def dropped_if_refused(document: Document | None) -> Iterator[None]:
    """Whatever ends this block by an exception leaves nothing of the document."""
    try:
        yield
    except BaseException:
        drop_document(document)
        raise


def remove_attachment(attachment: Attachment) -> None:
    """Remove an attachment and, once the transaction has committed, its file."""
    stored_file = attachment.stored_file
    attachment.delete()
    delete_file(stored_file)


class _DocumentHandler(SealingUploadHandler):
    """Seals the document as it arrives. One that is too large is thrown away, and the fields beside it are read on:
    nobody has to type them again. The whole body is bounded before it is read (foundation.accounts.access).
    """

    def __init__(self, request: HttpRequest, begin: Callable[[], Receiving], limit: int, field: str) -> None:
        super().__init__(request, begin, limit)
        self.refusal: Refused | None = None
        self._field = field

    def handle_raw_input(
        self, input_data: Any, META: dict[str, Any], content_length: int, *rest: Any
    ) -> None:
        """Refuse before a byte is read when the declared length already tells."""
        if content_length > self._limit + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise too_large_document(self._field)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """The document begins; a second one is refused."""
        if self.refusal:
            raise SkipFile
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Seal the next piece."""
        try:
            super().receive_data_chunk(raw_data, start)
        except TooLarge as error:
            self.refusal = too_large_document(self._field)
            raise SkipFile from error


class _SkippingHandler(_DocumentHandler):
    """Lets every document pass by."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """None begins."""
        raise SkipFile


def too_large_document(field: str) -> TooLarge:
    """The refusal of a document above the limit."""
    message = _(
        "Dokumen lebih besar dari batas %(limit)d MB, sehingga tidak disimpan. Pindai ulang dengan resolusi lebih "
        "rendah (misalnya 200 dpi, hitam putih), lalu pilih lagi."
    )
    limit = settings.ATTACHMENT_LIMIT_BYTES // (1024 * 1024)
    return TooLarge("document_too_large", message % {"limit": limit}, field)


def _refuse_foreign_form(request: HttpRequest) -> None:
    """What the CSRF middleware does for other pages; under /api/ only a token counts, which no page can send."""
    if is_api(request):
        return
    check = CSRFCheck(lambda _request: None)
    check.process_request(request)
    if check.process_view(request, None, (), {}):
        message = _(
            "Formulir sudah kedaluwarsa, sehingga tidak ada yang disimpan. Muat ulang, lalu kirim lagi."
        )
        raise NotAllowed("page_expired", message)


def _none(field: str, required: bool) -> None:
    if required:
        message = _("Dokumen belum dipilih. Pilih berkas PDF, JPG, atau PNG.")
        raise Refused("document_missing", message, field)


def _at(field: str, refusal: Refused) -> Refused:
    return type(refusal)(refusal.code, refusal.message, field)
