"""The papers of a round: every row once, on the list of its desa, with numbers that are those of the counts."""

import csv
import io
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader

from candidates.models import RuleSet
from foundation.errors import Refused
from foundation.workflow.models import Event
from supports.handing_in.hashing import root_now
from supports.models import Submission, Tally
from supports.papers.asked import asked_of
from supports.papers.counts import places_of
from supports.papers.printing import papers_of_round, print_list, print_summary, stream_list
from tests import factories
from tests.supports.repairs.teams import closed, repair_round

pytestmark = pytest.mark.usefixtures("committed")

STATUSES = ["unverified", "MS", "BMS", "TMS"]
HOSTILE = '#import "x"; *_$ = <b> @c'


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def operator(pair):
    return factories.operator(pair)


def round_of(pair, rule_set=None):
    if rule_set:
        Submission.objects.filter(pair=pair).update(rule_set=RuleSet.objects.get(code=rule_set))
    return Submission.objects.select_related("pair__election__rule_set", "rule_set").get(pair=pair)


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def squeezed(text):
    return re.sub(r"[\s\u200b]", "", text)


def people(*villages, start=0):
    return [factories.person(start + at, village=village) for at, village in enumerate(villages)]


def test_a_list_holds_the_people_of_one_desa_and_nobody_else(pair, operator):
    rows = people("Bontang Kuala", "Bontang Baru", "Bontang Kuala", "tidak ada")
    factories.loaded(pair, operator, rows)
    submission = round_of(pair)
    (kuala,) = [place for place in places_of(submission) if place.village == "Bontang Kuala"]
    text = squeezed(text_of(print_list(submission, kuala.area, by=operator).content))
    for row, there in zip(rows, (True, False, True, False), strict=True):
        assert (row["nik"] in text) is there
        assert (squeezed(row["name"]) in text) is there
        assert (squeezed(row["address"]) in text) is there
    for heading in ("KalimantanTimur", "KotaBontang", "BontangUtara", "BontangKuala"):
        assert heading in text
    assert "2barispadadokumenini,4barisseluruhnya" in text


def test_the_lists_together_hold_every_row_and_agree_with_the_counts(pair, operator):
    rows = people("Bontang Kuala", "Bontang Baru", "tidak ada", "Bontang Kuala")
    rows += [
        factories.person(10, regency="Kab. Berau"),
        factories.person(11, regency="tidak dikenal"),
        factories.person(12, nik="123", birth_date="31-02-1980", sex="?"),
    ]
    factories.loaded(pair, operator, rows)
    submission = round_of(pair)
    counted = dict(
        Tally.objects.filter(submission=submission, key__in=STATUSES, n__gt=0).values_list("area", "n")
    )
    places = places_of(submission)
    assert {place.area: place.rows for place in places} == counted
    assert sum(counted.values()) == len(rows)
    everything = ""
    for place in places:
        text = squeezed(text_of(print_list(submission, place.area, by=operator).content))
        assert text.count("JalanContoh") + text.count("Jl.Contoh") == place.rows
        everything += text
    assert [row["nik"] for row in rows if row["nik"] not in everything] == []
    assert "31-02-1980" in everything


def test_a_long_list_is_split_and_its_numbers_go_on(pair, operator, monkeypatch):
    monkeypatch.setattr("supports.papers.printing.MOST_ROWS", 3)
    rows = people(*["Bontang Kuala"] * 7)
    factories.loaded(pair, operator, rows)
    submission = round_of(pair)
    (place,) = places_of(submission)
    texts = [
        squeezed(text_of(print_list(submission, place.area, by=operator, part=part).content))
        for part in (1, 2, 3)
    ]
    assert [sum(row["nik"] in text for row in rows) for text in texts] == [3, 3, 1]
    assert [f"{part}dari3" in text for part, text in enumerate(texts, start=1)] == [True] * 3
    assert f"7{rows[6]['nik']}" in texts[2]
    # Only the last part is signed.
    assert ["BakalcalonWaliKota" in text for text in texts] == [False, False, True]
    with pytest.raises(Refused):
        print_list(submission, place.area, by=operator, part=4)


