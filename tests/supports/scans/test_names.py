"""What a file's name says of a scan."""

import pytest

from supports.scans.manifest import named_by, read_manifest
from supports.scans.names import read_name, without_niks

NIK = "6474010101019001"


@pytest.mark.parametrize(
    ("path", "nik", "token", "kind"),
    [
        (f"{NIK}_ktp.jpg", NIK, "", "ktp"),
        (f"B.1/{NIK}.pdf", NIK, "", "statement"),
        (f"{NIK}/pernyataan hal 2.jpg", NIK, "", "statement"),
        (f"kelurahan\\{NIK} e-KTP.png", NIK, "", "ktp"),
        ("LBR-0012 B1 hal 2.pdf", "", "lbr0012", "statement"),
        ("LBR-12_ktp_2.jpg", "", "lbr12", "ktp"),
        ("LBR-1.jpg", "", "lbr1", ""),
        ("KTP/0045.jpg", "", "0045", "ktp"),
        ("R 5/ktp.jpg", "", "r5", "ktp"),
        ("PERNYATAAN.IDENTITAS 77.pdf", "", "77", "identity"),
        ("suket_33 (1).jpg", "", "33", "suket"),
        ("b12.jpg", "", "b12", ""),
        ("ktp.jpg", "", "", "ktp"),
        (f"{NIK}1.jpg", "", "", ""),
        (f"LBR-3 {NIK[:-1]} ktp.jpg", "", "lbr3", "ktp"),
        ("20241231235959.jpg", "", "20241231235959", ""),
        ("", "", "", ""),
    ],
)
def test_a_name_tells_whose_and_what(path, nik, token, kind):
    assert read_name(path) == (nik, token, kind, False)


def test_two_people_in_one_name_are_nobodys():
    assert read_name(f"{NIK} dan 6474010101019002.pdf").several
    assert not read_name(f"{NIK}/{NIK}.pdf").several


def test_a_name_without_its_nik_keeps_the_first_four():
    assert without_niks(f"{NIK}_ktp.jpg") == f"6474{'•' * 12}_ktp.jpg"
    assert without_niks(f"{NIK[:-1]}.jpg") == without_niks(f"{NIK}1.jpg") == f"6474{'•' * 12}.jpg"
    assert without_niks("LBR-12.jpg") == "LBR-12.jpg"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_manifest_comes_before_the_name_and_leaves_the_rest_to_it(delimiter):
    lines = ["Berkas,NIK,Lembar,Jenis", f"IMG1.JPG,{NIK},,", "a/IMG2.jpg,,L 7,Suket", f"{NIK}.jpg,,,ktp"]
    said = read_manifest("\n".join(lines).replace(",", delimiter).encode("utf-8-sig"))
    assert named_by(said, "ktp/img1.jpg") == (NIK, "", "ktp", False)
    assert named_by(said, "A\\IMG2.jpg") == ("", "l7", "suket", False)
    assert named_by(said, f"{NIK}.jpg") == (NIK, "", "ktp", False)
    assert named_by(said, "lain.jpg") == ("", "lain", "", False)
    assert read_manifest(b"a,b\n1,2") == read_manifest(b"") == {}
