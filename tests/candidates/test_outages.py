"""The log of outages, and the time it gives back: by decision, and only to who lost some."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from candidates.extensions import hours_lost, losses_of, propose_extensions
from candidates.models import Outage, Pair, Ruling, Window
from candidates.operations import open_by_ruling, open_window, withdraw_ruling
from candidates.outages import correct_outage, end_outage, record_outage
from candidates.queries import now, window_state
from foundation.accounts.matrix import Role
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.workflow.models import Event
from tests.candidates.making import approve, make_election, make_pair, make_ruling
from tests.foundation.accounts.people import somebody

pytestmark = pytest.mark.django_db
TOLD = {"affected": "Pengunggahan berkas dukungan", "description": "Basis data penuh."}
EIGHTH = datetime(2024, 5, 8, tzinfo=UTC)  # 08.00 in Bontang


def make_outage(*elections, by=None, **changes):
    return record_outage(by=by, election_ids=[one.pk for one in elections], **TOLD | changes)


def days_of_may(election, kind="filling", stage="awal", **hours):
    """8 to 12 May 2024, the last day to 24.00 of Bontang."""
    closes = datetime(2024, 5, 12, 15, 59, tzinfo=UTC)
    return open_window(election, by=None, stage=stage, kind=kind, opens_at=EIGHTH, closes_at=closes, **hours)


def refused(call, *args, **more):
    with pytest.raises(Refused) as caught:
        call(*args, **more)
    return caught.value.code, caught.value.field


class TestRecord:
    def test_it_begins_now_by_the_database_s_clock_and_lasts(self):
        officer, election = somebody(Role.KPU_REGENCY), make_election()
        before = now()
        outage = make_outage(election, by=officer, affected="  Pengunggahan   berkas ")
        assert before <= outage.began_at <= now()
        assert (outage.ended_at, outage.affected, outage.created_by) == (None, "Pengunggahan berkas", officer)
        assert before <= Outage.objects.get().created_at <= now()
        event = Event.objects.get(name="outage_recorded")
        assert (event.by_id, event.election_id, event.subject_id) == (officer.pk, election.pk, outage.pk)
        assert event.data["election_ids"] == [election.pk]

    @pytest.mark.parametrize(
        ("role", "everywhere", "done"),
        [
            (Role.KPU_RI, True, True),
            (Role.KPU_RI, False, True),
            (Role.KPU_PROVINCE, False, True),
            (Role.KPU_PROVINCE, True, False),
            (Role.KPU_REGENCY, True, False),
            ((Role.KPU_REGENCY, "region", 6472), False, False),
            (Role.BAWASLU, False, False),
            (Role.LO, False, False),
        ],
    )
    def test_the_commission_records_in_its_territory(self, role, everywhere, done):
        election = make_election()
        person = somebody(role)
        if done:
            outage = make_outage(election, by=person, everywhere=everywhere)
            assert list(outage.elections.all()) == ([] if everywhere else [election])
            return
        with pytest.raises(NotAllowed):
            make_outage(election, by=person, everywhere=everywhere)
        assert not Outage.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "answer"),
        [
            ({"affected": " "}, ("invalid", "affected")),
            ({"description": ""}, ("invalid", "description")),
            ({"affected": "x" * 201}, ("invalid", "affected")),
            ({"began_at": datetime(2999, 1, 1, tzinfo=UTC)}, ("impossible_date", "began_at")),
            ({"began_at": datetime(2024, 5, 8, 8)}, ("time_without_zone", "began_at")),  # noqa: DTZ001
            ({"began_at": EIGHTH, "ended_at": EIGHTH}, ("outage_ends_before_it_begins", "ended_at")),
        ],
    )
    def test_what_no_outage_can_be_is_refused_at_its_field(self, changes, answer):
        assert refused(make_outage, make_election(), **changes) == answer

    def test_nothing_is_recorded_ahead(self):
        soon = now() + timedelta(minutes=5)
        election = make_election()
        assert refused(make_outage, election, began_at=soon) == ("time_in_the_future", "began_at")
        ended = {"began_at": EIGHTH, "ended_at": soon}
        assert refused(make_outage, election, **ended) == ("time_in_the_future", "ended_at")

    def test_it_names_an_election_or_all(self):
        assert refused(make_outage) == ("election_unknown", "elections")
        assert refused(record_outage, by=None, election_ids=[10**6], **TOLD) == (
            "election_unknown",
            "elections",
        )

    def test_the_database_itself_asks_for_the_order(self):
        outage = make_outage(make_election(), began_at=EIGHTH)
        with pytest.raises(DatabaseError), transaction.atomic():
            Outage.objects.filter(pk=outage.pk).update(ended_at=EIGHTH)


class TestChange:
    def test_it_ends_once(self):
        officer = somebody(Role.KPU_REGENCY)
        outage = make_outage(make_election(), by=officer, began_at=EIGHTH)
        before = now()
        end_outage(outage, by=officer)
        assert before <= outage.ended_at <= now()
        with pytest.raises(Conflict):
            end_outage(outage, by=officer)
        event = Event.objects.get(name="outage_ended")
        assert (event.by_id, event.data["before"]) == (officer.pk, {"ended_at": None})

    def test_what_was_empty_is_filled_in_without_a_reason(self):
        outage = make_outage(make_election(), began_at=EIGHTH)
        correct_outage(outage, by=None, decision="Masa diperpanjang 16 jam.", decree="7/2024")
        assert (outage.decision, outage.decree) == ("Masa diperpanjang 16 jam.", "7/2024")
        assert Event.objects.filter(name="outage_completed").count() == 1

    def test_what_was_told_is_replaced_for_a_reason_and_stays_readable(self):
        outage = make_outage(make_election(), began_at=EIGHTH, ended_at=EIGHTH + timedelta(hours=1))
        later = {"ended_at": EIGHTH + timedelta(hours=2)}
        assert refused(correct_outage, outage, by=None, **later) == ("reason_missing", "reason")
        assert Outage.objects.get().ended_at == EIGHTH + timedelta(hours=1)
        correct_outage(outage, by=None, reason="Layanan baru pulih pukul 10.00", **later)
        event = Event.objects.get(name="outage_corrected")
        assert event.data == {
            "reason": "Layanan baru pulih pukul 10.00",
            "before": {"ended_at": "2024-05-08T01:00:00+00:00"},
            "after": {"ended_at": "2024-05-08T02:00:00+00:00"},
        }

    def test_no_change_is_no_correction(self):
        outage = make_outage(make_election(), began_at=EIGHTH)
        assert refused(correct_outage, outage, by=None, reason="x", **TOLD) == ("nothing_changed", None)
        assert Event.objects.count() == 2  # the election, the outage

    def test_elections_are_corrected_within_reach(self):
        bontang, samarinda = make_election(), make_election(name="Samarinda", region_id=6472)
        outage = make_outage(bontang, samarinda)
        regency, province = somebody(Role.KPU_REGENCY), somebody(Role.KPU_PROVINCE)
        with pytest.raises(NotAllowed):
            correct_outage(outage, by=regency, reason="x", description="Lain.")
        correct_outage(outage, by=province, reason="Samarinda tidak terganggu", election_ids=[bontang.pk])
        assert list(outage.elections.all()) == [bontang]
        correct_outage(outage, by=regency, reason="Lebih tepat", description="Lain.")


class TestLosses:
    def test_pairs_whose_windows_were_open_lost_time(self):
        pair = make_pair()
        make_pair(pair.election, name="Pasangan Kenanga")
        withdrawn = make_pair(pair.election, name="Pasangan Cempaka")
        Pair.objects.filter(pk=withdrawn.pk).update(status="withdrawn")
        days_of_may(pair.election)
        days_of_may(pair.election, "handing_in")
        days_of_may(pair.election, "filling", "perbaikan_1")
        outage = make_outage(pair.election, began_at=EIGHTH, ended_at=EIGHTH + timedelta(hours=15, seconds=1))
        assert hours_lost(outage) == 16
        found = losses_of(outage, None)
        assert [(one.pair.name, one.stage, one.opens, one.covers) for one in found] == [
            ("Pasangan Melati", "awal", "both", "all"),
            ("Pasangan Melati", "perbaikan_1", "filling", "all"),
            ("Pasangan Kenanga", "awal", "both", "all"),
            ("Pasangan Kenanga", "perbaikan_1", "filling", "all"),
        ]

    @pytest.mark.parametrize(
        ("began", "ended", "lost"),
        [
            ("2024-05-07T20:00", "2024-05-08T00:00", False),  # until 08.00 in Bontang
            ("2024-05-07T20:00", "2024-05-08T00:01", True),
            ("2024-05-08T08:00", "2024-05-08T23:59", False),  # 16.00 to 07.59: the office is closed
            ("2024-05-08T08:00", "2024-05-09T00:01", True),
            ("2024-05-12T15:59", "2024-05-12T20:00", True),  # the last minute of the last day
            ("2024-05-12T16:00", "2024-05-12T20:00", False),
        ],
    )
    def test_only_open_hours_are_lost(self, began, ended, lost):
        pair = make_pair()
        days_of_may(pair.election, daily_from=time(8), daily_until=time(16))
        times = {"began_at": f"{began}+00:00", "ended_at": f"{ended}+00:00"}
        outage = make_outage(pair.election, **{k: datetime.fromisoformat(v) for k, v in times.items()})
        assert bool(losses_of(outage, None)) is lost

    def test_rows_of_a_ruling_s_window_stay_those_of_the_ruling(self):
        pair = make_pair()
        ruling = make_ruling(pair, covers="named", upload_ids=[7], opens="filling")
        moment = now()
        span = {"opens_at": moment - timedelta(hours=5), "closes_at": moment + timedelta(hours=5)}
        Window.objects.create(
            election=pair.election, pair=pair, ruling=ruling, stage="awal", kind="filling", **span
        )
        times = {"began_at": moment - timedelta(hours=3), "ended_at": moment - timedelta(hours=1)}
        (loss,) = losses_of(make_outage(everywhere=True, **times), None)
        assert (loss.opens, loss.covers, loss.upload_ids) == ("filling", "named", (7,))

    def test_rows_named_one_by_one_are_named_again(self):
        pair, moment = make_pair(), now()
        before = make_ruling(pair, covers="rows", row_ids=[9, 7], opens="filling")
        span = {"opens_at": moment - timedelta(hours=5), "closes_at": moment + timedelta(hours=5)}
        Window.objects.create(
            election=pair.election, pair=pair, ruling=before, stage="awal", kind="filling", **span
        )
        times = {"began_at": moment - timedelta(hours=3), "ended_at": moment - timedelta(hours=1)}
        outage = make_outage(everywhere=True, **times)
        (made,) = propose_extensions(outage, by=None, document="BA-1")
        assert (made.covers, made.row_count, made.row_digest) == ("rows", 2, before.row_digest)
        assert sorted(made.named_rows.values_list("support_id", flat=True)) == [7, 9]

    def test_an_officer_makes_up_for_the_own_territory(self):
        pair = make_pair()
        samarinda = make_pair(make_election(name="Samarinda", region_id=6472))
        for one in (pair, samarinda):
            days_of_may(one.election)
        outage = make_outage(everywhere=True, began_at=EIGHTH, ended_at=EIGHTH + timedelta(hours=2))
        assert [loss.pair for loss in losses_of(outage, somebody(Role.KPU_REGENCY))] == [pair]
        assert len(losses_of(outage, somebody(Role.KPU_RI))) == 2

    def test_more_pairs_cost_no_more_queries(self):
        def queries():
            with CaptureQueriesContext(connection) as done:
                losses_of(Outage.objects.prefetch_related("elections").get(), None)
            return len(done)

        pair = make_pair()
        days_of_may(pair.election)
        make_outage(pair.election, began_at=EIGHTH, ended_at=EIGHTH + timedelta(hours=2))
        once = queries()
        for name in ("Pasangan Kenanga", "Pasangan Cempaka"):
            make_pair(pair.election, name=name)
        assert queries() == once


class TestExtensions:
    def outage(self, *, lasts=False):
        """Two pairs lost an hour and a bit, with two days of their windows left."""
        pair = make_pair()
        other = make_pair(pair.election, name="Pasangan Kenanga")
        moment = now()
        span = {"opens_at": moment - timedelta(days=2), "closes_at": moment + timedelta(days=2)}
        for kind in ("filling", "handing_in"):
            open_window(pair.election, by=None, stage="awal", kind=kind, **span)
        times = {"began_at": moment - timedelta(minutes=80)}
        if not lasts:
            times["ended_at"] = moment - timedelta(minutes=10)
        return make_outage(pair.election, **times), pair, other

    def approved(self, ruling):
        for _ in range(2):
            ruling = approve(ruling, by=somebody(Role.KPU_RI))
        return ruling

    def test_one_step_proposes_for_every_pair_and_changes_no_deadline(self):
        outage, pair, _other = self.outage()
        deadline = window_state(pair, "filling").closes_at
        officer = somebody(Role.KPU_REGENCY)
        made = propose_extensions(outage, by=officer, document="7/2024")
        assert [(one.kind, one.hours, one.opens, one.outage, one.approved) for one in made] == [
            ("outage", 2, "both", outage, False)
        ] * 2
        assert window_state(pair, "filling").closes_at == deadline
        with pytest.raises(Refused) as caught:
            propose_extensions(outage, by=officer, document="7/2024")
        assert caught.value.code == "nobody_lost_time"
        withdraw_ruling(made[0], by=officer, reason="Salah nomor")
        (again,) = propose_extensions(outage, by=officer, document="8/2024", hours=5)
        assert (again.pair, again.hours) == (pair, 5)

    def test_time_is_added_where_the_pair_s_own_ends(self):
        outage, pair, other = self.outage()
        end = window_state(pair, "filling").closes_at
        first, _second = propose_extensions(outage, by=None, document="7/2024")
        open_by_ruling(self.approved(first), by=None)
        state = window_state(pair, "filling")
        assert state.closes_at == end + timedelta(hours=2)
        assert state.open
        assert state.outage == outage.pk
        assert state.reason.startswith("Masa pengisian dukungan dibuka sampai ")
        assert state.reason.endswith(", diperpanjang berdasarkan Gangguan sistem 7/2024.")
        assert window_state(other, "filling").closes_at == end

    def test_a_second_outage_adds_to_the_first(self):
        outage, pair, _other = self.outage()
        end = window_state(pair, "handing_in").closes_at
        for number in (1, 2):
            ruling = propose_extensions(outage, by=None, document=f"{number}/2024", pair_ids=[pair.pk])[0]
            open_by_ruling(self.approved(ruling), by=None)
            times = {"began_at": outage.began_at, "ended_at": outage.ended_at}
            outage = make_outage(pair.election, **times)
        assert window_state(pair, "handing_in").closes_at == end + timedelta(hours=4)

    def test_after_the_end_it_opens_at_once(self):
        outage, pair, _other = self.outage()
        ruling = self.approved(propose_extensions(outage, by=None, document="7/2024")[0])
        Window.objects.update(closes_at=now() - timedelta(minutes=1))
        before = now()
        for window in open_by_ruling(ruling, by=None):
            assert before <= window.opens_at <= now()
        assert "berdasarkan Gangguan sistem 7/2024" in window_state(pair, "filling").reason

    def test_the_chosen_pairs_only(self):
        outage, pair, other = self.outage()
        stranger = make_pair(make_election(name="Samarinda", region_id=6472))
        for ids in ([], [stranger.pk], [pair.pk, stranger.pk]):
            with pytest.raises(Refused) as caught:
                propose_extensions(outage, by=None, document="7/2024", pair_ids=ids)
            assert (caught.value.code, caught.value.field) == ("pair_lost_no_time", "pairs")
        (made,) = propose_extensions(outage, by=None, document="7/2024", pair_ids=[other.pk])
        assert made.pair == other

    @pytest.mark.parametrize(
        ("changes", "field"),
        [({"hours": 0}, "hours"), ({"hours": 721}, "hours"), ({"document": " "}, "document")],
    )
    def test_what_no_extension_can_be_is_refused_and_nothing_is_proposed(self, changes, field):
        outage, _pair, _other = self.outage()
        with pytest.raises(Refused) as caught, transaction.atomic():
            propose_extensions(outage, by=None, **{"document": "7/2024"} | changes)
        assert caught.value.field == field
        assert not Ruling.objects.exists()

    def test_nothing_is_proposed_while_it_lasts(self):
        outage, _pair, _other = self.outage(lasts=True)
        with pytest.raises(Refused) as caught:
            propose_extensions(outage, by=None, document="7/2024")
        assert caught.value.code == "outage_lasts"
        assert hours_lost(outage) is None

    def test_the_database_itself_proposes_once(self):
        outage, pair, _other = self.outage()
        propose_extensions(outage, by=None, document="7/2024")
        with pytest.raises(DatabaseError), transaction.atomic():
            make_ruling(pair, kind="outage", outage=outage, letter=None)
        with pytest.raises(DatabaseError), transaction.atomic():
            Ruling.objects.update(kind="putusan")