def test_what_looks_like_markup_in_a_row_is_printed_as_it_was_written(pair, operator):
    rows = [factories.person(1, name=HOSTILE, address=HOSTILE * 5, occupation=HOSTILE)]
    factories.loaded(pair, operator, rows)
    submission = round_of(pair)
    (place,) = places_of(submission)
    text = squeezed(text_of(print_list(submission, place.area, by=operator).content))
    assert text.count(squeezed(HOSTILE)) == 7


def test_a_recap_sums_up_every_desa_and_counts_the_spread(pair, operator):
    factories.loaded(pair, operator, people("Bontang Kuala", "Bontang Baru", "Bontang Kuala", "tidak ada"))
    recap = text_of(print_summary(round_of(pair, "uu10-2016"), "recap", by=operator).content)
    assert "MODEL B.2-KWK PERSEORANGAN" in recap
    for column in ("Kab/Kota", "Kecamatan", "Kel/Desa", "Jumlah"):
        assert column in recap
    assert re.search(r"Kota Bontang\s+Bontang Utara\s+Bontang Kuala\s+2\b", recap)
    assert re.search(r"Kota Bontang\s+Bontang Utara\s+belum diketahui\s+1\b", recap)
    assert re.search(r"a\.\s+jumlah dukungan\s+:\s+4\b", recap)
    assert re.search(r"b\.\s+jumlah sebaran\s+:\s+1 kecamatan", recap)


def test_the_form_of_a_later_round_says_what_is_asked_in_it():
    team, _office, _awal = closed()
    factories.loaded(*team, [factories.person(11)], "baru.csv")
    number = squeezed(text_of(print_summary(repair_round(team), "number", by=team[1]).content))
    asked = "paling sedikit 2 pendukung, termasuk di 1 kecamatan yang belum tercakup"
    for fact in (asked, "1 MS di 1 kecamatan", "3 pendukung di 2 kecamatan"):
        assert squeezed(fact) in number


def test_what_a_later_round_asks_is_counted_by_its_own_rules():
    team, _office, _awal = closed(rule_set="uu10-2016")
    Submission.objects.create(pair=team[0], stage="perbaikan", rule_set=team[0].election.rule_set)
    asked = asked_of(Submission.objects.get(stage="perbaikan"))
    assert (asked.people, asked.areas) == (4, 1)
    assert asked.here.startswith("paling sedikit 4 pendukung (2 × kekurangan 2), termasuk di 1 kecamatan")
    enough = replace(asked, kept=3)
    assert enough.here == "1 kecamatan yang belum tercakup"


def test_the_forms_of_2024_are_the_letter_and_the_number(pair, operator):
    factories.loaded(pair, operator, people("Bontang Kuala", "Bontang Baru"))
    submission = round_of(pair)
    assert [(paper.purpose, paper.scanned) for paper in papers_of_round(submission)] == [
        ("submission", True),
        ("number", True),
        ("list", False),
    ]
    letter = text_of(print_summary(submission, "submission", by=operator).content)
    assert "MODEL B.PENYERAHAN.DUKUNGAN.KWK-PERSEORANGAN" in letter
    assert "2 pendukung" in letter
    assert "Rangga Contoh" in letter
    number = text_of(print_summary(submission, "number", by=operator).content)
    assert "MODEL B.JUMLAH.DUKUNGAN.KWK" in number
    assert "13.160 pendukung di 2 kecamatan" in number
    with pytest.raises(Refused) as refusal:
        print_summary(submission, "recap", by=operator)
    assert refusal.value.code == "form_unknown"


@pytest.mark.parametrize(
    ("rule_set", "expected"),
    [
        ("uu8-2015", {"recap": True, "list": False}),
        ("uu10-2016", {"recap": True, "list": False}),
        ("qanun12-2016", {"submission": True, "number": True, "list": False}),
    ],
)
def test_each_generation_has_its_own_forms(pair, operator, rule_set, expected):
    factories.loaded(pair, operator, people("Bontang Kuala"))
    papers = papers_of_round(round_of(pair, rule_set))
    assert {paper.purpose: paper.scanned for paper in papers} == expected


