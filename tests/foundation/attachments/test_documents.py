"""A document on its way in, kept, served and gone again: sealed, bounded, and never a page of ours."""

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import RequestFactory

from foundation.attachments.models import Attachment
from foundation.attachments.operations import (
    drop_document,
    dropped_if_refused,
    keep_document,
    remove_attachment,
    take_document,
)
from foundation.attachments.serving import document_response
from foundation.errors import Refused
from foundation.keys.models import StoredFile
from foundation.readings.models import Reading
from foundation.storage import open_file, sweep_orphans
from tests import documents

SCOPE = "election:1"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    options = {"location": str(tmp_path), "base_url": None}
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    }
    return tmp_path


def sent(content, name="mandat.pdf", checked=True, address="/mandat/", **fields):
    """A form with a document, as a browser sends it; ``checked``: with what CSRF wants to see."""
    files = {} if content is None else {"document": named(content, name)}
    request = RequestFactory().post(address, {"contact": "Sari", **files, **fields})
    request._dont_enforce_csrf_checks = checked
    return request


def named(content, name):
    file = io.BytesIO(content)
    file.name = name
    return file


def nothing_left(folder):
    return not [path for path in folder.rglob("*") if path.is_file()] and not StoredFile.objects.exists()


def refused(request, **more):
    with pytest.raises(Refused) as caught:
        take_document(request, SCOPE, **more)
    return caught.value


def test_it_is_sealed_and_opens_to_what_was_sent(db):
    content = documents.pdf(pages=3)
    document = take_document(sent(content, name="  Surat   mandat.exe "), SCOPE)
    kept = keep_document(document, by=None)
    assert (kept.kind, kept.pages, kept.name) == ("pdf", 3, "Surat mandat.exe")
    with open_file(kept.stored_file) as stream:
        assert stream.read() == content
    assert b"%PDF" not in Path(default_storage.path(kept.stored_file.name)).read_bytes()


def test_the_fields_beside_it_are_there(db):
    request = sent(documents.picture("png"), name="foto.pdf", email="sari@contoh.id")
    assert take_document(request, SCOPE).content.kind == "png"
    assert (request.POST["contact"], request.POST["email"]) == ("Sari", "sari@contoh.id")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html></html>", "document_kind"),
        (b"%PDF-1.4 tidak ada isinya", "document_damaged"),
        (None, "document_missing"),
    ],
)
def test_what_is_refused_leaves_nothing(db, own_folder, content, code):
    refusal = refused(sent(content))
    assert (refusal.code, refusal.field) == (code, "document")
    assert nothing_left(own_folder)


def test_one_above_the_limit_is_refused_while_it_is_read_and_the_fields_survive(db, own_folder, settings):
    settings.ATTACHMENT_LIMIT_BYTES = 1024 * 1024
    request = sent(documents.pdf() + os.urandom(2 * 1024 * 1024), email="sari@contoh.id")
    refusal = refused(request)
    assert (refusal.code, refusal.http_status, refusal.field) == ("document_too_large", 413, "document")
    assert "1 MB" in refusal.message
    assert request.POST["contact"] == "Sari"
    assert nothing_left(own_folder)


def test_one_far_above_the_limit_is_refused_unread(db, own_folder, settings):
    settings.ATTACHMENT_LIMIT_BYTES = 1024 * 1024
    request = sent(documents.pdf())
    request.META["CONTENT_LENGTH"] = str(50 * 1024 * 1024)
    request._stream = None  # whoever reads it fails
    assert refused(request).code == "document_too_large"
    assert nothing_left(own_folder)


def test_two_documents_are_refused(db, own_folder):
    refusal = refused(sent(documents.pdf(), other=named(documents.pdf(), "lain.pdf")))
    assert refusal.code == "one_file_only"
    assert nothing_left(own_folder)


def test_a_body_that_breaks_off_leaves_nothing(db, own_folder):
    whole = sent(documents.pdf(pages=40))
    body = whole.body[:2000]
    request = RequestFactory().generic("POST", "/mandat/", body, whole.META["CONTENT_TYPE"])
    request._dont_enforce_csrf_checks = True
    assert refused(request).code == "upload_interrupted"
    assert nothing_left(own_folder)


def test_where_none_is_asked_for_none_may_come(db, own_folder):
    assert take_document(sent(None), SCOPE, required=False) is None
    assert take_document(sent(documents.pdf()), SCOPE, field="other", required=False) is None
    assert nothing_left(own_folder)


def test_a_form_that_is_not_ours_is_refused(db, own_folder):
    refusal = refused(sent(documents.pdf(), checked=False))
    assert (refusal.code, refusal.http_status) == ("page_expired", 403)
    assert nothing_left(own_folder)
    assert take_document(sent(documents.pdf(), checked=False, address="/api/v1/mandates/"), SCOPE)


def test_what_its_operation_refuses_is_dropped(committed, own_folder):
    document = take_document(sent(documents.pdf()), SCOPE)
    with pytest.raises(Refused), dropped_if_refused(document), transaction.atomic():
        keep_document(document, by=None)
        raise Refused("no", "Tidak.")
    assert nothing_left(own_folder)


def test_what_is_kept_is_neither_dropped_nor_swept(committed, own_folder):
    kept = keep_document(take_document(sent(documents.pdf()), SCOPE), by=None)
    forgotten = take_document(sent(documents.pdf(pages=2)), SCOPE)
    StoredFile.objects.update(created_at=kept.created_at - timedelta(days=2))
    document = take_document(sent(documents.pdf(pages=3)), SCOPE)
    also_kept = keep_document(document, by=None)
    drop_document(document)
    assert sweep_orphans(timedelta(days=1)) == 1
    assert set(StoredFile.objects.all()) == {kept.stored_file, also_kept.stored_file}
    assert not StoredFile.objects.filter(pk=forgotten.stored_file.pk).exists()
    for one in (kept, also_kept):
        remove_attachment(one)
    assert nothing_left(own_folder)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("content", "kind", "inline", "placed"),
    [
        (documents.pdf(), "application/pdf", False, "attachment"),
        (documents.pdf(), "application/pdf", True, "attachment"),
        (documents.picture("png"), "image/png", False, "attachment"),
        (documents.picture("png"), "image/png", True, "inline"),
        (documents.picture("jpg"), "image/jpeg", True, "inline"),
    ],
)
def test_it_is_served_as_what_it_is_and_runs_nothing(db, content, kind, inline, placed):
    name = 'man"dat\r\nX-Evil: 1<script>.html'
    kept = keep_document(take_document(sent(content), SCOPE), by=None)
    kept.name = name
    response = document_response(kept, of=kept, by=AnonymousUser(), inline=inline)
    assert Reading.objects.filter(kind="document", by_id=None, filter__of=kept.pk).count() == 1
    assert b"".join(response.streaming_content) == content
    assert response.headers["Content-Type"] == kind
    assert response.headers["Content-Length"] == str(len(content))
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith(f"{placed};")
    assert f".{kept.kind}" in disposition
    assert "X-Evil" not in response.headers
