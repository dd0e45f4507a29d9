"""A file takes the place of an upload as a whole, and what it repeats is said, replaced or removed."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation.accounts.matrix import Role
from foundation.errors import Conflict, Refused
from foundation.keys.models import StoredFile
from foundation.workflow.models import Event
from supports import operations, repeats, rounds
from supports.models import PairMatch, Repeat, Submission, Support, Upload
from supports.progress import progress
from supports.rows import remove_support
from tests import factories
from tests.factories import loaded, person, work
from tests.supports.calling import client_of, send
from tests.supports.mended import report_of, written
from tests.supports.test_at_once import Meanwhile
from tests.supports.test_counts import check_everything

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def team():
    """A pair and its operator."""
    made = factories.pair()
    return made, factories.operator(made)


@pytest.fixture
def client(team):
    return client_of(team[1])


def people(first, last, **changes):
    return [person(number, **changes) for number in range(first, last)]


def states():
    """The status of every upload, in the order they came."""
    return list(Upload.objects.order_by("pk").values_list("status", flat=True))


def counted(team):
    """How many count, after everything stored about the round was found true."""
    check_everything(Submission.objects.get(pair=team[0]))
    return progress(team[0]).counted


def numbers(repeat):
    return (repeat.shared, repeat.identical, repeat.theirs)


# ---- a file that comes in the place of another -------------------------------------------------------


def test_file_takes_the_place_of_an_upload_in_one_go(team):
    old = loaded(*team, people(1, 5), "lama.csv")
    other = loaded(*team, people(3, 4), "lain.csv")
    new = loaded(*team, people(3, 8), "baru.csv", replaces=old)
    old.refresh_from_db()
    assert (old.status, old.successor, new.status) == ("discarded", new, "loaded")
    assert Support.objects.count() == 6
    assert counted(team) == 5
    assert Upload.objects.get(pk=other.pk).status == "loaded"
    event = Event.objects.get(name="upload_discard")
    assert (event.by_id, event.subject_id) == (team[1].pk, old.pk)
    assert event.data == {"rows": 4, "replaced_by": new.pk, "status": "discarded"}


@pytest.mark.parametrize("content", [b"PK\x03\x04 not a workbook", b"Kolom A,Kolom B\n1,2\n"])
def test_old_upload_stays_when_the_new_file_cannot_be_read(team, content):
    old = loaded(*team, people(1, 5), "lama.csv")
    loaded(*team, content, "baru.csv", replaces=old)
    assert states() in (["loaded", "failed"], ["loaded", "needs_mapping"])
    assert counted(team) == 4


def test_mapping_given_later_still_replaces(team):
    old = loaded(*team, people(1, 5), "lama.csv")
    content = factories.as_csv(people(2, 4)).replace(b"NIK,Nama", b"Kolom A,Kolom B")
    new = loaded(*team, content, "baru.csv", replaces=old)
    operations.map_upload(new, by=team[1], mapping={"nik": "Kolom A", "name": "Kolom B"})
    work()
    assert states() == ["discarded", "loaded"]
    assert counted(team) == 2


def test_old_upload_that_went_meanwhile_is_no_hindrance(team):
    old = loaded(*team, people(1, 5), "lama.csv")
    factories.upload(*team, people(2, 4), "baru.csv", replaces=old)
    operations.discard_upload(old, by=team[1])
    work()
    assert states() == ["discarded", "loaded"]
    assert counted(team) == 2


def test_matches_of_pairs_go_with_the_upload_that_is_replaced(team):
    other = factories.pair(team[0].election, name="Bayu Umpama – Kirana Andaikan")
    loaded(other, factories.operator(other, "operator2"), people(1, 3))
    old = loaded(*team, people(1, 3), "lama.csv")
    assert PairMatch.objects.count() == 2
    loaded(*team, people(2, 4), "baru.csv", replaces=old)
    assert PairMatch.objects.count() == 1


def test_mended_report_in_the_place_of_its_upload_leaves_only_the_report(team):
    old = loaded(*team, [person(1), person(2, nik="123"), person(3)], "lama.csv")
    rows = report_of(old, team[1], everything=False)
    rows[0]["NIK"] = person(2)["nik"]
    loaded(*team, written(rows), "baru.csv", replaces=old)
    assert Support.objects.count() == 1
    assert counted(team) == 1


def test_an_upload_is_not_replaced_by_the_same_file_of_another(team):
    old = loaded(*team, people(1, 5), "lama.csv")
    other = loaded(*team, people(5, 8), "lain.csv")
    with pytest.raises(Conflict, match="tidak dimuat lagi dan tidak ada yang diganti"):
        factories.upload(*team, people(5, 8), "lagi.csv", replaces=old)
    assert factories.upload(*team, people(5, 8), "lagi.csv", replaces=other) == other
    assert states() == ["loaded", "loaded"]
    assert StoredFile.objects.count() == 2


# ---- the same through REST ----------------------------------------------------------------------------


def test_rest_replaces_an_upload(team, client):
    old = loaded(*team, people(1, 5), "lama.csv")
    answer = send(client, team[0], people(2, 4), "baru.csv", mode="replace", replaces=old.pk)
    assert (answer.status_code, answer.json()["replaces"]) == (202, old.pk)
    work()
    assert client.get(f"/api/v1/uploads/{old.pk}/").json()["replaced_by"] == answer.json()["id"]
    assert counted(team) == 2


def test_rest_refuses_to_replace_what_is_not_there_or_not_ones_own(team, client):
    other = factories.pair(team[0].election, name="Bayu Umpama – Kirana Andaikan")
    theirs = loaded(other, factories.operator(other, "operator2"), people(1, 3))
    for number in (theirs.pk, 999_999):
        answer = send(client, team[0], people(2, 4), mode="replace", replaces=number)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert Upload.objects.count() == 1
    assert StoredFile.objects.count() == 1


def test_rest_refuses_to_replace_an_upload_of_another_round_or_one_not_loaded(team, client):
    old = loaded(*team, people(1, 5), "lama.csv")
    waiting = factories.upload(*team, people(5, 7), "menunggu.csv")
    answer = send(client, team[0], people(2, 4), replaces=waiting.pk)
    assert (answer.status_code, answer.json()["code"]) == (422, "upload_not_loaded")
    work()
    Submission.objects.create(pair=team[0], stage="perbaikan_1", rule_set=old.submission.rule_set)
    later = Submission.objects.get(stage="perbaikan_1")
    with pytest.raises(Refused, match="bukan bagian dari putaran ini"):
        rounds.may_replace(old, later)


def test_rest_says_what_an_upload_repeats_and_takes_it_away(team, client):
    old = loaded(*team, people(1, 11), "lama.csv")
    new = loaded(*team, people(3, 13), "baru.csv")
    address = f"/api/v1/uploads/{new.pk}/"
    (said,) = client.get(address).json()["repeats"]
    assert said == {
        "upload": old.pk,
        "name": "lama.csv",
        "status": "loaded",
        "shared": 8,
        "identical": 8,
        "theirs": 8,
        "replaced": 0,
    }
    assert client.post(f"{address}remove-copies/").status_code == 202
    work()
    answer = client.get(address).json()
    assert (answer["rows"], answer["findings"], answer["repeats"][0]["shared"]) == (2, {}, 0)
    assert counted(team) == 12
    refused = client.post(f"{address}remove-copies/")
    assert (refused.status_code, refused.json()["code"]) == (422, "no_copies")


def test_rest_lets_an_upload_replace_another(team, client):
    old = loaded(*team, people(1, 11), "lama.csv")
    new = loaded(*team, people(3, 13), "baru.csv")
    answer = client.post(f"/api/v1/uploads/{new.pk}/replace/", {"replaces": old.pk}, format="json")
    assert answer.status_code == 202
    work()
    assert states() == ["discarded", "loaded"]
    assert counted(team) == 10
    again = client.post(f"/api/v1/uploads/{new.pk}/replace/", {"replaces": old.pk}, format="json")
    assert (again.status_code, again.json()["code"]) == (422, "upload_not_loaded")


def test_rest_hides_uploads_of_another_pair(team, client):
    other = factories.pair(team[0].election, name="Bayu Umpama – Kirana Andaikan")
    theirs = loaded(other, factories.operator(other, "operator2"), people(1, 3))
    mine = loaded(*team, people(1, 3))
    assert client.post(f"/api/v1/uploads/{theirs.pk}/remove-copies/").status_code == 404
    for subject, old in ((theirs, mine), (mine, theirs)):
        path = f"/api/v1/uploads/{subject.pk}/replace/"
        assert client.post(path, {"replaces": old.pk}, format="json").status_code == 404


# ---- what a file repeats ------------------------------------------------------------------------------


def test_what_a_file_repeats_is_counted_per_upload_when_it_is_loaded(team):
    first = loaded(*team, people(1, 9), "satu.csv")
    second = loaded(*team, [*people(7, 12), *people(7, 9)], "dua.csv")
    rows = [*people(1, 8), person(8, address="Jl. Lain"), person(10), person(50), person(60, nik="")]
    third = loaded(*team, rows, "tiga.csv")
    found = {one.other_id: numbers(one) for one in Repeat.objects.filter(upload=third)}
    assert found == {first.pk: (8, 7, 8), second.pk: (3, 2, 5)}
    assert [numbers(one) for one in Repeat.objects.filter(upload=second)] == [(4, 4, 2)]


def test_a_small_part_is_not_worth_saying(team):
    old = loaded(*team, people(1, 11), "lama.csv")
    new = loaded(*team, people(9, 19), "baru.csv")
    few = loaded(*team, people(18, 30), "sedikit.csv")
    said = repeats.repeats_of([new, few], Upload.objects.all())
    assert [one.other for one in repeats.worth_saying(said[new.pk], 10)] == [old]
    assert repeats.worth_saying(said[few.pk], 12) == []


def test_ten_thousand_rows_of_one_nik_in_two_files_are_counted(team):
    rows = [person(1, address=f"Jl. Contoh {n}") for n in range(10_000)]
    loaded(*team, rows, "lama.csv")
    new = loaded(*team, [*rows, person(2)], "baru.csv")
    assert [numbers(one) for one in Repeat.objects.filter(upload=new)] == [(10_000, 10_000, 10_000)]


# ---- one click: replace the other one -----------------------------------------------------------------


def test_mended_original_replaces_the_first_one(team):
    old = loaded(*team, [*people(1, 9), *people(9, 11, nik="123")], "asal.csv")
    new = loaded(*team, people(1, 11), "dibenahi.csv")
    assert counted(team) == 10
    repeats.replace_upload(new, by=team[1], old=old)
    work()
    assert states() == ["discarded", "loaded"]
    old.refresh_from_db()
    assert old.successor == new
    assert Support.objects.count() == 10
    assert counted(team) == 10
    asked = Event.objects.get(name="upload_replace_requested")
    assert (asked.subject_id, asked.by_id, asked.data) == (
        new.pk,
        team[1].pk,
        {"replaces": old.pk, "rows": 10},
    )


def test_nothing_is_replaced_by_an_upload_that_went_meanwhile(team):
    old = loaded(*team, people(1, 9), "asal.csv")
    new = loaded(*team, people(1, 11), "dibenahi.csv")
    operations.discard_upload(new, by=team[1])
    repeats.replace_upload(new, by=team[1], old=old)
    work()
    assert states() == ["loaded", "discarded"]
    assert counted(team) == 8
    old.refresh_from_db()
    assert "sudah dibuang" in old.job.error_message


def test_an_upload_does_not_replace_itself(team):
    upload = loaded(*team, people(1, 9))
    with pytest.raises(Refused, match="tidak dapat menggantikan"):
        repeats.replace_upload(upload, by=team[1], old=upload)


def test_report_sent_twice_loses_nobody_when_the_second_replaces_the_first(team):
    old = loaded(*team, people(1, 5, nik="123"), "asal.csv")
    rows = report_of(old, team[1])
    for at in (0, 1):
        rows[at]["NIK"] = person(at + 1)["nik"]
    first = loaded(*team, written(rows), "benah-1.csv")
    for at in (2, 3):
        rows[at]["NIK"] = person(at + 1)["nik"]
    second = loaded(*team, written(rows), "benah-2.csv")
    assert counted(team) == 2
    repeats.replace_upload(second, by=team[1], old=first)
    work()
    assert counted(team) == 4
    assert Support.objects.count() == 4


# ---- one click: remove the copies ---------------------------------------------------------------------


def test_copies_go_and_every_person_stays(team):
    old = loaded(*team, people(1, 9), "asal.csv")
    new = loaded(*team, [*people(3, 12), person(1, address="Jl. Lain"), person(11)], "lagi.csv")
    before = counted(team)
    assert repeats.copies_in(new) == 7
    repeats.remove_copies(new, by=team[1])
    work()
    assert counted(team) == before == 11
    assert Support.objects.filter(pk__lt=new.pk << 24).count() == 8
    assert Support.objects.filter(pk__gte=new.pk << 24).count() == 4
    assert [numbers(one) for one in Repeat.objects.filter(upload=new)] == [(1, 0, 1)]
    done = Event.objects.get(name="copies_removed")
    assert (done.by_id, done.subject_id, done.data) == (team[1].pk, new.pk, {"rows": 7})
    assert Upload.objects.get(pk=old.pk).status == "loaded"


def test_sound_row_of_the_new_file_is_no_copy_of_a_faulty_one(team):
    loaded(*team, [person(1, district="Entah"), person(2)], "asal.csv")
    new = loaded(*team, people(1, 3), "lagi.csv")
    repeats.remove_copies(new, by=team[1])
    work()
    assert Support.objects.filter(pk__gte=new.pk << 24).count() == 1
    assert counted(team) == 2


def test_copies_are_removed_by_their_number_at_that_moment(team):
    old = loaded(*team, people(1, 5), "asal.csv")
    new = loaded(*team, people(1, 5), "lagi.csv" if old else "")
    assert new == old
    new = loaded(*team, [*people(1, 5), person(6)], "lagi.csv")
    repeats.remove_copies(new, by=team[1])
    remove_support(Support.objects.order_by("pk").first(), by=team[1], revision=0)
    work()
    assert counted(team) == 5
    assert Support.objects.count() == 5


def test_a_round_handed_in_keeps_its_copies(team):
    loaded(*team, people(1, 5), "asal.csv")
    new = loaded(*team, people(1, 6), "lagi.csv")
    Submission.objects.update(status="submitted")
    with pytest.raises(Refused):
        repeats.remove_copies(new, by=team[1])
    with pytest.raises(Refused):
        repeats.replace_upload(new, by=team[1], old=Upload.objects.order_by("pk").first())
    assert Support.objects.count() == 9


# ---- on the page --------------------------------------------------------------------------------------


@pytest.fixture
def browser(team):
    """The operator, logged in."""
    visitor = Client()
    visitor.force_login(team[1])
    return visitor


def text_of(response):
    """What a page says, blanks made single."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_page_says_what_is_repeated_and_offers_both_ways_out(team, browser):
    old = loaded(*team, people(1, 11), "data_30juni.csv")
    new = loaded(*team, [*people(1, 8), person(8, address="Jl. Lain"), person(50)], "dibenahi.csv")
    said = text_of(browser.get(f"/unggahan/{new.pk}/"))
    assert "8 dari 9 baris sudah ada di unggahan data_30juni.csv : 7 sama persis, 1 dengan data" in said
    assert "Ganti unggahan data_30juni.csv" in said
    assert "2 barisnya tidak ada di berkas ini dan ikut dibuang." in said
    assert "Hapus 7 salinan" in said
    assert "Sudah ada di unggahan lain" not in text_of(browser.get(f"/unggahan/{old.pk}/"))


