"""Schedules of many elections at once: what is previewed is done, exactly and wholly, or nothing is."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.mass.copies import copy_schedule, plan_copies, spans_of, typed_spans
from candidates.mass.moves import Move, move_windows, plan_moves
from candidates.mass.plans import Chosen
from candidates.models import MassChange, ScheduleVersion, Window
from candidates.operations import open_window
from candidates.queries import now
from candidates.schedules import change_window
from foundation.accounts.matrix import Role
from foundation.errors import Conflict, Refused
from foundation.workflow.models import Event
from tests import factories

pytestmark = pytest.mark.django_db
ALL = Chosen()
THREE = Move(days=3)


def clock(*parts):
    """A moment on whatever clocks: it carries no zone."""
    return datetime(*parts, tzinfo=UTC).replace(tzinfo=None)


def ahead(days, hour=0):
    """A moment that many days from now, on a full hour."""
    return now().replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days=days)


def scheduled(region=6474, name="Pemilihan Wali Kota Bontang 2024", **more):
    """An election whose handing in opens in ten days, at 08.00 local."""
    election = factories.election(open_now=False, region_id=region, name=name, **more)
    opens = ahead(10).replace(tzinfo=None)
    spans = typed_spans(
        "awal", ["handing_in"], opens.date(), opens.date() + timedelta(days=4), None, time(23, 59)
    )
    plan = plan_copies(spans, Chosen(ids=(election.pk,)), decree="", by=None)
    if plan.changes:
        copy_schedule(spans, Chosen(ids=(election.pk,)), decree="", digest=plan.digest, by=None)
    return election


def three():
    return [
        scheduled(),
        scheduled(5371, "Pemilihan Wali Kota Kupang 2024"),
        scheduled(3273, "Pemilihan Wali Kota Bandung 2024", base=1_900_000),
    ]


def kpu_ri():
    return factories.user("kpu-ri", Role.KPU_RI)


class TestMoving:
    def test_every_window_moves_by_the_same_days_and_each_has_its_event(self):
        elections = three()
        before = {row.election_id: (row.opens_at, row.closes_at) for row in Window.objects.all()}
        user = kpu_ri()
        plan = plan_moves(ALL, THREE, decree="123/2026", by=user)
        assert (len(plan.changes), plan.blocked, plan.elections) == (3, [], 3)
        assert {row.election_id: (row.opens_at, row.closes_at) for row in Window.objects.all()} == before
        made = move_windows(ALL, THREE, decree="123/2026", digest=plan.digest, by=user)
        for row in Window.objects.all():
            opens, closes = before[row.election_id]
            assert (row.opens_at, row.closes_at) == (opens + timedelta(days=3), closes + timedelta(days=3))
            assert row.decree == "123/2026"
        events = Event.objects.filter(name="window_changed")
        assert {event.election_id for event in events} == {one.pk for one in elections}
        assert events[0].data["decree"] == "123/2026"
        decision = Event.objects.get(name="windows_moved")
        assert (decision.subject_id, decision.data["changed"], decision.by_id) == (made.pk, 3, user.pk)
        assert (made.changed, made.elections, made.decree) == (3, 3, "123/2026")

    def test_each_schedule_gets_its_next_version(self):
        election = scheduled()
        first = ScheduleVersion.objects.filter(election=election).count()
        plan = plan_moves(ALL, THREE, decree="123/2026", by=None)
        move_windows(ALL, THREE, decree="123/2026", digest=plan.digest, by=None)
        latest = ScheduleVersion.objects.filter(election=election).first()
        assert latest.number == first + 1
        assert latest.decree == "123/2026"
        assert [change["what"] for change in latest.changes] == ["changed"]

    def test_a_new_time_is_a_local_one_in_every_zone(self):
        three()
        day = ahead(20).date()
        move = Move(closes=datetime.combine(day, time(23, 59)))
        plan = plan_moves(ALL, move, decree="1/2026", by=None)
        move_windows(ALL, move, decree="1/2026", digest=plan.digest, by=None)
        hours = {
            row.election.region_id: row.closes_at.hour for row in Window.objects.select_related("election")
        }
        # Until 24.00: 16.00 UTC in WITA, 17.00 UTC in WIB.
        assert hours == {6474: 16, 5371: 16, 3273: 17}

    @pytest.mark.parametrize(
        ("chosen", "names"),
        [
            (Chosen(province=53), {"Pemilihan Wali Kota Kupang 2024"}),
            (Chosen(words="bandung 2024"), {"Pemilihan Wali Kota Bandung 2024"}),
            (Chosen(level="bupati"), set()),
        ],
    )
    def test_a_choice_narrows(self, chosen, names):
        three()
        plan = plan_moves(chosen, THREE, decree="1", by=None)
        assert {step.window.election.name for step in plan.changes} == names

    def test_stage_and_kind_narrow_and_practice_stays_out(self):
        scheduled()
        scheduled(6472, "Latihan", practice=True)
        assert len(plan_moves(ALL, THREE, decree="1", by=None).changes) == 1
        assert not plan_moves(ALL, Move(days=3, kind="filling"), decree="1", by=None).steps
        assert not plan_moves(ALL, Move(days=3, stage="perbaikan_1"), decree="1", by=None).steps

    def test_an_office_moves_its_own_only(self):
        three()
        user = factories.user("kpu-kaltim", Role.KPU_PROVINCE, 64)
        plan = plan_moves(ALL, THREE, decree="1", by=user)
        assert {step.window.election.region_id for step in plan.steps} == {6474}

    def test_what_has_begun_or_ended_stays_and_says_why(self):
        election = factories.election(open_now=False)
        times = {"opens_at": ahead(-3), "closes_at": ahead(3)}
        begun = open_window(election, by=None, stage="awal", kind="handing_in", **times)
        over = {"opens_at": ahead(-9), "closes_at": ahead(-5)}
        open_window(election, by=None, stage="awal", kind="filling", **over)
        plan = plan_moves(ALL, THREE, decree="1", by=None)
        reasons = sorted(step.why_not for step in plan.blocked)
        assert not plan.changes
        assert "sudah berakhir" in reasons[0]
        assert "sudah dimulai" in reasons[1]
        longer = Move(days=3, only_end=True)
        plan = plan_moves(ALL, longer, decree="1", by=None)
        assert [step.window.pk for step in plan.changes] == [begun.pk]
        shorter = plan_moves(ALL, Move(days=-1, only_end=True), decree="1", by=None)
        assert any("tidak dapat dipersingkat" in step.why_not for step in shorter.blocked)
        move_windows(ALL, longer, decree="1", digest=plan.digest, by=None)
        begun.refresh_from_db()
        assert begun.closes_at == times["closes_at"] + timedelta(days=3)

    def test_a_clash_blocks_its_group_and_no_other(self):
        election, other = scheduled(), scheduled(5371, "Kupang")
        later = {"opens_at": ahead(17), "closes_at": ahead(19)}
        open_window(election, by=None, stage="awal", kind="handing_in", **later)
        move = Move(closes=datetime.combine(ahead(18).date(), time(12)), kind="handing_in")
        plan = plan_moves(ALL, move, decree="1", by=None)
        assert {step.window.election_id for step in plan.changes} == {other.pk}
        assert any("Bertumpuk dengan masa" in step.why_not for step in plan.blocked)

    def test_windows_that_move_together_do_not_clash_with_where_they_were(self):
        election = scheduled()
        open_window(
            election, by=None, stage="awal", kind="handing_in", opens_at=ahead(15), closes_at=ahead(17)
        )
        assert len(plan_moves(ALL, THREE, decree="1", by=None).changes) == 2

    def test_somebody_else_s_change_is_a_conflict_and_nothing_moves(self):
        election = scheduled()
        other = scheduled(5371, "Kupang")
        plan = plan_moves(ALL, THREE, decree="1", by=None)
        row = Window.objects.get(election=election)
        change_window(row, by=None, decree="9", closes_at=row.closes_at + timedelta(hours=1))
        with pytest.raises(Conflict) as refusal:
            move_windows(ALL, THREE, decree="1", digest=plan.digest, by=None)
        assert refusal.value.code == "plan_changed"
        assert Window.objects.get(election=other).decree == ""
        assert not MassChange.objects.filter(kind="windows_moved").exists()

    def test_a_plan_is_made_once(self):
        scheduled()
        plan = plan_moves(ALL, THREE, decree="1", by=None)
        move_windows(ALL, THREE, decree="1", digest=plan.digest, by=None)
        with pytest.raises(Conflict):
            move_windows(ALL, THREE, decree="1", digest=plan.digest, by=None)

    @pytest.mark.parametrize(
        ("move", "decree", "code"),
        [
            (THREE, "  ", "decree_missing"),
            (Move(), "1", "move_missing"),
            (Move(days=2, opens=clock(2026, 5, 8, 8)), "1", "move_twice"),
            (Move(days=0), "1", "impossible_number"),
            (Move(days=999), "1", "impossible_number"),
        ],
    )
    def test_what_says_too_little_or_too_much_is_refused(self, move, decree, code):
        with pytest.raises(Refused) as refusal:
            plan_moves(ALL, move, decree=decree, by=None)
        assert refusal.value.code == code

    def test_impossible_times_are_said_at_their_window(self):
        scheduled()
        plan = plan_moves(ALL, Move(closes=clock(2026, 1, 1)), decree="1", by=None)
        assert "tidak lebih lambat daripada waktu dibuka" in plan.blocked[0].why_not
        with pytest.raises(Refused):
            move_windows(ALL, Move(closes=clock(2026, 1, 1)), decree="1", digest=plan.digest, by=None)


class TestCopying:
    def test_a_schedule_is_given_to_others_on_their_own_clocks(self):
        source = scheduled()
        jakarta_time = factories.election(open_now=False, region_id=3273, name="Bandung", base=1_900_000)
        spans = spans_of(source)
        plan = plan_copies(spans, ALL, decree="Jadwal 2/2026", by=None, but=source.pk)
        assert [step.window.election_id for step in plan.changes] == [jakarta_time.pk]
        copy_schedule(spans, ALL, decree="Jadwal 2/2026", digest=plan.digest, by=None, but=source.pk)
        theirs, ours = Window.objects.get(election=jakarta_time), Window.objects.get(election=source)
        assert theirs.opens_at - ours.opens_at == timedelta(hours=1)
        assert theirs.closes_at - ours.closes_at == timedelta(hours=1)
        assert Event.objects.filter(name="window_opened", election_id=jakarta_time.pk).count() == 1
        assert ScheduleVersion.objects.filter(election=jakarta_time).count() == 1
        assert MassChange.objects.filter(kind="schedules_copied").first().elections == 1

    def test_a_typed_schedule_is_as_announced(self):
        election = factories.election(open_now=False)
        daily = (time(8), time(16))
        spans = typed_spans(
            "awal", ["filling", "handing_in"], date(2027, 5, 8), date(2027, 5, 12), daily, time(23, 59)
        )
        plan = plan_copies(spans, ALL, decree="", by=None)
        copy_schedule(spans, ALL, decree="", digest=plan.digest, by=None)
        row = Window.objects.get(election=election, kind="handing_in")
        assert row.opens_at == datetime(2027, 5, 8, 0, tzinfo=UTC)  # 08.00 WITA
        assert row.closes_at == datetime(2027, 5, 12, 16, tzinfo=UTC)  # 24.00 WITA
        assert (row.daily_from, row.daily_until) == daily

    def test_the_same_again_gives_nothing_twice(self):
        source = scheduled()
        plan = plan_copies(spans_of(source), ALL, decree="", by=None)
        assert [step.why_not for step in plan.steps] == ["Masa yang sama sudah ada."]
        with pytest.raises(Refused) as refusal:
            copy_schedule(spans_of(source), ALL, decree="", digest=plan.digest, by=None)
        assert refusal.value.code == "nothing_changed"

    def test_an_unknown_round_and_a_clash_are_said(self):
        scheduled()
        old = factories.election(open_now=False, region_id=6472, name="Samarinda", rule_set="uu10-2016")
        day = ahead(12).date()
        unknown = typed_spans("perbaikan_1", ["filling"], day, day, None, time(23, 59))
        plan = plan_copies(unknown, Chosen(ids=(old.pk,)), decree="", by=None)
        assert "tidak mengenal putaran" in plan.steps[0].why_not
        clash = typed_spans("awal", ["handing_in"], day, day, None, time(23, 59))
        plan = plan_copies(clash, ALL, decree="", by=None)
        assert [bool(step.why_not) for step in plan.steps] == [True, False]
        assert "Bertumpuk" in plan.steps[0].why_not

    def test_an_empty_schedule_is_refused(self):
        with pytest.raises(Refused) as refusal:
            plan_copies([], ALL, decree="", by=None)
        assert refusal.value.code == "schedule_empty"


def test_twenty_elections_cost_the_queries_of_two():
    def queries(act):
        with CaptureQueriesContext(connection) as done:
            act()
        return len(done)

    def move():
        plan = plan_moves(ALL, THREE, decree="1", by=None)
        move_windows(ALL, THREE, decree="1", digest=plan.digest, by=None)

    for region in (6474, 6472):
        scheduled(region, f"Pemilihan {region}")
    few = queries(move)
    for region in (5371, 3273, 3271, 3171, 1171, 1271):
        scheduled(region, f"Pemilihan {region}", base=1_900_000)
    assert queries(move) == few


class TestPages:
    def typed(self, **changes):
        return {"days": "3", "decree": "123/2026"} | changes

    def log_in(self, client):
        client.force_login(kpu_ri())
        return client

    def test_what_is_previewed_is_applied(self, client):
        three()
        self.log_in(client)
        preview = client.post("/jadwal/pindah/", self.typed())
        page = preview.content.decode()
        assert preview.status_code == 200
        assert "Terapkan pada 3 masa" in page
        assert "Pemilihan Wali Kota Bandung 2024" in page
        digest = preview.context["plan"].digest
        done = client.post("/jadwal/pindah/", self.typed(digest=digest))
        assert done.status_code == 302
        assert "3 masa pada 3 pemilihan sudah diubah." in client.get("/jadwal/pindah/").content.decode()
        again = client.post("/jadwal/pindah/", self.typed(digest=digest))
        assert again.status_code == 409
        assert "tidak ada yang diterapkan" in again.content.decode()

    @pytest.mark.parametrize(
        ("changes", "field", "sentence"),
        [
            ({"decree": ""}, "decree", "Nomor keputusan belum diisi."),
            ({"days": "tiga"}, "days", "Jumlah hari bukan bilangan bulat."),
            ({"days": ""}, "days", "Perubahan belum diisi."),
            ({"opens": "besok"}, "opens", "waktu tidak dikenal"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, client, changes, field, sentence):
        three()
        self.log_in(client)
        answer = client.post("/jadwal/pindah/", self.typed(**changes))
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert f'href="#id_{field}"' in answer.content.decode()

    def test_a_schedule_is_copied_on_the_page(self, client):
        source = scheduled()
        factories.election(open_now=False, region_id=3273, name="Bandung", base=1_900_000)
        self.log_in(client)
        typed = {"source": source.pk, "decree": "Jadwal 2/2026"}
        preview = client.post("/jadwal/salin/", typed)
        assert "Terapkan pada 1 masa" in preview.content.decode()
        client.post("/jadwal/salin/", typed | {"digest": preview.context["plan"].digest})
        assert Window.objects.count() == 2

    def test_a_schedule_is_typed_on_the_page(self, client):
        factories.election(open_now=False)
        self.log_in(client)
        typed = {"stage": "awal", "kind": "both", "first": "08-05-2027", "last": "12 Mei 2027",
                 "daily_from": "08.00", "daily_until": "16.00", "end": "23.59"}  # fmt: skip
        preview = client.post("/jadwal/salin/", typed)
        client.post("/jadwal/salin/", typed | {"digest": preview.context["plan"].digest})
        assert Window.objects.count() == 2
        answer = client.post("/jadwal/salin/", typed | {"first": "", "daily_until": ""})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Hari pertama belum diisi." in page
        assert "Jam harian memerlukan jam buka dan jam tutup." in page

    @pytest.mark.parametrize("address", ["/jadwal/pindah/", "/jadwal/salin/"])
    def test_who_manages_no_windows_is_refused(self, client, address):
        client.force_login(factories.user("bawaslu", Role.BAWASLU))
        assert client.get(address).status_code == 403
