"""A schedule as a picture, what does not fit together in it, and the page on which a window is moved."""

from datetime import UTC, date, datetime, timedelta

import pytest

from candidates.models import ScheduleVersion, Window
from candidates.operations import open_window
from candidates.queries import now
from candidates.timeline import timeline
from foundation.accounts.matrix import Role
from tests import factories
from tests.candidates.making import make_election
from tests.candidates.test_window_pages import log_in, text_of

pytestmark = pytest.mark.django_db
EIGHTH = datetime(2024, 5, 7, 16, 0, tzinfo=UTC)  # midnight in Bontang
DAY = timedelta(days=1)
DECREE = {"decree": "Keputusan 12/2024"}


def scheduled(election, kind="filling", begins=0, days=4, stage="awal"):
    opens = EIGHTH + begins * DAY
    return open_window(
        election, by=None, stage=stage, kind=kind, opens_at=opens, closes_at=opens + days * DAY
    )


class TestPicture:
    def test_windows_lie_where_their_days_are(self):
        election = make_election()
        rows = [scheduled(election, "filling", 0, 8), scheduled(election, "handing_in", 4, 4)]
        picture = timeline(election, rows, EIGHTH + 2 * DAY)
        assert [lane.title for lane in picture.lanes] == [
            "Awal · Pengisian data",
            "Awal · Penyerahan dukungan",
        ]
        filling, handing_in = (lane.bars[0] for lane in picture.lanes)
        assert (filling.x, filling.width, filling.tone) == ("0.000%", "100.000%", "now")
        assert (handing_in.x, handing_in.width, handing_in.tone) == ("50.000%", "50.000%", "next")
        assert handing_in.label == "12 Mei 2024 pukul 00.00 WITA – 15 Mei 2024 pukul 23.59 WITA"
        assert picture.today == "25.000%"
        assert picture.ticks[0].text == "8 Mei"
        assert len(picture.ticks) <= 6

    def test_now_is_not_drawn_where_it_is_not(self):
        election = make_election()
        assert timeline(election, [scheduled(election)], EIGHTH - DAY).today is None
        assert timeline(election, [], EIGHTH) is None

    @pytest.mark.parametrize(
        ("windows", "sentence"),
        [
            ([("filling", 0, 4)], "Awal: belum ada masa penyerahan"),
            ([("handing_in", 0, 4)], "Awal: ada masa penyerahan tanpa masa pengisian."),
            ([("filling", 0, 4), ("handing_in", 6, 2)], "Awal: ada jeda antara akhir pengisian 11 Mei 2024"),
            ([("filling", 2, 4), ("handing_in", 0, 8)], "Awal: penyerahan dimulai sebelum pengisian"),
            ([("filling", 0, 9), ("handing_in", 2, 4)], "Awal: pengisian masih dibuka setelah penyerahan"),
            ([("filling", 0, 300), ("handing_in", 0, 300)], "Ada masa yang berakhir sesudah hari pemungutan"),
        ],
    )
    def test_what_does_not_fit_is_said(self, windows, sentence):
        election = make_election()
        rows = [scheduled(election, *window) for window in windows]
        assert any(one.startswith(sentence) for one in timeline(election, rows, EIGHTH).warnings)

    def test_a_round_that_begins_too_early_is_said(self):
        election = make_election()
        rows = [scheduled(election, kind, 0, 9) for kind in ("filling", "handing_in")]
        rows += [scheduled(election, kind, 5, 9, "perbaikan_1") for kind in ("filling", "handing_in")]
        assert timeline(election, rows, EIGHTH).warnings == [
            "Perbaikan Kesatu: dimulai sebelum putaran sebelumnya berakhir."
        ]

    def test_an_orderly_schedule_has_no_warning(self):
        election = make_election()
        rows = [scheduled(election, "filling", 0, 8), scheduled(election, "handing_in", 4, 4)]
        assert timeline(election, rows, EIGHTH).warnings == []


class TestPage:
    @pytest.fixture
    def kpu(self, client):
        return log_in(client, Role.KPU_REGENCY, 6474)

    def test_a_coming_window_is_moved_and_the_history_tells_it(self, kpu):
        election = factories.election(open_now=False, voting_day=date(2090, 11, 27))
        opens = datetime(2090, 5, 7, 16, 0, tzinfo=UTC)
        window = open_window(
            election, by=None, stage="awal", kind="filling", opens_at=opens, closes_at=opens + 4 * DAY
        )
        address = f"/pemilihan/{election.pk}/masa/{window.pk}/"
        page = text_of(kpu.get(f"/pemilihan/{election.pk}/"))
        assert f'href="{address}"' in page
        typed = {"opens_at": "09-05-2090 00.00", "closes_at": "13-05-2090 23.59", **DECREE}
        assert kpu.post(address, typed).url == f"/pemilihan/{election.pk}/"
        window.refresh_from_db()
        assert (window.opens_at, window.closes_at) == (opens + DAY, opens + 6 * DAY)
        page = text_of(kpu.get(f"/pemilihan/{election.pk}/"))
        assert (
            "Pengisian data · Awal: semula 8 Mei 2090 pukul 00.00 WITA – 11 Mei 2090 pukul 23.59 WITA, menjadi "
            "9 Mei 2090 pukul 00.00 WITA – 13 Mei 2090 pukul 23.59 WITA"
        ) in page
        assert "Keputusan 12/2024" in page

    def test_a_coming_window_is_cancelled(self, kpu):
        election = factories.election(open_now=False)
        opens = now() + DAY
        window = open_window(
            election, by=None, stage="awal", kind="filling", opens_at=opens, closes_at=opens + DAY
        )
        address = f"/pemilihan/{election.pk}/masa/{window.pk}/batal/"
        answer = kpu.post(address, {"batal-decree": ""})
        assert answer.status_code == 422
        assert "Dasar pembatalan belum diisi." in text_of(answer)
        kpu.post(address, {"batal-decree": "Keputusan 13/2024"})
        assert not Window.objects.exists()
        assert "dibatalkan, semula" in text_of(kpu.get(f"/pemilihan/{election.pk}/"))

    def test_of_an_open_one_only_a_later_end_is_asked(self, kpu):
        election = factories.election()
        window = Window.objects.get()
        address = f"/pemilihan/{election.pk}/masa/{window.pk}/"
        page = text_of(kpu.get(address))
        assert "hanya waktu berakhirnya dapat diubah" in page
        assert 'name="opens_at"' not in page
        answer = kpu.post(address, {"closes_at": "01-01-2020 08.00", **DECREE})
        assert answer.status_code == 422
        assert "Masa yang sedang berjalan tidak dapat dipersingkat" in text_of(answer)
        assert ScheduleVersion.objects.count() == 1
        assert kpu.post(address, {"closes_at": "31-12-2099 08.00", "decree": ""}).status_code == 422

    def test_other_territories_and_windows_of_others_do_not_exist(self, kpu):
        kupang = factories.election(name="Pemilihan Wali Kota Kupang 2024", region_id=5371)
        window = Window.objects.get()
        assert kpu.get(f"/pemilihan/{kupang.pk}/masa/{window.pk}/").status_code == 404
        own = factories.election()
        assert kpu.get(f"/pemilihan/{own.pk}/masa/{window.pk}/").status_code == 404

    def test_a_team_reads_no_history(self, client):
        pair = factories.pair()
        client.force_login(factories.operator(pair))
        page = text_of(client.get(f"/pemilihan/{pair.election_id}/"))
        assert "Riwayat perubahan" not in page
        assert "Perpanjang" not in page
