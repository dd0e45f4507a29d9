"""Elections, pairs and windows: what is stored, what is refused, and that every change leaves an Event."""

from datetime import UTC, datetime, time

import pytest
from django.db import DatabaseError, transaction

from candidates import queries
from candidates.models import ElectionArea, Pair, RuleSet, Window
from candidates.operations import load_rule_sets, open_window
from candidates.rule_sets import SHIPPED
from candidates.rule_sets import RuleSet as Rules
from foundation.accounts.matrix import Role
from foundation.errors import NotAllowed, Refused
from foundation.regions.models import Region
from foundation.workflow.models import Event
from tests.candidates.making import AWAL, make_election, make_pair
from tests.foundation.accounts.people import somebody

pytestmark = pytest.mark.django_db


def refusal(call, *args, **kwargs):
    with pytest.raises(Refused) as caught, transaction.atomic():
        call(*args, **kwargs)
    return caught.value.code, caught.value.field


class TestRuleSets:
    def test_shipped_sets_are_stored_once_and_read_back_the_same(self):
        load_rule_sets()
        assert load_rule_sets() == 0
        stored = {row.code: Rules.from_json(row.body) for row in RuleSet.objects.all()}
        assert stored == dict(SHIPPED)

    def test_a_changed_set_under_the_same_version_is_a_loud_error(self):
        RuleSet.objects.filter(code="uu10-2016").update(body={"format": 1})
        with pytest.raises(RuntimeError, match="uu10-2016 v1"):
            load_rule_sets()

    def test_an_election_takes_the_newest_version_and_keeps_its_own(self):
        before = make_election(rule_set="uu10-2016")
        body = SHIPPED["uu10-2016"].to_json() | {"version": 2}
        RuleSet.objects.create(code="uu10-2016", version=2, title="Kedua", body=body)
        assert make_election(rule_set="uu10-2016").rule_set.version == 2
        before.refresh_from_db()
        assert before.rule_set.version == 1