def test_every_page_says_what_it_was_printed_from_and_that_it_is_not_official(pair, operator):
    factories.loaded(pair, operator, people(*["Bontang Kuala"] * 60))
    submission = round_of(pair)
    (place,) = places_of(submission)
    pages = PdfReader(io.BytesIO(print_list(submission, place.area, by=operator).content)).pages
    assert len(pages) > 1
    for page in pages:
        text = page.extract_text()
        assert "BUKAN FORMULIR RESMI" in text
        assert re.search(r"Dicetak \d+ \w+ \d{4} pukul \d\d\.\d\d WITA dari putaran Awal", text)
        assert "60 baris" in text


def test_a_paper_names_the_root_of_the_rows_it_was_printed_from(pair, operator, monkeypatch):
    factories.loaded(pair, operator, people("Bontang Kuala"))
    submission = round_of(pair)
    root = root_now(submission).root
    assert f"AkarMerkle{root}" in squeezed(text_of(print_summary(submission, "number", by=operator).content))
    factories.loaded(pair, operator, people("Bontang Baru", start=5), "lagi.csv")
    assert root not in squeezed(text_of(print_summary(submission, "number", by=operator).content))
    monkeypatch.setattr("supports.papers.printing.MOST_ROWS_HASHED", 1)
    assert "Merkle" not in text_of(print_summary(submission, "number", by=operator).content)


def test_who_printed_what_is_an_event_without_an_identity(pair, operator):
    (row,) = rows = people("Bontang Kuala")
    factories.loaded(pair, operator, rows)
    submission = round_of(pair)
    (place,) = places_of(submission)
    print_list(submission, place.area, by=operator)
    print_summary(submission, "number", by=operator)
    list(stream_list(submission, by=operator, area=647401))
    events = Event.objects.filter(name="paper_printed", by_id=operator.pk, pair_id=pair.pk)
    assert [event.data for event in events] == [
        {"form": "list", "area": place.area, "part": 1, "rows": 1},
        {"form": "number", "rows": 1, "areas": 1},
        {"form": "csv", "area": 647401, "rows": 1},
    ]
    assert row["nik"] not in str([event.data for event in events])


def test_the_csv_holds_every_row_of_the_region_in_the_order_of_the_lists(pair, operator, monkeypatch):
    monkeypatch.setattr("supports.papers.people.PAGE", 2)
    rows = people("Bontang Kuala", "Bontang Baru", "Bontang Kuala", "tidak ada", "Bontang Baru")
    rows.append(factories.person(20, district="Bontang Selatan", village="Berbas Tengah", name="=1+1"))
    factories.loaded(pair, operator, rows)
    submission = round_of(pair)
    content = b"".join(stream_list(submission, by=operator)).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(content)))
    assert sorted(line["NIK"] for line in lines) == sorted(f"'{row['nik']}" for row in rows)
    assert [line["Kode wilayah"] for line in lines] == sorted(line["Kode wilayah"] for line in lines)
    assert lines[-1]["Nama"] == "'=1+1"
    assert lines[-1]["Kelurahan/Desa"] == "Berbas Tengah"
    some = b"".join(stream_list(submission, by=operator, area=647401)).decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(some)))) == 5


def test_an_empty_round_is_refused_in_a_sentence(pair, operator):
    factories.loaded(pair, operator, people("Bontang Kuala"))
    submission = round_of(pair)
    for ask in (
        lambda: print_list(submission, 6474021001, by=operator),
        lambda: stream_list(submission, by=operator, area=647402),
        lambda: print_summary(submission, "list", by=operator),
        lambda: print_summary(submission, "statement", by=operator),
    ):
        with pytest.raises(Refused):
            ask()
    assert not Event.objects.filter(name="paper_printed").exists()
