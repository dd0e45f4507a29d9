"""The desk of a pair's team: how fast it has to be, what came in, what is missing."""

from datetime import UTC, datetime, timedelta

import pytest

from candidates.operations import open_window
from candidates.queries import now
from candidates.windows import WindowState
from foundation.accounts.matrix import Role
from supports.desk.days import last_days
from supports.desk.pace import pace
from supports.models import Submission, Upload
from supports.progress import progress
from supports.typed.today import add_typed
from tests import factories
from tests.supports.test_pages import people, text_of

NOON = datetime(2024, 5, 8, 4, tzinfo=UTC)


def window(closes_at, is_open=True):
    return WindowState(is_open, NOON - timedelta(days=9), closes_at, closes_at, "", "WITA")


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def operator(pair):
    return factories.operator(pair)


@pytest.fixture
def team(client, operator):
    client.force_login(operator)
    return client


def test_the_sum_of_balikpapan_gives_fifty_people_for_two_thousand_a_day():
    needed = pace(20_000, window(NOON + timedelta(days=9, hours=12)), NOON)
    assert (needed.days, needed.per_day, needed.typists) == (10, 2_000, 50)


@pytest.mark.parametrize(
    ("shortfall", "closes_at", "is_open"),
    [
        (0, NOON + timedelta(days=1), True),
        (5, NOON + timedelta(days=1), False),
        (5, NOON, True),
        (5, None, True),
    ],
)
def test_there_is_no_pace_without_a_gap_and_an_open_window(shortfall, closes_at, is_open):
    assert pace(shortfall, window(closes_at, is_open), NOON) is None


def test_what_is_left_of_a_day_counts_as_a_day():
    needed = pace(41, window(NOON + timedelta(minutes=5)), NOON)
    assert (needed.days, needed.per_day, needed.typists) == (1, 41, 2)


def test_rows_stand_on_the_day_of_the_elections_zone_on_which_they_came(pair, operator):
    upload = factories.loaded(pair, operator, people(7))
    # 17.30 in London is half past one of the next day in Bontang.
    Upload.objects.filter(pk=upload.pk).update(loaded_at=datetime(2024, 5, 7, 17, 30, tzinfo=UTC))
    found = last_days(pair, NOON, days=3)
    assert [(one.day.isoformat(), one.rows) for one in found] == [
        ("2024-05-06", 0),
        ("2024-05-07", 0),
        ("2024-05-08", 7),
    ]


def test_the_team_sees_what_is_missing_who_typed_and_what_came(team, pair, operator):
    factories.loaded(pair, operator, people(30))
    add_typed(pair, 12, by=operator)
    page = text_of(team.get(f"/pasangan/{pair.pk}/"))
    assert "Yang perlu sebelum diserahkan" in page
    assert "dukungan per hari, sekitar" in page
    assert "12 baris diketik hari ini." in page
    assert "Baris yang masuk per hari" in page
    assert "Cadangan dukungan Kosong." in page


def test_an_office_sees_no_team_and_no_pool(client, pair, operator):
    factories.loaded(pair, operator, people(3))
    client.force_login(factories.user("kpu", Role.KPU_REGENCY, 6474))
    page = text_of(client.get(f"/pasangan/{pair.pk}/"))
    assert "Baris yang masuk per hari" in page
    assert "Tim hari ini" not in page
    assert "Yang perlu sebelum diserahkan" not in page


@pytest.mark.usefixtures("committed")
def test_many_areas_are_tiles_that_lead_to_their_rows(client):
    pair = factories.pair(factories.election(name="Samarinda", region_id=6472, base=500_000))
    client.force_login(factories.operator(pair))
    page = client.get(f"/pasangan/{pair.pk}/").content.decode()
    assert page.count('<a class="tile none"') == 10
    assert f'<a class="tile none" href="/pasangan/{pair.pk}/dukungan/?wilayah=647201">' in page
    assert "Lihat sebagai daftar dengan balok" in page


def test_few_areas_are_a_list(team, pair):
    page = team.get(f"/pasangan/{pair.pk}/").content.decode()
    assert 'class="tile' not in page
    assert page.count("arearow") == 3


def test_a_round_s_own_areas_are_told_apart_from_those_of_all_rounds(pair, operator):
    factories.loaded(pair, operator, people(5))
    first = pair.submissions.get()
    Submission.objects.filter(pk=first.pk).update(status="closed")
    Submission.objects.create(pair=pair, stage="perbaikan_1", rule_set=first.rule_set)
    reached = progress(pair)
    assert reached.submission.stage == "perbaikan_1"
    assert sum(area.submitted for area in reached.by_area) == 5
    assert [area.submitted for area in reached.here] == [0, 0, 0]
    # Nobody was found MS in the round that is closed.
    assert reached.counted == 0


class TestQueries:
    """A desk costs the same whatever stands on it, and not more than it did when this was written."""

    def ask(self, browser, pair, django_assert_max_num_queries, most):
        browser.get(f"/pasangan/{pair.pk}/")
        with django_assert_max_num_queries(most) as done:
            assert browser.get(f"/pasangan/{pair.pk}/").status_code == 200
        return len(done)

    def grow(self, pair, operator):
        """More of everything that a desk tells: rows, files, typists, windows, rulings, pairs, a second round."""
        for number in range(1, 4):
            factories.loaded(pair, operator, people(20 * number))
            typist = factories.user(f"juru-entri-{number}", Role.TYPIST, pair)
            add_typed(pair, number, by=typist)
            factories.pair(pair.election, name=f"Pasangan {number} – X")
        open_window(
            pair.election, by=None, stage="awal", kind="handing_in",
            opens_at=now() - timedelta(days=1), closes_at=now() + timedelta(hours=3),
        )  # fmt: skip

    def test_of_the_team(self, team, pair, operator, django_assert_max_num_queries):
        factories.loaded(pair, operator, people(3))
        once = self.ask(team, pair, django_assert_max_num_queries, 27)
        self.grow(pair, operator)
        assert self.ask(team, pair, django_assert_max_num_queries, 27) == once

    def test_of_an_office(self, client, pair, operator, django_assert_max_num_queries):
        client.force_login(factories.user("kpu", Role.KPU_REGENCY, 6474))
        factories.loaded(pair, operator, people(3))
        once = self.ask(client, pair, django_assert_max_num_queries, 21)
        self.grow(pair, operator)
        assert self.ask(client, pair, django_assert_max_num_queries, 21) == once
