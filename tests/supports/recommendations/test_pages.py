"""Bawaslu recommends, KPU answers in time or late: each sees the state, and nobody outside the territory sees any."""

import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.queries import key_scope, now
from foundation.accounts.matrix import Role
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.keys.models import StoredFile
from foundation.workflow.models import Event
from supports.models import Support
from supports.recommendations.models import Recommendation
from supports.recommendations.operations import answer_recommendation, file_recommendation
from tests import factories
from tests.candidates.making import make_letter
from tests.candidates.test_at_once import at_once
from tests.documents import pdf
from tests.supports.calling import client_of

pytestmark = pytest.mark.usefixtures("committed")
TYPED = {"number": "12/PM.00/V/2024", "dated": "12-05-2024", "text": "Periksa kembali lampiran yang ganda."}
FORM = "/saran-perbaikan/buat/{}/"


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def bawaslu(committed):
    return factories.user("bawaslu", Role.BAWASLU, 6474)


def letter():
    file = io.BytesIO(pdf(title="Saran perbaikan"))
    file.name = "saran.pdf"
    return file


def text_of(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def recommend(pair, by, number="12/PM.00/V/2024", **more):
    document = make_letter(key_scope(pair.election), number)
    given = {"number": number, "dated": date(2024, 5, 12), "text": "Periksa kembali.", "pair_id": pair.pk}
    return file_recommendation(pair.election, by=by, document=document, **given | more)


def kpu(number=1):
    return factories.user(f"kpu-{number}", Role.KPU_REGENCY, 6474)


def test_from_the_form_to_the_answer(client, pair, bawaslu):
    client.force_login(bawaslu)
    assert client.get("/saran-perbaikan/buat/").url == FORM.format(pair.election_id)
    form = FORM.format(pair.election_id)
    lacking = client.post(form, {"pair": pair.pk})
    assert lacking.status_code == 422
    for sentence in ("Nomor surat belum diisi.", "Tanggal surat belum diisi.", "Dokumen belum dipilih."):
        assert sentence in text_of(lacking)
    done = client.post(form, TYPED | {"pair": pair.pk, "document": letter()})
    made = Recommendation.objects.get()
    assert done.url == f"/saran-perbaikan/{made.pk}/"
    assert (made.pair, made.region, made.status, made.due_at - made.created_at > timedelta(days=6)) == (
        pair, 6474, "filed", True,
    )  # fmt: skip
    assert "Menunggu jawaban KPU" in text_of(client.get(done.url))
    assert client.post(done.url, {"followed": "yes", "answer": "x"}).status_code == 403

    client.force_login(kpu())
    assert "12/PM.00/V/2024" in text_of(client.get("/saran-perbaikan/"))
    letter_itself = client.get(f"{done.url}surat/")
    assert b"".join(letter_itself.streaming_content) == pdf(title="Saran perbaikan")
    missing = text_of(client.post(done.url, {"answer": ""}))
    assert "Jawaban belum diisi." in missing
    assert "Pilih: ditindaklanjuti" in missing
    client.post(
        done.url, {"followed": "yes", "answer": "Berita acara nomor 3/2024: 4 baris diperiksa ulang."}
    )
    client.force_login(bawaslu)
    told = text_of(client.get(done.url))
    assert "Jawaban KPU: Ditindaklanjuti" in told
    assert "4 baris diperiksa ulang" in told
    assert list(Event.objects.filter(subject_kind="recommendation").values_list("name", flat=True)) == [
        "recommendation_filed",
        "recommendation_follow",
    ]


def test_about_an_upload_or_a_row_that_is_seen_on_its_page(client, pair, bawaslu):
    upload = factories.loaded(pair, factories.operator(pair), [factories.person(1)], "posko.csv")
    row = Support.objects.get()
    client.force_login(bawaslu)
    form = FORM.format(pair.election_id)
    assert "berkas “posko.csv” · baris" in text_of(client.get(f"{form}?baris={row.pk}"))
    client.post(f"{form}?baris={row.pk}", TYPED | {"document": letter()})
    client.post(f"{form}?unggahan={upload.pk}", TYPED | {"number": "13", "document": letter()})
    second, first = Recommendation.objects.all()
    assert (first.support_id, first.upload, first.pair) == (row.pk, upload, pair)
    assert (second.support_id, second.upload, second.pair) == (None, upload, pair)
    assert client.get(f"{form}?baris=99").status_code == 404
    assert f"baris={row.pk}" in text_of(client.get(f"/pasangan/{pair.pk}/dukungan/"))
    assert f"unggahan={upload.pk}" in text_of(client.get(f"/unggahan/{upload.pk}/"))


@pytest.mark.parametrize(
    ("role", "scope", "files", "reads"),
    [
        (Role.BAWASLU, 0, 200, True),
        (Role.BAWASLU, 64, 200, True),
        (Role.BAWASLU, 6474, 200, True),
        (Role.BAWASLU, 647401, 200, False),
        (Role.BAWASLU, 6472, 404, False),
        (Role.KPU_RI, 0, 403, True),
        (Role.KPU_PROVINCE, 64, 403, True),
        (Role.KPU_REGENCY, 6474, 403, True),
        (Role.KPU_REGENCY, 6472, 403, False),
        (Role.VERIFIER, 6474, 403, None),
        (Role.OBSERVER, 6474, 403, None),
        (Role.OPERATOR, "own", 403, None),
    ],
)
def test_who_files_and_who_reads(client, pair, bawaslu, role, scope, files, reads):
    made = recommend(pair, bawaslu)
    person = factories.user("seseorang", role, pair if scope == "own" else scope)
    client.force_login(person)
    assert client.get(FORM.format(pair.election_id)).status_code == files
    status = {True: 200, False: 404, None: 403}[reads]
    assert client.get(f"/saran-perbaikan/{made.pk}/").status_code == status
    letter_itself = client.get(f"/saran-perbaikan/{made.pk}/surat/")
    assert letter_itself.status_code == status
    if status == 200:
        assert b"".join(letter_itself.streaming_content) == pdf(title=made.number)
    assert client_of(person).get(f"/api/v1/recommendations/{made.pk}/").status_code == status
    if reads is not None:
        assert (made.number in text_of(client.get("/saran-perbaikan/"))) is reads


def test_a_panwascam_recommends_for_its_own_area_and_its_bawaslu_reads_it(client, pair, bawaslu):
    panwascam = factories.user("panwascam", Role.BAWASLU, 647401)
    made = recommend(pair, panwascam)
    assert made.region == 647401
    for person in (panwascam, bawaslu, kpu()):
        client.force_login(person)
        assert client.get(f"/saran-perbaikan/{made.pk}/").status_code == 200
    client.force_login(factories.user("panwascam-2", Role.BAWASLU, 647402))
    assert client.get(f"/saran-perbaikan/{made.pk}/").status_code == 404


def test_another_s_pair_upload_or_row_is_not_named(pair, bawaslu):
    other = factories.pair(
        factories.election(name="Samarinda", region_id=6472), "Bayu Umpama – Kirana Andaikan"
    )
    for wrong in ({"pair_id": other.pk}, {"upload_id": 99}, {"support_id": 99}):
        with pytest.raises(Refused) as caught:
            recommend(pair, bawaslu, **wrong)
        assert caught.value.code == "subject_unknown"
    with pytest.raises(NotAllowed):
        recommend(other, bawaslu)
    assert not Recommendation.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": " "}, "number"),
        ({"text": "\n"}, "text"),
        ({"dated": date(2990, 1, 1)}, "dated"),
        ({"number": "x" * 201}, "number"),
    ],
)
def test_what_is_wrong_is_named(pair, bawaslu, changes, field):
    with pytest.raises(Refused) as caught:
        recommend(pair, bawaslu, **changes)
    assert caught.value.field == field


