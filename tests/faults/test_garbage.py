"""Files that no team means to send: each is one failed upload with a sentence, and the next file is loaded."""

import io
import random
import zipfile

import pytest

from supports.models import Support, Upload
from tests.factories import as_csv, operator, pair, person, upload, work

pytestmark = pytest.mark.usefixtures("committed")


def bomb():
    """A zip of a few kilobytes that unpacks to 50 MB and calls itself a workbook's sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "0" * 50_000_000)
    return out.getvalue()


GARBAGE = {
    "random bytes": random.Random(7).randbytes(300_000),
    "zeros": bytes(300_000),
    "a picture": b"\x89PNG\r\n\x1a\n" + random.Random(8).randbytes(50_000),
    "a zip bomb": bomb(),
    "half a zip": bomb()[:-500],
    "one endless line": as_csv([]) + b"6474010101819001,Budi " * 1_000_000,
    "a web page": b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>\n" * 50,
    "headings only": as_csv([]),
    "blank lines": b"\n \n;;;\n" * 5_000,
    "no headings": b"6474010101819001,Budi Contoh,Bontang\n" * 50,
    "very many columns": b",".join(b"kolom%d" % n for n in range(60_000)) + b"\n1,2,3\n",
}


def test_garbage_is_one_failed_upload_each_and_the_next_is_loaded():
    of = pair()
    by = operator(of)
    sent = {name: upload(of, by, content, f"{name}.csv") for name, content in GARBAGE.items()}
    good = upload(of, by, [person(1)], "baik.csv")
    work()
    for name, one in sent.items():
        one.refresh_from_db()
        assert one.error_code != "INTERNAL", name
        assert (one.status, one.rows) == ("failed", 0), name
        assert one.error_message.endswith("."), name
    good.refresh_from_db()
    assert (good.status, good.rows) == ("loaded", 1)
    assert Support.objects.count() == 1
    assert Upload.objects.filter(status="failed").count() == len(GARBAGE)