def test_replacing_on_the_page_is_confirmed_by_the_number_that_goes(team, browser):
    old = loaded(*team, people(1, 11), "lama.csv")
    new = loaded(*team, people(2, 12), "baru.csv")
    path = f"/unggahan/{new.pk}/ganti/{old.pk}/"
    refused = browser.post(path, {f"ganti-{old.pk}-count": "9"})
    assert refused.status_code == 422
    assert "bukan 10" in text_of(refused)
    assert states() == ["loaded", "loaded"]
    assert browser.post(path, {f"ganti-{old.pk}-count": "10"}).status_code == 302
    waiting = browser.get(f"/unggahan/{new.pk}/").content.decode()
    assert f'hx-get="/unggahan/{old.pk}/kemajuan/"' in waiting
    work()
    assert states() == ["discarded", "loaded"]
    assert "Penggantinya: baru.csv" in text_of(browser.get(f"/unggahan/{old.pk}/"))


def test_page_read_while_the_old_upload_goes_is_of_one_moment(team, browser):
    """Counts from before and no job at work any more: a page that would never be read anew."""
    old, new = loaded(*team, people(1, 5), "lama.csv"), loaded(*team, people(1, 6), "baru.csv")
    repeats.replace_upload(new, by=team[1], old=old)
    done = []

    def carry_out_once_counted(execute, query, *rest):
        answer = execute(query, *rest)
        if query.partition(" FROM ")[2].startswith('"supports_uploadtally"') and not done:
            done.append(Meanwhile(work).wait())
        return answer

    with connection.execute_wrapper(carry_out_once_counted):
        page = browser.get(f"/unggahan/{new.pk}/").content.decode()
    assert done == [None]
    assert "5 baris: 1 terhitung" in page
    assert 'hx-trigger="every 2s"' in page
    assert "5 baris: 5 terhitung." in text_of(browser.get(f"/unggahan/{new.pk}/"))


