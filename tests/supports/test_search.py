"""Finding supporters by NIK, phone and the beginnings of the words of a name."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.errors import Refused
from foundation.jobs.models import Job
from foundation.jobs.runner import run_next
from supports import operations, search, searchable
from supports.models import Submission, SupportSearch, Upload
from supports.rows import add_supports, edit_support, remove_support
from supports.search import Sought, search_supports, sought_in
from tests import factories
from tests.supports.test_counts import check_search
from tests.supports.test_rows import the

pytestmark = pytest.mark.usefixtures("committed")

PEOPLE = ["Budi Santoso", "Siti Rahayu Budiman", "M. Yusuf Al-Fatih", "Nur'aini, S.Pd", "BUDIMAN SANJAYA"]


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def operator(pair):
    return factories.operator(pair)


@pytest.fixture
def rows():
    return [factories.person(at, name=name) for at, name in enumerate(PEOPLE)]


@pytest.fixture
def filled(pair, operator, rows):
    """The round of a loaded file."""
    factories.loaded(pair, operator, rows)
    return Submission.objects.select_related("pair__election__rule_set", "rule_set").get()


def names(page):
    return [row.name for row in page.rows]


def found(submission, **sought):
    return names(search_supports(submission, Sought(**sought)))


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("bud san", ["Budi Santoso", "BUDIMAN SANJAYA"]),
        ("santoso", ["Budi Santoso"]),
        ("SAN BUD", ["Budi Santoso", "BUDIMAN SANJAYA"]),
        ("budim", ["Siti Rahayu Budiman", "BUDIMAN SANJAYA"]),
        ("udi", []),
        ("m yusuf", ["M. Yusuf Al-Fatih"]),
        ("m.yusuf", ["M. Yusuf Al-Fatih"]),
        ("y", []),
        ("fatih al", ["M. Yusuf Al-Fatih"]),
        ("nur aini", ["Nur'aini, S.Pd"]),
        ("nur'aini s.pd", ["Nur'aini, S.Pd"]),
        ("budi:* | nur", []),
        ("!budi & 'x", []),
        ("100%", []),
        ("budi' OR 1=1", []),
    ],
)
def test_a_name_is_found_by_the_beginnings_of_its_words(filled, typed, wanted):
    assert found(filled, name=typed) == wanted


@pytest.mark.parametrize("write", ["{}", " {} ", "'{}", "64.74{rest}"])
def test_a_nik_is_found_however_it_is_written(filled, rows, write):
    nik = rows[3]["nik"]
    assert found(filled, nik=write.format(nik, rest=nik[4:])) == [PEOPLE[3]]


@pytest.mark.parametrize("write", ["{}", "+62{short}", "62{short}", "0 {short}", "+62 {a}-{b}"])
def test_a_phone_is_found_however_it_is_written(filled, rows, write):
    phone = rows[2]["phone"]
    short = phone[1:]
    assert found(filled, phone=write.format(phone, short=short, a=short[:3], b=short[3:])) == [PEOPLE[2]]


def test_everything_that_is_given_must_fit(filled, rows):
    nik, phone = rows[0]["nik"], rows[0]["phone"]
    assert found(filled, nik=nik, phone=phone, name="budi") == [PEOPLE[0]]
    assert found(filled, phone=phone, name="santoso") == [PEOPLE[0]]
    assert found(filled, nik=nik, name="siti") == []
    assert found(filled, nik=nik, phone=rows[1]["phone"]) == []
    assert found(filled, phone=phone, name="siti") == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ("bud san", "name"),
        ("6474 0102 0361 9000", "nik"),
        ("647401020361900", "nik"),
        ("64740102O3619000", "nik"),
        ("0812 3456 7890", "phone"),
        ("+62-812-3456-7890", "phone"),
        ("budi 3", "name"),
    ],
)
def test_one_box_knows_what_was_typed(typed, field):
    sought = sought_in(typed)
    assert [name for name in ("nik", "name", "phone") if getattr(sought, name)] == [field]


@pytest.mark.parametrize(
    ("sought", "code", "sentence"),
    [
        ({"nik": "647401020361900"}, "nik_incomplete", "yang diketik 15 angka"),
        ({"nik": "64740102O3619000"}, "nik_incomplete", "memuat huruf"),
        ({"phone": "0812"}, "phone_incomplete", "misalnya 0812 3456 7890"),
        ({"name": "..."}, "name_without_words", "tidak memuat huruf"),
        ({}, "search_empty", "Ketik NIK, nama, atau nomor telepon"),
    ],
)
def test_what_cannot_be_looked_for_is_said_in_a_sentence(filled, sought, code, sentence):
    with pytest.raises(Refused) as refused:
        search_supports(filled, Sought(**sought))
    assert refused.value.code == code
    assert sentence in refused.value.message


def test_pages_lead_forth_and_back_whether_few_or_many_are_found(pair, operator, monkeypatch):
    people = [factories.person(at, name=f"Budi Contoh {at:03d}") for at in range(23)]
    factories.loaded(pair, operator, people)
    submission = Submission.objects.get()
    for most in (search.MOST_COLLECTED, 3):
        monkeypatch.setattr(search, "MOST_COLLECTED", most)
        pages = [search_supports(submission, Sought(name="bud con"), limit=10)]
        while pages[-1].next:
            pages.append(search_supports(submission, Sought(name="bud con"), cursor=pages[-1].next, limit=10))
        assert [name for page in pages for name in names(page)] == [one["name"] for one in people]
        assert pages[0].previous is None
        back = search_supports(submission, Sought(name="bud con"), cursor=pages[-1].previous, limit=10)
        assert names(back) == names(pages[-2])


@pytest.mark.parametrize("most", [search.MOST_COLLECTED, 0])
@pytest.mark.parametrize(("reach", "numbers"), [([647403], [1]), ([6474011001], [0]), ([64], [0, 1])])
def test_rows_of_other_areas_are_not_found(pair, operator, monkeypatch, most, reach, numbers):
    monkeypatch.setattr(search, "MOST_COLLECTED", most)
    west = {"district": "Bontang Barat", "village": "Kanaan"}
    people = [
        factories.person(0, name="Budi A", phone="081299990000"),
        factories.person(1, name="Budi B", **west),
    ]
    people[1]["phone"] = people[0]["phone"]
    factories.loaded(pair, operator, people)
    submission = Submission.objects.get()
    wanted = [people[at]["name"] for at in numbers]
    assert found(submission, name="budi", reach=reach) == wanted
    assert found(submission, phone=people[0]["phone"], reach=reach) == wanted
    assert found(submission, nik=people[0]["nik"], reach=reach) == [one for one in wanted if one == "Budi A"]


def test_rows_of_another_pair_are_not_found(filled, rows):
    other = factories.pair(filled.pair.election, "Bayu Umpama – Kirana Andaikan")
    factories.loaded(other, factories.operator(other, "operator2"), rows)
    for one in Submission.objects.all():
        assert len(found(one, nik=rows[0]["nik"])) == 1
        assert len(found(one, phone=rows[0]["phone"])) == 1
        assert len(found(one, name="santoso")) == 1


# ---- the table follows the rows ------------------------------------------------------------------------


def test_a_typed_row_is_found_at_once_and_an_edited_one_by_its_new_name(pair, operator):
    (added,) = add_supports(pair, by=operator, rows=[factories.person(1, name="Joko Umpama")])
    submission = Submission.objects.get()
    assert found(submission, name="joko") == ["Joko Umpama"]
    changed = factories.person(2)["phone"]
    edit_support(the(added), by=operator, changes={"name": "Sari Misal", "phone": changed}, revision=0)
    assert found(submission, name="joko") == []
    assert found(submission, name="sari", phone=changed) == ["Sari Misal"]
    remove_support(the(added), by=operator, revision=1)
    assert found(submission, name="sari") == []
    check_search(submission)


def test_discarded_rows_are_found_no_longer(filled, operator):
    operations.discard_upload(Upload.objects.get(), by=operator)
    factories.work()
    assert found(filled, name="budi") == []
    assert not SupportSearch.objects.exists()


def test_until_the_names_are_copied_the_upload_is_named_and_the_nik_is_found(pair, operator, rows):
    upload = factories.upload(pair, operator, rows)
    assert run_next()
    submission = Submission.objects.get()
    assert list(searchable.not_yet_searchable(submission)) == [upload]
    assert found(submission, name="budi") == []
    assert found(submission, nik=rows[0]["nik"], name="budi") == [PEOPLE[0]]
    factories.work()
    assert not searchable.not_yet_searchable(submission).exists()
    assert found(submission, name="bud san") == [PEOPLE[0], PEOPLE[4]]


def test_rows_are_copied_in_pieces_and_an_edit_between_two_is_not_lost(pair, operator, rows, monkeypatch):
    monkeypatch.setattr(searchable, "PIECE", 2)
    upload = factories.upload(pair, operator, rows)
    assert run_next()
    submission = Submission.objects.get()
    while Job.objects.filter(kind="supports.make_searchable", state="done").count() < 1:
        assert run_next()
    first, *_rest, last = submission.support_set.order_by("pk")
    edit_support(last, by=operator, changes={"name": "Joko Umpama"}, revision=0)
    remove_support(first, by=operator, revision=0)
    factories.work()
    upload.refresh_from_db()
    assert Job.objects.filter(kind="supports.make_searchable", state="done").count() == 3
    assert found(submission, name="budi") == [PEOPLE[1]]
    assert found(submission, name="joko") == ["Joko Umpama"]
    check_search(submission)


def test_copying_again_changes_nothing(filled):
    before = list(SupportSearch.objects.order_by("support_id").values())
    Upload.objects.update(searchable_to=0)
    searchable.queue_search(Upload.objects.get())
    factories.work()
    assert list(SupportSearch.objects.order_by("support_id").values()) == before


def test_a_search_asks_as_often_for_many_rows_as_for_one(pair, operator, rows):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            many = len(found(submission, name="bud"))
        return many, len(captured)

    factories.loaded(pair, operator, rows[:1], "1.csv")
    submission = Submission.objects.select_related("pair__election__rule_set", "rule_set").get()
    queries()
    one, few = queries()
    factories.loaded(
        pair, operator, [factories.person(40 + at, name=f"Budi {at}") for at in range(30)], "2.csv"
    )
    many, as_many = queries()
    assert (one, many) == (1, 31)
    assert as_many == few