class TestElections:
    def test_kecamatan_zone_and_requirement_are_those_of_the_kota(self):
        election = make_election()
        assert list(ElectionArea.objects.filter(election=election).values_list("code", "name")) == [
            (647401, "Bontang Utara"),
            (647402, "Bontang Selatan"),
            (647403, "Bontang Barat"),
        ]
        assert (election.zone, election.region_name) == ("Asia/Makassar", "Kota Bontang")
        asked = queries.requirement_of(election)
        assert (asked.permille, asked.minimum, asked.min_spread) == (100, 13_160, 2)
        assert not asked.differs_from_formula

    def test_a_governor_is_counted_by_kab_kota(self):
        election = make_election(level="gubernur", region_id=91, base=1_000_000)
        areas = list(election.areas.values_list("code", flat=True))
        assert len(areas) == 9
        assert all(code // 100 == 91 for code in areas)
        assert election.zone == "Asia/Jayapura"

    def test_areas_of_another_day_are_kept_as_given(self):
        given = [(647402, "Bontang Selatan"), (647409, "Bontang Lama"), (647401, "")]
        election = make_election(areas=given)
        assert list(election.areas.values_list("code", "name")) == [
            (647401, "Bontang Utara"),
            (647402, "Bontang Selatan"),
            (647409, "Bontang Lama"),
        ]

    def test_the_region_table_of_tomorrow_does_not_change_it(self):
        election = make_election()
        Region.objects.filter(pk=647401).update(name="Bontang Baru")
        assert election.areas.get(code=647401).name == "Bontang Utara"

    def test_an_official_override_counts_and_is_told(self):
        election = make_election(
            override_minimum=13_200, override_spread=3, override_decree="Keputusan KPU Kota Bontang 1/2024"
        )
        asked = queries.requirement_of(election)
        assert (asked.minimum, asked.min_spread) == (13_200, 3)
        assert (asked.formula.minimum, asked.formula.min_spread) == (13_160, 2)
        assert asked.differs_from_formula
        assert asked.decree == "Keputusan KPU Kota Bontang 1/2024"

    def test_an_override_that_repeats_the_formula_is_no_difference(self):
        election = make_election(override_minimum=13_160, override_decree="Keputusan 1/2024")
        assert not queries.requirement_of(election).differs_from_formula

    @pytest.mark.parametrize(
        ("changes", "code", "field"),
        [
            ({"region_id": 9999}, "region_unknown", "region_id"),
            ({"region_id": 64}, "region_not_of_level", "region_id"),
            ({"region_id": 6403}, "region_not_of_level", "region_id"),
            ({"region_id": 647401}, "region_not_of_level", "region_id"),
            ({"level": "bupati"}, "region_not_of_level", "region_id"),
            ({"level": "gubernur"}, "region_not_of_level", "region_id"),
            ({"level": "presiden"}, "level_unknown", "level"),
            ({"rule_set": "uu99"}, "rule_set_unknown", "rule_set"),
            ({"base": 0}, "impossible_number", "base"),
            ({"base": 400_000_000}, "impossible_number", "base"),
            ({"areas": []}, "impossible_number", "areas"),
            ({"areas": [(647501, "")]}, "area_outside", "areas"),
            ({"areas": [(6474011001, "")]}, "area_outside", "areas"),
            ({"areas": [(647401, ""), (647401, "x")]}, "area_twice", "areas"),
            ({"areas": [(647499, "")]}, "area_unknown", "areas"),
            ({"override_minimum": 10, "override_decree": ""}, "override_without_decree", "override_decree"),
            ({"override_minimum": 131_601, "override_decree": "1"}, "impossible_number", "override_minimum"),
            ({"override_spread": 4, "override_decree": "1"}, "impossible_number", "override_spread"),
            ({"override_spread": 0, "override_decree": "1"}, "impossible_number", "override_spread"),
            ({"parent_region_ids": [6474]}, "parent_region_unknown", "parent_region_ids"),
            ({"parent_region_ids": [64]}, "parent_region_unknown", "parent_region_ids"),
            ({"name": "   "}, "invalid", "name"),
            ({"name": "x" * 201}, "invalid", "name"),
            ({"zone": "Europe/Berlin"}, "invalid", "zone"),
        ],
    )
    def test_what_no_election_can_be_is_refused_at_its_field(self, changes, code, field):
        assert refusal(make_election, **changes) == (code, field)

    @pytest.mark.parametrize(
        ("role", "allowed"),
        [
            ((Role.KPU_RI, "nation", 0), True),
            ((Role.KPU_PROVINCE, "region", 64), True),
            ((Role.KPU_REGENCY, "region", 6474), True),
            ((Role.KPU_REGENCY, "region", 6472), False),
            ((Role.KPU_PROVINCE, "region", 63), False),
            ((Role.VERIFIER, "region", 6474), False),
            ((Role.BAWASLU, "nation", 0), False),
        ],
    )
    def test_only_the_kpu_of_the_region_creates_it(self, role, allowed):
        officer = somebody(role)
        if allowed:
            assert make_election(by=officer).created_by == officer
            return
        with pytest.raises(NotAllowed):
            make_election(by=officer)

    def test_the_kpu_of_a_kota_does_not_create_the_governor_s_election(self):
        with pytest.raises(NotAllowed):
            make_election(by=somebody(Role.KPU_REGENCY), level="gubernur", region_id=64, base=2_500_000)

    def test_creation_is_an_event(self):
        officer = somebody(Role.KPU_REGENCY)
        election = make_election(by=officer)
        event = Event.objects.get(name="election_created")
        assert (event.by_id, event.subject_id, event.election_id) == (officer.pk, election.pk, election.pk)


class TestPairs:
    def test_a_pair_is_entered_tidily_with_an_event(self):
        officer = somebody(Role.KPU_REGENCY)
        pair = make_pair(by=officer, name="  Pasangan   Melati ")
        assert (pair.name, pair.status) == ("Pasangan Melati", "active")
        event = Event.objects.get(name="pair_created")
        assert (event.by_id, event.election_id, event.pair_id) == (officer.pk, pair.election_id, pair.pk)

    def test_a_name_is_taken_once_per_election(self):
        pair = make_pair()
        assert refusal(make_pair, pair.election, name="PASANGAN melati") == ("pair_name_taken", "name")
        make_pair(make_election())
        assert Pair.objects.count() == 2

    def test_another_region_s_kpu_may_not(self):
        with pytest.raises(NotAllowed):
            make_pair(by=somebody((Role.KPU_REGENCY, "region", 6472)))


class TestWindows:
    def test_2359_lasts_to_midnight_of_the_region(self):
        window = open_window(make_election(), by=None, **AWAL)
        window.refresh_from_db()
        assert window.closes_at == datetime(2024, 5, 12, 16, 0, tzinfo=UTC)

    def test_scheduling_is_an_event(self):
        officer = somebody(Role.KPU_REGENCY)
        window = open_window(make_election(), by=officer, **AWAL, daily_from=time(8), daily_until=time(16))
        event = Event.objects.get(name="window_opened")
        assert (event.by_id, event.subject_id, event.election_id) == (
            officer.pk,
            window.pk,
            window.election_id,
        )
        assert event.data["closes_at"] == "2024-05-12T16:00:00+00:00"

    @pytest.mark.parametrize(
        ("changes", "code", "field"),
        [
            ({"stage": "perbaikan"}, "stage_unknown", "stage"),
            ({"kind": "party"}, "invalid", "kind"),
            ({"opens_at": datetime(2024, 5, 8)}, "time_without_zone", "opens_at"),  # noqa: DTZ001 — refused
            ({"closes_at": datetime(9999, 12, 31, 15, 59, tzinfo=UTC)}, "impossible_date", "closes_at"),
            ({"closes_at": AWAL["opens_at"]}, "window_ends_before_it_opens", "closes_at"),
            ({"closes_at": datetime(2026, 5, 12, 8, tzinfo=UTC)}, "window_too_long", "closes_at"),
            ({"daily_from": time(8)}, "daily_hours_empty", "daily_until"),
            ({"daily_from": time(16), "daily_until": time(8)}, "daily_hours_empty", "daily_until"),
            # Opens at 08.00 in Bontang, after these hours are over.
            ({"daily_from": time(6), "daily_until": time(7)}, "first_day_empty", "opens_at"),
            # Ends at 09.00 in Bontang, before these hours begin.
            (
                {
                    "closes_at": datetime(2024, 5, 12, 1, tzinfo=UTC),
                    "daily_from": time(10),
                    "daily_until": time(16),
                },
                "last_day_empty",
                "closes_at",
            ),
        ],
    )
    def test_what_never_opens_or_deceives_is_refused_at_its_field(self, changes, code, field):
        assert refusal(open_window, make_election(), by=None, **AWAL | changes) == (code, field)

    @pytest.mark.parametrize(
        ("opens", "closes", "clashes"),
        [
            (datetime(2024, 5, 12, 15, tzinfo=UTC), datetime(2024, 5, 20, tzinfo=UTC), True),
            (datetime(2024, 5, 9, tzinfo=UTC), datetime(2024, 5, 10, tzinfo=UTC), True),
            (datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 5, 8, 0, 0, 1, tzinfo=UTC), True),
            (datetime(2024, 5, 12, 16, tzinfo=UTC), datetime(2024, 5, 20, tzinfo=UTC), False),
            (datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 5, 8, tzinfo=UTC), False),
        ],
    )
    def test_two_windows_of_one_stage_and_kind_do_not_overlap(self, opens, closes, clashes):
        election = make_election()
        open_window(election, by=None, **AWAL)
        second = AWAL | {"opens_at": opens, "closes_at": closes}
        if clashes:
            assert refusal(open_window, election, by=None, **second) == ("window_clash", "opens_at")
        else:
            open_window(election, by=None, **second)
        open_window(election, by=None, **second | {"kind": "filling"})
        open_window(make_election(), by=None, **second)
        assert Window.objects.count() == (3 if clashes else 4)

    def test_another_region_s_kpu_may_not(self):
        with pytest.raises(NotAllowed):
            open_window(make_election(), by=somebody((Role.KPU_PROVINCE, "region", 63)), **AWAL)


def test_the_database_itself_keeps_a_window_that_ends_before_it_opens_out():
    election = make_election()
    moment = AWAL["opens_at"]
    with pytest.raises(DatabaseError), transaction.atomic():
        Window.objects.create(
            election=election, stage="awal", kind="filling", opens_at=moment, closes_at=moment
        )