def test_copies_on_the_page_are_removed_by_their_number(team, browser):
    loaded(*team, people(1, 11), "lama.csv")
    new = loaded(*team, people(2, 14), "baru.csv")
    path = f"/unggahan/{new.pk}/salinan/"
    assert browser.post(path, {"salinan-count": "12"}).status_code == 422
    assert browser.post(path, {"salinan-count": "9"}).status_code == 302
    assert "Salinan di unggahan ini sedang dihapus" in text_of(browser.get(f"/unggahan/{new.pk}/"))
    work()
    said = text_of(browser.get(f"/unggahan/{new.pk}/"))
    assert "Unggahan ini memuat 12 baris; 9 di antaranya sudah diganti atau dihapus." in said
    assert "3 baris: 3 terhitung" in said
    assert browser.post(path, {"salinan-count": "9"}, follow=True).status_code == 200


def test_pages_say_which_rows_were_replaced_and_that_they_do_not_come_back(team, browser):
    old = loaded(*team, people(1, 3, nik="123"), "asal.csv")
    rows = report_of(old, team[1])
    for at, row in enumerate(rows, 1):
        row["NIK"] = person(at)["nik"]
    new = loaded(*team, written(rows), "dibenahi.csv")
    said = text_of(browser.get(f"/unggahan/{new.pk}/"))
    assert "2 baris berkas ini menggantikan baris unggahan asal.csv" in said
    assert "Baris unggahan lain yang sudah diganti oleh berkas ini tidak kembali." in said
    said = text_of(browser.get(f"/unggahan/{old.pk}/"))
    assert "semuanya sudah diganti atau dihapus" in said
    assert "2 baris unggahan ini diganti oleh unggahan dibenahi.csv" in said
    assert browser.post(f"/unggahan/{new.pk}/buang/", {"count": "2"}).status_code == 302
    work()
    assert "(kemudian dibuang; baris yang diganti tidak kembali)" in text_of(
        browser.get(f"/unggahan/{old.pk}/")
    )
    assert browser.post(f"/unggahan/{old.pk}/buang/").status_code == 302
    work()
    assert states() == ["discarded", "discarded"]


