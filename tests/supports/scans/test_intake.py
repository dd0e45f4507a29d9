"""A ZIP of scans is taken apart: what is a scan comes to its row, what is none is named and harms nothing."""

import io
import zipfile

import pytest
from django.urls import reverse
from PIL import Image, ImageFilter

from foundation import seal
from foundation.keys.keyring import keyring
from foundation.keys.models import StoredFile
from foundation.storage import open_anywhere
from supports.models import Support
from supports.scans.models import Scan, ScanCount, ScanFault
from supports.scans.words import FAULTS
from supports.scans.zips import read_member
from tests import documents, factories
from tests.supports.scans import papers
from tests.supports.test_pages import text_of

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def operator(pair):
    return factories.operator(pair)


def rows(pair, operator, *numbers):
    """The rows of these people, loaded, in their order."""
    people = [factories.person(number) for number in numbers]
    factories.loaded(pair, operator, people)
    return list(Support.objects.order_by("id"))


def nik(number):
    return factories.person(number)["nik"]


def faults(batch):
    key = keyring(batch.file.scope).text
    return {
        seal.open_text(fault.name, fault.pk, key): fault.code
        for fault in ScanFault.objects.filter(batch=batch)
    }


def test_scans_come_to_the_rows_their_names_tell(pair, operator):
    first, second = rows(pair, operator, 1, 2)
    batch = papers.taken(
        pair,
        operator,
        {
            f"kelurahan/{nik(1)}_ktp.jpg": papers.scan("KTP 1"),
            f"kelurahan/{nik(1)} B1.pdf": papers.pdf("satu", "dua"),
            f"{nik(2)}/pernyataan.png": papers.as_bytes(papers.page("dua"), "PNG"),
            "__MACOSX/._x.jpg": b"x",
        },
    )
    assert (batch.entries, batch.taken, batch.refused, batch.error_code) == (3, 3, 0, "")
    kinds = [(scan.kind, scan.media, scan.pages, scan.found_by) for scan in papers.held(first.pk)]
    assert kinds == [("ktp", "jpg", 1, "nik"), ("statement", "pdf", 2, "nik")]
    assert [scan.kind for scan in papers.held(second.pk)] == ["statement"]
    counts = dict(ScanCount.objects.values_list("key", "n"))
    assert counts == {
        "scans": 3, "waiting": 0, "repeated": 0, "problems": 0, "rows": 2, "no_any": 0, "no_statement": 0, "no_ktp": 1,
    }  # fmt: skip


def test_originals_are_kept_as_they_came_and_no_identity_stands_in_clear(pair, operator):
    rows(pair, operator, 1)
    content = papers.scan()
    batch = papers.taken(
        pair, operator, papers.zipped({f"{nik(1)}.jpg": content}, zipfile.ZIP_DEFLATED), f"{nik(1)}.zip"
    )
    scan = Scan.objects.get()
    with open_anywhere(batch.file) as file:
        assert read_member(file, scan.begins, scan.packed, scan.size, scan.method) == content
    assert nik(1) not in batch.name
    assert nik(1).encode() not in bytes(scan.name)
    assert seal.open_text(scan.name, scan.pk, keyring(batch.file.scope).text) == f"{nik(1)}.jpg"
    with open_anywhere(scan.pack.file) as pack:
        begins, length = scan.pictures[1]
        pack.seek(begins)
        shown = Image.open(io.BytesIO(pack.read(length)))
    assert (shown.format, max(shown.size)) == ("JPEG", 1270)


def test_a_heic_of_a_telephone_is_a_scan(pair, operator):
    content = (documents.DATA / "halaman.heic").read_bytes()
    papers.taken(pair, operator, {f"{nik(1)}.heic": content})
    assert Scan.objects.get().media == "heic"


