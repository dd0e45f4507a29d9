"""A paper is made of data, never of markup; it is bounded, repeatable, and leaves nothing on a disk."""

import io
import re
import subprocess
import sys

import pytest
from pypdf import PdfReader

from foundation.errors import Refused
from supports.papers.typeset import Limits, Typesetter, typeset

HOSTILE = [
    '#import "x"',
    "#panic()",
    "#sys.inputs",
    "*_$ `a` <b> @c = // /* */ \\ ~ -- ---",
    "#{1+1}",
    "$ sum_(i=1)^n $",
    '"]) #eval("1+1")',
    "{{ pasangan }} {% csrf_token %}",
]


def letter(**changed):
    data = {
        "title": "Surat penyerahan",
        "subtitle": ["Pemilihan Wali Kota"],
        "code": "MODEL X",
        "official": False,
        "note": "Tata letak belum dicocokkan.",
        "source": "Dicetak 12 Mei 2024 pukul 23.59 WITA.",
        "opening": "Yang bertanda tangan:",
        "facts": [{"label": "Nama", "value": "BUDI"}],
        "paragraphs": [],
        "signatures": [{"role": "Bakal calon", "name": "BUDI", "note": ""}],
    }
    return data | changed


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def squeezed(text):
    """Without blanks, and where a line ended none had to be there."""
    return re.sub(r"\s", "", text)


def test_what_looks_like_markup_is_printed_as_it_was_written():
    facts = [{"label": f"{number}.", "value": text} for number, text in enumerate(HOSTILE)]
    printed = squeezed(text_of(typeset("letter", letter(facts=facts))))
    assert [text for text in HOSTILE if squeezed(text) not in printed] == []


def test_a_root_is_copied_from_the_paper_as_it_is():
    """Where it may break stands no sign of its own, wherever the line ends."""
    root = "13cf26ff5f3dd2b054d0b9e8" * 2
    for before in range(1, 120, 7):
        printed = squeezed(text_of(typeset("letter", letter(source=f"{'a ' * before}{root}."))))
        assert root in printed


def test_every_place_for_data_takes_hostile_text():
    text = HOSTILE[0] + " *_$"
    everywhere = letter(
        title=text, code=text, source=text, note=text, opening=text, paragraphs=[text], subtitle=[text]
    )
    pages = squeezed(text_of(typeset("letter", everywhere)))
    assert pages.count(squeezed(text)) == 7


def test_letters_that_no_font_has_and_halves_of_letters_are_no_fault():
    odd = ["محمد", "陳大文", "👍🏽", "\ud800", "a\u0000b", "\u202eNAMA", "e\u0301" * 50, "x" * 3_000]
    pdf = typeset("letter", letter(facts=[{"label": "Nama", "value": text} for text in odd]))
    assert "BUKAN FORMULIR RESMI" in text_of(pdf)


def test_every_page_says_that_it_is_not_official_and_from_what_it_was_printed():
    reader = PdfReader(io.BytesIO(typeset("letter", letter(paragraphs=["Isi. " * 4_000]))))
    assert len(reader.pages) > 2
    for page in reader.pages:
        assert "BUKAN FORMULIR RESMI" in page.extract_text()
        assert "Dicetak 12 Mei 2024 pukul 23.59 WITA." in page.extract_text()
    assert f"Halaman 2 dari {len(reader.pages)}" in reader.pages[1].extract_text()


def test_equal_data_gives_equal_bytes():
    assert typeset("letter", letter()) == typeset("letter", letter())


@pytest.mark.parametrize("name", ["../views", "letter.typ", "", "Letter", "a/b"])
def test_only_templates_of_ours_are_typeset(name):
    with pytest.raises(ValueError, match="no template"):
        typeset(name, {})


@pytest.mark.parametrize("limits", [Limits(seconds=0), Limits(memory=64 << 20)])
def test_what_takes_too_much_is_refused_in_a_sentence(limits):
    with pytest.raises(Refused) as refusal:
        typeset("letter", letter(), limits=limits)
    assert refusal.value.code == "paper_too_heavy"


def test_a_template_that_lacks_data_is_a_fault_that_quotes_none_of_it():
    with pytest.raises(RuntimeError) as fault:
        typeset("letter", {"title": "6474014101909001"})
    assert "6474014101909001" not in str(fault.value)


def test_the_typesetter_cannot_write_a_file(tmp_path):
    tries = (
        "import sys; from pathlib import Path; from supports.papers.typesetter import limit; limit(2 << 30, 60);"
        "Path(sys.argv[1]).write_text('6474')"
    )
    file = tmp_path / "clear"
    done = subprocess.run([sys.executable, "-c", tries, str(file)], capture_output=True)
    assert done.returncode != 0
    assert file.read_bytes() == b""


def test_one_process_sets_many_papers_and_goes_on_after_a_fault():
    with Typesetter() as typesetter:
        first = typesetter.typeset("letter", letter())
        with pytest.raises(RuntimeError):
            typesetter.typeset("letter", {})
        assert typesetter.typeset("letter", letter()) == first
        long = letter(paragraphs=["a " * 1_000_000])
        assert len(typesetter.typeset("letter", long, tags=False)) > len(first)
        assert typesetter.typeset("letter", letter()) == first