def test_a_file_sent_from_the_page_may_replace_an_upload(team, browser):
    old = loaded(*team, people(1, 11), "lama.csv")
    path = f"/pasangan/{team[0].pk}/unggah/"
    assert "Ganti unggahan lama.csv (10 baris" in text_of(browser.get(path))
    for number, status in (("x", 404), ("999999999", 404), ("9" * 30, 404)):
        file = SimpleUploadedFile("baru.csv", factories.as_csv(people(2, 5)), "text/csv")
        assert browser.post(path, {"file": file, "replaces": number}).status_code == status
    assert StoredFile.objects.count() == 1
    file = SimpleUploadedFile("baru.csv", factories.as_csv(people(2, 5)), "text/csv")
    answer = browser.post(path, {"file": file, "replaces": str(old.pk)}, follow=True)
    assert "berkas ini menggantikan unggahan lama.csv" in text_of(answer)
    work()
    assert states() == ["discarded", "loaded"]


def test_page_asks_as_often_whatever_is_repeated(team, browser):
    def queries(upload):
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(f"/unggahan/{upload.pk}/").status_code == 200
        return len(asked)

    loaded(*team, people(1, 11), "1.csv")
    second = loaded(*team, people(1, 12), "2.csv")
    queries(second)
    one = queries(second)
    for number in range(3, 7):
        last = loaded(*team, people(1, 10 + number), f"{number}.csv")
    assert queries(last) == one


def test_other_pairs_and_officers_have_no_button(team):
    loaded(*team, people(1, 11), "lama.csv")
    new = loaded(*team, people(2, 14), "baru.csv")
    officer = Client()
    officer.force_login(factories.user("kpu", Role.KPU_REGENCY, 6474))
    said = text_of(officer.get(f"/unggahan/{new.pk}/"))
    assert "9 dari 12 baris sudah ada di unggahan lama.csv" in said
    assert "Hapus 9 salinan" not in said
    assert officer.post(f"/unggahan/{new.pk}/salinan/", {"salinan-count": "9"}).status_code == 403
    other = factories.pair(team[0].election, name="Bayu Umpama – Kirana Andaikan")
    stranger = Client()
    stranger.force_login(factories.operator(other, "operator2"))
    assert stranger.post(f"/unggahan/{new.pk}/salinan/", {"salinan-count": "9"}).status_code == 404
