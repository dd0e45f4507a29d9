"""An election is changed: what may change when, and ages are as if it had always been that voting day."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from candidates.models import ScheduleVersion
from candidates.operations import open_window
from candidates.queries import now, rules_of
from foundation.accounts.matrix import Role
from foundation.errors import NotAllowed, Refused
from foundation.jobs.models import Job
from foundation.workflow import engine
from foundation.workflow.models import Event
from supports.elections import change_election
from supports.models import Finding, Standing, Submission, Tally, Upload, first_id
from supports.operations import discard_upload
from supports.rules import BY_NUMBER
from tests import factories

pytestmark = pytest.mark.usefixtures("committed")
EARLIER, LATER = date(2024, 11, 27), date(2025, 8, 6)
AGE = {"BIRTH_DATE_INVALID", "UNDER_AGE", "MARRIED_MINOR"}


def refusal(call, *args, **kwargs):
    with pytest.raises(Refused) as caught, transaction.atomic():
        call(*args, **kwargs)
    return caught.value.code, caught.value.field


def people():
    """Around both voting days: of age, minors married or not, one without a readable NIK, doubles of a minor."""
    minor = {"nik": "6474010112079001", "birth_date": "01-12-2007", "marital": "Belum kawin"}
    return [
        factories.person(1),
        factories.person(2, **minor),
        factories.person(3, **minor | {"name": "Sari Contoh"}),
        factories.person(4, nik="6474011003089002", birth_date="10-03-2008", marital="Sudah kawin"),
        factories.person(5, nik="647401", birth_date="02-05-2008", marital="Belum kawin"),
        factories.person(6, nik="6474010101099003", birth_date="01-01-2009", marital="Belum kawin"),
        factories.person(7, nik="6474010509249004", birth_date="05-09-2024", marital="Belum kawin"),
        factories.person(8, nik="6474011002259005", birth_date="10-02-2025", marital="Belum kawin"),
    ]


def said_of(upload):
    """By row number: the codes of its findings, and whether it counts."""
    first = first_id(upload.pk)
    own = {"support_id__gte": first, "support_id__lt": first_id(upload.pk + 1)}
    clean = dict(Standing.objects.filter(**own).values_list("support_id", "clean"))
    codes = {pk - first: set() for pk in clean}
    for code, pk in Finding.objects.filter(**own).values_list("code", "support_id"):
        codes[pk - first].add(BY_NUMBER[code].code)
    return {row: (sorted(found), clean[row + first]) for row, found in codes.items()}


def counts_of(submission):
    found = Tally.objects.filter(submission=submission, n__gt=0)
    return sorted(found.values_list("area", "key", "n"))


def team(voting_day=EARLIER, name="Pemilihan Wali Kota Bontang 2024"):
    pair = factories.pair(factories.election(voting_day=voting_day, name=name))
    return pair, factories.operator(pair, f"operator-{pair.pk}")


class TestBeforeSupport:
    def test_everything_may_change_and_the_event_tells_from_what(self):
        officer = factories.user("kpu-ri", Role.KPU_RI)
        election = factories.election(open_now=False)
        changed = change_election(
            election, by=officer, level="walikota", region_id=5371, areas=None, rule_set="uu10-2016",
            base=320_659, name="Pemilihan Wali Kota Kupang 2020", voting_day=date(2020, 12, 9),
        )  # fmt: skip
        election.refresh_from_db()
        assert (election.region_name, election.rule_set.code) == ("Kota Kupang", "uu10-2016")
        assert election.areas.count() == 6
        assert changed["base"] == [131_600, 320_659]
        event = Event.objects.get(name="election_changed")
        assert event.data["changes"]["voting_day"] == ["2024-11-27", "2020-12-09"]
        assert event.by_id == officer.pk

    def test_areas_and_zone_follow_the_region_that_was_chosen(self):
        election = factories.election(open_now=False)
        change_election(election, by=None, level="walikota", region_id=9171)
        assert election.zone == "Asia/Jayapura"
        assert set(election.areas.values_list("code", flat=True)) >= {917101}

    def test_the_zone_of_a_schedule_stays(self):
        election = factories.election()
        assert refusal(change_election, election, by=None, zone="Asia/Jakarta") == (
            "windows_are_there",
            "zone",
        )

    def test_rules_without_a_round_that_is_scheduled_are_refused(self):
        election = factories.election()
        moment = now()
        open_window(
            election, by=None, stage="perbaikan_2", kind="filling",
            opens_at=moment, closes_at=moment + timedelta(days=365),
        )  # fmt: skip
        assert refusal(change_election, election, by=None, rule_set="uu10-2016") == (
            "windows_are_there",
            "rule_set",
        )

    def test_an_empty_round_is_begun_anew_under_new_rules(self):
        pair, operator = team()
        change_election(pair.election, by=None, rule_set="uu10-2016")
        pair.election.refresh_from_db()
        upload = factories.loaded(pair, operator, [factories.person()])
        assert upload.submission.rule_set == pair.election.rule_set
        assert rules_of(pair.election).code == "uu10-2016"

    @pytest.mark.parametrize(
        ("changes", "code", "field"),
        [
            ({}, "nothing_changed", None),
            ({"base": 131_600}, "nothing_changed", None),
            ({"base": 0}, "impossible_number", "base"),
            ({"name": "  "}, "invalid", "name"),
            ({"region_id": 64}, "region_not_of_level", "region_id"),
            ({"areas": [(647501, "")]}, "area_outside", "areas"),
            ({"voting_day": date(1824, 1, 1)}, "impossible_date", "voting_day"),
            ({"override_minimum": 9}, "override_without_decree", "override_decree"),
            ({"operators_allowed": 1000}, "impossible_number", "operators_allowed"),
            ({"rule_set": "uu99"}, "rule_set_unknown", "rule_set"),
        ],
    )
    def test_what_creating_refuses_changing_refuses(self, changes, code, field):
        election = factories.election(open_now=False)
        assert refusal(change_election, election, by=None, **changes) == (code, field)
        assert not Event.objects.filter(name="election_changed").exists()

    def test_an_office_elsewhere_changes_nothing_and_takes_nothing_away(self):
        election = factories.election(open_now=False)
        stranger = factories.user("kpu", Role.KPU_REGENCY, 6472)
        with pytest.raises(NotAllowed):
            change_election(election, by=stranger, base=1_000)
        own = factories.user("kpu-bontang", Role.KPU_REGENCY, 6474)
        with pytest.raises(NotAllowed):
            change_election(election, by=own, region_id=6472)


class TestAfterSupport:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"level": "bupati", "region_id": 6402}, "level"),
            ({"region_id": 6472}, "region_id"),
            ({"areas": [(647401, "")]}, "areas"),
            ({"base": 200_000}, "base"),
            ({"rule_set": "uu10-2016"}, "rule_set"),
            ({"practice": True}, "practice"),
            ({"parent_region_ids": [6402]}, "parent_region_ids"),
        ],
    )
    def test_what_it_was_checked_by_stays(self, changes, field):
        pair, operator = team()
        factories.loaded(pair, operator, [factories.person()])
        assert refusal(change_election, pair.election, by=None, **changes) == ("support_is_there", field)

    def test_a_file_that_only_waits_counts_as_support(self):
        pair, operator = team()
        factories.upload(pair, operator, [factories.person()])
        assert refusal(change_election, pair.election, by=None, base=200_000)[0] == "support_is_there"

    def test_what_decrees_change_may_change(self):
        pair, operator = team()
        factories.loaded(pair, operator, [factories.person()])
        changed = change_election(
            pair.election, by=None, name="Pemilihan Bontang", decree="Keputusan 2/2024", override_minimum=13_200,
            override_decree="Keputusan 3/2024", operators_allowed=4, base_date=date(2023, 7, 2),
        )  # fmt: skip
        assert set(changed) == {
            "name", "decree", "override_minimum", "override_decree", "operators_allowed", "base_date",
        }  # fmt: skip
        assert not Job.objects.filter(kind="supports.recheck_ages").exists()


class TestVotingDay:
    @pytest.mark.parametrize(("was", "is_now"), [(EARLIER, LATER), (LATER, EARLIER)])
    def test_ages_are_as_if_it_had_always_been_that_day(self, was, is_now):
        pair, operator = team(was)
        upload = factories.loaded(pair, operator, people())
        before = said_of(upload)
        change_election(pair.election, by=None, voting_day=is_now)
        factories.work()
        fresh_pair, fresh_operator = team(is_now, "Pembanding")
        fresh = factories.loaded(fresh_pair, fresh_operator, people())
        expected = said_of(fresh)
        assert {row: set(codes) & AGE for row, (codes, _clean) in said_of(upload).items()} == {
            row: set(codes) & AGE for row, (codes, _clean) in expected.items()
        }
        assert {row: clean for row, (_codes, clean) in said_of(upload).items()} == {
            row: clean for row, (_codes, clean) in expected.items()
        }
        assert said_of(upload) != before
        mine, theirs = counts_of(upload.submission), counts_of(fresh.submission)
        codes = {str(number) for number, rule in BY_NUMBER.items() if rule.code not in AGE}
        assert [one for one in mine if one[1] not in codes] == [one for one in theirs if one[1] not in codes]

    def test_the_event_tells_how_many_and_nobody(self):
        officer = factories.user("kpu", Role.KPU_REGENCY, 6474)
        pair, operator = team()
        factories.loaded(pair, operator, people())
        change_election(pair.election, by=officer, voting_day=LATER)
        factories.work()
        event = Event.objects.get(name="ages_rechecked")
        assert (event.by_id, event.data["voting_day"]) == (officer.pk, "2025-08-06")
        assert event.data["gone"]["UNDER_AGE"] == 3
        assert event.data["gone"]["MARRIED_MINOR"] == 1
        assert "6474010112079001" not in str(event.data)

    def test_the_pool_is_checked_again_too(self):
        pair, operator = team()
        upload = factories.loaded(pair, operator, people(), target="pool")
        change_election(pair.election, by=None, voting_day=LATER)
        factories.work()
        assert "UNDER_AGE" not in said_of(upload)[3][0]

    def test_a_round_that_was_handed_in_keeps_its_findings(self):
        pair, operator = team()
        upload = factories.loaded(pair, operator, people())
        before, counted = said_of(upload), counts_of(upload.submission)
        engine.move(upload.submission, "submit", by=operator)
        change_election(pair.election, by=None, voting_day=LATER)
        factories.work()
        assert said_of(upload) == before
        assert counts_of(upload.submission) == counted
        assert not Job.objects.filter(kind="supports.recheck_ages").exists()

    def test_one_handed_in_while_the_job_waits_keeps_them_too(self):
        pair, operator = team()
        upload = factories.loaded(pair, operator, people())
        before = said_of(upload)
        change_election(pair.election, by=None, voting_day=LATER)
        engine.move(upload.submission, "submit", by=operator)
        factories.work()
        assert Job.objects.get(kind="supports.recheck_ages").state == "done"
        assert said_of(upload) == before

    def test_moved_twice_it_is_the_last_day_that_counts(self):
        pair, operator = team()
        upload = factories.loaded(pair, operator, people())
        before = said_of(upload)
        change_election(pair.election, by=None, voting_day=LATER)
        change_election(pair.election, by=None, voting_day=EARLIER)
        factories.work()
        assert said_of(upload) == before

    def test_it_makes_a_version_of_the_schedule(self):
        pair, _operator = team()
        change_election(pair.election, by=None, voting_day=LATER)
        latest = ScheduleVersion.objects.first()
        assert (latest.number, latest.voting_day) == (2, LATER)
        assert latest.changes == [{"what": "voting_day", "before": "2024-11-27", "after": "2025-08-06"}]

    def test_rows_of_discarded_files_do_not_come_back(self):
        pair, operator = team()
        upload = factories.loaded(pair, operator, people())
        discard_upload(upload, by=operator)
        factories.work()
        change_election(pair.election, by=None, voting_day=LATER)
        factories.work()
        assert not Finding.objects.exists()
        assert not Tally.objects.filter(n__gt=0).exists()


class TestPage:
    @pytest.fixture
    def kpu(self, client):
        client.force_login(factories.user("kpu", Role.KPU_REGENCY, 6474))
        return client

    def typed(self, election, **changes):
        areas = "\n".join(f"{area.code} {area.name}" for area in election.areas.all())
        values = {
            "name": election.name, "rule_set": "pkpu8-2024", "base": "131.600", "voting_day": "27-11-2024",
            "zone": election.zone, "areas": areas, "parent_region_ids": "",
        }  # fmt: skip
        return values | changes

    def text(self, response):
        return " ".join(response.content.decode().replace("\u00a0", " ").split())

    def test_everything_is_open_before_support(self, kpu):
        election = factories.election(open_now=False)
        address = f"/pemilihan/{election.pk}/ubah/"
        page = self.text(kpu.get(address))
        assert "Pilih wilayah lain" in page
        assert 'name="base" value="131.600"' in page
        assert kpu.post(address, self.typed(election, base="140.000")).url == f"/pemilihan/{election.pk}/"
        page = self.text(kpu.get(f"/pemilihan/{election.pk}/"))
        assert "angka dasar: 131.600 → 140.000" in page
        assert f'href="{address}"' in page

    def test_another_region_is_proposed_with_its_areas(self, client):
        client.force_login(factories.user("kpu-prov", Role.KPU_PROVINCE, 64))
        election = factories.election(open_now=False)
        page = self.text(client.get("/pemilihan/buat/", {"ubah": election.pk, "cari": "samarinda"}))
        address = f"/pemilihan/{election.pk}/ubah/?wilayah=6472"
        assert f'href="{address}"' in page
        page = self.text(client.get(address))
        assert "64.72.01" in page
        client.post(address, self.typed(election, areas="64.72.01 Palaran", name="Samarinda"))
        election.refresh_from_db()
        assert (election.region_id, election.region_name) == (6472, "Kota Samarinda")

    def test_after_support_the_page_says_what_stays_and_why(self, kpu):
        pair, operator = team()
        factories.loaded(pair, operator, [factories.person()])
        address = f"/pemilihan/{pair.election_id}/ubah/"
        page = self.text(kpu.get(address))
        assert "Dukungan sudah ada." in page
        assert "Pilih wilayah lain" not in page
        # A base that was sent all the same is not taken.
        kpu.post(address, self.typed(pair.election, base="999", name="Pemilihan Bontang"))
        pair.election.refresh_from_db()
        assert (pair.election.base, pair.election.name) == (131_600, "Pemilihan Bontang")

    def test_moving_the_day_shows_how_far_the_check_is(self, kpu):
        pair, operator = team()
        factories.loaded(pair, operator, people())
        address = f"/pemilihan/{pair.election_id}/ubah/"
        answer = kpu.post(address, self.typed(pair.election, voting_day="6 Agustus 2025"))
        assert answer.url == address
        assert "Umur pendukung sedang diperiksa ulang: 1 putaran" in self.text(kpu.get(address))
        factories.work()
        part = kpu.get(f"/pemilihan/{pair.election_id}/ubah/umur/")
        assert part.status_code == 286
        assert "Umur pendukung sudah diperiksa ulang" in self.text(part)

    def test_rounds_that_keep_theirs_are_named(self, kpu):
        pair, operator = team()
        upload = factories.loaded(pair, operator, people())
        engine.move(upload.submission, "submit", by=operator)
        page = self.text(kpu.get(f"/pemilihan/{pair.election_id}/ubah/"))
        assert "tetap memakai temuan umur menurut hari pemungutan suara ketika diserahkan" in page
        assert pair.name in page

    def test_bad_input_is_said_at_its_field(self, kpu):
        election = factories.election(open_now=False)
        answer = kpu.post(f"/pemilihan/{election.pk}/ubah/", self.typed(election, voting_day="besok"))
        assert answer.status_code == 422
        assert '<a href="#id_voting_day">Hari pemungutan suara: tanggal tidak dikenal.' in self.text(answer)

    def test_other_territories_do_not_exist(self, kpu):
        kupang = factories.election(name="Pemilihan Wali Kota Kupang 2024", region_id=5371)
        assert kpu.get(f"/pemilihan/{kupang.pk}/ubah/").status_code == 404
        assert kpu.get(f"/pemilihan/{kupang.pk}/ubah/umur/").status_code == 404

    def test_the_page_costs_the_same_with_one_pair_and_with_three(self, kpu):
        pair, operator = team()
        factories.loaded(pair, operator, [factories.person()])

        def queries(address):
            with CaptureQueriesContext(connection) as done:
                kpu.get(address)
            return len(done)

        addresses = [f"/pemilihan/{pair.election_id}/", f"/pemilihan/{pair.election_id}/ubah/"]

        def warm_queries():
            """When somebody was last seen is written once a minute: not in the second time."""
            return [[queries(one) for one in addresses] for _ in range(2)][1]

        before = warm_queries()
        for name in ("Bayu Umpama – Kirana Andaikan", "Dewi Misal – Eko Andai"):
            more = factories.pair(pair.election, name)
            factories.loaded(more, factories.operator(more, name[:4]), [factories.person()])
        change_election(pair.election, by=None, decree="Keputusan 9/2024")
        assert warm_queries() == before


def test_the_work_is_found_where_it_is_kept():
    """Submission and Upload are what the hold looks at; a round without any file is no support."""
    pair, _operator = team()
    Submission.objects.create(pair=pair, stage="awal", rule_set=pair.election.rule_set)
    assert not Upload.objects.exists()
    assert "base" in change_election(pair.election, by=None, base=140_000)