def test_a_number_is_used_once_by_an_office(client, pair, bawaslu):
    recommend(pair, bawaslu)
    with pytest.raises(Conflict):
        recommend(pair, bawaslu)
    client.force_login(bawaslu)
    stored = StoredFile.objects.count()
    answer = client.post(FORM.format(pair.election_id), TYPED | {"document": letter()})
    assert (answer.status_code, "sudah disampaikan" in text_of(answer)) == (422, True)
    assert StoredFile.objects.count() == stored


def test_one_answer_of_two_given_at_once(pair, bawaslu):
    made, officers = recommend(pair, bawaslu), iter([kpu(1), kpu(2)])
    answers = at_once(
        lambda: answer_recommendation(
            Recommendation.objects.get(pk=made.pk), by=next(officers), followed=False, answer="Tidak terbukti"
        ),
        2,
    )
    assert answers == [None, "state_changed"]
    assert Recommendation.objects.get().status == "declined"


def test_only_kpu_of_the_territory_answers(pair, bawaslu):
    made = recommend(pair, bawaslu)
    for person in (bawaslu, factories.user("kpu-9", Role.KPU_REGENCY, 6472), factories.operator(pair)):
        with pytest.raises(NotAllowed):
            answer_recommendation(made, by=person, followed=True, answer="x")