def test_what_is_no_scan_is_named_and_the_rest_is_taken(pair, operator, client):
    rows(pair, operator, 1)
    files = {
        "../../etc/passwd.jpg": papers.scan(),
        "C:\\x.jpg": papers.scan(),
        "dalam.zip": papers.zipped({"a.jpg": papers.scan()}),
        "menyamar.jpg": papers.zipped({"a.jpg": papers.scan()}),
        "catatan.docx": b"bukan gambar",
        "kosong.jpg": b"",
        "putus.jpg": papers.scan()[:5000],
        "besar.png": documents.huge_png(),
        "terkunci.pdf": documents.pdf(password="rahasia"),
        "panjang.pdf": documents.pdf(pages=21),
        "program.pdf": documents.pdf_with_script(),
        f"{nik(1)}.jpg": papers.scan(),
    }
    batch = papers.taken(pair, operator, files)
    assert faults(batch) == {
        "../../etc/passwd.jpg": "name_climbs",
        "C:\\x.jpg": "name_climbs",
        "dalam.zip": "nested",
        "menyamar.jpg": "nested",
        "catatan.docx": "kind",
        "kosong.jpg": "empty",
        "putus.jpg": "damaged",
        "besar.png": "pixels",
        "terkunci.pdf": "encrypted",
        "panjang.pdf": "pages",
        "program.pdf": "script",
    }
    assert (batch.taken, batch.refused, batch.error_code) == (1, 11, "")
    assert papers.held(Support.objects.get().pk)
    client.force_login(operator)
    page = text_of(client.get(reverse("scan_batch", args=[pair.pk, batch.pk])))
    for told in (
        "../../etc/passwd.jpg Nama berkasnya menunjuk ke luar folder. Ganti namanya",
        "besar.png Gambarnya lebih besar dari 80 juta piksel. Pindai dengan resolusi lebih rendah",
        "program.pdf PDF memuat program, lampiran, atau tindakan. Cetak ke PDF biasa",
        "terkunci.pdf Dilindungi kata sandi. Simpan tanpa kata sandi",
        "putus.jpg Rusak atau terpotong",
    ):
        assert told in page


def test_a_bomb_and_an_encrypted_entry_are_never_unpacked(pair, operator):
    content = bytearray(papers.zipped({"bom.jpg": bytes(20_000_000)}, zipfile.ZIP_DEFLATED))
    batch = papers.taken(pair, operator, bytes(content))
    assert faults(batch) == {"bom.jpg": "bomb"}
    assert "mengembang tidak wajar" in str(FAULTS["bomb"])
    locked = bytearray(papers.zipped({"a.jpg": papers.scan("x")}))
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    assert faults(papers.taken(pair, operator, bytes(locked))) == {"a.jpg": "encrypted"}


def overlapping():
    """A ZIP two of whose entries are the same bytes."""
    content = bytearray(papers.zipped({"a.jpg": papers.scan("x"), "b.jpg": papers.scan("y")}))
    second = content.rindex(b"PK\x01\x02")
    content[second + 42 : second + 46] = bytes(4)
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "code", "told"),
    [
        (papers.zipped({}), "zip_empty", "tidak memuat berkas apa pun"),
        (papers.zipped({"a.jpg": papers.scan()})[:-30], "zip_damaged", "rusak atau terpotong"),
        (overlapping(), "zip_bomb", "saling menindih"),
        (
            papers.zipped({"a.jpg": b"x"})[:-10] + b"\xff\xff\xff\x7f" + bytes(6),
            "zip_entries",
            "lebih dari 100.000 berkas",
        ),
    ],
    ids=["empty", "cut", "overlapping", "endless directory"],
)
def test_a_zip_that_is_none_or_hostile_is_refused_whole_and_may_be_sent_again(
    pair, operator, content, code, told
):
    batch = papers.taken(pair, operator, content)
    assert (batch.error_code, batch.taken) == (code, 0)
    assert told in batch.error_message
    assert batch.job.state == "failed"
    again = papers.received(pair, operator, content)
    assert again.pk != batch.pk


def test_the_same_zip_twice_is_one_batch(pair, operator):
    content = papers.zipped({"a.jpg": papers.scan()})
    batch = papers.taken(pair, operator, content)
    before = StoredFile.objects.count()
    assert papers.taken(pair, operator, content).pk == batch.pk
    assert (Scan.objects.count(), StoredFile.objects.count()) == (1, before)


def test_problems_are_told_and_do_not_refuse(pair, operator):
    blurred = papers.page().filter(ImageFilter.GaussianBlur(4))
    papers.taken(
        pair,
        operator,
        {
            "LBR-1.jpg": papers.as_bytes(blurred),
            "LBR-2.jpg": papers.as_bytes(Image.new("RGB", (900, 1270), "white")),
            "LBR-3.jpg": papers.as_bytes(papers.page().point(lambda level: level // 6)),
            "LBR-4.jpg": papers.scan(size=(320, 450)),
            "LBR-5.pdf": papers.pdf(*"abcdefg"),
            "LBR-6.jpg": papers.scan(),
        },
    )
    found = dict(Scan.objects.values_list("token", "problems"))
    assert found == {
        "lbr1": "BLURRED", "lbr2": "BLANK", "lbr3": "DARK", "lbr4": "SMALL", "lbr5": "SEVERAL", "lbr6": "",
    }  # fmt: skip
