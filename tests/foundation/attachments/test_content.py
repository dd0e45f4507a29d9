"""A document is what its content is, and one that lies or swells ends nothing but its inspector."""

import io
import resource

import pytest

from foundation.attachments.content import judge
from foundation.errors import Refused
from tests import documents

PAGE = b"<html><script>alert(1)</script></html>"


def judged(content):
    return judge(io.BytesIO(content), "document")


def refused(content):
    with pytest.raises(Refused) as caught:
        judged(content)
    assert caught.value.field == "document"
    assert "%" not in caught.value.message
    return caught.value.code


@pytest.mark.parametrize(
    ("content", "kind", "pages"),
    [
        (documents.pdf(), "pdf", 1),
        (documents.pdf(pages=7), "pdf", 7),
        (b"\r\n" + documents.pdf(), "pdf", 1),
        (documents.pdf(password=""), "pdf", 1),
        (documents.picture("png"), "png", 1),
        (documents.picture("jpg"), "jpg", 1),
    ],
    ids=["pdf", "seven pages", "a line before it", "locked against changes only", "png", "jpg"],
)
def test_what_it_is_is_read_from_it(content, kind, pages):
    assert judged(content) == (kind, pages)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "document_empty"),
        (PAGE, "document_kind"),
        (b"MZ\x90\x00" + bytes(500), "document_kind"),
        (b"PK\x03\x04" + bytes(500), "document_kind"),
        (documents.picture("gif"), "document_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "document_kind"),
        (PAGE + documents.pdf(), "document_kind"),
        (b"%PDF-1.7\n" + PAGE, "document_damaged"),
        (b"\xff\xd8\xff\xe0" + PAGE, "document_damaged"),
        (b"\x89PNG\r\n\x1a\n" + PAGE, "document_damaged"),
        (documents.picture("png")[:-400], "document_damaged"),
        (documents.picture("jpg", (600, 600))[:-20_000], "document_damaged"),
        (documents.pdf(pages=0), "document_pages"),
        (documents.pdf(password="rahasia"), "document_encrypted"),
    ],
)
def test_what_is_no_document_is_refused_in_words(content, code):
    assert refused(content) == code


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (documents.huge_png(), {"document_pixels"}),
        (documents.swelling_pdf(), {"document_damaged", "document_heavy", "document_pages"}),
        (documents.circular_pdf(), {"document_damaged", "document_heavy", "document_pages"}),
        (documents.nested_pdf(), {"document_damaged", "document_heavy"}),
    ],
    ids=["900 million pixels", "swelling PDF", "circular PDF", "nested PDF"],
)
def test_what_swells_is_refused_and_harms_nothing(content, codes):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert refused(content) in codes
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 25
    # Kilobytes, the most of any process this one has ended: the inspector did not raise it above its limit. Until it
    # starts its program, a process counts what the one has that it comes from.
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after.ru_maxrss <= max(before.ru_maxrss, own, 1.1 * 1024 * 1024)