def test_a_late_answer_is_an_answer_and_says_that_it_is_late(client, pair, bawaslu):
    made = recommend(pair, bawaslu)
    Recommendation.objects.update(due_at=now() - timedelta(minutes=1))
    officer = kpu()
    client.force_login(officer)
    assert "Lewat tenggat" in text_of(client.get("/saran-perbaikan/?status=late"))
    made.refresh_from_db()
    answer_recommendation(made, by=officer, followed=True, answer="Sudah diperiksa")
    assert Event.objects.get(name="recommendation_follow").data["late"] is True
    assert "dijawab lewat tenggat" in text_of(client.get(f"/saran-perbaikan/{made.pk}/"))
    assert "Tidak ada saran perbaikan dengan keadaan itu." in text_of(
        client.get("/saran-perbaikan/?status=late")
    )


def test_the_list_costs_the_same_with_one_and_with_three(client, pair, bawaslu):
    def queries():
        with CaptureQueriesContext(connection) as done:
            assert client.get("/saran-perbaikan/").status_code == 200
        return len(done)

    recommend(pair, bawaslu)
    client.force_login(bawaslu)
    queries()
    once = queries()
    for number in ("2", "3"):
        recommend(pair, bawaslu, number)
    assert queries() == once


def test_through_rest(pair, bawaslu):
    caller, officer = client_of(bawaslu), client_of(kpu())
    address = "/api/v1/recommendations/"
    sent = TYPED | {"dated": "2024-05-12", "pair": pair.pk}
    assert caller.post(address, sent | {"document": letter()}, format="multipart").status_code == 404
    here = f"{address}?election={pair.election_id}"
    assert caller.post(here, sent, format="multipart").json()["code"] == "document_missing"
    made = caller.post(here, sent | {"document": letter()}, format="multipart")
    assert (made.status_code, made.json()["pair"], made.json()["status"]) == (201, pair.pk, "filed")
    assert officer.post(here, sent, format="multipart").status_code == 403
    one = f"{address}{made.json()['id']}/"
    assert officer.get(address).json()["results"] == [made.json()]
    assert b"".join(officer.get(f"{one}document/").streaming_content) == pdf(title="Saran perbaikan")
    assert caller.post(f"{one}answer/", {"followed": True, "answer": "x"}, format="json").status_code == 403
    answer = {"followed": False, "answer": "Tidak terbukti: baris 12 berbeda orang."}
    assert officer.post(f"{one}answer/", answer, format="json").json()["status"] == "declined"
    assert officer.post(f"{one}answer/", answer, format="json").status_code == 409
